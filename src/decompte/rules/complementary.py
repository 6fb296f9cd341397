"""The complementary insurance: what a formula adds."""

from decompte.rules.basket import above_base
from decompte.rules.generic import has_own_choice
from decompte.rules.reasons import (
    COMPLEMENTARY_COPAYMENT,
    COMPLEMENTARY_FLAT_SUM,
    COMPLEMENTARY_NEVER,
    COMPLEMENTARY_OUT_OF_PATHWAY,
    COMPLEMENTARY_OVERCHARGE,
    COMPLEMENTARY_WAITING,
    COMPLEMENTARY_YEAR_LIMIT,
    NONE,
)
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line, State


def complementary(
    law: Law, period: int, line: Line, base: int, copayment: int, penalty: int, state: State
) -> tuple[int, int, State]:
    """Return what the formula pays, why, and what is to be remembered.

    A share of the co-payment, a share of the base towards the overcharge, and a flat sum for some
    kinds of care; nothing during its waiting period.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its formula is an index, or -1.
        base: cents.
        copayment: cents of the base that nobody else has paid.
        penalty: cents taken away for being out of the pathway.
        state: what the formula paid before in flat sums in that year.

    Returns:
        Cents, the reason mask, the new state.

    Law:
        complementary.copayment_share, complementary.copayment_share_weak_medicine,
        complementary.waiting_days
    """
    if line.formula < 0:
        return 0, NONE, state
    if 0 <= line.insured_days < law.formula_waiting[period][line.formula]:
        return 0, COMPLEMENTARY_WAITING, state
    kind = law.act_kind[line.act]
    paid = share(copayment, law.formula_copayment[period][line.formula][kind])
    reason = NONE
    if paid > 0:
        reason = COMPLEMENTARY_COPAYMENT
    over, why_over = towards_overcharge(law, period, line, base, penalty)
    flat, why_flat = flat_sum(law, period, line, line.price - base - over, state)
    return paid + over + flat, reason | why_over | why_flat, with_flat_sum(state, flat)


def never_paid(line: Line, kept_back: int) -> int:
    """Return the reason that a formula leaves what was kept back to the person, or none.

    The penalty, the flat participation and the franchise are never its business.

    Args:
        line: the care line; its formula is an index, or -1.
        kept_back: cents of penalty, participation and franchise.

    Returns:
        The reason mask.

    Law:
        complementary.pays_participation
    """
    if line.formula >= 0 and kept_back > 0:
        return COMPLEMENTARY_NEVER
    return NONE


def towards_overcharge(
    law: Law, period: int, line: Line, base: int, penalty: int
) -> tuple[int, int]:
    """Return what the formula pays of the overcharge, and why.

    Up to a share of the base, which the doctor's sector decides; in the 100% santé basket all of it
    where the formula says so. Out of the pathway a responsible contract leaves the first euros of
    an overcharge to the person. The price of refusing a generic is not its business.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; it has a formula.
        base: cents.
        penalty: cents taken away for being out of the pathway.

    Returns:
        Cents, and the reason mask.

    Law:
        complementary.overcharge_share, complementary.overcharge_share_without_optam,
        complementary.withheld_out_of_pathway, complementary.pays_basket
    """
    if has_own_choice(line) == 1:
        return 0, NONE
    in_basket = above_base(law, period, line, base) * law.formula_pays_basket[period][line.formula]
    if in_basket > 0:
        return in_basket, COMPLEMENTARY_OVERCHARGE
    allowance = share(base, law.formula_overcharge[period][line.formula][line.sector])
    amount = min(line.price - base, allowance)
    if amount == 0:
        return 0, NONE
    if penalty > 0 and law.formula_withheld[period][line.formula] > 0:
        withheld = law.formula_withheld[period][line.formula]
        amount = min(max(line.price - base - withheld, 0), allowance)
        return amount, COMPLEMENTARY_OVERCHARGE | COMPLEMENTARY_OUT_OF_PATHWAY
    return amount, COMPLEMENTARY_OVERCHARGE


def flat_sum(law: Law, period: int, line: Line, left: int, state: State) -> tuple[int, int]:
    """Return the flat sum that the formula adds for a kind of care, and why.

    At most what is left of the price above the base, and within the formula's limit of the year;
    nothing in the 100% santé basket that the formula pays in full.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; it has a formula.
        left: cents of the price above the base that nobody else has paid.
        state: what the formula paid before in flat sums in that year.

    Returns:
        Cents, and the reason mask.

    Law:
        complementary.flat_sum_device, complementary.flat_sum_not_reimbursed,
        complementary.flat_sum_year_limit
    """
    amount = min(law.formula_flat_sum[period][line.formula][law.act_kind[line.act]], left)
    is_in_basket = line.basket == 0 and law.formula_pays_basket[period][line.formula] == 1
    if amount <= 0 or is_in_basket:
        return 0, NONE
    limit = law.formula_year_limit[period][line.formula]
    year_left = max(limit - state.flat_sums_this_year, 0)
    if limit >= 0 and year_left < amount:
        return year_left, COMPLEMENTARY_FLAT_SUM | COMPLEMENTARY_YEAR_LIMIT
    return amount, COMPLEMENTARY_FLAT_SUM


def with_flat_sum(state: State, amount: int) -> State:
    """Return the state after the formula paid a flat sum.

    Args:
        state: what was kept and paid before.
        amount: cents.

    Returns:
        The new state.

    Law:
        complementary.flat_sum_year_limit
    """
    return State(
        state.kept_today,
        state.kept_this_year,
        state.penalty_of_act,
        state.franchise_today,
        state.franchise_this_year,
        state.flat_sums_this_year + amount,
        state.sessions_this_year,
    )
