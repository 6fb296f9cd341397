"""What reading and writing alone takes: the columns of the batch, its codec, nothing computed.

Twice: as Arrow writes them with the settings that suit them best, and as the batch does, which is
quicker than Arrow. The first is what a program without computation would take; the second leaves
of the batch what reading rows as integers, the rules and the caps take.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from decompte.exchange.amounts import AMOUNTS
from decompte.exchange.columns import BY_NAME
from decompte.exchange.ordered import BLOCK
from decompte.exchange.parquet_pages import encoded

IDENTIFIERS = ("beneficiary", "line")
Writer = Callable[[pa.Table], bytes]


def by_arrow(amounts: pa.Table) -> bytes:
    """Return amounts as Arrow writes them best: differences, dictionaries, no nulls, no bounds."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        amounts,
        sink,
        compression="snappy",
        use_dictionary=list(AMOUNTS),
        column_encoding=dict.fromkeys(IDENTIFIERS, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )
    written: bytes = sink.getvalue().to_pybytes()
    return written


def as_the_batch_does(amounts: pa.Table) -> bytes:
    """Return amounts as the batch writes them."""
    return encoded(amounts, AMOUNTS)


def read_and_write(
    source: Path, result: pa.Table, target: Path, workers: int, write: Writer
) -> None:
    """Read what the batch reads and write what it writes, overlapped over as many workers.

    Args:
        source: the lines.
        result: the amounts of these lines, in memory already.
        target: the file to write; its row groups are those of the source.
        workers: threads.
        write: what makes a file of some rows of amounts.
    """
    texts = [name for name in pq.read_schema(source).names if BY_NAME[name].kind == "text"]
    metadata = pq.read_metadata(source)
    assert metadata.num_rows == len(result)
    waiting: deque[Future[bytes]] = deque()
    start = 0
    with target.open("wb") as file, ThreadPoolExecutor(workers) as pool:
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            assert rows <= BLOCK, "the batch reads row groups of this size whole"
            part = result.slice(start, rows)
            waiting.append(pool.submit(one_group, source, texts, group, part, write))
            start += rows
            if len(waiting) > workers:
                file.write(waiting.popleft().result())
        while waiting:
            file.write(waiting.popleft().result())


def one_group(
    source: Path, texts: list[str], group: int, amounts: pa.Table, write: Writer
) -> bytes:
    """Read a row group and return the bytes of as many rows of amounts."""
    with pq.ParquetFile(source, read_dictionary=texts) as file:
        file.read_row_group(group, use_threads=False)
    return write(amounts)
