"""The only place where an amount is divided, hence rounded."""


def share(amount: int, points: int) -> int:
    """Return a share of an amount, rounded to the nearest cent, half a cent upwards.

    The texts give rates and tariffs, not how a fraction of a cent is rounded; statements of the
    health insurance round to the nearest cent.

    Args:
        amount: cents, not negative.
        points: basis points, not negative.

    Returns:
        Cents.

    Law:
        rate.doctor
    """
    return (amount * points * 2 + 10_000) // (2 * 10_000)


def times(key: int, coefficient: int) -> int:
    """Return a key letter times a coefficient, to the nearest cent, half a cent upwards.

    Args:
        key: cents that the letter is worth, not negative.
        coefficient: in ten-thousandths, not negative.

    Returns:
        Cents.

    Law:
        tariff
    """
    return share(key, coefficient)
