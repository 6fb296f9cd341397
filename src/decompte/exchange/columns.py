"""Care lines as columns, in and out: `batch` on Arrow tables, and what the columns are.

`COLUMNS` is the format; the documentation shows it. A table is taken as it is where its types
allow: dictionaries stay dictionaries, integers are not copied. A column of the wrong type is a
refusal of the table, a value that cannot be computed rejects its row, with every reason.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.engine import rejections as why
from decompte.engine.batch import Compiled, ready, settle_rows
from decompte.engine.batch_loop import AMOUNT_TYPES, Amounts, Rows
from decompte.engine.periods import Periods, periods
from decompte.errors import Lang, Problem, Refusal, Text
from decompte.exchange.charges import ChargeBook
from decompte.exchange.covers import RELATED
from decompte.exchange.person import SCHEMES
from decompte.law.tables import day_number

Numbers = npt.NDArray[np.int64]
COVER_BITS = ("ald", "maternity", "c2s", "acs", "ame", "military-pension", "work-accident")
UNREADABLE = "unreadable"
NO_GP = 2**31 - 1
HUNDREDTHS = 100
MOST_COEFFICIENT = 1000
AMOUNTS = Amounts._fields[:-1]


class Column(NamedTuple):
    """A column of care lines.

    Attributes:
        name: what it is called.
        kind: text, identifier (text or whole number), whole, number, date or flag.
        missing: the mask of a row without a value, or 0 where `default` stands.
        default: what a row without a value has.
        about: what it holds.
    """

    name: str
    kind: str
    missing: int
    default: object
    about: str


COLUMNS = (
    Column("beneficiary", "identifier", why.BENEFICIARY_MISSING, None, "whose care it is"),
    Column("line", "whole", why.LINE_MISSING, None, "number of the line, once a beneficiary"),
    Column("date", "date", why.DATE_MISSING, None, "day of care"),
    Column("act", "text", why.ACT_MISSING, None, "letter, or code of a nomenclature"),
    Column("price_cents", "whole", why.PRICE_MISSING, None, "paid for the whole quantity"),
    Column("quantity", "whole", 0, 1, "number of acts"),
    Column("coefficient", "number", 0, None, "of one act, where the act has one"),
    Column("practitioner", "identifier", 0, None, "who did it; without one, one and the same"),
    Column("specialty", "text", 0, None, "as in a case; the act's own"),
    Column("sector", "text", 0, "1", "as in a case"),
    Column("pathway", "text", 0, "not-concerned", "as in a case"),
    Column("birth_date", "date", 0, date(1970, 1, 1), "an adult on every day computed here"),
    Column("declared_gp_since", "date", 0, None, "none declared"),
    Column("scheme", "text", 0, "general", "as in a case"),
    Column("covers", "whole", 0, 0, "covers in force on the day of care, a bit each"),
    Column("related", "whole", 0, 0, "which of these covers the care is related to"),
    Column("formula", "text", 0, None, "id of a formula; none"),
    Column(
        "third_party_payment", "flag", 0, default=False, about="the insurance paid the practitioner"
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.missing)
KEYS = ("beneficiary", "date", "line")
FITS: Mapping[str, Callable[[pa.DataType], bool]] = {
    "text": lambda kind: _is_text(kind) or pa.types.is_null(kind),
    "identifier": lambda kind: (
        _is_text(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)
    ),
    "whole": lambda kind: pa.types.is_integer(kind) or pa.types.is_null(kind),
    "number": lambda kind: (
        pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)
    ),
    "date": lambda kind: pa.types.is_date(kind) or pa.types.is_null(kind),
    "flag": lambda kind: pa.types.is_boolean(kind) or pa.types.is_null(kind),
}


def check_schema(schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns of a table that are not used; they are none of the format's names.

    Args:
        schema: of the table.

    Raises:
        Refusal: a needed column is missing, one has the wrong type, comes twice, or its name is
            nearly one of the format's.
    """
    problems = []
    for name in REQUIRED:
        if name not in schema.names:
            problems.append(
                _problem(
                    name, "column.missing", "cette colonne est nécessaire", "this column is needed"
                )
            )
    unused = []
    for field in schema:
        column = BY_NAME.get(field.name)
        if schema.names.count(field.name) > 1:
            problems.append(
                _problem(
                    field.name,
                    "column.twice",
                    "cette colonne vient deux fois",
                    "this column comes twice",
                )
            )
        elif column is None and field.name != UNREADABLE:
            unused.append(field.name)
            problems += _near(field.name, schema.names)
        elif column is not None and not FITS[column.kind](field.type):
            problems.append(
                _problem(
                    field.name,
                    "column.type",
                    f"type {field.type} ; attendu : {KINDS_FR[column.kind]}",
                    f"type {field.type}; expected: {KINDS_EN[column.kind]}",
                )
            )
    if problems:
        raise Refusal(problems)
    return tuple(unused)


KINDS_FR = {
    "text": "texte ou dictionnaire de textes",
    "identifier": "texte ou nombre entier",
    "whole": "nombre entier",
    "number": "nombre",
    "date": "date (jour)",
    "flag": "booléen",
}
KINDS_EN = {
    "text": "text or a dictionary of texts",
    "identifier": "text or whole number",
    "whole": "whole number",
    "number": "number",
    "date": "date (day)",
    "flag": "boolean",
}


class Settler:
    """Settles tables of care lines under one law; may be shared by threads."""

    def __init__(self, law: Periods, today: date) -> None:
        """Make the law ready; care after today is rejected."""
        self.law = law
        self.book = ChargeBook(law, today)
        self.compiled: Compiled = ready(law, day_number(today), self.book.together())

    def amounts(self, table: pa.Table, *, in_order: bool = False) -> tuple[Amounts, Numbers] | None:
        """Return what every row of a table comes to, and the order in which rows were taken.

        Args:
            table: with columns of `COLUMNS`, checked by `check_schema`.
            in_order: rows are expected by beneficiary, date and line; where they are not, nothing
                is computed and None comes back.
        """
        problems = np.zeros(len(table), dtype=np.int64)
        read = Reading(table, problems, self.law)
        person, line, day = read.identifier("beneficiary"), read.whole("line"), read.days("date")
        has_keys = problems & (why.BENEFICIARY_MISSING | why.LINE_MISSING | why.DATE_MISSING) == 0
        keyed = np.flatnonzero(has_keys)
        is_sorted = is_in_order(person[keyed], day[keyed], line[keyed])
        if in_order and not is_sorted:
            return None
        order = keyed if is_sorted else keyed[np.lexsort((line[keyed], day[keyed], person[keyed]))]
        acts = read.names("act", self.book.act, 0)
        specialty = read.choice("specialty", self.book.specialties[1:], 0, why.SPECIALTY_UNKNOWN, 1)
        sector = read.choice("sector", self.book.sectors[1:], 0, why.SECTOR_UNKNOWN, 1)
        first, last = self._range(day[keyed])
        charge, charges = self.book.charges(self.book.key(acts, specialty, sector), first, last)
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
        return settle_rows(self.compiled, charges, rows, order), order

    def _range(self, days: npt.NDArray[np.int32]) -> tuple[int, int]:
        calendar = self.compiled.calendar
        if not len(days):
            return calendar.last, calendar.last
        inside = (int(days.min()), int(days.max()))
        low, high = (min(max(day, calendar.first), calendar.last) for day in inside)
        return low, high


class Reading:
    """Reads the columns of one table as arrays; what is wrong goes into the rows' masks."""

    def __init__(self, table: pa.Table, problems: Numbers, law: Periods) -> None:
        """Open a table; `problems` is written to."""
        self.table = table
        self.problems = problems
        self.law = law

    def whole(self, name: str) -> Numbers:
        """Return a column of whole numbers; what 63 bits do not hold comes out negative."""
        column = BY_NAME[name]
        array = self._array(name)
        if array is None:
            return np.full(len(self.table), column.default, dtype=np.int64)
        default = column.default if column.default is not None else 0
        return self._filled(array, pa.int64(), column.missing, default)

    def days(self, name: str, missing: int = 0) -> npt.NDArray[np.int32]:
        """Return a column of days since 1970-01-01."""
        column, array = BY_NAME[name], self._array(name)
        default = day_number(column.default) if isinstance(column.default, date) else missing
        if array is None:
            return np.full(len(self.table), default, dtype=np.int32)
        as_days = array.cast(pa.date32()).cast(pa.int32())
        return self._filled(as_days, pa.int32(), column.missing, default)

    def identifier(self, name: str) -> Numbers:
        """Return a column of identifiers as numbers that are equal where they are, in order."""
        column, array = BY_NAME[name], self._array(name)
        if array is None or pa.types.is_null(array.type):
            self.problems |= column.missing
            return np.zeros(len(self.table), dtype=np.int64)
        if pa.types.is_integer(array.type):
            return self._filled(array, pa.int64(), column.missing, 0)
        codes, texts = _encoded(array)
        ranks = np.zeros(len(texts) + 1, dtype=np.int64)
        ranks[pc.array_sort_indices(texts).to_numpy()] = np.arange(len(texts))
        missing = (
            [place for place, text in enumerate((*texts.to_pylist(), None)) if text is None]
            if texts.null_count or (codes < 0).any()
            else []
        )
        if missing:
            self.problems[np.isin(codes % (len(texts) + 1), missing)] |= column.missing
        return ranks[codes]

    def practitioners(self) -> Numbers:
        """Return who did it, as numbers that are equal where they are; nobody named is -1."""
        array = self._array("practitioner")
        if array is None or pa.types.is_null(array.type):
            return np.full(len(self.table), -1, dtype=np.int64)
        if pa.types.is_integer(array.type):
            given = self._filled(array, pa.int64(), 0, 0)
            self.problems[given < 0] |= why.PRACTITIONER_RANGE
            return np.where(_valid(array), given, -1)
        codes, texts = _encoded(array)
        empty = pc.index(texts, pa.scalar("", texts.type)).as_py()
        places = np.arange(-1, len(texts), dtype=np.int64)
        if empty >= 0:
            places[empty + 1] = -1
        return places[codes + 1]

    def names(
        self, name: str, place: Callable[[str | None], int], missing: int
    ) -> npt.NDArray[np.int32]:
        """Return a column of names as positions, each distinct name looked up once."""
        column, array = BY_NAME[name], self._array(name)
        if array is None or pa.types.is_null(array.type):
            self.problems |= column.missing
            return np.full(len(self.table), missing, dtype=np.int32)
        codes, texts = _encoded(array)
        listed = texts.to_pylist()
        places = np.array([*(place(text) for text in listed), missing], dtype=np.int32)
        if column.missing and (texts.null_count or (codes < 0).any()):
            is_null = np.array([*(text is None for text in listed), True])
            self.problems[is_null[codes]] |= column.missing
        return places[codes]

    def choice(
        self,
        name: str,
        allowed: Sequence[str | None],
        missing: int | None,
        unknown: int,
        shift: int = 0,
    ) -> npt.NDArray[np.int32]:
        """Return a column of names out of a list as positions, plus a shift.

        Args:
            name: of the column.
            allowed: the names.
            missing: position of a row without one; None for the column's default.
            unknown: mask of a row that has another name.
            shift: added to the positions.
        """
        default = BY_NAME[name].default
        absent = list(allowed).index(str(default)) + shift if missing is None else missing
        places = {text: place + shift for place, text in enumerate(allowed)}
        stray = -2
        found = self.names(
            name, lambda text: absent if text is None else places.get(text, stray), absent
        )
        is_stray = found == stray
        if is_stray.any():
            self.problems[is_stray] |= unknown
            found[is_stray] = absent
        return found

    def coefficients(self) -> Numbers:
        """Return coefficients in ten-thousandths, 0 where a row gives none."""
        array = self._array("coefficient")
        if array is None or pa.types.is_null(array.type) or array.null_count == len(array):
            return np.zeros(len(self.table), dtype=np.int64)
        given = pc.fill_null(array.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        valid = _valid(array)
        inside = valid & (given > 0) & (given <= MOST_COEFFICIENT)
        hundredths = np.rint(np.where(inside, given, 0) * HUNDREDTHS)
        exact = inside & (hundredths / HUNDREDTHS == given)
        self.problems[valid & ~exact] |= why.COEFFICIENT_WRONG
        return np.where(exact, hundredths, 0).astype(np.int64) * HUNDREDTHS

    def covers(self, name: str, allowed: Sequence[str]) -> npt.NDArray[np.int32]:
        """Return masks of covers, from the bits of the format to those of the law."""
        if self._array(name) is None:
            return np.zeros(len(self.table), dtype=np.int32)
        given = self.whole(name)
        if not given.any():
            return given.astype(np.int32)
        known = sum(1 << bit for bit, kind in enumerate(COVER_BITS) if kind in allowed)
        wrong = (given & ~known != 0) | (given < 0)
        self.problems[wrong] |= why.COVER_UNKNOWN
        places = self.law.names.cover
        masks = np.zeros(1 << len(COVER_BITS), dtype=np.int32)
        for bit, kind in enumerate(COVER_BITS):
            masks[(np.arange(len(masks)) >> bit) & 1 == 1] |= 1 << places[kind]
        return masks[np.where(wrong, 0, given)]

    def flags(self, name: str) -> npt.NDArray[np.uint8]:
        """Return truth values as 0 and 1; what a row does not say is 0."""
        array = self._array(name)
        if array is None or pa.types.is_null(array.type):
            return np.zeros(len(self.table), dtype=np.uint8)
        return self._filled(array.cast(pa.uint8()), pa.uint8(), 0, 0)

    def marked(self, problems: Numbers) -> Numbers:
        """Return the masks, with rows of a text file that could not be read."""
        array = self._array(UNREADABLE)
        if array is not None:
            problems[self._filled(array.cast(pa.uint8()), pa.uint8(), 0, 0) == 1] |= (
                why.CELL_UNREADABLE
            )
        return problems

    def _array(self, name: str) -> pa.Array | None:
        if name not in self.table.schema.names:
            return None
        column = self.table.column(name)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def _filled(
        self, array: pa.Array, kind: pa.DataType, missing: int, default: object
    ) -> npt.NDArray[Any]:
        if pa.types.is_null(array.type):
            self.problems |= missing
            return np.full(len(array), default, dtype=kind.to_pandas_dtype())
        if array.null_count:
            if missing:
                self.problems[~_valid(array)] |= missing
            array = pc.fill_null(array, pa.scalar(default, array.type))
        filled: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
        return filled.astype(kind.to_pandas_dtype(), copy=False)


@lru_cache(maxsize=1)
def settler(today: date) -> Settler:
    """Return what settles tables under the law; what charges mean is read once."""
    return Settler(periods(), today)


def is_in_order(person: Numbers, day: npt.NDArray[np.int32], line: Numbers) -> bool:
    """Return whether rows go by person, then day, then line number."""
    same_person = person[1:] == person[:-1]
    if (person[1:] < person[:-1]).any() or (same_person & (day[1:] < day[:-1])).any():
        return False
    same_day = same_person & (day[1:] == day[:-1])
    return not bool((same_day & (line[1:] < line[:-1])).any())


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
                _problem(
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
    table: object, *, today: date, lang: Lang = "en"
) -> tuple[pa.Table, pa.Table]:
    """Return the amounts of care lines, and the rows that cannot be computed with their reasons.

    Rows in = rows out + rejected rows; a rejected row counts for nothing in the caps of others.
    The arguments are those of `batch`, and the language of the reasons.
    """
    arrow = as_table(table)
    check_schema(arrow.schema)
    law = periods()
    done = settler(today).amounts(arrow)
    assert done is not None, "any order is taken"
    return settled(arrow, done[0], law.version, lang)


def as_table(table: object) -> pa.Table:
    """Return anything with the Arrow interface as a table."""
    if isinstance(table, pa.Table):
        return _without_views(table)
    if isinstance(table, pa.RecordBatch):
        return _without_views(pa.Table.from_batches([table]))
    if hasattr(table, "__arrow_c_stream__"):
        return _without_views(pa.table(table))
    raise Refusal(
        [
            _problem(
                "table",
                "table.type",
                "une table Arrow, pandas, Polars ou DuckDB est attendue",
                "a table of Arrow, pandas, Polars or DuckDB is expected",
            )
        ]
    )


def _without_views(table: pa.Table) -> pa.Table:
    """Return a table whose texts are of a kind that every function of Arrow knows."""
    for place, field in enumerate(table.schema):
        if field.type == pa.string_view():
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    return table


def settled(
    table: pa.Table, amounts: Amounts, version: str, lang: Lang
) -> tuple[pa.Table, pa.Table]:
    """Return a table's amounts, and its rejected rows with their reasons."""
    is_wrong = amounts.problems != 0
    columns = [table.column("beneficiary"), table.column("line")]
    columns += [pa.array(column) for column in amounts[:-1]]
    result = pa.Table.from_arrays(
        [_plain(column) for column in columns], schema=result_schema(table.schema, version)
    )
    if not is_wrong.any():
        return result, rejected(table.slice(0, 0), amounts.problems[:0], lang)
    wrong = np.flatnonzero(is_wrong)
    return result.filter(pa.array(~is_wrong)), rejected(
        table.take(pa.array(wrong)), amounts.problems[wrong], lang
    )


def rejected(table: pa.Table, problems: Numbers, lang: Lang) -> pa.Table:
    """Return rows with the column `reasons`: everything wrong with each."""
    told = {int(mask): why.told(int(mask), lang) for mask in np.unique(problems)}
    reasons = pa.array([told[int(mask)] for mask in problems], pa.string())
    rows = pa.Table.from_arrays(
        [_plain(column) for column in table.columns], schema=plain_schema(table.schema)
    )
    return rows.append_column("reasons", reasons)


def result_schema(schema: pa.Schema, version: str) -> pa.Schema:
    """Return the columns of the amounts of a table, with the law's version in the metadata."""
    kinds = (pa.from_numpy_dtype(kind) for kind in AMOUNT_TYPES[:-1])
    fields = [
        pa.field("beneficiary", _plain_type(schema.field("beneficiary").type)),
        pa.field("line", schema.field("line").type),
        *(pa.field(name, kind) for name, kind in zip(AMOUNTS, kinds, strict=True)),
    ]
    return pa.schema(fields, {"decompte.law": version})


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return a schema without dictionaries."""
    return pa.schema([pa.field(field.name, _plain_type(field.type)) for field in schema])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(_plain_type(column.type)) if pa.types.is_dictionary(column.type) else column


def _plain_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    plain = _plain_type(kind)
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _encoded(array: pa.Array) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """Return the place of each row's text, -1 for none, and the distinct texts."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    texts = array.dictionary
    codes = array.indices
    if codes.null_count:
        codes = pc.fill_null(codes.cast(pa.int64()), -1)
    places = codes.to_numpy(zero_copy_only=False)
    if not pa.types.is_signed_integer(codes.type):
        places = places.astype(np.int64)
    once = texts.dictionary_encode()
    if len(once.dictionary) < len(texts):
        merged = pc.fill_null(once.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        return np.append(merged, -1)[places], once.dictionary
    return places, texts


def _valid(array: pa.Array) -> npt.NDArray[np.bool_]:
    valid: npt.NDArray[np.bool_] = pc.is_valid(array).to_numpy(zero_copy_only=False)
    return valid


def _near(name: str, given: Sequence[str]) -> list[Problem]:
    near = difflib.get_close_matches(name.lower(), BY_NAME, n=1, cutoff=0.85)
    if not near or near[0] in given:
        return []
    return [
        _problem(
            name,
            "column.unknown",
            f"colonne inconnue ; {near[0]!r} peut-être ?",
            f"unknown column; perhaps {near[0]!r}?",
        )
    ]


def _problem(field: str, code: str, fr: str, en: str) -> Problem:
    return Problem(code, field, Text(fr=fr, en=en))
