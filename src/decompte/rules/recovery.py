"""What was deferred under third-party payment is taken from later payments."""


def recovery(payable: int, owed: int, is_expired: int) -> tuple[int, int]:
    """Return what is taken from a payment towards one debt, and what of the debt is cancelled.

    The fund takes as much as the payment holds and may not give the rest up; a debt that its time
    limit has passed is cancelled.

    Args:
        payable: cents that are left of the payment.
        owed: cents of the debt.
        is_expired: flag, the time limit of the debt has passed.

    Returns:
        Cents taken, cents cancelled.

    Law:
        deferral.applies, deferral.recovery_years
    """
    if is_expired == 1:
        return 0, owed
    return min(payable, owed), 0
