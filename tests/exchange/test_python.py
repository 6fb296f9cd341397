"""Python programs use it as the page says: every block runs, and prints what is printed there."""

import contextlib
import io
import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import decompte
from decompte.errors import Refusal

PAGE = Path(__file__).resolve().parents[2] / "docs" / "integrators" / "analyst.md"
ROWS = [
    {
        **{"beneficiary": "a", "line": line, "date": date(2014, 3, day), "act": "G"},
        **{"price_cents": 2300, "pathway": "declared-gp", "declared_gp_since": date(2013, 1, 1)},
    }
    for line, day in ((1, 12), (2, 14))
]
TABLE = pa.Table.from_pylist(ROWS)
AMO = [1510, 1510]


def test_the_blocks_of_the_page_print_what_is_printed_there():
    blocks = re.findall(r"```(python|text)\n(.*?)```", PAGE.read_text(), re.S)
    assert len(blocks) > 10
    names = {}
    pending = ""
    for kind, text in blocks:
        if kind == "python":
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(text, "analyst.md", "exec"), names)  # noqa: S102  (our own page)
            pending = said.getvalue()
        else:
            assert pending == text
            pending = ""
    assert pending == ""


class Capsule:
    """A record batch of some other library: nothing but the interface."""

    def __arrow_c_array__(self, requested_schema=None):
        return TABLE.to_batches()[0].__arrow_c_array__(requested_schema)


def moments(frame):
    return frame.assign(date=pd.to_datetime(frame["date"]))


GIVEN = {
    "table": TABLE,
    "batch": TABLE.to_batches()[0],
    "reader": TABLE.to_reader(),
    "capsule": Capsule(),
    "pandas": pd.DataFrame(ROWS),
    "pandas moments": moments(pd.DataFrame(ROWS)),
    "pandas categories": pd.DataFrame(ROWS).astype({"act": "category", "pathway": "category"}),
    "pandas nullable": pd.DataFrame(ROWS).convert_dtypes(),
    "polars": pl.DataFrame(ROWS),
    "polars categories": pl.DataFrame(ROWS).cast({"act": pl.Categorical}),
    "polars enumeration": pl.DataFrame(ROWS).cast({"act": pl.Enum(["G", "CS"])}),
    "polars moments": pl.DataFrame(ROWS).cast({"date": pl.Datetime}),
    "duckdb": duckdb.from_arrow(TABLE),
}


@pytest.mark.parametrize("name", GIVEN)
def test_anything_with_the_arrow_interface_gives_the_same_amounts(name):
    amounts = decompte.batch(GIVEN[name])
    assert amounts["amo"].to_pylist() == AMO
    assert amounts.schema.metadata[b"decompte.law"]


WRONG = {
    "list": (ROWS, "PyCapsule interface"),
    "nothing": (None, "PyCapsule interface"),
    "path": ("year.parquet", "PyCapsule interface"),
    "column": (pl.Series([1]), "is no table"),
    "lazy": (pl.DataFrame(ROWS).lazy(), "call .collect"),
    "columns twice": (pd.DataFrame(1, index=[0], columns=["act", "act"]), "Duplicate column"),
    "time of day": (
        pd.DataFrame(ROWS).assign(date=datetime(2014, 3, 12, 9, 30)),  # noqa: DTZ001
        "date: type timestamp",
    ),
    "zone": (
        pl.DataFrame(ROWS).with_columns(pl.col("date").cast(pl.Datetime(time_zone="UTC"))),
        "date: type timestamp",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_table_of_care_lines_is_refused_in_a_sentence(name):
    given, told = WRONG[name]
    with pytest.raises(Refusal, match=told):
        decompte.batch(given)


def test_a_table_without_rows_gives_one_without_rows():
    assert decompte.batch(TABLE.slice(0, 0)).num_rows == 0
