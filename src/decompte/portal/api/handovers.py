"""A school's registration site: hand a student over for step 2, and read what came of it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Query, Router, Status

from decompte.portal.api import handing
from decompte.portal.api.auth import SCHOOL, client_of
from decompte.portal.api.models import Handover
from decompte.portal.api.paging import Parts
from decompte.portal.api.shapes import HandoverIn, HandoverOut

router = Router(tags=["Schools"], by_alias=True)


@router.post("/handovers", response={201: HandoverOut}, operation_id="hand_over", auth=SCHOOL)
def begin(request: HttpRequest, given: HandoverIn) -> Status[Any]:
    """Hand a student over: send the browser to `address`; the student comes back signed."""
    return Status(201, shown(request, handing.begin(client_of(request), given)))


@router.get(
    "/handovers/{handover_id}",
    response=HandoverOut,
    operation_id="read_handover",
    auth=SCHOOL,
)
def read(request: HttpRequest, handover_id: str, parts: Query[Parts]) -> dict[str, Any]:
    """Say how far a hand-over is, and what the student chose once it is confirmed."""
    found = handing.of_client(client_of(request), handover_id)
    if found is None:
        raise Http404
    return shown(request, found)


def shown(request: HttpRequest, handover: Handover) -> dict[str, Any]:
    """Return a hand-over as its school sees it."""
    chosen = handing.result(handover) if handover.registration else None
    cents = chosen.contribution_cents if chosen else None
    path = reverse("handovers:agree", args=[handover.public_id])
    return {
        "id": handover.public_id,
        "address": request.build_absolute_uri(path),
        "step": handing.step(handover),
        "expires_at": handover.expires_at,
        "agency": chosen.agency or None if chosen else None,
        "has_complementary": bool(chosen.complementary) if chosen else None,
        "status": chosen.affiliation["status"] if chosen else None,
        "contribution": None if cents is None else f"{cents // 100}.{cents % 100:02d}",
        "from": chosen.since if chosen else None,
        "to": chosen.until if chosen else None,
    }
