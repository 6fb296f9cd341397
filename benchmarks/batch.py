"""The batch against reading and writing alone, and against what others would use for it.

Everything runs on one generated file. Every peer's amounts are compared with ours, all of them,
before anything is timed; turns go round, so that each ratio is one of neighbours in time.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.floor import as_the_batch_does, by_arrow, read_and_write
from benchmarks.measure import Measured, Turn, show, times_as_fast, turn
from benchmarks.peers import duck, frames, loop, openfisca
from benchmarks.peers.figures import figures
from decompte.engine.single import settle
from decompte.exchange import case, columns, generate, settler, stream
from decompte.exchange.ordered import BLOCK

TODAY = date(2026, 1, 1)
YEAR = 2025
STUDENTS = 240_000
WORKERS = 2
TURNS = int(os.environ.get("BENCH_TURNS", "5"))
SLOW_LINES = 20_000
TURNS_OF_SLOW = 2
OURS = "read by Arrow, written as the batch does"
OPENFISCA = "OpenFisca, 4 of 12 columns"
LOOP = "Python over rows of pandas"
SLOW = (OPENFISCA, LOOP)
Work = Callable[[], object]


def main(kept: Path | None = None) -> None:
    """Print the table of the batch; keep its figures in a file where one is named."""
    with tempfile.TemporaryDirectory() as name:
        measured = measure(Path(name))
    print("  million lines a second: median (slowest to quickest turn)")
    print(f"  {'':<46} {'by processor time':>24} {'by the clock':>24}")
    for one in measured:
        show(one)
    ours = measured[0]
    for floor in measured[1:3]:
        for kind in ("processor", "wall"):
            middle, most, least = (1 / ratio for ratio in times_as_fast(ours, floor, kind))
            much = f"{middle:.2f} times ({least:.2f} to {most:.2f})"
            print(f"  batch : {floor.name}, {kind:<12} {much}")
    for other in measured[3:7]:
        by_processor = "{:.1f} ({:.1f} to {:.1f})".format(*times_as_fast(ours, other, "processor"))
        by_clock = "{:.1f} ({:.1f} to {:.1f})".format(*times_as_fast(ours, other, "wall"))
        print(f"  times as fast as {other.name:<40} {by_processor} by the clock {by_clock}")
    if kept is not None:
        kept.write_text(json.dumps([one._asdict() for one in measured], indent=1))


def measure(folder: Path) -> list[Measured]:
    """Return what ours, the floor, the peers and our parts take on the same lines."""
    source, few = folder / "in.parquet", folder / "few.parquet"
    making = turn(lambda: make(source))
    table = pq.read_table(source).combine_chunks()
    pq.write_table(table.slice(0, SLOW_LINES), few)
    lines = settler.settler(TODAY).read(table)
    assert lines is not None
    law = figures(settler.settler(TODAY), lines.charges, YEAR)
    job = stream.Job(source, folder / "out.parquet", folder / "no.csv", WORKERS, TODAY, "en")
    runs: dict[str, tuple[Path, Work]] = {
        "batch, file to file, 2 workers": (source, lambda: stream.run(job, silent)),
        "DuckDB, SQL, 2 threads": (
            source,
            lambda: duck.run(source, folder / "duck.parquet", law, WORKERS),
        ),
        "Polars, 2 threads": (source, lambda: frames.run(source, folder / "polars.parquet", law)),
        OPENFISCA: (
            source,
            lambda: openfisca.run(source, folder / "openfisca.parquet", law),
        ),
        LOOP: (few, lambda: loop.run(few, folder / "loop.parquet", law)),
    }
    for _lines, work in runs.values():
        work()
    amounts = pq.read_table(folder / "out.parquet")
    singly_compared(amounts, table)
    for made in ("duck", "polars", "openfisca", "loop"):
        compare(amounts, pq.read_table(folder / f"{made}.parquet"))
    floors: dict[str, tuple[Path, Work]] = {
        name: (
            source,
            lambda write=write: read_and_write(source, amounts, folder / "floor", WORKERS, write),
        )
        for name, write in (("read and written by Arrow", by_arrow), (OURS, as_the_batch_does))
    }
    runs = {**dict([*runs.items()][:1]), **floors, **runs}
    taken: dict[str, list[Turn]] = {name: [] for name in runs}
    for number in range(TURNS):
        for name, (_lines, work) in runs.items():
            if number < TURNS_OF_SLOW or name not in SLOW:
                taken[name].append(turn(work))
    measured = [
        Measured(name, pq.read_metadata(path).num_rows, taken[name])
        for name, (path, _work) in runs.items()
    ]
    return [
        *measured,
        rules_alone(table),
        Measured("generated, 2 workers", len(table), [making]),
        Measured("one case after the other", SLOW_LINES, [turn(lambda: singly(table))]),
    ]


def rules_alone(table: pa.Table) -> Measured:
    """Return what the rules take on columns in memory, in blocks like those of the batch."""
    settling = settler.settler(TODAY)
    blocks = [settling.read(table.slice(at, BLOCK)) for at in range(0, len(table), BLOCK)]

    def work() -> None:
        for lines in blocks:
            assert lines is not None
            settling.amounts(lines)

    work()
    taken = [turn(work) for _turn in range(TURNS)]
    return Measured("rules alone, columns in memory, one thread", len(table), taken)


def silent(_done: int, _rows: int) -> None:
    """Show no progress."""


def make(source: Path) -> None:
    """Generate the file."""
    generate.generate(source, students=STUDENTS, year=YEAR, seed=1, workers=WORKERS)


def compare(ours: pa.Table, theirs: pa.Table) -> None:
    """Stop unless a peer has our amounts, every line and column of them.

    The lines of a peer may come in any order; a slow one may have settled the first ones only.
    """
    theirs = theirs.sort_by("line")
    ours = ours.sort_by("line").slice(0, len(theirs))
    for name in theirs.schema.names:
        if not theirs[name].cast(ours[name].type).equals(ours[name]):
            raise RuntimeError(f"{name} differs")


def singly_compared(amounts: pa.Table, table: pa.Table) -> None:
    """Stop unless the batch gives the amounts and reasons of the single case on the first lines."""
    got, rows = amounts.slice(0, 2000).to_pylist(), table.slice(0, 2000).to_pylist()
    wanted = [line for people in cases(rows) for line in settle(people).lines]
    for one, line in zip(got[: len(wanted) - 50], wanted, strict=False):
        if (one["amo"], one["reasons"]) != (line.amo_cents, line.reasons):
            raise RuntimeError(f"line {one['line']} differs")


def singly(table: pa.Table) -> None:
    """Read and settle one case after the other."""
    for people in cases(table.slice(0, SLOW_LINES).to_pylist()):
        settle(people)


def cases(rows: list[dict[str, object]]) -> list[case.Case]:
    """Return rows as cases, a person each."""
    read = []
    for _person, owned in groupby(rows, key=lambda row: row["beneficiary"]):
        mine = list(owned)
        read.append(case.read(document(mine), today=TODAY))
    return read


def document(rows: list[dict[str, object]]) -> dict[str, object]:
    """Return the rows of one person as a case document."""
    first = rows[0]
    mask = first["covers"]
    assert isinstance(mask, int)
    held = [kind for bit, kind in enumerate(columns.COVER_BITS) if mask >> bit & 1]
    person = {
        "birth_date": first["birth_date"],
        "scheme": first["scheme"],
        "declared_gp_since": first["declared_gp_since"],
        "covers": [{"kind": kind, "from": "1900-01-01"} for kind in held],
    }
    lines = [
        {
            "date": row["date"],
            "act": row["act"],
            "price": f"{int(str(row['price_cents'])) / 100:.2f}",
            "coefficient": row["coefficient"],
            "practitioner": {"id": str(row["practitioner"]), "sector": row["sector"]},
            "pathway": row["pathway"],
            "ald_related": row["related"] == 1,
            "third_party_payment": row["third_party_payment"],
        }
        for row in rows
    ]
    return {"person": person, "complementary": first["formula"], "lines": lines}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
