"""What one partition of a cluster does: its rows, beneficiary by beneficiary, to amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from decompte.engine.cluster import Output, run
from decompte.errors import Lang, Problem, Refusal, Text
from decompte.exchange.amounts import settled
from decompte.exchange.columns import check_schema, plain_schema
from decompte.exchange.ordered import BLOCK, Blocks
from decompte.exchange.settler import Settler, settler
from decompte.exchange.stream import Job, last_person


@dataclass(frozen=True)
class Partition:
    """Settles the record batches of a partition; travels to the nodes by value.

    Attributes:
        today: care after this day is rejected.
        lang: of the reasons.
        kept: whether the amounts are wanted (0) or the rejected rows (1).
    """

    today: date
    lang: Lang
    wanted: int

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the wanted result of whole beneficiaries, a few at a time in memory."""
        pending: list[pa.RecordBatch] = []
        rows = 0
        for batch in batches:
            pending.append(batch)
            rows += len(batch)
            if rows >= BLOCK:
                table = pa.Table.from_batches(pending).combine_chunks()
                end = last_person(table)
                yield from self.result(table.slice(0, end))
                pending = table.slice(end).to_batches()
                rows = len(table) - end
        if pending:
            yield from self.result(pa.Table.from_batches(pending).combine_chunks())

    def result(self, table: pa.Table) -> list[pa.RecordBatch]:
        """Return the wanted result of a table."""
        made: list[pa.RecordBatch] = _both(settler(self.today), table, self.lang)[
            self.wanted
        ].to_batches()
        return made


def run_on_spark(job: Job, master: str) -> str:
    """Settle a Parquet file on Spark and return the law's version; the results are folders.

    Raises:
        Refusal: the input cannot be read, or lacks a column.
    """
    if job.source.is_dir() or job.source.suffix.lower() in {".csv", ".txt"}:
        raise Refusal(
            [
                Problem(
                    "file.kind",
                    job.source.name,
                    Text(
                        fr="sur Spark, un seul fichier Parquet est attendu",
                        en="on Spark, one Parquet file is expected",
                    ),
                )
            ]
        )
    schema = plain_schema(Blocks(job.source).schema)
    check_schema(schema)
    outputs = []
    for wanted, path in enumerate((job.target, job.rejects)):
        settling = Partition(job.today, job.lang, wanted)
        empty = _both(settler(job.today), schema.empty_table(), job.lang)[wanted]
        outputs.append(Output(str(path.resolve()), empty, settling))
    run(str(job.source.resolve()), outputs, master=master)
    return settler(job.today).law.version


def _both(settling: Settler, table: pa.Table, lang: Lang) -> tuple[pa.Table, pa.Table]:
    lines = settling.read(table)
    assert lines is not None, "any order is taken"
    return settled(table, settling.amounts(lines), settling.law.version, lang)
