"""One care line, rule after rule: what the single case and the batch both call."""

from typing import NamedTuple

from decompte.rules.base import base
from decompte.rules.basket import basket
from decompte.rules.complementary import complementary, never_paid
from decompte.rules.deferral import deferred
from decompte.rules.franchise import franchise
from decompte.rules.heavy import gross
from decompte.rules.local import local
from decompte.rules.participation import participation
from decompte.rules.pathway import penalty
from decompte.rules.rate import rate
from decompte.rules.reasons import NONE
from decompte.rules.sessions import sessions
from decompte.rules.shapes import Law, Line, State
from decompte.rules.solidarity import imposed_tariff, in_basket, solidarity


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
    share of what is left of the base. A line out of the person's rights, claimed too late or twice,
    or beyond the sessions of the year, is paid nothing and leaves nothing to remember.

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
    if line.refused != NONE:
        return refused(line, line.refused), before
    why_none, before = sessions(law, period, line, before)
    if why_none != NONE:
        return refused(line, why_none), before
    tariff, why_base = base(law, period, line)
    points, why_rate = rate(law, period, line)
    due, why_due = gross(law, period, line, tariff, points)
    off, kept, box, why_kept, state = kept_back(law, period, line, tariff, due, before)
    amo = due - off - kept - box
    top_up, solidary, amc, why_others, state = others(law, period, line, tariff, due, off, state)
    later, why_later = deferred(law, period, line, due - amo)
    reasons = why_base | why_rate | why_due | why_kept | why_others | why_later
    reasons = reasons | basket(law, period, line)
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
        line.price - amo - top_up - solidary - amc,
        later,
        reasons | never_paid(line, due - amo),
    ), state


def refused(line: Line, why: int) -> Amounts:
    """Return the amounts of a line for which nothing is paid: its price stays with the person.

    Args:
        line: the care line.
        why: the reason mask.

    Returns:
        The amounts.

    Law:
        claim.years, claim.rights, claim.once, sessions.a_year
    """
    return Amounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, line.price, 0, why)


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


def others(
    law: Law, period: int, line: Line, base: int, gross: int, penalty: int, before: State
) -> tuple[int, int, int, int, State]:
    """Return what the local scheme, the solidarity cover and the formula pay, and why.

    Each takes its share of what the one before has left of the base. Where the solidarity cover
    pays the 100% santé basket, nothing is left for a formula.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.
        gross: cents.
        penalty: cents taken away for being out of the pathway.
        before: what earlier lines of that day and year left to remember.

    Returns:
        Cents three times, the reason mask, the new state.

    Law:
        local.total_rate, solidarity.copayment_share, complementary.copayment_share
    """
    top_up, why_top_up = local(law, period, line, base, gross)
    solidary, why_solidary = solidarity(law, period, line, base - gross - top_up)
    forbidden = imposed_tariff(law, period, line, line.price - base, penalty)
    above, why_above = in_basket(law, period, line, base)
    reason = why_top_up | why_solidary | why_above | forbidden
    if above > 0:
        return top_up, solidary + above, 0, reason, before
    left = base - gross - top_up - solidary
    amc, why_amc, state = complementary(law, period, line, base, left, penalty, before)
    return top_up, solidary, amc, reason | why_amc, state
