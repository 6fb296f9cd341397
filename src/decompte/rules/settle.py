"""One care line, rule after rule: what the single case and the batch both call."""

from typing import NamedTuple

from decompte.rules.base import base
from decompte.rules.complementary import complementary
from decompte.rules.deferral import deferred
from decompte.rules.franchise import franchise
from decompte.rules.heavy import gross
from decompte.rules.local import local
from decompte.rules.participation import participation
from decompte.rules.pathway import penalty
from decompte.rules.rate import rate
from decompte.rules.shapes import Law, Line, State
from decompte.rules.solidarity import imposed_tariff, solidarity


class Amounts(NamedTuple):
    """What one line comes to, in cents, save for the rate in basis points and the reason mask."""

    base: int
    rate: int
    gross: int
    penalty: int
    participation: int
    franchise: int
    amo: int
    local: int
    solidarity: int
    amc: int
    patient: int
    deferred: int
    reasons: int


def settle(law: Law, period: int, line: Line, before: State) -> tuple[Amounts, State]:
    """Return what one line comes to, and what is to be remembered for the next.

    What the rate gives, less the penalty, the flat participation and the franchise, is the
    mandatory part; then the local scheme, the solidarity cover and the complementary take their
    share of what is left of the base.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        before: what earlier lines of that day and year left to remember.

    Returns:
        The amounts, and the new state.

    Law:
        rate.doctor
    """
    tariff, why_base = base(law, period, line)
    points, why_rate = rate(law, period, line)
    due, why_due = gross(law, period, line, tariff, points)
    off, kept, box, why_kept, state = kept_back(law, period, line, tariff, due, before)
    amo = due - off - kept - box
    top_up, why_top_up = local(law, period, line, tariff, due)
    left = tariff - due - top_up
    solidary, why_solidary = solidarity(law, period, line, left)
    amc, why_amc = complementary(law, period, line, tariff, left - solidary, due - amo)
    later, why_later = deferred(law, period, line, due - amo)
    patient = line.price - amo - top_up - solidary - amc
    forbidden = imposed_tariff(law, period, line, line.price - tariff, off)
    reasons = why_base | why_rate | why_due | why_kept | why_top_up
    reasons = reasons | why_solidary | why_amc | why_later | forbidden
    return Amounts(
        tariff,
        points,
        due,
        off,
        kept,
        box,
        amo,
        top_up,
        solidary,
        amc,
        patient,
        later,
        reasons,
    ), state


def kept_back(
    law: Law, period: int, line: Line, base: int, gross: int, before: State
) -> tuple[int, int, int, int, State]:
    """Return the penalty, the participation and the franchise of one line, and why.

    Each comes off what the one before has left of the gross amount.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.
        gross: cents.
        before: what earlier lines of that day and year left to remember.

    Returns:
        Cents three times, the reason mask, the new state.

    Law:
        pathway.penalty_points, participation.per_act, franchise.per_unit
    """
    off, why_off, state = penalty(law, period, line, base, gross, before)
    kept, why_kept, state = participation(law, period, line, gross - off, state)
    box, why_box, state = franchise(law, period, line, gross - off - kept, state)
    return off, kept, box, why_off | why_kept | why_box, state
