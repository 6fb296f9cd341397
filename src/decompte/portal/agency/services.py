"""What an agency does in one go: accept the papers, decide, and order the payment."""

from typing import Any

from django.db import transaction

from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.requests import duplicates, review


@transaction.atomic
def settle_request(
    request: Any, actor: str, version: int | None = None, *, is_compared: bool = False
) -> bool:
    """Accept the papers, decide, order the payment: all or nothing. False if done before.

    Args:
        request: under review.
        actor: who asks.
        version: as it was shown.
        is_compared: whether somebody put it beside the requests with the very same care.

    Raises:
        Refusal: a paper is missing or refused, the law of a line is not known here, the request
            changed since it was shown, or its care was decided already and nobody compared.
    """
    people.hold(request.member_id)
    if not review.accept_papers(request, actor, version):
        return False
    duplicates.stop(request, actor, is_compared=is_compared)
    decision = decisions.decide(request, actor)
    payments.order(decision, actor)
    return True
