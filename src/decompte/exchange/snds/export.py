"""A file of care lines, settled, into files of the SNDS's shape; names are given at the end."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from decompte.engine import rejections
from decompte.engine.periods import Periods
from decompte.engine.tally import Cells, together
from decompte.errors import Problem, Refusal, Text
from decompte.exchange.disclosure import published, unsafe
from decompte.exchange.in_turn import Part, Progress, Source, ends, in_order, parts, read
from decompte.exchange.settler import Settler
from decompte.exchange.snds import damir, dcir
from decompte.exchange.snds.coded import Care, Start, after, care
from decompte.exchange.snds.shapes import schema

TABLES = ("ER_PRS_F", "ER_ARO_F")
KEY = "correspondence"
NOTHING_BEFORE = Start(0, 0)


class Written(NamedTuple):
    """What an export did.

    Attributes:
        rows: rows of the file; `apart` of them the law cannot settle.
        apart: these.
        reasons: what is wrong with them, and with how many.
        tables: rows written, by table.
        law: version of the law.
    """

    rows: int
    apart: int
    reasons: tuple[tuple[Text, int], ...]
    tables: tuple[tuple[str, int], ...]
    law: str


class Cared(NamedTuple):
    """Settled lines of some people, numbered from 0, and what is wrong with the other rows."""

    done: Care
    people: pa.Array
    wrong: Counter[int]


class Work:
    """Settles parts of a file for an export; used by several threads."""

    def __init__(self, law: Periods, today: date) -> None:
        """Make the law ready; care after today is set apart."""
        self.settler = Settler(law, today)

    def care(self, table: pa.Table) -> Part[Cared]:
        """Return the settled lines of whole people.

        Raises:
            OutOfOrder: the rows are not in order.
        """
        lines = read(self.settler.read(table, in_order=True))
        amounts = self.settler.amounts(lines)
        done = care(table, lines, amounts, self.settler.law, NOTHING_BEFORE)
        people = table.column("beneficiary").take(pa.array(done.kept)).combine_chunks()
        if pa.types.is_dictionary(people.type):
            people = people.cast(people.type.value_type)
        wrong = Counter(amounts.problems[amounts.problems != 0].tolist())
        return Part(ends(table, lines), Cared(done, people, wrong))


def to_dcir(
    path: Path, target: Path, law: Periods, today: date, workers: int, progress: Progress
) -> Written:
    """Write `ER_PRS_F` and `ER_ARO_F`, and which beneficiary is which `BEN_NIR_PSA`, as Parquet.

    Args:
        path: care lines as the batch takes them.
        target: the folder; it gets its name when everything in it is complete.
        law: the law that settles.
        today: care after this day is set apart.
        workers: parts settled at the same time.
        progress: told rows done and rows in all.

    Raises:
        Refusal: the file cannot be read, or lacks a column.
        OSError: the disk is full, or may not be written.
    """
    work = Work(law, today)
    partial = target.with_name(target.name + ".partial")
    try:
        written = in_order(path, workers, progress, lambda lines: _dcir(lines, work, partial))
        partial.replace(target)
    except (OSError, Refusal):
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return written


def _dcir(source: Source, work: Work, folder: Path) -> Written:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    wrong: Counter[int] = Counter()
    rows: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
    start = NOTHING_BEFORE
    with _writers(source, folder, work) as writers:
        for part in parts(source, work.care):
            done = part.done._replace(
                person=part.done.person + start.people,
                statement=part.done.statement + start.statements,
            )
            start = after(start, done)
            wrong += part.wrong
            for name, table in (("ER_PRS_F", dcir.prs(done)), ("ER_ARO_F", dcir.aro(done))):
                writers[name].write_table(table)
                rows[name] += len(table)
            writers[KEY].write_table(_key(done, part.people))
    return _told(source, work, wrong, rows)


@contextmanager
def _writers(source: Source, folder: Path, work: Work) -> Iterator[dict[str, pq.ParquetWriter]]:
    about = {"decompte.law": work.settler.law.version}
    kind = source.blocks.schema.field("beneficiary").type
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    schemas = {name: schema(name) for name in TABLES}
    schemas[KEY] = pa.schema({"beneficiary": plain, "BEN_NIR_PSA": pa.string()})
    writers = {
        name: pq.ParquetWriter(folder / f"{name}.parquet", columns.with_metadata(about))
        for name, columns in schemas.items()
    }
    try:
        yield writers
    finally:
        for writer in writers.values():
            writer.close()


def _key(done: Care, people: pa.Array) -> pa.Table:
    """Return which beneficiary is which person of the tables, one row a person."""
    first = pa.array([*(done.person[1:] != done.person[:-1]), True][: len(people)], pa.bool_())
    named = pa.table({"beneficiary": people, "BEN_NIR_PSA": dcir.pseudonyms(done.person)})
    return named.filter(first)


def to_damir(
    path: Path, target: Path, law: Periods, today: date, workers: int, progress: Progress
) -> Written:
    """Write an aggregate in the shape of Open DAMIR, small cells hidden; CSV or Parquet by name.

    The arguments are those of `to_dcir`; the target is a file.

    Raises:
        Refusal: the file cannot be read, lacks a column, or has too few people to publish anything.
        OSError: the disk is full, or may not be written.
    """
    work = Work(law, today)
    found, written = in_order(path, workers, progress, lambda lines: _damir(lines, work))
    partial = target.with_name(target.name + ".partial")
    try:
        if target.suffix.lower() == ".csv":
            options = pyarrow.csv.WriteOptions(delimiter=";", quoting_style="none")
            pyarrow.csv.write_csv(found, partial, options)
        else:
            pq.write_table(found, partial)
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return written


def _damir(source: Source, work: Work) -> tuple[pa.Table, Written]:
    """Return the aggregate; each loss of detail reads the lines again, to know who is in a cell."""
    coarser: dict[str, str] = {}
    added, wrong = _added(source, work, coarser)
    for hidden in damir.steps():
        if unsafe(added):
            coarser = damir.coarsened(coarser, added, hidden)
            added, wrong = _added(source, work, coarser)
    shown = published(added)
    if shown is None:
        raise Refusal([Problem("damir.few", "LINES", FEW)])
    about = {"decompte.law": work.settler.law.version}
    table = damir.table(shown).replace_schema_metadata(about)
    return table, _told(source, work, wrong, Counter(OPEN_DAMIR=len(table)))


def _added(source: Source, work: Work, coarser: Mapping[str, str]) -> tuple[Cells, Counter[int]]:
    def added(table: pa.Table) -> Part[tuple[Cells, Counter[int]]]:
        part = work.care(table)
        found = damir.cells(part.result.done, coarser)
        return Part(part.ends, (found, part.result.wrong))

    total, wrong = added(source.empty()).result
    for cells, bad in parts(source, added):
        total = together([total, cells])
        wrong += bad
    return total, wrong


FEW = Text(
    fr="trop peu de personnes, ou une seule domine : rien ne peut être publié",
    en="too few people, or one of them dominates: nothing may be published",
)


def _told(source: Source, work: Work, wrong: Counter[int], rows: Counter[str]) -> Written:
    reasons = tuple(
        (Text(fr=rejections.told(mask, "fr"), en=rejections.told(mask, "en")), count)
        for mask, count in wrong.most_common()
    )
    version = work.settler.law.version
    return Written(source.blocks.rows, sum(wrong.values()), reasons, tuple(rows.items()), version)
