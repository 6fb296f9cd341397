"""Medicines that have generics: the price on which they are reimbursed."""

from decompte.rules.reasons import BASE_GENERIC, BASE_REFERENCE_TARIFF, NONE
from decompte.rules.shapes import Law, Line


def reference_tariff(law: Law, period: int, line: Line, amount: int) -> tuple[int, int]:
    """Return the base of a medicine within the reference tariff of its group, and why.

    The tariff is one for the medicine of origin and its generics; whoever takes a dearer one pays
    the difference.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its reference tariff is cents for one box, or -1.
        amount: cents that would count without it.

    Returns:
        Cents, and the reason mask.

    Law:
        generic.reference_tariff
    """
    if line.reference_tariff < 0 or law.reference_tariff_applies[period] != 1:
        return amount, NONE
    most = line.reference_tariff * line.quantity
    if most < amount:
        return most, BASE_REFERENCE_TARIFF
    return amount, NONE


def refused_generic(law: Law, period: int, line: Line, amount: int) -> tuple[int, int]:
    """Return the base of a medicine whose generic was refused without a medical reason, and why.

    No more counts than for the dearest generic of its group.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its generic price is cents for one box where one was refused, or -1.
        amount: cents that would count otherwise.

    Returns:
        Cents, and the reason mask.

    Law:
        generic.limits_base
    """
    if line.generic_price < 0 or law.generic_limits_base[period] != 1:
        return amount, NONE
    most = line.generic_price * line.quantity
    if most < amount:
        return most, BASE_GENERIC
    return amount, NONE


def has_own_choice(line: Line) -> int:
    """Return 1 if what a medicine costs above its base is the person's own choice, else 0.

    No insurance pays for that choice.

    Args:
        line: the care line.

    Returns:
        A flag.

    Law:
        generic.reference_tariff, generic.limits_base
    """
    if line.reference_tariff >= 0 or line.generic_price >= 0:
        return 1
    return 0
