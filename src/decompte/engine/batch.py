"""Many people's lines in one pass over columns: the rules of the single case, compiled.

Rows go by person, day and line number, whatever their order in the columns; what is remembered of
a person stays in a few registers. A row that cannot be computed gets a mask of `rejections` and
leaves no trace in the amounts of others.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from decompte.engine import batch_columns, batch_loop, batch_order, batch_pages, batch_shapes
from decompte.engine.batch_order import Walk
from decompte.engine.batch_shapes import (
    AMOUNT_TYPES,
    Amounts,
    Calendar,
    Charges,
    Numbers,
    Positions,
    Rows,
    Slots,
    Together,
)
from decompte.engine.compiled import as_records, compiled, kept
from decompte.engine.memory import NONE_YET, SLOTTED, Memory, begin_person
from decompte.engine.periods import Periods
from decompte.engine.rejections import LINE_TWICE
from decompte.rules.shapes import Law

MOST_KEYS = 1 << 20
FEW = 1 << 14
PAGE = 4096 // 4  # cents of one page of memory
COUNTS = ("met", "counted")  # without a sign: a slot is then known not to count from the end
APART = 5 * 64 // 4  # cents of five lines of the cache

kept(batch_shapes, batch_loop, batch_order, batch_columns, batch_pages)
_walk = compiled(batch_order.walk)
_check_rows = compiled(batch_loop.check_rows)
_settle_rows = compiled(batch_loop.settle_rows)
_translate = compiled(batch_columns.translate)
_fill = compiled(batch_columns.fill)
_combine = compiled(batch_columns.combine)
_meet = compiled(batch_columns.meet)
_coefficients = compiled(batch_columns.coefficients)
_covers = compiled(batch_columns.covers)
_number = compiled(batch_pages.number)
_number_near = compiled(batch_pages.number_near)
_pack = compiled(batch_pages.pack)
_pack_steps = compiled(batch_pages.pack_steps)
_bounds = compiled(batch_pages.bounds)


class Compiled(NamedTuple):
    """The law of every period, ready for the loop.

    Attributes:
        law: a record of figures by period, each with this one period.
        calendar: what a day is.
        together: which covers can be held together.
    """

    law: Sequence[Law]
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
    calendar = Calendar(
        first,
        int(days[-1]),
        period.astype(np.uint32),
        year.astype(np.int32),
        (month * 100 + day).astype(np.int32),
    )
    return Compiled(as_records(periods.law), calendar, together)


class Order(NamedTuple):
    """The order in which rows are settled.

    Attributes:
        rows: positions of the rows by person, day and line number.
        was_so: the rows stand in this order.
        walk: what is known of it.
    """

    rows: Positions
    was_so: bool
    walk: Walk


def order_of(person: Numbers, day: npt.NDArray[np.int32], line: Numbers, keyed: Positions) -> Order:
    """Return the order in which rows are settled.

    Args:
        person: column of the rows.
        day: likewise.
        line: likewise.
        keyed: positions of the rows that have all three, going up.
    """
    walk = Walk(*_walk(person, day, line, keyed))
    if walk.is_in_order:
        return Order(keyed, was_so=True, walk=walk)
    rows = keyed[np.lexsort((line[keyed], day[keyed], person[keyed]))]
    return Order(rows, was_so=False, walk=Walk(*_walk(person, day, line, rows)))


def settle_rows(law: Compiled, charges: Charges, rows: Rows, order: Order) -> Amounts:
    """Return what every row comes to.

    Args:
        law: from `ready`.
        charges: what the rows charge.
        rows: the columns.
        order: of the rows, save for those that have no key; these are rejected already.

    Returns:
        Columns of amounts in cents, in the order of the rows; where `problems` is not 0, zeros.
    """
    amounts = _empty(len(rows.person), has_gaps=len(order.rows) < len(rows.person))
    amounts.problems[:] = rows.problems
    if len(order.rows) == 0:
        return amounts
    read = Rows(*(_read_only(column) for column in rows))
    _check_rows(law.calendar, read, amounts.problems)
    if not order.walk.is_ascending:
        _mark_twice(rows, order.rows, amounts.problems)
    of_day: list[Any] = [_none_yet(order.walk.longest_day) for _name in SLOTTED]
    _settle_rows(
        law.law,
        law.calendar,
        law.together,
        charges,
        read,
        order.rows,
        _once(),
        Slots(*of_day),
        amounts,
    )
    return amounts


def _none_yet(places: int) -> Numbers:
    return np.full(places, NONE_YET, dtype=np.int64)


def _once() -> np.record:
    """Return what a memory holds once, as a record; no day has begun."""
    kind: Any = [
        (name, np.uint32 if name in COUNTS else np.int64, (1,))
        for name in Memory._fields
        if name not in SLOTTED
    ]
    once: Any = np.zeros(1, dtype=np.dtype(kind, align=True)).view(np.recarray)[0]
    begin_person(once)
    filled: np.record = once
    return filled


def _empty(count: int, *, has_gaps: bool) -> Amounts:
    """Return columns to be written, cents side by side in one piece of memory.

    Columns that begin at the same place of a page would share the few lines of the cache that it
    has for that place: so each begins some lines later than the one before.

    Args:
        count: rows.
        has_gaps: rows that the loop does not come to are zeros.
    """
    make = np.zeros if has_gaps else np.empty
    cents = [kind for kind in AMOUNT_TYPES if kind is np.int32]
    others = AMOUNT_TYPES[len(cents) :]
    apart = -(-count // PAGE) * PAGE + APART
    columns: list[Any] = [*make((len(cents), apart), dtype=np.int32)[:, :count]]
    return Amounts(*columns, *(make(count, dtype=kind) for kind in others))


def _read_only(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a column nobody writes to: the loop is compiled for such columns, and once."""
    view = column.view()
    view.flags.writeable = False
    return view


def _mark_twice(rows: Rows, order: Positions, problems: Numbers) -> None:
    """Mark every row whose line number another row of the same person has."""
    people, lines = rows.person[order], rows.line[order]
    by_line = np.lexsort((lines, people))
    people, lines = people[by_line], lines[by_line]
    same = (people[1:] == people[:-1]) & (lines[1:] == lines[:-1])
    twice = np.concatenate(([False], same)) | np.concatenate((same, [False]))
    problems[order[by_line[twice]]] |= LINE_TWICE


def translated(codes: npt.NDArray[np.int32], places: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Return the place of every row's code; `places` has one for each code."""
    result = np.empty(len(codes), dtype=np.int32)
    _translate(_read_only(codes), np.asarray(places, dtype=np.int32), result)
    return result


def filled(
    given: npt.NDArray[Any], bits: npt.NDArray[np.uint8], first: int, default: float
) -> npt.NDArray[Any]:
    """Return a column with a default where it has no value.

    Args:
        given: the values.
        bits: bytes with a bit for each row, the lowest first: 1 where there is a value.
        first: the bit of the first row.
        default: stands where there is none.
    """
    result = np.empty(len(given), dtype=given.dtype)
    _fill(_read_only(given), _read_only(bits), first, given.dtype.type(default), result)
    return result


def distinct(
    columns: Sequence[tuple[npt.NDArray[np.int32], int]],
) -> tuple[npt.NDArray[np.int32], Numbers]:
    """Return which of the distinct combinations of codes every row has, and the combinations.

    Args:
        columns: codes, and how many there are; a combination is a number to these bases.
    """
    (first, most), *others = columns
    keys = first.astype(np.int64)
    for codes, size in others:
        if size > 1:
            _combine(keys, _read_only(codes), size, keys)
        most *= size
    if most > MOST_KEYS:
        found, places = np.unique(keys, return_inverse=True)
        return places.astype(np.int32), found
    met = np.zeros(most, dtype=np.bool_)
    _meet(keys, met)
    found = np.flatnonzero(met)
    place = np.zeros(most, dtype=np.int32)
    place[found] = np.arange(len(found))
    result = np.empty(len(keys), dtype=np.int32)
    _translate(_read_only(keys), place, result)
    return result, found


def coefficients(
    given: npt.NDArray[np.float64], is_given: npt.NDArray[np.bool_], problems: Numbers
) -> Numbers:
    """Return coefficients in ten-thousandths; what has more than two decimals is a problem."""
    result = np.empty(len(given), dtype=np.int64)
    _coefficients(_read_only(given), _read_only(is_given), problems, result)
    return result


def covers(
    given: Numbers, known: int, masks: npt.NDArray[np.int32], problems: Numbers
) -> npt.NDArray[np.int32]:
    """Return masks of covers in the law's bits; a bit that is not known is a problem."""
    result = np.empty(len(given), dtype=np.int32)
    _covers(_read_only(given), known, masks, problems, result)
    return result


class Numbered(NamedTuple):
    """A column of whole numbers that has few distinct ones.

    Attributes:
        values: the distinct values, in the order in which they come.
        places: by row, the place of its value among them.
        least, most: of the values.
    """

    values: Numbers
    places: npt.NDArray[np.uint16]
    least: int
    most: int


def numbered(column: npt.NDArray[Any]) -> Numbered | None:
    """Return the distinct values of a column and where each row's stands; None if they are many.

    Values that lie near each other, as amounts do, are found by their distance from the least.
    """
    least, most = _bounds(_read_only(column))
    values, places = np.empty(FEW, dtype=np.int64), np.empty(len(column), dtype=np.uint16)
    if most - least < max(len(column), FEW):
        owners = np.full(most - least + 1, -1, dtype=np.int32)
        met = _number_near(_read_only(column), least, owners, values, places)
    else:
        keys, owners = np.empty(4 * FEW, dtype=np.int64), np.full(4 * FEW, -1, dtype=np.int32)
        met = _number(_read_only(column), keys, owners, values, places)
    return None if met < 0 else Numbered(values[:met], places, least, most)


def packed(places: npt.NDArray[np.uint16], width: int) -> npt.NDArray[np.uint32]:
    """Return numbers of so many bits one after the other in words, the lowest bit first."""
    words = np.zeros(len(places) * width // batch_pages.WORD + 1, dtype=np.uint32)
    _pack(places, width, words)
    return words


class Steps(NamedTuple):
    """A column as Parquet packs the steps from row to row, and its least and most value."""

    packed: npt.NDArray[np.uint8]
    least: int
    most: int


def packed_steps(column: Numbers) -> Steps | None:
    """Return a column as packed steps from row to row; None if they may be too long."""
    least, most = _bounds(_read_only(column))
    if most - least >= batch_pages.MOST_STEP:
        return None
    room = np.empty(batch_pages.most_bytes(len(column)), dtype=np.uint8)
    steps = np.empty(batch_pages.BLOCK, dtype=np.int64)
    return Steps(room[: _pack_steps(_read_only(column), steps, room)], least, most)
