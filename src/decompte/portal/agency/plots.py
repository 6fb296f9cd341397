"""Bars by week, as numbers a template draws: SVG of our own, in the page's own colours.

Drawn in the page, a plot follows light and dark, is read in black and white by its patterns, and
needs no style that the content policy would have to allow. Each stands beside the same as a table.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

WIDTH, HEIGHT = 1000, 220
GAP = 3
MOST_LABELS = 5
PARTS = 4  # as many as there are patterns
FEWEST = 12  # a young agency has narrow bars too
ROUND = (1, 2, 5)


class Bar(NamedTuple):
    """One rectangle; `part` from 1 names colour and pattern."""

    x: float
    y: float
    width: float
    height: float
    part: int


class Mark(NamedTuple):
    """A place on an axis, with what is written there."""

    at: float
    label: Any


class Plot(NamedTuple):
    """What the template draws.

    Attributes:
        name: stable, for headings and links.
        parts: what the colours mean, in order.
        bars: the rectangles.
        lines: heights with their numbers.
        days: places of days along the bottom.
    """

    name: str
    parts: tuple[Any, ...]
    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    days: tuple[Mark, ...]


def stacked(
    name: str, mondays: Sequence[date], parts: Sequence[Any], series: Sequence[Sequence[int]]
) -> Plot:
    """Return a plot of bars, the parts of each on top of one another.

    Args:
        name: of the plot.
        mondays: one a bar.
        parts: names of the parts.
        series: numbers of each part, one a bar.
    """
    highest = max((sum(column) for column in zip(*series, strict=True)), default=0)
    top = ceiling(highest)
    step = WIDTH / max(FEWEST, len(mondays))
    bars = []
    for place in range(len(mondays)):
        y = float(HEIGHT)
        for part, numbers in enumerate(series, start=1):
            height = HEIGHT * numbers[place] / top
            y -= height
            if height:
                x = place * step + GAP / 2
                bars.append(Bar(_short(x), _short(y), _short(step - GAP), _short(height), part))
    return Plot(name, tuple(parts), tuple(bars), _heights(top), _days(mondays, step))


def ceiling(highest: int) -> int:
    """Return the round number that a plot goes up to."""
    power = 1
    while True:
        for one in ROUND:
            if one * power >= highest:
                return one * power
        power *= 10


def _heights(top: int) -> tuple[Mark, ...]:
    halves = [top] if top == 1 else [top // 2, top]
    return tuple(Mark(_short(HEIGHT - HEIGHT * one / top), one) for one in halves)


def _days(mondays: Sequence[date], step: float) -> tuple[Mark, ...]:
    every = max(1, -(-len(mondays) // MOST_LABELS))
    return tuple(
        Mark(_short(place * step), mondays[place]) for place in range(0, len(mondays), every)
    )


def _short(number: float) -> float:
    return round(number, 1)
