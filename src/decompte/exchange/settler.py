"""Tables of care lines to amounts: read once, settled under one law, or under several.

A table is taken as it is where its types allow. `Settler.read` turns it into integers without
asking the law what anything is worth, `Settler.amounts` settles what was read; another law that has
the same names settles the same lines again without reading them again. A value that cannot be
computed rejects its row, with every reason.
"""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.engine import rejections as why
from decompte.engine.batch import Compiled, Order, distinct, order_of, ready, settle_rows
from decompte.engine.batch_shapes import Amounts, Rows
from decompte.engine.periods import Index, Periods, periods
from decompte.errors import Lang, Refusal
from decompte.exchange.amounts import settled
from decompte.exchange.any_table import as_table
from decompte.exchange.charges import Charge, ChargeBook
from decompte.exchange.column_values import NO_GP, Reading
from decompte.exchange.columns import COVER_BITS, check_schema, column_problem
from decompte.exchange.covers import RELATED
from decompte.exchange.person import SCHEMES
from decompte.law.tables import day_number


class Lines(NamedTuple):
    """Care lines as read from a table, for every law that has the same names.

    Attributes:
        rows: columns of integers; `charge` is a position in `charges`.
        charges: the distinct acts, specialties, sectors and places.
        taken: the order of the rows, without those that lack a beneficiary, a date or a number.
        names: of the law for which they were read.
    """

    rows: Rows
    charges: tuple[Charge, ...]
    taken: Order
    names: Index

    @property
    def order(self) -> npt.NDArray[Any]:
        """Return the positions of the rows by beneficiary, day and line number."""
        return self.taken.rows


class Settler:
    """Settles tables of care lines under one law; may be shared by threads."""

    def __init__(self, law: Periods, today: date) -> None:
        """Make the law ready; care after today is rejected."""
        self.law = law
        self.book = ChargeBook(law, today)
        self.compiled: Compiled = ready(law, day_number(today), self.book.together())

    def read(self, table: pa.Table, *, in_order: bool = False) -> Lines | None:
        """Return the lines of a table.

        Args:
            table: with columns of `COLUMNS`, checked by `check_schema`.
            in_order: rows are expected by beneficiary, date and line; where they are not, nothing
                is read and None comes back.
        """
        problems = np.zeros(len(table), dtype=np.int64)
        read = Reading(table, problems, self.law.names)
        person, line, day = read.identifier("beneficiary"), read.whole("line"), read.days("date")
        order = order_of(person, day, line, _keyed(problems))
        if in_order and not order.was_so:
            return None
        charge, charges = self._charges(read)
        rows = Rows(
            person=person,
            line=line,
            day=day,
            birth=read.days("birth_date"),
            gp_since=read.days("declared_gp_since", missing=NO_GP),
            charge=charge,
            price=read.whole("price_cents"),
            quantity=read.whole("quantity"),
            pathway=read.choice(
                "pathway", tuple(self.law.names.pathway), None, why.PATHWAY_UNKNOWN
            ),
            formula=read.choice("formula", tuple(self.law.names.formula), -1, why.FORMULA_UNKNOWN),
            coefficient=read.coefficients(),
            practitioner=read.practitioners(),
            covers=read.covers("covers", COVER_BITS),
            related=read.covers("related", ("ald", *RELATED)),
            is_local=read.choice("scheme", SCHEMES, None, why.SCHEME_UNKNOWN).astype(np.uint8),
            is_third_party_payment=read.flags("third_party_payment"),
            problems=read.marked(problems),
        )
        return Lines(rows, charges, order, self.law.names)

    def takes(self, lines: Lines) -> bool:
        """Return whether lines that were read for another law can be settled under this one."""
        return lines.names == self.law.names

    def amounts(self, lines: Lines) -> Amounts:
        """Return what every line comes to; zeros where `problems` says why it is rejected.

        Args:
            lines: from `read` of this settler, or of one whose lines it `takes`.
        """
        assert self.takes(lines), "lines are settled under the names they were read with"
        charges = self.book.charges(lines.charges, *self._days(lines))
        return settle_rows(self.compiled, charges, lines.rows, lines.taken)

    def _charges(self, read: Reading) -> tuple[npt.NDArray[np.int32], tuple[Charge, ...]]:
        names = self.law.names
        specialties, sectors = (None, *names.specialty), (None, *names.sector)
        places = (None, *names.place)
        acts, texts = read.coded("act")
        specialty = read.choice("specialty", specialties[1:], 0, why.SPECIALTY_UNKNOWN, 1)
        sector = read.choice("sector", sectors[1:], 0, why.SECTOR_UNKNOWN, 1)
        place = read.choice("place", places[1:], 0, why.PLACE_UNKNOWN, 1)
        sizes = [len(names) for names in (texts, specialties, sectors, places)]
        for number, name in enumerate(("specialty", "sector", "place"), start=1):
            if not read.has(name):
                sizes[number] = 1
        charge, keys = distinct(list(zip((acts, specialty, sector, place), sizes, strict=True)))
        found = []
        for key in keys.tolist():
            rest, where = divmod(key, sizes[3])
            rest, column = divmod(rest, sizes[2])
            act, of = divmod(rest, sizes[1])
            found.append(Charge(texts[act], specialties[of], sectors[column], places[where]))
        return charge, tuple(found)

    def _days(self, lines: Lines) -> tuple[int, int]:
        """Return the first and the last day of care that is computed."""
        calendar, days = self.compiled.calendar, lines.rows.day
        if len(lines.order) < len(days):
            days = days[lines.order]
        low, high = int(days.min(initial=calendar.last)), int(days.max(initial=calendar.first))
        if low < calendar.first or high > calendar.last:
            days = days[(days >= calendar.first) & (days <= calendar.last)]
            low, high = days.min(initial=calendar.last), days.max(initial=calendar.first)
        return (int(low), int(high)) if low <= high else (calendar.last, calendar.last)


def _keyed(problems: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Return the positions of the rows that have a beneficiary, a date and a line number."""
    if not problems.any():
        return np.arange(len(problems), dtype=np.uint32)
    missing = problems & (why.BENEFICIARY_MISSING | why.LINE_MISSING | why.DATE_MISSING)
    return np.flatnonzero(missing == 0).astype(np.uint32)


@lru_cache(maxsize=1)
def settler(today: date) -> Settler:
    """Return what settles tables under the law; what charges mean is read once."""
    return Settler(periods(), today)


def batch(table: object, *, today: date) -> pa.Table:
    """Return the amounts of care lines, row by row in the order of the table.

    Args:
        table: an Arrow table, or anything with the Arrow interface: a frame of pandas or Polars, a
            relation of DuckDB. `COLUMNS` are its columns.
        today: care after this day is rejected.

    Returns:
        `beneficiary`, `line`, then cents, the rate and the mask of reasons; the law's version is in
        the metadata.

    Raises:
        Refusal: the table has not these columns, or rows of it cannot be computed;
            `batch_with_rejects` sets those apart instead.
    """
    amounts, rejected = batch_with_rejects(table, today=today)
    if len(rejected):
        counts = pc.value_counts(rejected["reasons"]).to_pylist()
        raise Refusal(
            [
                column_problem(
                    "rows",
                    "rows.rejected",
                    f"{one['counts']} lignes refusées : {one['values']}",
                    f"{one['counts']} rows rejected: {one['values']}",
                )
                for one in counts[:20]
            ]
        )
    return amounts


def batch_with_rejects(
    table: object, *, today: date, lang: Lang = "en", law: Periods | None = None
) -> tuple[pa.Table, pa.Table]:
    """Return the amounts of care lines, and the rows that cannot be computed with their reasons.

    Rows in = rows out + rejected rows; a rejected row counts for nothing in the caps of others.

    Args:
        table: as in `batch`.
        today: care after this day is rejected.
        lang: of the reasons.
        law: the law that answers; that in force where left out.
    """
    arrow = as_table(table)
    check_schema(arrow.schema)
    settling = settler(today) if law is None else Settler(law, today)
    lines = settling.read(arrow)
    assert lines is not None, "any order is taken"
    return settled(arrow, settling.amounts(lines), settling.law.version, lang)
