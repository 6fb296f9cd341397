"""The top-up of the local scheme of Alsace-Moselle."""

from decompte.rules.reasons import LOCAL, NONE
from decompte.rules.rounding import share
from decompte.rules.shapes import Law, Line


def local(law: Law, period: int, line: Line, base: int, gross: int) -> tuple[int, int]:
    """Return what the local scheme adds to the gross amount, and why.

    It lifts the reimbursement to its own total share of the base. The penalty and the flat
    participation stay with the person.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        base: cents.
        gross: cents.

    Returns:
        Cents, and the reason mask.

    Law:
        local.total_rate
    """
    if line.is_local != 1:
        return 0, NONE
    amount = max(share(base, law.local_rate[period][law.act_kind[line.act]]) - gross, 0)
    if amount == 0:
        return 0, NONE
    return amount, LOCAL
