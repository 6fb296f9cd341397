"""Two laws over the same care lines, in one pass: what each payer pays, who gains, who loses.

A file of any size goes by in whole people, as the batch reads it; memory holds a few blocks and the
sums. A row that one of the laws cannot settle counts under neither. What people do is taken as it
is: nobody sees a doctor more or less because of the reform. One thing follows the law by itself: a
price that was at the tariff, or above it, moves with the tariff, unless prices are held.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.engine import rejections
from decompte.engine.batch_loop import MOST_CENTS
from decompte.engine.batch_shapes import Amounts
from decompte.engine.periods import Periods
from decompte.engine.tally import (
    AMOUNTS,
    DETAIL,
    PAID,
    PAYERS,
    Cells,
    Sides,
    bands,
    side,
    tally,
    together,
)
from decompte.errors import Problem, Refusal, Text
from decompte.exchange.days import civil_days
from decompte.exchange.disclosure import coarser, published
from decompte.exchange.in_turn import Part, Source, ends, in_order, parts, read
from decompte.exchange.settler import Lines, Settler

Numbers = npt.NDArray[np.int64]
AGES = (0, 16, 18, 20, 22, 24, 26, 28, 30, 40, 60, 80)
MOVING = ("tariff.", "technical.")
TABLES = ("act", "age", "month")


class Question(NamedTuple):
    """What is compared.

    Attributes:
        base, reform: the two laws.
        changed: ids of the figures that differ.
        today: the last day of care.
        holds_prices: prices stay as they were paid even where a tariff moves.
        workers: blocks settled at the same time.
    """

    base: Periods
    reform: Periods
    changed: tuple[str, ...]
    today: date
    holds_prices: bool
    workers: int


class Comparison(NamedTuple):
    """What came out, in cells that may be published or in all of them.

    Attributes:
        rows: rows of the file.
        apart: rows that one of the laws, or both, cannot settle.
        reasons: what is wrong with them, and with how many.
        days: first and last day of care compared, or None without a row.
        total: one cell, by all measures of `DETAIL`, or by the payers alone where more would show
            single people.
        tables: cells by act, age and month; None where a table would show single people.
        bands: people by what they gain or lose, or None likewise.
        is_public: small cells are hidden.
    """

    rows: int
    apart: int
    reasons: tuple[tuple[Text, int], ...]
    days: tuple[date, date] | None
    total: Cells
    tables: Mapping[str, Cells | None]
    bands: Cells | None
    is_public: bool


class Sums(NamedTuple):
    """What some people's rows come to: what is wrong with rows, days of care, cells."""

    wrong: Counter[int]
    first: int
    last: int
    cells: Mapping[str, Cells]


def compare(source: Path, question: Question, progress: Callable[[int, int], None]) -> Comparison:
    """Return what two laws make of a file of care lines, with all cells.

    Args:
        source: Parquet, or CSV by its name, with the columns of the batch, in any order.
        question: what is compared.
        progress: told rows done and rows in all.

    Raises:
        Refusal: the file cannot be read or lacks a column, or the reform pays less than nothing.
    """
    work = Pair(question)
    return in_order(source, question.workers, progress, lambda lines: _compared(lines, work))


def _compared(source: Source, work: "Pair") -> Comparison:
    wrong: Counter[int] = Counter()
    first, last, cells = work.sums(source.empty()).result[1:]
    for part in parts(source, work.sums):
        wrong += part.wrong
        first, last = min(first, part.first), max(last, part.last)
        cells = {name: together([cells[name], part.cells[name]]) for name in cells}
    return Comparison(
        rows=source.blocks.rows,
        apart=sum(wrong.values()),
        reasons=tuple(_reasons(wrong)),
        days=(_day(first), _day(last)) if first <= last else None,
        total=cells["total"],
        tables={name: cells[name] for name in TABLES},
        bands=cells["bands"],
        is_public=False,
    )


def public(comparison: Comparison) -> Comparison:
    """Return a comparison with small cells hidden.

    The total falls back to what each payer pays when more detail would show single people.

    Raises:
        Refusal: even that would.
    """
    total = published(comparison.total) or published(narrowed(comparison.total, PAID))
    if total is None:
        raise Refusal([Problem("compare.few", "LINES", FEW)])
    tables = {name: cells and published(cells) for name, cells in comparison.tables.items()}
    banded = comparison.bands and coarser(comparison.bands)
    return comparison._replace(total=total, tables=tables, bands=banded, is_public=True)


FEW = Text(
    fr="trop peu de personnes dans le fichier, ou concernées par la réforme, pour publier un total "
    "(dix au moins, aucune pour plus de 85 %) ; --all-cells montre tout, pour votre seul usage",
    en="too few people in the file, or concerned by the reform, to publish a total (at least ten, "
    "none with more than 85 %); --all-cells shows everything, for your own eyes",
)


def narrowed(cells: Cells, measures: tuple[str, ...]) -> Cells:
    """Return cells with some of their measures."""
    width = len(cells.measures)
    columns = [side * width + cells.measures.index(one) for side in range(3) for one in measures]
    wide = (column[:, columns] for column in cells[4:])
    return Cells(cells.names, measures, cells.lines, cells.people, *wide)


class Pair:
    """Settles rows under both laws; used by several threads."""

    def __init__(self, question: Question) -> None:
        """Make both laws ready."""
        self.base = Settler(question.base, question.today)
        self.reform = Settler(question.reform, question.today)
        moves = any(name.startswith(MOVING) for name in question.changed)
        self.moves_prices = moves and not question.holds_prices

    def sums(self, table: pa.Table) -> Part[Sums]:
        """Return what a table's rows come to, in cells.

        Raises:
            OutOfOrder: its rows are not in order.
            Refusal: under the reform somebody would pay less than nothing.
        """
        lines = read(self.base.read(table, in_order=True))
        before = self.base.amounts(lines)
        price = lines.rows.price
        moved = self._moved(lines, before) if self.moves_prices else price
        after = self.reform.amounts(_priced(lines, moved))
        problems = before.problems | after.problems
        kept = lines.order[problems[lines.order] == 0]
        sides = Sides(
            _people(lines.rows.person[kept]),
            side(price[kept], _columns(before, kept)),
            side(moved[kept], _columns(after, kept)),
        )
        _check(sides.reform)
        days = lines.rows.day[kept]
        sums = Sums(
            Counter(problems[problems != 0].tolist()),
            int(days.min(initial=np.iinfo(np.int32).max)),
            int(days.max(initial=np.iinfo(np.int32).min)),
            _cells(table, kept, sides, lines),
        )
        return Part(ends(table, lines), sums)

    def _moved(self, lines: Lines, before: Amounts) -> Numbers:
        """Return prices that follow the tariff: what was above it stays above it.

        A price that nobody could pay shows the tariff: no base is above it.
        """
        price = lines.rows.price
        highest = _priced(lines, np.full(len(price), MOST_CENTS, np.int64))
        old, new = self.base.amounts(highest), self.reform.amounts(highest)
        is_at_tariff = (before.base == old.base) & (old.base < MOST_CENTS)
        both = (old.problems == 0) & (new.problems == 0) & is_at_tariff
        return price + np.where(both, new.base.astype(np.int64) - old.base, 0)


def _priced(lines: Lines, price: Numbers) -> Lines:
    return lines._replace(rows=lines.rows._replace(price=price))


def _columns(amounts: Amounts, kept: Numbers) -> Mapping[str, npt.NDArray[np.int32]]:
    return {name: getattr(amounts, name)[kept] for name in AMOUNTS}


def _check(reform: Numbers) -> None:
    payers = reform[:, [DETAIL.index(name) for name in PAYERS]]
    if (payers < 0).any() or (payers.sum(axis=1) != reform[:, DETAIL.index("price")]).any():
        raise Refusal([Problem("reform.negative", "REFORM", NEGATIVE)])


NEGATIVE = Text(
    fr="avec cette réforme, l'un des payeurs paierait moins que rien sur certaines lignes ; "
    "vérifier les taux et les parts",
    en="under this reform one of the payers would pay less than nothing on some lines; "
    "check rates and shares",
)


def _people(person: Numbers) -> Numbers:
    """Return the people of rows numbered from 0; rows of a person stand together."""
    if not len(person):
        return person
    return np.concatenate(([0], np.cumsum(person[1:] != person[:-1])))


def _cells(table: pa.Table, kept: Numbers, sides: Sides, lines: Lines) -> Mapping[str, Cells]:
    days = lines.rows.day[kept]
    acts = table.column("act").combine_chunks()
    if not pa.types.is_dictionary(acts.type):
        acts = acts.dictionary_encode()
    named = pc.fill_null(acts.indices.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)[kept]
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    met = np.unique(months)
    month_names = [str(np.datetime64(int(month), "M")) for month in met]
    ages = _ages(table, kept, lines)
    nowhere = np.zeros(len(kept), np.int64)
    return {
        "total": tally(sides, nowhere, ("total",), DETAIL),
        "act": tally(sides, named, [str(name) for name in acts.dictionary.to_pylist()]),
        "age": tally(sides, ages, age_names()),
        "month": tally(sides, np.searchsorted(met, months), month_names),
        "bands": bands(sides),
    }


def age_names() -> tuple[str, ...]:
    """Return the names of the age bands, `?` last for an unknown age."""
    pairs = pairwise(AGES)
    return (*(f"{first}-{after - 1}" for first, after in pairs), f"{AGES[-1]}+", "?")


def _ages(table: pa.Table, kept: Numbers, lines: Lines) -> Numbers:
    """Return the age band of each row on its day of care."""
    unknown = len(AGES)
    if "birth_date" not in table.schema.names:
        return np.full(len(kept), unknown, np.int64)
    is_known = pc.is_valid(table.column("birth_date").combine_chunks())
    lived = civil_days(lines.rows.day[kept]) - civil_days(lines.rows.birth[kept])
    band = np.searchsorted(np.array(AGES) * 10_000, lived, side="right") - 1
    known = is_known.to_numpy(zero_copy_only=False)[kept]
    return np.where(known, band, unknown)


def _day(number: int) -> date:
    return date(1970, 1, 1).fromordinal(date(1970, 1, 1).toordinal() + number)


def _reasons(wrong: Counter[int]) -> Iterator[tuple[Text, int]]:
    """Yield what is wrong with rows, most often first, and how many rows have it."""
    for mask, rows in wrong.most_common():
        yield Text(fr=rejections.told(mask, "fr"), en=rejections.told(mask, "en")), rows
