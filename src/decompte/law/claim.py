"""The claim period, counted as the Social Security Code counts it."""

from datetime import date, timedelta

MONTHS_OF_A_QUARTER = 3
DECEMBER = 12


def claim_until(care_date: date, years: int) -> date:
    """Return the last day on which care can be claimed.

    The years are counted from the first day of the quarter after the one of the care.

    Args:
        care_date: day of care.
        years: the claim period.
    """
    quarter = (care_date.month - 1) // MONTHS_OF_A_QUARTER + 1
    month = quarter * MONTHS_OF_A_QUARTER + 1
    year = care_date.year + (month > DECEMBER)
    first = date(year, month - DECEMBER if month > DECEMBER else month, 1)
    return first.replace(year=first.year + years) - timedelta(days=1)
