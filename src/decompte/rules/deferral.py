"""Third-party payment: what the member owes is taken later."""

from decompte.rules.reasons import DEFERRED, NONE
from decompte.rules.shapes import Law, Line


def deferred(law: Law, period: int, line: Line, kept_back: int) -> tuple[int, int]:
    """Return what is recovered from later payments because the doctor was paid directly, and why.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        kept_back: cents of penalty, participation and franchise.

    Returns:
        Cents, and the reason mask.

    Law:
        deferral.applies
    """
    if line.is_third_party_payment != 1 or law.deferral_applies[period] != 1 or kept_back == 0:
        return 0, NONE
    return kept_back, DEFERRED
