"""What an agency does in one go: accept the papers, decide, and order the payment."""

from typing import Any

from django.db import transaction

from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.requests import review


@transaction.atomic
def settle_request(request: Any, actor: str, version: int | None = None) -> bool:
    """Accept the papers, decide, order the payment: all or nothing. False if done before.

    Raises:
        Refusal: a paper is missing or refused, the law of a line is not known here, or the request
            changed since it was shown.
    """
    if not review.accept_papers(request, actor, version):
        return False
    decision = decisions.decide(request, actor)
    payments.order(decision, actor)
    return True
