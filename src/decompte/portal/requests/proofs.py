"""What a member proved once and need not prove again.

A paper that the agency accepted stands for later requests to the same agency as long as what it
proves is unchanged: the affiliation and the enrolment for their academic year, the bank details
while that account is in use, the European card while that card covers the day of care.
"""

from collections.abc import Iterator
from datetime import date

from decompte.portal.people.facts import Facts, facts
from decompte.portal.requests.around import LASTING, STANDING, Around
from decompte.portal.requests.models import Paper, Request
from decompte.portal.requests.states import PaperState
from decompte.procedure.years import academic_year

OF_A_FACT = {"bank-details", "european-card"}


def proved(request: Request, around: Around | None = None) -> dict[str, date]:
    """Return the kinds of paper that earlier requests proved, and the day each was received.

    Args:
        request: for which they may stand.
        around: what lies around it, where it was read already.
    """
    care_dates = [line.care_date for line in request.lines.all()]
    if not care_dates:
        return {}
    accepted = _accepted(request, around)
    if around is not None:
        known = around.cover.facts
    else:
        is_asked = any(one.kind in OF_A_FACT for one in accepted)
        known = facts(request.member_id) if is_asked else Facts()
    return dict(_standing(accepted, known, min(care_dates)))


def _accepted(request: Request, around: Around | None) -> list[Paper]:
    """Return the papers of the member's other requests that last and were accepted."""
    if around is None:
        rows = Paper.objects.filter(STANDING, member_id=request.member_id, agency=request.agency)
        return list(rows.exclude(request=request))
    return [
        one
        for one in around.other_papers(request)
        if one.kind in LASTING
        and one.state == PaperState.ACCEPTED
        and one.replaced_at is None
        and one.agency == request.agency
    ]


def _standing(accepted: list[Paper], known: Facts, care_date: date) -> Iterator[tuple[str, date]]:
    account, card = known.account, known.card_on(care_date)
    for paper in accepted:
        received = paper.received_at
        stands = {
            "bank-details": account is not None and account.recorded_at <= received,
            "european-card": card is not None and card.recorded_at <= received,
        }
        of_this_year = academic_year(received.date()) == academic_year(care_date)
        if stands.get(paper.kind, of_this_year):
            yield paper.kind, received.date()
