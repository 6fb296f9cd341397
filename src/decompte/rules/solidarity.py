"""The solidarity cover (CMU-C, then C2S), which pays the co-payment."""

from decompte.rules.rate import has_cover
from decompte.rules.reasons import NONE, SOLIDARITY
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
    for cover in range(len(law.cover_reasons)):
        points = law.solidarity_share[period][cover]
        if has_cover(law, line, cover) == 1 and points > 0:
            amount = max(amount, share(copayment, points))
    if amount == 0:
        return 0, NONE
    return amount, SOLIDARITY
