"""The flat participation kept back on a doctor's act."""

from decompte.rules.covers import is_exempt
from decompte.rules.reasons import (
    NONE,
    PARTICIPATION,
    PARTICIPATION_DAY_CAP,
    PARTICIPATION_EXEMPT,
    PARTICIPATION_MINOR,
    PARTICIPATION_NO_MORE_THAN_LEFT,
    PARTICIPATION_YEAR_CAP,
)
from decompte.rules.shapes import Law, Line, State


def participation(
    law: Law, period: int, line: Line, left: int, state: State
) -> tuple[int, int, State]:
    """Return the flat amount kept back on one line, why, and what is to be remembered.

    It stops at a number of acts a day with one practitioner, at a yearly amount a person, and at
    what is left of the reimbursement. Who is a minor on 1 January is spared for the year.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        left: cents left of the reimbursement after the penalty.
        state: what was kept before on that day and in that year.

    Returns:
        Cents, the reason mask, the new state.

    Law:
        participation.per_act, participation.day_cap_acts, participation.year_cap,
        participation.minor_age, participation.exempt, participation.exempt_related
    """
    is_kept = law.act_has_participation[line.act] * law.specialty_is_doctor[line.specialty]
    if is_kept != 1:
        return 0, NONE, state
    if line.age_on_1_january < law.participation_minor_age[period]:
        return 0, PARTICIPATION_MINOR, state
    always, related = law.participation_exempt[period], law.participation_exempt_related[period]
    if is_exempt(law, line, always, related) == 1:
        return 0, PARTICIPATION_EXEMPT, state
    amount, reason = capped(law, period, line.quantity, state)
    if amount > left:
        amount = left
        reason = reason | PARTICIPATION_NO_MORE_THAN_LEFT
    return amount, reason, with_participation(state, amount)


def with_participation(state: State, amount: int) -> State:
    """Return the state after an amount of participation was kept.

    Args:
        state: what was kept before.
        amount: cents.

    Returns:
        The new state.

    Law:
        participation.year_cap
    """
    return State(
        state.kept_today + amount,
        state.kept_this_year + amount,
        state.penalty_of_act,
        state.franchise_today,
        state.franchise_this_year,
        state.flat_sums_this_year,
        state.sessions_this_year,
    )


def capped(law: Law, period: int, acts: int, state: State) -> tuple[int, int]:
    """Return the participation of some acts within the caps of the day and the year, and why.

    Args:
        law: figures by period.
        period: period of the day of care.
        acts: number of acts.
        state: what was kept before on that day and in that year.

    Returns:
        Cents, and the reason mask.

    Law:
        participation.per_act, participation.day_cap_acts, participation.year_cap
    """
    per_act = law.participation_per_act[period]
    day_left = max(per_act * law.participation_day_cap_acts[period] - state.kept_today, 0)
    year_left = max(law.participation_year_cap[period] - state.kept_this_year, 0)
    amount = per_act * acts
    reason = PARTICIPATION
    if day_left < amount:
        amount = day_left
        reason = reason | PARTICIPATION_DAY_CAP
    if year_left < amount:
        amount = year_left
        reason = reason | PARTICIPATION_YEAR_CAP
    return amount, reason
