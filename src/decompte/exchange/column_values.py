"""The values of the columns of care lines as arrays of integers; what is wrong marks its row.

Dictionaries stay dictionaries, integers are not copied where they have the type of the format.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.engine import rejections as why
from decompte.engine.batch import coefficients, covers, filled, translated
from decompte.engine.periods import Index
from decompte.exchange.columns import BY_NAME, COVER_BITS, UNREADABLE
from decompte.law.tables import day_number

Numbers = npt.NDArray[np.int64]
NO_GP = 2**31 - 1
NOBODY = -1
QUICK = (pa.int32(), pa.int64(), pa.float64())  # what Arrow fills more slowly


class Reading:
    """Reads the columns of one table as arrays; what is wrong goes into the rows' masks."""

    def __init__(self, table: pa.Table, problems: Numbers, names: Index) -> None:
        """Open a table; `problems` is written to."""
        self.table = table
        self.problems = problems
        self.places = names

    def has(self, name: str) -> bool:
        """Return whether the table has a column; without it, every row has the default."""
        return name in self.table.schema.names

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
        if texts.null_count or array.null_count:
            is_null = np.append(~_valid(texts), [True])
            self.problems[is_null[codes]] |= column.missing
        ranks = np.zeros(len(texts) + 1, dtype=np.int32)
        ranks[pc.array_sort_indices(texts).to_numpy()] = np.arange(len(texts))
        return translated(codes, ranks).astype(np.int64)

    def practitioners(self) -> Numbers:
        """Return who did it, as numbers that are equal where they are; nobody named is -1."""
        array = self._array("practitioner")
        if array is None or pa.types.is_null(array.type):
            return np.full(len(self.table), NOBODY, dtype=np.int64)
        if pa.types.is_integer(array.type):
            given = self._filled(array, pa.int64(), 0, 0)
            if given.min(initial=0) < 0:
                self.problems[given < 0] |= why.PRACTITIONER_RANGE
            return np.where(_valid(array), given, NOBODY) if array.null_count else given
        codes, texts = _encoded(array)
        places = [NOBODY if text in {"", None} else n for n, text in enumerate(texts.to_pylist())]
        return translated(codes, [*places, NOBODY]).astype(np.int64)

    def coded(self, name: str) -> tuple[npt.NDArray[np.int32], list[str | None]]:
        """Return a column of names as places among the distinct ones, and these; None for none."""
        column, array = BY_NAME[name], self._array(name)
        if array is None or pa.types.is_null(array.type):
            self.problems |= column.missing
            return np.zeros(len(self.table), dtype=np.int32), [None]
        codes, texts = _encoded(array)
        listed = [*texts.to_pylist(), None]
        if column.missing and (texts.null_count or array.null_count):
            is_null = np.array([text is None for text in listed])
            self.problems[is_null[codes]] |= column.missing
        return codes, listed

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
        if not self.has(name):
            return np.full(len(self.table), absent, dtype=np.int32)
        codes, listed = self.coded(name)
        found = [absent if text is None else places.get(text, stray) for text in listed]
        read = translated(codes, found)
        if stray in found:
            is_stray = read == stray
            self.problems[is_stray] |= unknown
            read[is_stray] = absent
        return read

    def coefficients(self) -> Numbers:
        """Return coefficients in ten-thousandths, 0 where a row gives none."""
        array = self._array("coefficient")
        if array is None or pa.types.is_null(array.type) or array.null_count == len(array):
            return np.zeros(len(self.table), dtype=np.int64)
        return coefficients(_given(array.cast(pa.float64())), _valid(array), self.problems)

    def covers(self, name: str, allowed: Sequence[str]) -> npt.NDArray[np.int32]:
        """Return masks of covers, from the bits of the format to those of the law."""
        if self._array(name) is None:
            return np.zeros(len(self.table), dtype=np.int32)
        known = sum(1 << bit for bit, kind in enumerate(COVER_BITS) if kind in allowed)
        masks = np.zeros(1 << len(COVER_BITS), dtype=np.int32)
        for bit, kind in enumerate(COVER_BITS):
            masks[(np.arange(len(masks)) >> bit) & 1 == 1] |= 1 << self.places.cover[kind]
        return covers(self.whole(name), known, masks, self.problems)

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
        assert isinstance(default, int), "columns of whole numbers, days and flags"
        if array.null_count and missing:
            self.problems[~_valid(array)] |= missing
        return _filled(array, default).astype(kind.to_pandas_dtype(), copy=False)


def _encoded(array: pa.Array) -> tuple[npt.NDArray[np.int32], pa.Array]:
    """Return the place of each row's text, one beyond the last for none, and distinct texts."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    texts = array.dictionary
    once = texts.dictionary_encode()
    codes = array.indices
    if codes.null_count and codes.type != pa.int32():
        codes = codes.cast(pa.int64())
    places = _filled(codes, len(texts)).astype(np.int32, copy=False)
    if len(once.dictionary) + once.null_count < len(texts):
        none = len(once.dictionary)
        merged = pc.fill_null(once.indices, none).to_numpy(zero_copy_only=False)
        return translated(places, [*merged, none]), once.dictionary
    return places, texts


def _filled(array: pa.Array, default: float) -> npt.NDArray[Any]:
    """Return a column of numbers, and a default where it has none."""
    if array.null_count and array.type not in QUICK:
        array = pc.fill_null(array, pa.scalar(default, array.type))
    if not array.null_count:
        numbers: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
        return numbers
    return filled(_given(array), np.frombuffer(array.buffers()[0], np.uint8), array.offset, default)


def _given(array: pa.Array) -> npt.NDArray[Any]:
    """Return what a column holds; where it has no value, that can be anything."""
    kind = np.dtype(array.type.to_pandas_dtype())
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * kind.itemsize)


def _valid(array: pa.Array) -> npt.NDArray[np.bool_]:
    valid: npt.NDArray[np.bool_] = pc.is_valid(array).to_numpy(zero_copy_only=False)
    return valid
