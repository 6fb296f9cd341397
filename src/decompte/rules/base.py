"""The official tariff that the rate applies to."""

from decompte.rules.generic import reference_tariff, refused_generic
from decompte.rules.reasons import (
    BASE_CODE,
    BASE_COEFFICIENT,
    BASE_OVERSEAS,
    BASE_PRICE,
    BASE_PRICE_BELOW_TARIFF,
    BASE_TARIFF,
    NONE,
    OVERCHARGE,
)
from decompte.rules.rounding import times
from decompte.rules.shapes import Law, Line
from decompte.rules.technical import technical


def base(law: Law, period: int, line: Line) -> tuple[int, int]:
    """Return the base of reimbursement and its reason.

    The official tariff; for a medicine that has generics, no more than its reference tariff, or
    than the generic that was refused.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its act or its code has a tariff that day.

    Returns:
        Cents, and the reason mask.

    Law:
        tariff, generic.reference_tariff, generic.limits_base
    """
    amount, reason = official(law, period, line)
    amount, why_less = reference_tariff(law, period, line, amount)
    if why_less != NONE:
        reason = why_less
    amount, why_less = refused_generic(law, period, line, amount)
    if why_less != NONE:
        reason = why_less
    return amount, reason


def official(law: Law, period: int, line: Line) -> tuple[int, int]:
    """Return what counts of a price, and its reason.

    The tariff of the act, place and sector, or of the nomenclature entry that was charged, times
    the coefficient where the act has one, with the modifiers of a technical act, times the
    quantity; never more than what was paid. A regulated price is its own tariff.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its act or its code has a tariff that day.

    Returns:
        Cents, and the reason mask.

    Law:
        tariff
    """
    if line.code_tariff < 0 and law.act_is_price[line.act] == 1:
        return line.price, BASE_PRICE
    key = law.tariff[period][line.act][line.place][line.sector]
    where = overseas(line)
    known = BASE_TARIFF
    if law.act_has_coefficient[line.act] == 1:
        known = BASE_COEFFICIENT
    if line.code_tariff >= 0:
        key = line.code_tariff
        known = BASE_CODE
        where = NONE
    one, how = technical(law, period, line, times(key, line.coefficient))
    tariff = one * line.quantity
    known = known + how
    if line.price < tariff:
        return line.price, BASE_PRICE_BELOW_TARIFF + where
    if line.price > tariff:
        return tariff, known + OVERCHARGE + where
    return tariff, known + where


def overseas(line: Line) -> int:
    """Return the reason that a tariff is that of a place overseas, if the practitioner works there.

    Args:
        line: the care line.

    Returns:
        The reason mask.

    Law:
        overseas
    """
    if line.place > 0:
        return BASE_OVERSEAS
    return NONE
