"""The tables of the SNDS as Arrow schemas: their columns in their order, each of its type.

Whole numbers are int64, amounts and rates decimals with the scale of the column, dates date32. A
month is text `YYYYMM`, a year text `YYYY`, as the national base stores them.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import yaml

FOLDER = Path(__file__).parent
DIGITS = 15
TYPES: Mapping[str, pa.DataType] = {
    "integer": pa.int64(),
    "string": pa.string(),
    "date": pa.date32(),
    "yearmonth": pa.string(),
    "year": pa.string(),
    "boolean": pa.bool_(),
}


class Column(NamedTuple):
    """A column as its public schema has it.

    Attributes:
        kind: integer, number, string, date, yearmonth, year or boolean.
        length: digits or characters, as published; of a number `digits,decimals`.
        nomenclature: name of the table of its codes, or `-`.
    """

    kind: str
    length: str
    nomenclature: str

    @property
    def type(self) -> pa.DataType:
        """Its type in Arrow."""
        if self.kind == "number":
            return pa.decimal128(DIGITS, int(self.length.partition(",")[2] or 0))
        return TYPES[self.kind]


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Mapping[str, Column]]:
    """Return the columns of each table by name."""
    document = yaml.safe_load((FOLDER / "columns.yaml").read_text(encoding="utf-8"))
    return {
        table: {name: Column(*entry) for name, entry in columns.items()}
        for table, columns in document.items()
    }


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Any]:
    """Return what our words are in the nomenclatures."""
    document: Mapping[str, Any] = yaml.safe_load(
        (FOLDER / "codes.yaml").read_text(encoding="utf-8")
    )
    return document


def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table."""
    return pa.schema({name: column.type for name, column in tables()[table].items()})


def filled(table: str, columns: Mapping[str, pa.Array], rows: int) -> pa.Table:
    """Return a table with some columns; the others are null.

    Args:
        table: its name.
        columns: what can be filled, each convertible to the type of its column.
        rows: how many.
    """
    kinds = schema(table)
    stray = set(columns) - set(kinds.names)
    assert not stray, f"{table} has no {stray}"
    arrays = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(rows, field.type)
        for field in kinds
    ]
    return pa.Table.from_arrays(arrays, schema=kinds)
