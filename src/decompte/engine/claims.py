"""Which lines of a case are paid nothing at all: out of rights, claimed too late, or twice."""

from decompte.engine.periods import Periods
from decompte.engine.shapes import CareLine, Case
from decompte.law.claim import claim_until
from decompte.rules import reasons


def refusals(periods: Periods, case: Case) -> tuple[int, ...]:
    """Return why each line is paid nothing: a mask a line, 0 where one is computed.

    Args:
        periods: the law by period; the claim period is that of the day of care.
        case: rights and the day of the claim are judged only where the case tells them.
    """
    seen: set[str] = set()
    masks = []
    for line in case.lines:
        twice = bool(line.id) and line.id in seen
        seen.add(line.id)
        masks.append(
            _out_of_rights(case, line)
            | _too_late(periods, case, line)
            | (reasons.CLAIMED_TWICE if twice else reasons.NONE)
        )
    return tuple(masks)


def _out_of_rights(case: Case, line: CareLine) -> int:
    rights = case.person.rights
    if rights is None or any(span.holds_on(line.date) for span in rights):
        return reasons.NONE
    return reasons.OUT_OF_RIGHTS


def _too_late(periods: Periods, case: Case, line: CareLine) -> int:
    if case.claimed_on is None:
        return reasons.NONE
    until = claim_until(line.date, periods.claim_years(line.date))
    return reasons.CLAIMED_TOO_LATE if case.claimed_on > until else reasons.NONE
