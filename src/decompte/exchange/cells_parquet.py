"""The table of `cells` as Parquet, for those who compute with it: numbers stay numbers."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq

from decompte.exchange.cells import neutral


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a Parquet file; texts are written as a spreadsheet may open them."""
    columns = list(zip(*rows, strict=True)) or [()] * len(head)
    cleaned = [
        [neutral(one) if isinstance(one, str) else one for one in column] for column in columns
    ]
    written = BytesIO()
    pq.write_table(pa.table(dict(zip(head, cleaned, strict=True))), written)
    return written.getvalue()
