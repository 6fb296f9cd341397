"""The values of the columns of care lines as arrays of integers; what is wrong marks its row.

Dictionaries stay dictionaries, integers are not copied where they have the type of the format.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.engine import rejections as why
from decompte.engine.periods import Index
from decompte.exchange.columns import BY_NAME, COVER_BITS, UNREADABLE
from decompte.law.tables import day_number

Numbers = npt.NDArray[np.int64]
NO_GP = 2**31 - 1
HUNDREDTHS = 100
MOST_COEFFICIENT = 1000


class Reading:
    """Reads the columns of one table as arrays; what is wrong goes into the rows' masks."""

    def __init__(self, table: pa.Table, problems: Numbers, names: Index) -> None:
        """Open a table; `problems` is written to."""
        self.table = table
        self.problems = problems
        self.places = names

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

    def coded(self, name: str) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """Return a column of names as places among the distinct ones, and these; None for none."""
        column, array = BY_NAME[name], self._array(name)
        if array is None or pa.types.is_null(array.type):
            self.problems |= column.missing
            return np.zeros(len(self.table), dtype=np.int64), [None]
        codes, texts = _encoded(array)
        listed = [*texts.to_pylist(), None]
        if texts.null_count or (codes < 0).any():
            codes = np.where(codes < 0, len(listed) - 1, codes)
            if column.missing:
                is_null = np.array([text is None for text in listed])
                self.problems[is_null[codes]] |= column.missing
        return codes, listed

    def names(self, name: str, place: Callable[[str], int], missing: int) -> npt.NDArray[np.int32]:
        """Return a column of names as positions, each distinct name looked up once."""
        codes, listed = self.coded(name)
        places = [missing if text is None else place(text) for text in listed]
        return np.array(places, dtype=np.int32)[codes]

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
        found = self.names(name, lambda text: places.get(text, stray), absent)
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
        places = self.places.cover
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


def is_in_order(person: Numbers, day: npt.NDArray[np.int32], line: Numbers) -> bool:
    """Return whether rows go by person, then day, then line number."""
    same_person = person[1:] == person[:-1]
    if (person[1:] < person[:-1]).any() or (same_person & (day[1:] < day[:-1])).any():
        return False
    same_day = same_person & (day[1:] == day[:-1])
    return not bool((same_day & (line[1:] < line[:-1])).any())


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
