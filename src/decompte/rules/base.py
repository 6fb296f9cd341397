"""The official tariff that the rate applies to."""

from decompte.rules.reasons import (
    BASE_COEFFICIENT,
    BASE_PRICE_BELOW_TARIFF,
    BASE_TARIFF,
    OVERCHARGE,
)
from decompte.rules.rounding import times
from decompte.rules.shapes import Law, Line


def base(law: Law, period: int, line: Line) -> tuple[int, int]:
    """Return the base of reimbursement and its reason.

    The tariff of the act and sector, times the coefficient where the act has one, times the
    quantity; never more than what was paid.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its act has a tariff in its sector that day.

    Returns:
        Cents, and the reason mask.

    Law:
        tariff
    """
    key = law.tariff[period][line.act][line.sector]
    tariff = times(key, line.coefficient) * line.quantity
    known = BASE_TARIFF
    if law.act_has_coefficient[line.act] == 1:
        known = BASE_COEFFICIENT
    if line.price < tariff:
        return line.price, BASE_PRICE_BELOW_TARIFF
    if line.price > tariff:
        return tariff, known + OVERCHARGE
    return tariff, known
