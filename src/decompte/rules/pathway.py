"""The coordinated care pathway, and what leaving it takes away."""

from decompte.rules.covers import is_exempt
from decompte.rules.reasons import (
    NONE,
    PATHWAY_EXCUSED,
    PATHWAY_NO_DIRECT_ACCESS,
    PATHWAY_NO_GP,
    PATHWAY_NOT_YET,
    PATHWAY_OUT,
    PATHWAY_UNDER_AGE,
    PATHWAY_WITHIN,
    PENALTY,
    PENALTY_CAPPED,
)
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line, State


def has_direct_access(law: Law, period: int, specialty: int, age: int) -> int:
    """Return 1 if a person of this age may see this specialty without referral, else 0.

    Args:
        law: figures by period.
        period: period of the day of care.
        specialty: index of the specialty.
        age: whole years on the day of care.

    Returns:
        A flag.

    Law:
        pathway.direct_access_from_age, pathway.direct_access_until_age
    """
    from_age = law.direct_access_from_age[period][specialty]
    until_age = law.direct_access_until_age[period][specialty]
    if from_age < 0:
        return 0
    if age < from_age or age >= until_age:
        return 0
    return 1


def is_within(law: Law, period: int, line: Line) -> tuple[int, int]:
    """Return 1 if the care counts as within the pathway, else 0, and the reason.

    What the form says is weighed against the facts: direct access needs a specialty that has it,
    and from the age of a declared GP on, most ways in are worth nothing without one.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.

    Returns:
        A flag, and the reason mask.

    Law:
        pathway.starts, pathway.gp_age, pathway.within, pathway.within_without_gp
    """
    if law.pathway_starts[period] != 1:
        return 1, PATHWAY_NOT_YET
    if line.age < law.pathway_gp_age[period]:
        return 1, PATHWAY_UNDER_AGE
    is_direct = line.pathway == law.direct_access
    if is_direct and has_direct_access(law, period, line.specialty, line.age) != 1:
        return 0, PATHWAY_NO_DIRECT_ACCESS
    if law.pathway_within[period][line.pathway] != 1:
        return 0, PATHWAY_OUT
    if line.has_gp != 1 and law.pathway_within_without_gp[period][line.pathway] != 1:
        return 0, PATHWAY_NO_GP
    if law.pathway_excuses[line.pathway] == 1:
        return 1, PATHWAY_EXCUSED
    return 1, PATHWAY_WITHIN


def penalty(
    law: Law, period: int, line: Line, base: int, gross: int, state: State
) -> tuple[int, int, State]:
    """Return what being out of the pathway takes away from the gross amount, and why.

    A share of the base, up to a cap where one is in force, and never more than the gross amount.
    The cap holds for an act together with its supplements.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.
        gross: cents.
        state: what was taken before from the act that a supplement goes with.

    Returns:
        Cents, the reason mask, the new state.

    Law:
        pathway.penalty_points, pathway.penalty_cap, pathway.penalty_exempt,
        pathway.penalty_exempt_related
    """
    taken = state.penalty_of_act * law.act_is_supplement[line.act]
    state = with_penalty(state, taken)
    always, related = law.penalty_exempt[period], law.penalty_exempt_related[period]
    has_pathway = law.act_has_pathway[line.act] * law.specialty_is_doctor[line.specialty]
    if has_pathway != 1 or is_exempt(law, line, always, related) == 1:
        return 0, NONE, state
    within, reason = is_within(law, period, line)
    if within == 1:
        return 0, reason, state
    amount = min(share(base, law.penalty_points[period]), gross)
    if amount == 0:
        return 0, reason, state
    reason = reason | PENALTY
    cap = law.penalty_cap[period]
    if 0 <= cap < taken + amount:
        amount = max(cap - taken, 0)
        reason = reason | PENALTY_CAPPED
    return amount, reason, with_penalty(state, taken + amount)


def with_penalty(state: State, amount: int) -> State:
    """Return the state with what was taken from the act that a supplement goes with.

    Args:
        state: what was kept before.
        amount: cents.

    Returns:
        The new state.

    Law:
        pathway.penalty_cap
    """
    return State(
        state.kept_today,
        state.kept_this_year,
        amount,
        state.franchise_today,
        state.franchise_this_year,
        state.flat_sums_this_year,
        state.sessions_this_year,
    )
