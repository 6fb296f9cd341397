"""The amounts of care lines as tables: what came out, and what was set apart with its reasons."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from decompte.engine import rejections as why
from decompte.engine.batch_shapes import AMOUNT_TYPES, Amounts
from decompte.errors import Lang
from decompte.exchange.columns import plain_schema, plain_type

AMOUNTS = Amounts._fields[:-1]


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


def rejected(table: pa.Table, problems: npt.NDArray[np.int64], lang: Lang) -> pa.Table:
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
        pa.field("beneficiary", plain_type(schema.field("beneficiary").type), nullable=False),
        pa.field("line", schema.field("line").type, nullable=False),
        *(pa.field(name, kind, nullable=False) for name, kind in zip(AMOUNTS, kinds, strict=True)),
    ]
    return pa.schema(fields, {"decompte.law": version})


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(plain_type(column.type)) if pa.types.is_dictionary(column.type) else column
