"""Tables of numbers as Parquet, in a fraction of a library's time.

A column that has few distinct values becomes a dictionary and one page of packed positions, any
other of 64 bits one page of packed steps from row to row, compressed with Snappy where that pays;
all other columns, the schema and the metadata are Arrow's. Any reader of Parquet reads the result.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from decompte.engine.batch import Numbered, numbered, packed, packed_steps
from decompte.exchange.parquet_parts import (
    BINARY,
    CHUNK_DATA,
    CHUNK_OFFSET,
    COLUMNS,
    GROUP_BYTES,
    GROUP_OFFSET,
    GROUP_PACKED_BYTES,
    GROUP_ROWS,
    I32,
    I64,
    LIST,
    MAGIC,
    NUM_ROWS,
    ROW_GROUPS,
    STRUCT,
    Fields,
    closed,
    groups,
    pair,
    read,
    split,
    written,
)

CODEC = "snappy"
UNCOMPRESSED, SNAPPY = 0, 1
SAMPLE = 1 << 14  # bytes by which a column is judged
WORTH = 0.8  # what is hardly smaller compressed stays as it is: a tenth of the time of a block
PLAIN, RLE, STEPS, RLE_DICTIONARY = 0, 3, 5, 8
DATA_PAGE, DICTIONARY_PAGE = 0, 2
# INT32 and INT64 as Parquet numbers them, by bytes
PHYSICAL: dict[int, tuple[int, np.dtype[Any]]] = {4: (1, np.dtype("<i4")), 8: (2, np.dtype("<i8"))}
EIGHT = 8


class Chunk(NamedTuple):
    """One column of a row group: its pages, and what the footer says of it but for its place.

    Attributes:
        pages: a page of the dictionary where there is one, then one of data.
        data: where that begins.
        encodings: of the pages, as Parquet numbers them.
        kind: of the physical type, likewise.
        codec: of the pages, likewise.
        plain: bytes of the pages before they were compressed.
        least, most: of the values, as bytes.
    """

    pages: bytes
    data: int
    encodings: tuple[int, ...]
    kind: int
    codec: int
    plain: int
    least: bytes
    most: bytes


def encoded(table: pa.Table, few: Sequence[str]) -> bytes:
    """Return a table as a whole Parquet file of one row group.

    Args:
        table: of any columns.
        few: columns of whole numbers without nulls, declared so, that have few distinct values;
            one that has many all the same is left to Arrow.
    """
    chunks = _chunks(table, few) if len(table) else {}
    if not chunks:
        return arrow_encoded(table)
    file = dict(_empty(table.schema))
    pages: list[bytes | memoryview] = [MAGIC]
    listed = {}
    at = len(MAGIC)
    others = [name for name in table.schema.names if name not in chunks]
    if others:
        theirs, footer = split(arrow_encoded(table.select(others)))
        listed = dict(zip(others, pair(groups(read(footer))[0], COLUMNS)[1], strict=True))
        pages.append(theirs)
        at += len(theirs)
    for name, one in chunks.items():
        listed[name] = described(name, one, at, len(table))
        pages.append(one.pages)
        at += len(one.pages)
    columns = [listed[name] for name in table.schema.names]
    file[NUM_ROWS] = (I64, len(table))
    file[ROW_GROUPS] = (LIST, (STRUCT, [grouped(columns, len(table))]))
    return b"".join([*pages, closed(file)])


def _chunks(table: pa.Table, few: Sequence[str]) -> dict[str, Chunk]:
    """Return the columns that are written here."""
    made = {name: chunk(table.column(name)) for name in few}
    for field in table.schema:
        if field.name not in made and field.type == pa.int64() and not field.nullable:
            made[field.name] = stepped(table.column(field.name))
    return {name: one for name, one in made.items() if one is not None}


@lru_cache(maxsize=8)
def _empty(schema: pa.Schema) -> Fields:
    """Return what the footer of a file with these columns and no rows says."""
    return read(split(arrow_encoded(schema.empty_table()))[1])


def arrow_encoded(table: pa.Table) -> bytes:
    """Return a table as Arrow writes it: numbers by their differences, texts by dictionary."""
    sink = pa.BufferOutputStream()
    numbers = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    pq.write_table(
        table,
        sink,
        row_group_size=max(len(table), 1),
        compression=CODEC,
        use_dictionary=[name for name in table.schema.names if name not in numbers],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        write_statistics=numbers,
    )
    made: bytes = sink.getvalue().to_pybytes()
    return made


def chunk(column: pa.ChunkedArray) -> Chunk | None:
    """Return a column as a dictionary and packed positions, or None when it has many values."""
    values = whole(column)
    found = numbered(values)
    if found is None:
        return None
    kind, plain = PHYSICAL[max(values.dtype.itemsize, 4)]
    dictionary = found.values.astype(plain)
    header: Fields = {1: (I32, len(dictionary)), 2: (I32, PLAIN)}
    content = positions(found)
    codec = codec_for(content)
    first, first_size = page(DICTIONARY_PAGE, 7, header, dictionary.tobytes(), codec)
    second, second_size = data_page(len(values), RLE_DICTIONARY, content, codec)
    return Chunk(
        first + second,
        len(first),
        (PLAIN, RLE, RLE_DICTIONARY),
        kind,
        codec,
        first_size + second_size,
        plain.type(found.least).tobytes(),
        plain.type(found.most).tobytes(),
    )


def stepped(column: pa.ChunkedArray) -> Chunk | None:
    """Return a column of 64 bits as packed steps, or None when they may be too long."""
    values = whole(column)
    steps = packed_steps(values)
    if steps is None:
        return None
    kind, plain = PHYSICAL[8]
    content = steps.packed.data
    codec = codec_for(content)
    pages, size = data_page(len(values), STEPS, content, codec)
    least, most = (plain.type(bound).tobytes() for bound in (steps.least, steps.most))
    return Chunk(pages, 0, (STEPS,), kind, codec, size, least, most)


def whole(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column of whole numbers or days as integers, not copied where it is in one piece."""
    array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    numbers: npt.NDArray[Any] = (
        array.view(pa.int32()) if pa.types.is_date32(array.type) else array
    ).to_numpy()
    return numbers


def positions(found: Numbered) -> bytes:
    """Return the positions among distinct values as Parquet packs them, in one run."""
    width = max((len(found.values) - 1).bit_length(), 1)
    eights = -(-len(found.places) // EIGHT)
    head = bytearray([width])
    number = eights << 1 | 1
    while number >= 1 << 7:
        head.append(number & 127 | 128)
        number >>= 7
    head.append(number)
    words = packed(found.places, width).view(np.uint8)
    return b"".join([head, words[: eights * width].data])


def codec_for(content: bytes | memoryview) -> int:
    """Return what a column's pages are compressed with: Snappy where a sample says it pays."""
    sample = content[:SAMPLE]
    smaller = len(pa.compress(sample, codec=CODEC, asbytes=True))
    return SNAPPY if smaller < WORTH * len(sample) else UNCOMPRESSED


def data_page(
    rows: int, encoding: int, content: bytes | memoryview, codec: int
) -> tuple[bytes, int]:
    """Return a page of so many values, none of them missing, and its size uncompressed."""
    header: Fields = {1: (I32, rows), 2: (I32, encoding), 3: (I32, RLE), 4: (I32, RLE)}
    return page(DATA_PAGE, 5, header, content, codec)


def page(
    kind: int, field: int, about: Fields, content: bytes | memoryview, codec: int
) -> tuple[bytes, int]:
    """Return a page with its header, and how many bytes it would take uncompressed."""
    size = len(content)
    body = pa.compress(content, codec=CODEC, asbytes=True) if codec == SNAPPY else content
    header = written(
        {
            1: (I32, kind),
            2: (I32, size),
            3: (I32, len(body)),
            field: (STRUCT, about),
        }
    )
    return b"".join([header, body]), len(header) + size


def described(name: str, one: Chunk, at: int, rows: int) -> Fields:
    """Return what the footer says of a column whose pages stand at an offset."""
    data: Fields = {
        1: (I32, one.kind),
        2: (LIST, (I32, list(one.encodings))),
        3: (LIST, (BINARY, [name.encode()])),
        4: (I32, one.codec),
        5: (I64, rows),
        6: (I64, one.plain),
        7: (I64, len(one.pages)),
        9: (I64, at + one.data),
        12: (
            STRUCT,
            {3: (I64, 0), 5: (BINARY, one.most), 6: (BINARY, one.least)},
        ),
    }
    if one.data:
        data[11] = (I64, at)
    return {CHUNK_OFFSET: (I64, 0), CHUNK_DATA: (STRUCT, data)}


def grouped(columns: list[Fields], rows: int) -> Fields:
    """Return the row group of these columns."""
    about = [column[CHUNK_DATA][1] for column in columns]
    sizes = [sum(data[number][1] for data in about if isinstance(data, dict)) for number in (6, 7)]
    return {
        COLUMNS: (LIST, (STRUCT, columns)),
        GROUP_BYTES: (I64, sizes[0]),
        GROUP_ROWS: (I64, rows),
        GROUP_OFFSET: (I64, len(MAGIC)),
        GROUP_PACKED_BYTES: (I64, sizes[1]),
    }
