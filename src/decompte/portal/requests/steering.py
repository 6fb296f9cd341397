"""An agency's weeks: what came in, what was answered, what waited, and how old it was.

Pure arithmetic on how many requests came in which week and were answered in which; `weeks.py` asks
the database for those. A request that was sent again counts from then on.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

WEEK = timedelta(days=7)
AGES = (1, 2, 4)
RECENT = 4


class Week(NamedTuple):
    """One week of an agency.

    Attributes:
        monday: its first day.
        incoming, answered: how many requests.
        in_time: of the answered, how many by the day that was promised.
        backlog: what waited at its end: since less than a week, two, four, and longer.
        lacking: kinds of paper that were asked for when requests were sent back, each with how
            often; empty for an agent's own words.
    """

    monday: date
    incoming: int
    answered: int
    in_time: int
    backlog: tuple[int, ...]
    lacking: tuple[tuple[str, int], ...] = ()

    @property
    def waiting(self) -> int:
        """All that waited at its end."""
        return sum(self.backlog)

    @property
    def kept_percent(self) -> int | None:
        """How many of a hundred answers came by the day that was promised; None without any."""
        return round(100 * self.in_time / self.answered) if self.answered else None


class Forecast(NamedTuple):
    """When the backlog is cleared at the pace of the last whole weeks; `on` is None if never.

    Attributes:
        waiting: how many wait.
        incoming, answered: a week, at the mean of the last whole ones.
        on: the day, or None.
        weeks: how many whole weeks that pace rests on, four at most; none in an agency's first.
    """

    waiting: int
    incoming: int
    answered: int
    on: date | None
    weeks: int


class Flow(NamedTuple):
    """How many came in one week and were answered in another, or not yet."""

    came: date
    left: date | None
    is_in_time: bool
    number: int


def mondays(today: date, count: int) -> list[date]:
    """Return the first days of the last weeks, oldest first; the last is the running one."""
    last = today - timedelta(days=today.weekday())
    return [last - WEEK * back for back in reversed(range(count))]


def week(monday: date, flows: Sequence[Flow], lacking: dict[str, int]) -> Week:
    """Return what one week came to, of flows that hold all that touches it."""
    open_ = [one for one in flows if one.came <= monday and (one.left is None or one.left > monday)]
    backlog = [0] * (len(AGES) + 1)
    for one in open_:
        backlog[bisect_right(AGES, (monday - one.came) // WEEK)] += one.number
    left = [one for one in flows if one.left == monday]
    return Week(
        monday,
        sum(one.number for one in flows if one.came == monday),
        sum(one.number for one in left),
        sum(one.number for one in left if one.is_in_time),
        tuple(backlog),
        tuple(sorted(lacking.items())),
    )


def begun(known: Sequence[Week]) -> list[Week]:
    """Return the weeks from the first in which anything came, was answered or waited."""
    first = next((n for n, one in enumerate(known) if _has_something(one)), len(known))
    return list(known[first:])


def _has_something(week: Week) -> bool:
    return bool(week.incoming or week.answered or week.waiting)


def forecast(known: Sequence[Week], today: date) -> Forecast:
    """Return when the backlog of the running week is cleared at the pace of the weeks before."""
    whole = known[:-1][-RECENT:]
    waiting = known[-1].waiting if known else 0
    incoming = sum(week.incoming for week in whole) // max(1, len(whole))
    answered = sum(week.answered for week in whole) // max(1, len(whole))
    gained = answered - incoming
    on = today + WEEK * -(-waiting // gained) if gained > 0 else None
    return Forecast(waiting, incoming, answered, today if waiting == 0 else on, len(whole))


def lacking(known: Sequence[Week]) -> dict[str, int]:
    """Return how often each kind of paper was asked for in some weeks, most often first."""
    found: dict[str, int] = {}
    for kind, number in (pair for one in known for pair in one.lacking):
        found[kind] = found.get(kind, 0) + number
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
