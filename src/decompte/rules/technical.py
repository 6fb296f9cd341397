"""Technical acts of the CCAM: modifiers, and what counts of acts charged together."""

from decompte.rules.reasons import BASE_ASSOCIATION, BASE_MODIFIERS, NONE
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line


def technical(law: Law, period: int, line: Line, tariff: int) -> tuple[int, int]:
    """Return the tariff of a technical act with its modifiers, and why.

    Modifiers in percent raise the tariff; of acts charged together each counts for a share of
    that; modifiers in euros are added in full.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        tariff: of the act alone, in cents.

    Returns:
        Cents, and the reason mask.

    Law:
        technical.modifier_amount, technical.modifier_share, technical.association
    """
    if line.modifiers == 0 and line.association < 0:
        return tariff, NONE
    points = 10_000
    added = 0
    reason = NONE
    for modifier in range(len(law.modifier_amount[period])):
        if (line.modifiers >> modifier) & 1 == 1:
            added += max(law.modifier_amount[period][modifier], 0)
            points += max(law.modifier_share[period][modifier], 0)
            reason = BASE_MODIFIERS
    counted = share(tariff, points)
    if line.association >= 0:
        counted = share(counted, law.association_share[period][line.association])
        reason = reason | BASE_ASSOCIATION
    return counted + added, reason
