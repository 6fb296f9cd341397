"""Academic and insurance years: when rights of the student scheme began and ended."""

from datetime import date, timedelta

from decompte.procedure.load import data

AUGUST = 8


def academic_year(study_from: date) -> int:
    """Return the year in which the academic year of a first day of studies begins."""
    return study_from.year if study_from.month >= AUGUST else study_from.year - 1


def insurance_year(year: int) -> tuple[date, date]:
    """Return the first and last day of the insurance year of an academic year.

    Both years that meet in 2016 hold September: the older rights ran to its end.
    """
    rules = data("schemes")["student"]
    first = _start(year)
    last = rules["longer"].get(year) or _start(year + 1) - timedelta(days=1)
    return first, last


def years_touched(study_from: date, study_until: date) -> tuple[int, ...]:
    """Return the academic years that a stay touches, each a contribution of its own.

    A stay that only overhangs the next year by some days does not begin it.
    """
    overhang = timedelta(days=data("schemes")["student"]["overhang_days"])
    first = academic_year(study_from)
    last = first
    while _start(last + 1) + overhang < study_until:
        last += 1
    return tuple(range(first, last + 1))


def _start(year: int) -> date:
    starts = [
        entry["starts"] for entry in data("schemes")["student"]["years"] if entry["from"] <= year
    ]
    month, day = str(starts[-1]).split("-")
    return date(year, int(month), int(day))
