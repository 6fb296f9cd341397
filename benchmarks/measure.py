"""Timing whose noise is shown: by the clock and by processor time, medians and spread."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Turn(NamedTuple):
    """What one run took: seconds by the clock, and of processor time of all threads."""

    wall: float
    processor: float


class Measured(NamedTuple):
    """What was timed.

    Attributes:
        name: what ran.
        lines: how many care lines a turn.
        turns: what each took.
    """

    name: str
    lines: int
    turns: list[Turn]

    def rate(self, kind: str) -> tuple[float, float, float]:
        """Return million lines a second: the median, the slowest and the quickest turn."""
        taken = [getattr(turn, kind) for turn in self.turns]
        middle, slow, quick = statistics.median(taken), max(taken), min(taken)
        return (
            self.lines / middle / 1e6,
            self.lines / slow / 1e6,
            self.lines / quick / 1e6,
        )


def turn(work: Callable[[], object]) -> Turn:
    """Return what a run takes."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Turn(time.perf_counter() - wall, time.process_time() - processor)


def times_as_fast(ours: Measured, other: Measured, kind: str) -> tuple[float, float, float]:
    """Return how often ours settles a line while another does: median, least and most of pairs."""
    pairs = [
        (getattr(theirs, kind) / other.lines) / (getattr(mine, kind) / ours.lines)
        for mine, theirs in zip(ours.turns, other.turns, strict=False)
    ]
    return statistics.median(pairs), min(pairs), max(pairs)


def show(measured: Measured) -> None:
    """Print lines a second, by processor time and by the clock."""
    by_processor = "{:.2f} ({:.2f} to {:.2f})".format(*measured.rate("processor"))
    by_clock = "{:.2f} ({:.2f} to {:.2f})".format(*measured.rate("wall"))
    print(f"  {measured.name:<46} {by_processor:>24} {by_clock:>24}")
