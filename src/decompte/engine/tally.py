"""What two laws make of the same lines, added up in cells, with what says whether a cell is safe.

A cell knows its people as well as its amounts: how many they are, how many have a part in an
amount, and the largest part that one of them has. Rows come a few thousand people at a time, all
rows of a person together, so cells of one part and of the next simply add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
AMOUNTS = (
    "base",
    "gross",
    "penalty",
    "participation",
    "franchise",
    "amo",
    "local",
    "solidarity",
    "amc",
    "patient",
    "deferred",
)
PAYERS = ("mandatory", "complementary", "patient")
PAID = ("price", *PAYERS)
DETAIL = ("price", *AMOUNTS, "mandatory", "complementary")
SIDES = ("base", "reform", "difference")
GAINS = (-20_000, -10_000, -5_000, -2_000, -1_000, -500)
LOSSES = (501, 1_001, 2_001, 5_001, 10_001, 20_001)
BANDS = (*GAINS, 0, 1, *LOSSES)


class Cells(NamedTuple):
    """Sums by cell; the second axis goes by side, then by measure: base, reform, difference.

    Attributes:
        names: of the cells.
        measures: names of the amounts of one side.
        lines, people: how many, by cell.
        sums: in cents.
        sizes: the same of the parts without their sign.
        largest: the largest part of one person, without its sign.
        contributors: how many people have a part other than 0.
    """

    names: tuple[str, ...]
    measures: tuple[str, ...]
    lines: Numbers
    people: Numbers
    sums: Numbers
    sizes: Numbers
    largest: Numbers
    contributors: Numbers

    def amount(self, cell: int, measure: str, side: str) -> int:
        """Return one amount of a cell, in cents."""
        column = SIDES.index(side) * len(self.measures) + self.measures.index(measure)
        return int(self.sums[cell, column])


class Sides(NamedTuple):
    """Rows in order of person, each person's together, as both laws settle them.

    Attributes:
        person: equal in the rows of a person, ascending from 0.
        base, reform: `[row][measure]`, in cents.
        measures: their names.
    """

    person: Numbers
    base: Numbers
    reform: Numbers
    measures: tuple[str, ...] = DETAIL


def side(price: Numbers, amounts: Mapping[str, npt.NDArray[np.int32]]) -> Numbers:
    """Return the measures of `DETAIL` as one matrix, from the amounts of every row in cents."""
    columns = [price.astype(np.int64), *(amounts[name].astype(np.int64) for name in AMOUNTS)]
    by_name = dict(zip(("price", *AMOUNTS), columns, strict=True))
    columns.append(by_name["amo"] + by_name["local"])
    columns.append(by_name["solidarity"] + by_name["amc"])
    return np.column_stack(columns)


def tally(
    sides: Sides, places: Numbers, names: Sequence[str], measures: Sequence[str] = PAID
) -> Cells:
    """Return the sums by cell.

    Args:
        sides: the rows.
        places: of each row, the place of its cell in `names`.
        names: of the cells.
        measures: which of the rows' to add up.
    """
    chosen = [sides.measures.index(measure) for measure in measures]
    key = sides.person * max(len(names), 1) + places
    order = None
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        key, places = key[order], places[order]
    starts = _starts(key)
    base, reform = (_parts(one, chosen, order, starts) for one in (sides.base, sides.reform))
    parts = np.hstack([base, reform, reform - base])
    lines = np.diff(np.append(starts, len(key)))
    return _by_cell(parts, places[starts], lines, tuple(names), tuple(measures))


def bands(sides: Sides) -> Cells:
    """Return the people by what they pay less, or more, under the reform: a band of cents each.

    A band's name is its first cent and the last, counted as a loss; the outer ones are open.
    """
    patient = DETAIL.index("patient")
    starts = _starts(sides.person)
    change = _added(sides.reform[:, [patient]] - sides.base[:, [patient]], starts)[:, 0]
    person_band = np.searchsorted(np.array(BANDS), change, side="right")
    size = np.diff(np.append(starts, len(sides.person)))
    return tally(sides, np.repeat(person_band, size), band_names())


def band_names() -> tuple[str, ...]:
    """Return the names of the bands, from the largest gain to the largest loss."""
    edges = ["", *map(str, BANDS), ""]
    lasts = [str(int(edge) - 1) if edge else "" for edge in edges[1:]]
    return tuple(f"{first}:{last}" for first, last in zip(edges[:-1], lasts, strict=True))


def together(parts: Iterable[Cells]) -> Cells:
    """Return cells added up by name; no person has rows in two of the parts.

    Raises:
        ValueError: there is no part.
    """
    listed = list(parts)
    if not listed:
        raise ValueError("no cells")
    names = {name: None for cells in listed for name in cells.names}
    place = {name: number for number, name in enumerate(names)}
    total = _none(tuple(names), listed[0].measures)
    for cells in listed:
        at = np.array([place[name] for name in cells.names], dtype=np.int64)
        total.lines[at] += cells.lines
        total.people[at] += cells.people
        total.sums[at] += cells.sums
        total.sizes[at] += cells.sizes
        total.contributors[at] += cells.contributors
        total.largest[at] = np.maximum(total.largest[at], cells.largest)
    return total


def chosen(cells: Cells, places: Sequence[int]) -> Cells:
    """Return some of the cells, in the order given."""
    at = np.array(places, dtype=np.int64)
    names = tuple(cells.names[place] for place in places)
    return Cells(names, cells.measures, *(column[at] for column in cells[2:]))


def _none(names: tuple[str, ...], measures: tuple[str, ...]) -> Cells:
    count, width = len(names), len(SIDES) * len(measures)
    flat = [np.zeros(count, np.int64) for _ in range(2)]
    wide = [np.zeros((count, width), np.int64) for _ in range(4)]
    return Cells(names, measures, *flat, *wide)


def _by_cell(
    parts: Numbers,
    cell: Numbers,
    lines: Numbers,
    names: tuple[str, ...],
    measures: tuple[str, ...],
) -> Cells:
    """Return the cells from every person's parts of them."""
    total = _none(names, measures)
    if not len(parts):
        return total
    order = np.argsort(cell, kind="stable")
    cell, parts = cell[order], parts[order]
    starts = _starts(cell)
    met = cell[starts]
    sizes = np.abs(parts)
    total.lines[met] = _added(lines[order], starts)
    total.people[met] = np.diff(np.append(starts, len(cell)))
    total.sums[met] = _added(parts, starts)
    total.sizes[met] = _added(sizes, starts)
    total.largest[met] = np.maximum.reduceat(sizes, starts, axis=0)
    total.contributors[met] = _added((sizes > 0).astype(np.int64), starts)
    return total


def _parts(rows: Numbers, columns: list[int], order: Numbers | None, starts: Numbers) -> Numbers:
    """Return the sums of some columns, column by column: a copy of all rows would be large."""
    ordered = (rows[:, one] if order is None else rows[order, one] for one in columns)
    return np.column_stack([_added(column, starts) for column in ordered])


def _starts(key: Numbers) -> Numbers:
    """Return where equal neighbours begin."""
    if not len(key):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))


def _added(rows: Numbers, starts: Numbers) -> Numbers:
    if not len(starts):
        return rows[:0].astype(np.int64)
    added: Numbers = np.add.reduceat(rows, starts, axis=0)
    return added
