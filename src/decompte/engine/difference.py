"""One case under two states of the law: what differs, line by line, and which figure brought it."""

from collections.abc import Iterator
from typing import NamedTuple

from decompte.engine.explain import explain, key_of
from decompte.engine.periods import Periods
from decompte.engine.shapes import Case, LineAmounts
from decompte.engine.single import settle
from decompte.law.shapes import Figure, Value

AMOUNTS = (
    "base_cents",
    "gross_cents",
    "penalty_cents",
    "participation_cents",
    "franchise_cents",
    "amo_cents",
    "local_cents",
    "solidarity_cents",
    "amc_cents",
    "patient_cents",
    "deferred_cents",
)


class Change(NamedTuple):
    """A figure that is worth something else on the day of care.

    Attributes:
        figure: which one.
        key: the one of its values that the line asked for, or None where it has no keys.
        then, now: its values under the two states of the law; None where it had none.
    """

    figure: Figure
    key: str | None
    then: Value | None
    now: Value | None


class LineDifference(NamedTuple):
    """A line that comes to something else.

    Attributes:
        number: place of the line in the case, from 0.
        then, now: its amounts.
        changes: the figures that brought it.
    """

    number: int
    then: LineAmounts
    now: LineAmounts
    changes: tuple[Change, ...]

    def fields(self) -> tuple[tuple[str, int, int], ...]:
        """Return the amounts that differ: name, then and now, in cents."""
        pairs = ((name, getattr(self.then, name), getattr(self.now, name)) for name in AMOUNTS)
        return tuple(pair for pair in pairs if pair[1] != pair[2])


def differences(case: Case, then: Periods, now: Periods) -> tuple[LineDifference, ...]:
    """Return the lines of a case that two states of the law settle differently.

    Args:
        case: read under either of them; its acts have a tariff under both.
        then: one state, such as the law known on an earlier day.
        now: the other.
    """
    pairs = zip(settle(case, then).lines, settle(case, now).lines, strict=True)
    return tuple(
        LineDifference(number, before, after, tuple(_changes(before, after, then, now)))
        for number, (before, after) in enumerate(pairs)
        if _amounts(before) != _amounts(after)
    )


def _amounts(line: LineAmounts) -> tuple[int, ...]:
    return tuple(getattr(line, name) for name in AMOUNTS)


def _changes(
    before: LineAmounts, after: LineAmounts, then: Periods, now: Periods
) -> Iterator[Change]:
    """Yield the figures that the reasons of either state cite and that are worth something else."""
    cited = {reason.figure for reason in (*explain(before, then), *explain(after, now))}
    day = before.line.date
    for name in sorted(cited & set(now.data.figures)):
        figure = now.data.figures[name]
        key = key_of(figure, after, now.data)
        old, new = then.data.figures[name].on(day), figure.on(day)
        if (old and old.worth(key)) != (new and new.worth(key)):
            yield Change(figure, key, old, new)
