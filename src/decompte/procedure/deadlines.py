"""Until when something must be done."""

from collections.abc import Iterator
from datetime import date, timedelta

from decompte.errors import Text
from decompte.procedure.load import reason
from decompte.procedure.shapes import Affiliation, Deadline, Situation

QUARTER = 3
DECEMBER = 12
CLAIM_YEARS = 2


def claim_until(care_date: date) -> date:
    """Return the last day on which care can be claimed.

    Two years counted from the first day of the quarter after the care.
    """
    month = ((care_date.month - 1) // QUARTER + 1) * QUARTER + 1
    year = care_date.year + (1 if month > DECEMBER else 0)
    quarter = date(year, month - DECEMBER if month > DECEMBER else month, 1)
    return quarter.replace(year=quarter.year + CLAIM_YEARS) - timedelta(days=1)


def deadlines(situation: Situation, covered: Affiliation) -> tuple[Deadline, ...]:
    """Return what must be done until when, for the request of a situation."""
    return tuple(_deadlines(situation, covered))


def _deadlines(situation: Situation, covered: Affiliation) -> Iterator[Deadline]:
    if situation.care_date:
        yield Deadline(
            Text(fr="Envoyer la demande", en="Send the request"),
            "claim",
            claim_until(situation.care_date),
            reason("deadline.claim"),
        )
    if not situation.has_declared_gp and covered.scheme in {"student", "general"}:
        yield Deadline(
            Text(fr="Déclarer un médecin traitant", en="Declare a GP"),
            "gp",
            None,
            reason("deadline.gp"),
        )
    yield Deadline(
        Text(fr="Contester une décision", en="Appeal a decision"),
        "appeal",
        None,
        reason("deadline.appeal"),
    )
