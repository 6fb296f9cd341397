"""What a program was told by webhook, so that it can look after a fault of its own."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from decompte.portal.api import hooks
from decompte.portal.api.auth import ANYBODY, client_of
from decompte.portal.api.paging import Paging, page
from decompte.portal.api.shapes import DeliveryPage

router = Router(tags=["Webhooks"])


@router.get("/webhook-deliveries", response=DeliveryPage, operation_id="deliveries", auth=ANYBODY)
def listed(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List what this program's address was told, newest first."""
    return page(hooks.deliveries(client_of(request)), paging, shown)


def shown(delivery: Any) -> dict[str, Any]:
    """Return a delivery as its program sees it."""
    return {
        "id": delivery.public_id,
        "code": delivery.code,
        "subject": delivery.subject,
        "happened_at": delivery.happened_at,
        "attempts": delivery.attempts,
        "delivered_at": delivery.delivered_at,
        "last_error": delivery.last_error,
    }
