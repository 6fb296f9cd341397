"""Anything with the Arrow interface as a table of care lines: Arrow, pandas, Polars, DuckDB.

What these programs have in their own way becomes what the format has: days that pandas keeps as
moments, texts that Polars keeps as views. Nothing is guessed: a moment with a time of day is not a
day, and what is no table is refused with the word that makes it one.
"""

import pyarrow as pa
import pyarrow.compute as pc

from decompte.errors import Problem, Refusal, Text
from decompte.exchange.columns import BY_NAME

STREAM, ARRAY, LATER = "__arrow_c_stream__", "__arrow_c_array__", "collect"


def as_table(given: object) -> pa.Table:
    """Return anything with the Arrow interface as a table whose types the format knows.

    Args:
        given: a table or record batch of Arrow, a frame of pandas or Polars, a relation of DuckDB,
            or anything else that has the Arrow PyCapsule interface.

    Raises:
        Refusal: it is no table.
    """
    table = _imported(given)
    for place, field in enumerate(table.schema):
        column = table.column(place)
        plain = _plain(field, column)
        if plain is not column:
            table = table.set_column(place, field.name, plain)
    return table


def _imported(given: object) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if not hasattr(given, STREAM) and not hasattr(given, ARRAY):
        raise Refusal([_problem(*(LAZY if hasattr(given, LATER) else NO_TABLE))])
    try:
        if hasattr(given, STREAM):
            return pa.table(given)
        return pa.Table.from_batches([pa.record_batch(given)])
    except (ValueError, TypeError, pa.ArrowException) as error:
        word = str(error).splitlines()[0][:200]
        told = (f"n'est pas une table : {word}", f"is no table: {word}")
        raise Refusal([_problem("table.type", *told)]) from None


def _plain(field: pa.Field, column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = field.type
    if kind == pa.string_view():
        return column.cast(pa.string())
    if pa.types.is_dictionary(kind) and kind.value_type == pa.string_view():
        return pa.chunked_array(
            [_with_texts(chunk) for chunk in column.chunks],
            pa.dictionary(kind.index_type, pa.string()),
        )
    known = BY_NAME.get(field.name)
    is_day = known is not None and known.kind == "date"
    return _days(column) if is_day and pa.types.is_timestamp(kind) else column


def _with_texts(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.string()))


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return moments as days when each is a midnight without a time zone; else as they are."""
    if column.type.tz is not None:
        return column
    days = column.cast(pa.date32(), safe=False)
    same = pc.all(pc.equal(days.cast(column.type), column), skip_nulls=True).as_py()
    return column if same is False else days


LAZY = (
    "table.lazy",
    "calcul différé : appeler .collect() d'abord",
    "a deferred computation: call .collect() first",
)
NO_TABLE = (
    "table.type",
    "une table Arrow, pandas, Polars ou DuckDB est attendue (interface Arrow PyCapsule)",
    "a table of Arrow, pandas, Polars or DuckDB is expected (the Arrow PyCapsule interface)",
)


def _problem(code: str, fr: str, en: str) -> Problem:
    return Problem(code, "table", Text(fr=fr, en=en))
