"""What a member proved once and need not prove again.

A paper that the agency accepted stands for later requests to the same agency as long as what it
proves is unchanged: the affiliation and the enrolment for their academic year, the bank details
while that account is in use, the European card while that card covers the day of care.
"""

from collections.abc import Iterator
from datetime import date

from decompte.portal.people import services as people
from decompte.portal.requests.models import Paper, Request
from decompte.portal.requests.states import PaperState
from decompte.procedure.years import academic_year

OF_THE_YEAR = ("affiliation", "enrolment")


def proved(request: Request) -> dict[str, date]:
    """Return the kinds of paper that earlier requests proved, and the day each was received."""
    care_dates = [line.care_date for line in request.lines.all()]
    if not care_dates:
        return {}
    return dict(_standing(request, min(care_dates)))


def _standing(request: Request, care_date: date) -> Iterator[tuple[str, date]]:
    accepted = list(
        Paper.objects.filter(
            member_id=request.member_id,
            agency=request.agency,
            state=PaperState.ACCEPTED,
            replaced_at__isnull=True,
        )
        .exclude(request=request)
        .filter(kind__in=(*OF_THE_YEAR, "bank-details", "european-card"))
    )
    kinds = {paper.kind for paper in accepted}
    account = people.bank_account(request.member_id) if "bank-details" in kinds else None
    is_card = "european-card" in kinds
    card = people.european_card_on(request.member_id, care_date) if is_card else None
    for paper in accepted:
        received = paper.received_at
        stands = {
            "bank-details": account is not None and account.recorded_at <= received,
            "european-card": card is not None and card.recorded_at <= received,
        }
        of_this_year = academic_year(received.date()) == academic_year(care_date)
        if stands.get(paper.kind, of_this_year):
            yield paper.kind, received.date()
