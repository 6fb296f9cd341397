"""One Parquet file made of parts that were written apart: their bytes as they are, one new footer.

A part is a whole small Parquet file. Its pages are appended to the file under work, its footer is
kept; in the end the footers become one, with every offset moved to where its page now stands. No
page is read again, parts can be made side by side, and what is appended survives a kill.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

MAGIC = b"PAR1"
TAIL = 8
STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(13)
SHORT_LIST = 15
NUM_ROWS, ROW_GROUPS = 3, 4
COLUMNS, GROUP_BYTES, GROUP_ROWS, GROUP_OFFSET, GROUP_PACKED_BYTES, ORDINAL = 1, 2, 3, 5, 6, 7
CHUNK_OFFSET, CHUNK_DATA, OFFSET_INDEX, COLUMN_INDEX = 2, 3, 4, 6
PAGE_OFFSETS = (9, 10, 11, 14)

Value = object
Fields = dict[int, tuple[int, Value]]


class Part(NamedTuple):
    """Where a part stands in the file under work.

    Attributes:
        at: offset of its first page.
        footer: its own footer, read.
    """

    at: int
    footer: Fields


def split(part: bytes) -> tuple[memoryview, bytes]:
    """Return the pages and the footer of a whole Parquet file."""
    (length,) = struct.unpack("<I", part[-TAIL:-4])
    end = len(part) - TAIL - length
    return memoryview(part)[len(MAGIC) : end], part[end : len(part) - TAIL]


def joined(parts: Sequence[Part]) -> bytes:
    """Return the end of a file whose pages stand as the parts say, after `MAGIC`.

    Args:
        parts: at least one; the schema and the metadata are those of the first; a group
            without rows has no pages here and is left out; their footers are changed.
    """
    file = dict(parts[0].footer)
    kept: list[Fields] = []
    rows = 0
    for part in parts:
        for group in groups(part.footer):
            if _number(group, GROUP_ROWS) == 0:
                continue
            _move(group, by=part.at - len(MAGIC), ordinal=len(kept))
            rows += _number(group, GROUP_ROWS)
            kept.append(group)
    file[NUM_ROWS] = (I64, rows)
    file[ROW_GROUPS] = (LIST, (STRUCT, kept))
    return closed(file)


def closed(file: Fields) -> bytes:
    """Return the end of a file that has this footer."""
    footer = written(file)
    return footer + struct.pack("<I", len(footer)) + MAGIC


def groups(file: Fields) -> list[Fields]:
    """Return the row groups that a footer names."""
    _kind, groups = pair(file, ROW_GROUPS)
    return groups


def pair(fields: Fields, number: int) -> tuple[int, list[Fields]]:
    """Return a list of a footer: the kind of its items, and them."""
    listed = fields[number][1]
    assert isinstance(listed, tuple), "a footer of Parquet"
    return listed


def _number(fields: Fields, number: int) -> int:
    value = fields[number][1]
    assert isinstance(value, int), "a footer of Parquet"
    return value


def _move(group: Fields, *, by: int, ordinal: int) -> None:
    _shift(group, (GROUP_OFFSET,), by)
    group[ORDINAL] = (I16, ordinal % 2**15)
    for chunk in pair(group, COLUMNS)[1]:
        _shift(chunk, (CHUNK_OFFSET, OFFSET_INDEX, COLUMN_INDEX), by)
        data = chunk[CHUNK_DATA][1]
        assert isinstance(data, dict), "a footer of Parquet"
        _shift(data, PAGE_OFFSETS, by)


def _shift(fields: Fields, numbers: Sequence[int], by: int) -> None:
    for number in numbers:
        if number in fields and _number(fields, number) > 0:
            fields[number] = (fields[number][0], _number(fields, number) + by)


def read(footer: bytes) -> Fields:
    """Return a footer as fields by number: Thrift's compact protocol, whatever they mean."""
    return _Reader(footer).fields()


def written(fields: Fields) -> bytes:
    """Return fields in Thrift's compact protocol."""
    out = bytearray()
    _write_fields(out, fields)
    return bytes(out)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def fields(self) -> Fields:
        found: Fields = {}
        number = 0
        while head := self.take(1)[0]:
            kind = head & SHORT_LIST
            number = number + (head >> 4) if head >> 4 else self.signed()
            found[number] = (kind, self.value(kind))
        return found

    def value(self, kind: int) -> Value:
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind in (I16, I32, I64):
            return self.signed()
        if kind == BINARY:
            return self.take(self.unsigned())
        if kind in (LIST, SET):
            return self.items()
        if kind == STRUCT:
            return self.fields()
        return self.take({BYTE: 1, DOUBLE: 8}[kind])

    def items(self) -> tuple[int, list[Value]]:
        head = self.take(1)[0]
        size = head >> 4 if head >> 4 < SHORT_LIST else self.unsigned()
        kind = head & SHORT_LIST
        if kind in (TRUE, FALSE):
            return kind, [self.take(1) for _ in range(size)]
        return kind, [self.value(kind) for _ in range(size)]

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def unsigned(self) -> int:
        number = shift = 0
        while (byte := self.take(1)[0]) >= 1 << 7:
            number |= (byte & 127) << shift
            shift += 7
        return number | byte << shift

    def signed(self) -> int:
        number = self.unsigned()
        return (number >> 1) ^ -(number & 1)


def _write_fields(out: bytearray, fields: Fields) -> None:
    before = 0
    for number in sorted(fields):
        kind, value = fields[number]
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        if 0 < number - before <= SHORT_LIST:
            out.append((number - before) << 4 | kind)
        else:
            out.append(kind)
            _write_signed(out, number)
        _write_value(out, kind, value)
        before = number
    out.append(STOP)


def _write_value(out: bytearray, kind: int, value: Value) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        _write_signed(out, value)
    elif isinstance(value, dict):
        _write_fields(out, value)
    elif isinstance(value, tuple):
        _write_items(out, *value)
    elif isinstance(value, bytes):
        if kind == BINARY:
            _write_unsigned(out, len(value))
        out += value


def _write_items(out: bytearray, kind: int, items: list[Value]) -> None:
    if len(items) < SHORT_LIST:
        out.append(len(items) << 4 | kind)
    else:
        out.append(SHORT_LIST << 4 | kind)
        _write_unsigned(out, len(items))
    for item in items:
        _write_value(out, kind, item)


def _write_unsigned(out: bytearray, number: int) -> None:
    while number >= 1 << 7:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _write_signed(out: bytearray, number: int) -> None:
    _write_unsigned(out, (number << 1) ^ (number >> 63))
