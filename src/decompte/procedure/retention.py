"""How long what is known of a person is kept: dated periods with their sources."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from decompte.errors import FiguresError, Text
from decompte.procedure.load import data, reason_of
from decompte.procedure.shapes import Reason

MONTHS_A_YEAR = 12


class Period(NamedTuple):
    """How long one kind of data is kept.

    Attributes:
        id: its name.
        name: what is kept, in words.
        begins: the event from which the months count, in words.
        months: months by first day of effect; none for what stays.
        reason: why, with sources, and the doubt when there is one.
    """

    id: str
    name: Text
    begins: Text
    months: tuple[tuple[date, int], ...]
    reason: Reason


def period(name: str) -> Period:
    """Return the period of one kind of data.

    Raises:
        KeyError: there is none of this name; names come from this project.
    """
    return periods()[name]


@lru_cache(maxsize=1)
def periods() -> Mapping[str, Period]:
    """Return every period by its id, in the order of the file.

    Raises:
        FiguresError: one has no reason or source, or an id is used twice.
    """
    found: dict[str, Period] = {}
    for entry in data("retention")["periods"]:
        where = f"retention.yaml: {entry['id']}"
        if entry["id"] in found:
            raise FiguresError(f"{where}: an id is used twice")
        found[entry["id"]] = Period(
            entry["id"],
            Text(**entry["name"]),
            Text(**entry["begins"]),
            tuple(sorted(entry["months"].items())),
            reason_of(f"retention.{entry['id']}", entry, where),
        )
    return found


def months(name: str, day: date) -> int | None:
    """Return for how many months one kind of data is kept on a day; None for what stays."""
    in_force = [value for since, value in period(name).months if since <= day]
    return in_force[-1] if in_force else None


def due_before(name: str, day: date) -> date | None:
    """Return the day before which what began is due to go; None for what stays."""
    kept = months(name, day)
    return None if kept is None else shifted(day, -kept)


def ends(name: str, began: date, day: date) -> date | None:
    """Return the day from which what began then is due to go, by the period of a day."""
    kept = months(name, day)
    return None if kept is None else shifted(began, kept)


def shifted(day: date, by: int) -> date:
    """Return the same day some months later or earlier; the month's last one if it has none."""
    count = day.year * MONTHS_A_YEAR + day.month - 1 + by
    year, month = count // MONTHS_A_YEAR, count % MONTHS_A_YEAR + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
