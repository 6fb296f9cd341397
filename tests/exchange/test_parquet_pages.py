"""What we write as Parquet ourselves is what every reader reads."""

from io import BytesIO
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from decompte.engine.batch import FEW
from decompte.exchange.parquet_pages import encoded

CHANCE = np.random.default_rng(7)
COLUMNS = {
    "one": np.zeros(1001, np.int32),
    "two": CHANCE.integers(0, 2, 1001).astype(np.int32),
    "cents": CHANCE.integers(-5, 40, 1001).astype(np.int32) * 100,
    "rate_bp": CHANCE.integers(0, 10_001, 1001).astype(np.int16),
    "reasons": CHANCE.integers(-(1 << 62), 1 << 62, 1001),
    "widest": np.append([np.iinfo(np.int64).min, np.iinfo(np.int64).max], np.zeros(999, np.int64)),
}


def table(columns: dict[str, np.ndarray], rows: int) -> pa.Table:
    arrays = [
        pa.array(range(rows), pa.int64()),
        *(pa.array(one[:rows]) for one in columns.values()),
    ]
    fields = [
        pa.field(name, array.type, nullable=name == "line")
        for name, array in zip(("line", *columns), arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, {"law": "of today"}))


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 31, 32, 33, 1001])
def test_every_reader_reads_what_was_written(rows: int, tmp_path: Path) -> None:
    wanted, path = table(COLUMNS, rows), tmp_path / "columns.parquet"
    path.write_bytes(encoded(wanted, [*COLUMNS]))
    assert pq.read_table(path).equals(wanted, check_metadata=True)
    assert pl.read_parquet(path).to_arrow().cast(wanted.schema).equals(wanted)
    rows_of_sql = duckdb.read_parquet(str(path)).order("line").fetchall()
    assert rows_of_sql == [tuple(row.values()) for row in wanted.to_pylist()]


def test_columns_are_a_dictionary_with_their_least_and_most() -> None:
    metadata = pq.read_metadata(BytesIO(encoded(table(COLUMNS, 1001), [*COLUMNS])))
    for place, values in enumerate(COLUMNS.values(), start=1):
        column = metadata.row_group(0).column(place)
        assert column.has_dictionary_page
        assert (column.statistics.min, column.statistics.max) == (values.min(), values.max())


def test_only_what_gets_smaller_is_compressed() -> None:
    columns = {"same": np.zeros(9000, np.int32), "any": CHANCE.integers(0, 256, 9000)}
    metadata = pq.read_metadata(BytesIO(encoded(table(columns, 9000), [*columns])))
    codecs = [metadata.row_group(0).column(place).compression for place in (1, 2)]
    assert codecs == ["SNAPPY", "UNCOMPRESSED"]


@pytest.mark.parametrize("rows", [2, 128, 129, 130, 161, 1000])
@pytest.mark.parametrize("most", [0, 1, 300, 1 << 46, (1 << 63) - 1])
def test_identifiers_that_go_anywhere_are_read_as_they_are(
    rows: int, most: int, tmp_path: Path
) -> None:
    numbers = CHANCE.integers(-most, most, rows, endpoint=True)
    wanted = table({}, rows).set_column(0, pa.field("line", pa.int64(), nullable=False), [numbers])
    path = tmp_path / "columns.parquet"
    path.write_bytes(encoded(wanted, []))
    assert pq.read_table(path).equals(wanted)
    assert pl.read_parquet(path)["line"].to_list() == numbers.tolist()
    assert duckdb.read_parquet(str(path)).fetchall() == [(number,) for number in numbers.tolist()]
    statistics = pq.read_metadata(path).row_group(0).column(0).statistics
    assert (statistics.min, statistics.max) == (numbers.min(), numbers.max())


@pytest.mark.parametrize(("distinct", "is_dictionary"), [(FEW, True), (FEW + 1, False)])
def test_a_column_of_too_many_values_is_left_to_arrow(
    distinct: int, *, is_dictionary: bool
) -> None:
    wanted = table({"price": np.arange(distinct, dtype=np.int32)}, distinct)
    content = encoded(wanted, ["price"])
    assert pq.read_table(BytesIO(content)).equals(wanted)
    column = pq.read_metadata(BytesIO(content)).row_group(0).column(1)
    assert column.has_dictionary_page == is_dictionary
