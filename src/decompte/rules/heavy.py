"""The flat sum that replaces the co-payment of a heavy act."""

from decompte.rules.reasons import HEAVY_FLAT_SUM, NONE
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line


def gross(law: Law, period: int, line: Line, base: int, points: int) -> tuple[int, int]:
    """Return what the mandatory insurance owes before anything is kept back, and why.

    The base times the rate; from a tariff on, a technical act leaves a flat sum to the patient
    instead of the co-payment, once for the line.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.
        points: the rate, in basis points.

    Returns:
        Cents, and the reason mask.

    Law:
        heavy.threshold, heavy.flat_sum
    """
    amount = share(base, points)
    threshold = law.heavy_threshold[period]
    if law.act_is_heavy[line.act] != 1 or threshold < 0 or line.code_tariff < threshold:
        return amount, NONE
    with_flat_sum = base - min(law.heavy_flat_sum[period], base)
    if with_flat_sum <= amount:
        return amount, NONE
    return with_flat_sum, HEAVY_FLAT_SUM
