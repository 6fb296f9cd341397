"""The complementary insurance: what a formula adds."""

from decompte.rules.reasons import (
    COMPLEMENTARY_COPAYMENT,
    COMPLEMENTARY_NEVER,
    COMPLEMENTARY_OVERCHARGE,
    NONE,
)
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line


def complementary(
    law: Law, period: int, line: Line, base: int, copayment: int, kept_back: int
) -> tuple[int, int]:
    """Return what the formula pays, and why.

    A share of the co-payment, and of the overcharge up to a share of the base. The penalty, the
    flat participation and the franchise are never its business.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its formula is an index, or -1.
        base: cents.
        copayment: cents of the base that nobody else has paid.
        kept_back: cents of penalty, participation and franchise, which it never pays.

    Returns:
        Cents, and the reason mask.

    Law:
        complementary.copayment_share, complementary.overcharge_share
    """
    if line.formula < 0:
        return 0, NONE
    reason = NONE
    towards_copayment = share(copayment, law.formula_copayment[period][line.formula])
    if towards_copayment > 0:
        reason = reason | COMPLEMENTARY_COPAYMENT
    allowance = share(base, law.formula_overcharge[period][line.formula])
    towards_overcharge = min(line.price - base, allowance)
    if towards_overcharge > 0:
        reason = reason | COMPLEMENTARY_OVERCHARGE
    if kept_back > 0:
        reason = reason | COMPLEMENTARY_NEVER
    return towards_copayment + towards_overcharge, reason
