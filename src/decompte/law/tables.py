"""The figures as integers by period: every day on which anything changes starts a period.

Day to period is one bisection. What is not in force is `ABSENT`.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from decompte.errors import FiguresError
from decompte.law.shapes import Figure, LawData

ABSENT = -1
FIRST_DAY = date(2005, 1, 1)
EPOCH = date(1970, 1, 1).toordinal()


class Tables(NamedTuple):
    """Figures by period.

    Attributes:
        starts: first day of each period, in days since 1970-01-01, ascending.
        figures: the figures they were made from, by id.
    """

    starts: tuple[int, ...]
    figures: Mapping[str, Figure]

    def row(self, figure_id: str) -> tuple[int, ...]:
        """Return a figure without keys, one integer a period.

        Raises:
            FiguresError: there is no such figure.
        """
        return tuple(
            ABSENT if amount is None else amount
            for amount in self._amounts(figure_id)
            if not isinstance(amount, Mapping)
        )

    def grid(self, figure_id: str, keys: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Return a figure by key: `[period][key]`, keys in the given order.

        Raises:
            FiguresError: there is no such figure, or it has a key that was not asked for.
        """
        rows: list[tuple[int, ...]] = []
        amounts = self._amounts(figure_id)
        for amount, before in zip(amounts, [object(), *amounts], strict=False):
            if amount is before:
                rows.append(rows[-1])
                continue
            cells = amount if isinstance(amount, Mapping) else {}
            if stray := set(cells) - set(keys):
                raise FiguresError(f"{figure_id}: unknown keys {sorted(stray)}")
            rows.append(tuple(_cell(cells.get(key)) for key in keys))
        return tuple(rows)

    def _amounts(self, figure_id: str) -> list[int | Mapping[str, int | None] | None]:
        figure = self.figures.get(figure_id)
        if figure is None:
            raise FiguresError(f"{figure_id}: law/figures does not have it")
        values = (figure.on(date.fromordinal(start + EPOCH)) for start in self.starts)
        return [value.amount if value else None for value in values]


def _cell(amount: int | None) -> int:
    return ABSENT if amount is None else amount


def tables(law: LawData) -> Tables:
    """Return the tables of a law; the first period starts on 2005-01-01."""
    changes = chain.from_iterable(
        (value.since for value in figure.values) for figure in law.figures.values()
    )
    starts = {FIRST_DAY} | {change for change in changes if change > FIRST_DAY}
    return Tables(tuple(sorted(day_number(start) for start in starts)), law.figures)


def day_number(day: date) -> int:
    """Return a day in days since 1970-01-01."""
    return day.toordinal() - EPOCH


def period_of(starts: Sequence[int], day: date) -> int:
    """Return the index of the period a day falls in, or -1 before the first."""
    return bisect_right(starts, day_number(day)) - 1
