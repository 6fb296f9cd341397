"""A file of care lines of any kind and size, whole people at a time, in order, several at once.

Whoever adds lines up, or writes them in another shape, reads them here. Memory holds a few blocks.
"""

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import pyarrow as pa

from decompte.exchange.columns import check_schema
from decompte.exchange.journal import Unit
from decompte.exchange.ordered import Blocks, sort, typed
from decompte.exchange.settler import Lines
from decompte.exchange.stream import OutOfOrder, cuts, is_before

TEXTS = {".csv", ".txt"}
FIRST = Unit(0, 0, 0, 0, ())
Result = TypeVar("Result")
Progress = Callable[[int, int], None]


class Source(NamedTuple):
    """A file whose rows are expected in order.

    Attributes:
        blocks: of the file.
        workers: how many parts are worked on at the same time.
        progress: told rows done and rows in all.
    """

    blocks: Blocks
    workers: int
    progress: Progress

    def empty(self) -> pa.Table:
        """Return a table of the file's columns without rows."""
        return self.blocks.schema.empty_table()


class Part(NamedTuple, Generic[Result]):
    """What some people's rows come to, and who is first and last among them."""

    ends: tuple[object, object]
    result: Result


def in_order(
    path: Path, workers: int, progress: Progress, attempt: Callable[[Source], Result]
) -> Result:
    """Return what comes of a file, which is sorted first if its rows turn out not to be in order.

    Args:
        path: Parquet, or CSV by its name, with the columns of the batch, in any order.
        workers: how many parts are worked on at the same time.
        progress: told rows done and rows in all.
        attempt: works on the file from its beginning; may be called twice.

    Raises:
        Refusal: the file cannot be read, or lacks a column.
    """
    with tempfile.TemporaryDirectory(prefix="decompte-") as name:
        folder = Path(name)
        source = path
        if path.suffix.lower() in TEXTS:
            source = folder / "typed.parquet"
            typed(path, source)
        check_schema(Blocks(source).schema)
        try:
            return attempt(Source(Blocks(source), workers, progress))
        except OutOfOrder:
            ordered = folder / "sorted.parquet"
            sort(source, ordered, folder, workers)
            return attempt(Source(Blocks(ordered), workers, progress))


def parts(source: Source, work: Callable[[pa.Table], Part[Result]]) -> Iterator[Result]:
    """Yield what each part of a file comes to, in the file's order.

    Args:
        source: of the rows.
        work: from whole people's rows to what they come to; called by several threads.

    Raises:
        OutOfOrder: the rows are not in order of beneficiary, date and line.
    """
    waiting: deque[tuple[int, Future[Part[Result]]]] = deque()
    last: object = None
    with ThreadPoolExecutor(source.workers) as pool:
        for cut in cuts(source.blocks, FIRST, pool, ahead=source.workers):
            waiting.append((cut.row, pool.submit(work, cut.table)))
            if len(waiting) > source.workers:
                last, result = _next(source, waiting, last)
                yield result
        while waiting:
            last, result = _next(source, waiting, last)
            yield result


def _next(
    source: Source, waiting: deque[tuple[int, Future[Part[Result]]]], last: object
) -> tuple[object, Result]:
    row, coming = waiting.popleft()
    part = coming.result()
    first, after = part.ends
    if last is not None and first is not None and not is_before(last, first):
        raise OutOfOrder
    source.progress(row, source.blocks.rows)
    return (last if after is None else after), part.result


def read(lines: Lines | None) -> Lines:
    """Return lines that were read in order.

    Raises:
        OutOfOrder: they were not.
    """
    if lines is None:
        raise OutOfOrder
    return lines


def ends(table: pa.Table, lines: Lines) -> tuple[object, object]:
    """Return the first and the last beneficiary of a table's lines; None twice without any."""
    if not len(lines.order):
        return None, None
    people = table.column("beneficiary")
    return people[int(lines.order[0])].as_py(), people[int(lines.order[-1])].as_py()
