"""Age, as every rule counts it."""

from datetime import date


def age_on(birth_date: date, day: date) -> int:
    """Return whole years lived on a day; born on 29 February, one is older on 1 March."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)
