"""The same amounts in SQL, on DuckDB: `duck.sql`, from Parquet to Parquet."""

from pathlib import Path

import duckdb
import pyarrow as pa

SQL = (Path(__file__).parent / "duck.sql").read_text(encoding="utf-8")


def run(source: Path, target: Path, figures: pa.Table, threads: int) -> None:
    """Write the amounts of a synthetic year."""
    with duckdb.connect(config={"threads": threads}) as base:
        base.register("figures", figures)
        base.execute("CREATE TEMP VIEW lines AS FROM read_parquet('" + str(source) + "')")
        base.execute(SQL)
        base.sql("FROM amounts").write_parquet(str(target), compression="snappy")
