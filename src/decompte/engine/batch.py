"""Many people's lines in one pass over columns: the rules of the single case, compiled.

Rows go by person, day and line number, whatever their order in the columns; what is remembered of
a person stays in a few registers. A row that cannot be computed gets a mask of `rejections` and
leaves no trace in the amounts of others.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from decompte.engine import batch_loop, batch_order
from decompte.engine.batch_loop import Amounts, Calendar, Charges, Rows, Together
from decompte.engine.compiled import as_arrays, compiled, kept
from decompte.engine.memory import NONE_YET, Memory, sizes
from decompte.engine.periods import Periods
from decompte.engine.rejections import LINE_TWICE
from decompte.rules.shapes import Law

Integers = npt.NDArray[np.int64]

kept(batch_loop, batch_order)
_longest_day = compiled(batch_order.longest_day)
_is_ascending = compiled(batch_order.is_ascending)
_settle_rows = compiled(batch_loop.settle_rows)


class Compiled(NamedTuple):
    """The law of every period, ready for the loop.

    Attributes:
        law: figures as arrays.
        calendar: what a day is.
        together: which covers can be held together.
    """

    law: Law
    calendar: Calendar
    together: Together


def ready(periods: Periods, last_day: int, together: Together) -> Compiled:
    """Return a law ready for the loop.

    Args:
        periods: the law by period.
        last_day: the last day on which care is computed, in days since 1970-01-01.
        together: which covers can be held together.
    """
    first = periods.starts[0]
    days = np.arange(first, max(last_day, first) + 1)
    period = np.searchsorted(np.array(periods.starts), days, side="right") - 1
    months = days.astype("datetime64[D]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (months - months.astype("datetime64[M]")).astype(np.int64) + 1
    calendar = Calendar(first, int(days[-1]), period, year * 10_000 + month * 100 + day)
    return Compiled(as_arrays(periods.law), calendar, together)


def settle_rows(
    law: Compiled, charges: Charges, rows: Rows, order: npt.NDArray[np.int64]
) -> Amounts:
    """Return what every row comes to.

    Args:
        law: from `ready`.
        charges: what the rows charge.
        rows: the columns.
        order: positions of the rows by person, day and line number, save for those that have no
            such key; these are rejected already.

    Returns:
        Columns of amounts in cents, in the order of the rows; where `problems` is not 0, zeros.
    """
    count = len(rows.person)
    columns: list[Any] = [np.zeros(count, dtype=kind) for kind in batch_loop.AMOUNT_TYPES[:-1]]
    columns.append(rows.problems.copy())
    amounts = Amounts(*columns)
    if len(order) == 0:
        return amounts
    if not _is_ascending(rows, order):
        _mark_twice(rows, order, amounts.problems)
    slots = int(_longest_day(rows, order))
    places: list[Any] = [np.full(size, NONE_YET, dtype=np.int64) for size in sizes(slots)]
    memory = Memory(*places)
    _settle_rows(law.law, law.calendar, law.together, charges, rows, order, memory, amounts)
    return amounts


def _mark_twice(rows: Rows, order: Integers, problems: Integers) -> None:
    """Mark every row whose line number another row of the same person has."""
    people, lines = rows.person[order], rows.line[order]
    by_line = np.lexsort((lines, people))
    people, lines = people[by_line], lines[by_line]
    same = (people[1:] == people[:-1]) & (lines[1:] == lines[:-1])
    twice = np.concatenate(([False], same)) | np.concatenate((same, [False]))
    problems[order[by_line[twice]]] |= LINE_TWICE
