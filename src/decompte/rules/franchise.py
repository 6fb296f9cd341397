"""The medical franchise kept back on boxes of medicines, auxiliaries' acts and transport."""

from decompte.rules.covers import is_exempt
from decompte.rules.reasons import (
    FRANCHISE,
    FRANCHISE_DAY_CAP,
    FRANCHISE_EXEMPT,
    FRANCHISE_MINOR,
    FRANCHISE_NO_MORE_THAN_LEFT,
    FRANCHISE_YEAR_CAP,
    NONE,
)
from decompte.rules.shapes import Law, Line, State


def franchise(law: Law, period: int, line: Line, left: int, state: State) -> tuple[int, int, State]:
    """Return the franchise kept back on one line, why, and what is to be remembered.

    So much a unit, by kind of care; it stops at an amount a day for some kinds, at a yearly amount
    a person, and at what is left of the reimbursement. Who is a minor on 1 January is spared.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its quantity counts the units.
        left: cents left of the reimbursement after the penalty and the participation.
        state: what was kept before on that day and in that year.

    Returns:
        Cents, the reason mask, the new state.

    Law:
        franchise.per_unit, franchise.day_cap, franchise.year_cap, franchise.minor_age,
        franchise.exempt, franchise.exempt_related
    """
    kind = law.act_franchise[line.act]
    if kind < 0 or law.franchise_per_unit[period][kind] <= 0:
        return 0, NONE, state
    if line.age_on_1_january < law.franchise_minor_age[period]:
        return 0, FRANCHISE_MINOR, state
    always, related = law.franchise_exempt[period], law.franchise_exempt_related[period]
    if is_exempt(law, line, always, related) == 1:
        return 0, FRANCHISE_EXEMPT, state
    amount, reason = capped(law, period, kind, line.quantity, state)
    if amount > left:
        amount = left
        reason = reason | FRANCHISE_NO_MORE_THAN_LEFT
    return amount, reason, with_franchise(state, amount)


def capped(law: Law, period: int, kind: int, units: int, state: State) -> tuple[int, int]:
    """Return the franchise of some units within the caps of the day and the year, and why.

    Args:
        law: figures by period.
        period: period of the day of care.
        kind: what the franchise is kept on.
        units: boxes, acts or trips.
        state: what was kept before on that day and in that year.

    Returns:
        Cents, and the reason mask.

    Law:
        franchise.per_unit, franchise.day_cap, franchise.year_cap
    """
    amount = law.franchise_per_unit[period][kind] * units
    reason = FRANCHISE
    day_cap = law.franchise_day_cap[period][kind]
    if day_cap >= 0 and max(day_cap - state.franchise_today, 0) < amount:
        amount = max(day_cap - state.franchise_today, 0)
        reason = reason | FRANCHISE_DAY_CAP
    year_left = max(law.franchise_year_cap[period] - state.franchise_this_year, 0)
    if year_left < amount:
        amount = year_left
        reason = reason | FRANCHISE_YEAR_CAP
    return amount, reason


def with_franchise(state: State, amount: int) -> State:
    """Return the state after an amount of franchise was kept.

    Args:
        state: what was kept before.
        amount: cents.

    Returns:
        The new state.

    Law:
        franchise.year_cap
    """
    return State(
        state.kept_today,
        state.kept_this_year,
        state.penalty_of_act,
        state.franchise_today + amount,
        state.franchise_this_year + amount,
        state.flat_sums_this_year,
        state.sessions_this_year,
    )
