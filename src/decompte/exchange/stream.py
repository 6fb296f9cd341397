"""`decompte batch IN OUT`: care lines of a file to amounts in a file, whatever its size.

Reading, computing and writing overlap over the workers; memory holds a few blocks. Lines of a
beneficiary are settled together, so the result does not depend on the number of workers. The work
folder beside the result lets a killed run continue, to the same bytes.
"""

import shutil
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from decompte.errors import Lang, Problem, Refusal, Text
from decompte.exchange.amounts import AMOUNTS, settled
from decompte.exchange.columns import check_schema
from decompte.exchange.journal import Journal, Target, Unit
from decompte.exchange.kept_memory import keep_memory
from decompte.exchange.ordered import BLOCK, Blocks, fingerprint, sort, typed, unreadable
from decompte.exchange.parquet_pages import encoded
from decompte.exchange.settler import Settler
from decompte.exchange.settler import settler as settler_of

MOST_LINES = 100_000
FORMAT = 5
Progress = Callable[[int, int], None]


class Report(NamedTuple):
    """What a run did.

    Attributes:
        rows: rows of the input; always `kept` + `rejected`.
        kept, rejected: rows out, and rows set apart.
        unused: columns that are not of the format.
        was_sorted: whether the input had to be sorted first.
        resumed: rows that an earlier run had done.
        law: the law's version.
    """

    rows: int
    kept: int
    rejected: int
    unused: tuple[str, ...]
    was_sorted: bool
    resumed: int
    law: str


class OutOfOrder(Exception):  # noqa: N818  (not an error: the file is then sorted)
    """The input is not in order of beneficiary, date and line."""


class Job(NamedTuple):
    """What is asked: files, workers, the last day of care, the language of the reasons."""

    source: Path
    target: Path
    rejects: Path
    workers: int
    today: date
    lang: Lang


class Cut(NamedTuple):
    """Whole beneficiaries' rows, and where the next ones begin: row of the file, block to read.

    A CSV has its header from the first cut.
    """

    table: pa.Table
    row: int
    block: int
    is_first: bool


def run(job: Job, progress: Progress) -> Report:
    """Settle a file; the result gets its name when it is complete.

    Args:
        job: what is asked.
        progress: told rows done and rows in all.

    Raises:
        Refusal: the input cannot be read, or lacks a column; the disk is full; another run writes
            the same result.
    """
    keep_memory()
    folder = job.target.with_name(job.target.name + ".work")
    try:
        mark = fingerprint(job.source)
        folder.mkdir(parents=True, exist_ok=True)
        source = _as_parquet(job, folder, mark)
        unused = check_schema(Blocks(source).schema)
        prepared = folder / f"sorted-{mark}.parquet"
        if not prepared.exists():
            try:
                return _settle(job, folder, source, mark, progress)._replace(unused=unused)
            except OutOfOrder:
                sort(source, prepared, folder, job.workers)
        report = _settle(job, folder, prepared, f"sorted-{mark}", progress)
        return report._replace(unused=unused, was_sorted=True)
    except BlockingIOError:
        raise _busy(job) from None
    except OSError as error:
        raise unreadable(Path(error.filename or job.target), error) from None
    except Refusal:
        _clear_if_empty(folder)
        raise


def _as_parquet(job: Job, folder: Path, mark: str) -> Path:
    if job.source.suffix.lower() not in {".csv", ".txt"}:
        return job.source
    made = folder / f"typed-{mark}.parquet"
    if not made.exists():
        typed(job.source, made)
    return made


def _clear_if_empty(folder: Path) -> None:
    """Leave no folder behind for an input that could not even be opened."""
    if folder.exists() and not (folder / "journal").exists():
        shutil.rmtree(folder)


def _settle(job: Job, folder: Path, source: Path, mark: str, progress: Progress) -> Report:
    blocks, settler = Blocks(source), settler_of(job.today)
    targets = [_target(job.target), _target(job.rejects)]
    about = {
        "input": mark,
        "law": settler.law.version,
        "format": [FORMAT, BLOCK, pa.__version__],
        "files": [str(target.path.resolve()) for target in targets],
        "asked": [job.today.isoformat(), job.lang],
    }
    journal = Journal(folder, targets, about)
    with closing(journal), ThreadPoolExecutor(job.workers) as pool:
        resumed = sum(unit.kept + unit.rejected for unit in journal.units)
        start = journal.units[-1] if journal.units else Unit(0, 0, 0, 0, ())
        work = _Work(job, settler, targets)
        for unit, contents in _in_turn(work, blocks, start, pool):
            journal.append(unit, contents)
            progress(unit.row, blocks.rows)
        kept = sum(unit.kept for unit in journal.units)
        apart = sum(unit.rejected for unit in journal.units)
        assert kept + apart == blocks.rows, "rows in are rows out and rejected rows"
        _ends, kept_none, apart_none = work.settle(blocks.schema.empty_table())
        journal.finish(work.encoded(kept_none, apart_none, is_first=True))
    law = settler.law.version
    return Report(blocks.rows, kept, apart, (), was_sorted=False, resumed=resumed, law=law)


def _in_turn(
    work: "_Work", blocks: Blocks, start: Unit, pool: ThreadPoolExecutor
) -> Iterator[tuple[Unit, list[bytes]]]:
    """Yield settled units in order of the input, a few being worked on."""
    waiting: deque[Future[tuple[Unit, list[bytes], object, object]]] = deque()
    last: object = None
    for cut in cuts(blocks, start, pool, ahead=work.job.workers):
        waiting.append(pool.submit(work.unit, cut))
        if len(waiting) > work.job.workers:
            last = yield from _next(waiting, last)
    while waiting:
        last = yield from _next(waiting, last)


def _next(
    waiting: deque[Future[tuple[Unit, list[bytes], object, object]]], last: object
) -> Generator[tuple[Unit, list[bytes]], None, object]:
    unit, contents, first_person, last_person = waiting.popleft().result()
    if last is not None and first_person is not None and not is_before(last, first_person):
        raise OutOfOrder
    yield unit, contents
    return last if last_person is None else last_person


def is_before(one: object, other: object) -> bool:
    """Return whether one beneficiary comes before another: numbers as such, texts by bytes."""
    if isinstance(one, int) and isinstance(other, int):
        return one < other
    return str(one).encode() < str(other).encode()


def cuts(blocks: Blocks, start: Unit, pool: ThreadPoolExecutor, ahead: int) -> Iterator[Cut]:
    """Yield the input in cuts that hold whole beneficiaries; at least one block is read ahead."""
    starts = blocks.starts()
    pending = _again(blocks, start, starts)
    coming: deque[Future[pa.Table]] = deque()
    block = asked = start.block
    while block < len(blocks.plan):
        while asked < min(block + 1 + ahead, len(blocks.plan)):
            coming.append(pool.submit(blocks.read, asked))
            asked += 1
        table = coming.popleft().result()
        block += 1
        pending = table if pending is None or not len(pending) else _together(pending, table)
        if block < len(blocks.plan) and len(pending) < BLOCK // 2:
            continue
        is_last = block == len(blocks.plan)
        end = len(pending) if is_last else _whole(pending, coming[0].result())
        if len(pending) - end > MOST_LINES:
            raise _many()
        if end:
            row = starts[block] - len(pending)
            yield Cut(pending.slice(0, end), row + end, block, is_first=row == 0)
        pending = pending.slice(end)


def _again(blocks: Blocks, start: Unit, starts: list[int]) -> pa.Table | None:
    """Return rows that were read before a kill, and not settled."""
    first = start.block
    while first > 0 and starts[first] > start.row:
        first -= 1
    pending = None
    for block in range(first, start.block):
        table = blocks.read(block).slice(max(0, start.row - starts[block]))
        pending = table if pending is None else _together(pending, table)
    return pending


def _together(one: pa.Table, other: pa.Table) -> pa.Table:
    return pa.concat_tables([one, other]).unify_dictionaries().combine_chunks()


def _whole(table: pa.Table, following: pa.Table) -> int:
    """Return how many rows of a table are of beneficiaries who do not come in the next one."""
    last, first = table.column("beneficiary")[-1], following.column("beneficiary")[0]
    if last.is_valid and first.is_valid and last.as_py() != first.as_py():
        return len(table)
    return last_person(table)


def last_person(table: pa.Table) -> int:
    """Return the first row of the last beneficiary; all rows when the last one names nobody."""
    people = table.column("beneficiary")
    last = people[len(people) - 1]
    if not last.is_valid:
        return len(people)
    if pa.types.is_dictionary(people.type):
        people, last = people.cast(people.type.value_type), pa.scalar(last.as_py())
    same: npt.NDArray[np.bool_] = pc.fill_null(pc.equal(people, last), fill_value=False).to_numpy()
    others = np.flatnonzero(~same)
    return int(others[-1]) + 1 if len(others) else 0


class _Work:
    """Settles and encodes cuts; used by several threads."""

    def __init__(self, job: Job, settler: Settler, targets: list[Target]) -> None:
        self.job = job
        self.settler = settler
        self.targets = targets

    def unit(self, cut: Cut) -> tuple[Unit, list[bytes], object, object]:
        """Return a settled unit, what it adds to the files, its first and last beneficiary.

        Raises:
            OutOfOrder: its rows are not in order.
        """
        ends, kept, apart = self.settle(cut.table)
        unit = Unit(cut.row, cut.block, len(kept), len(apart), ())
        return unit, self.encoded(kept, apart, is_first=cut.is_first), *ends

    def settle(self, table: pa.Table) -> tuple[tuple[object, object], pa.Table, pa.Table]:
        """Return first and last beneficiary, the amounts and the rejected rows of a table."""
        lines = self.settler.read(table, in_order=True)
        if lines is None:
            raise OutOfOrder
        amounts, order = self.settler.amounts(lines), lines.order
        kept, apart = settled(table, amounts, self.settler.law.version, self.job.lang)
        people = table.column("beneficiary")
        if not len(order):
            return (None, None), kept, apart
        return (people[int(order[0])].as_py(), people[int(order[-1])].as_py()), kept, apart

    def encoded(self, kept: pa.Table, apart: pa.Table, *, is_first: bool) -> list[bytes]:
        """Return tables as bytes of their files' kinds."""
        return [
            _encoded(table, target, few, is_first=is_first)
            for table, target, few in zip((kept, apart), self.targets, (AMOUNTS, ()), strict=True)
        ]


def _encoded(table: pa.Table, target: Target, few: Sequence[str], *, is_first: bool) -> bytes:
    if target.is_parquet:
        return encoded(table, few)
    sink = pa.BufferOutputStream()
    if len(table) or is_first:
        pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(include_header=is_first))
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _target(path: Path) -> Target:
    return Target(path, is_parquet=path.suffix.lower() != ".csv")


def _many() -> Refusal:
    return Refusal(
        [
            Problem(
                "beneficiary.lines_many",
                "beneficiary",
                Text(
                    fr=f"plus de {MOST_LINES} lignes d'une même personne ; vérifier l'identifiant",
                    en=f"more than {MOST_LINES} lines of one person; check the identifier",
                ),
            )
        ]
    )


def _busy(job: Job) -> Refusal:
    return Refusal(
        [
            Problem(
                "file.busy",
                job.target.name,
                Text(
                    fr="un autre calcul écrit déjà ce résultat",
                    en="another run is writing this result already",
                ),
            )
        ]
    )
