"""What is to be said of a prosthesis or device: its basket, and the ceiling of its price."""

from decompte.rules.reasons import BASKET_100_SANTE, NONE, PRICE_ABOVE_CEILING
from decompte.rules.shapes import Law, Line


def basket(law: Law, period: int, line: Line) -> int:
    """Return the reasons that the basket and the ceiling of a prosthesis or device give.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.

    Returns:
        The reason mask.

    Law:
        basket.ceiling
    """
    reason = NONE
    if line.basket == 0:
        reason = BASKET_100_SANTE
    if line.ceiling < 0:
        return reason
    ceiling = law.ceiling[period][line.ceiling]
    if ceiling >= 0 and line.price > ceiling * line.quantity:
        reason = reason | PRICE_ABOVE_CEILING
    return reason


def above_base(law: Law, period: int, line: Line, base: int) -> int:
    """Return what a prosthesis or device of the 100% santé basket costs above the base, in cents.

    Up to its limit price: what is charged beyond it may not be charged. Nothing outside the basket.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.

    Returns:
        Cents.

    Law:
        basket.ceiling
    """
    if line.basket != 0:
        return 0
    most = line.price
    if line.ceiling >= 0 and law.ceiling[period][line.ceiling] >= 0:
        most = min(line.price, law.ceiling[period][line.ceiling] * line.quantity)
    return max(most - base, 0)
