"""The solidarity cover (CMU-C, then C2S): it pays the co-payment and imposes the tariff."""

from decompte.rules.basket import above_base
from decompte.rules.covers import has_cover
from decompte.rules.reasons import NONE, SOLIDARITY, SOLIDARITY_TARIFF
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line


def solidarity(law: Law, period: int, line: Line, copayment: int) -> tuple[int, int]:
    """Return what the solidarity cover pays of the co-payment, and why.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        copayment: cents of the base that the mandatory and local insurance left.

    Returns:
        Cents, and the reason mask.

    Law:
        solidarity.copayment_share
    """
    amount = 0
    if line.covers == 0:
        return 0, NONE
    for cover in range(len(law.cover_reasons)):
        points = law.solidarity_share[period][cover]
        if has_cover(law, line, cover) == 1 and points > 0:
            amount = max(amount, share(copayment, points))
    if amount == 0:
        return 0, NONE
    return amount, SOLIDARITY


def in_basket(law: Law, period: int, line: Line, base: int) -> tuple[int, int]:
    """Return what the solidarity cover pays above the base in the 100% santé basket, and why.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.

    Returns:
        Cents, and the reason mask.

    Law:
        solidarity.pays_basket
    """
    if line.covers == 0 or line.basket != 0:
        return 0, NONE
    amount = 0
    for cover in range(len(law.cover_reasons)):
        if (line.covers >> cover) & 1 == 1 and law.solidarity_pays_basket[period][cover] == 1:
            amount = above_base(law, period, line, base)
    if amount == 0:
        return 0, NONE
    return amount, SOLIDARITY


def imposed_tariff(law: Law, period: int, line: Line, overcharge: int, penalty: int) -> int:
    """Return the reason that a doctor had to keep to the tariff, or none.

    Within the pathway, a doctor under the convention may not charge more than the tariff to a
    person with a solidarity cover, save at that person's special request. What was charged all the
    same stays with the person, who can claim it back from the doctor.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        overcharge: cents of the price above the base.
        penalty: cents taken away for being out of the pathway.

    Returns:
        The reason mask.

    Law:
        solidarity.imposes_tariff
    """
    if line.covers == 0 or overcharge == 0 or penalty > 0:
        return NONE
    if law.act_has_pathway[line.act] != 1 or line.sector == law.no_convention:
        return NONE
    for cover in range(len(law.cover_reasons)):
        if (line.covers >> cover) & 1 == 1 and law.imposes_tariff[period][cover] == 1:
            return SOLIDARITY_TARIFF
    return NONE
