"""The batch against what reading and writing alone costs, and against one case after the other.

Everything runs on the same generated file; amounts are compared before anything is timed.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path

import pyarrow.parquet as pq

from decompte.engine.single import settle
from decompte.exchange import case, columns, generate, settler, stream

TODAY = date(2026, 1, 1)
YEAR = 2025
STUDENTS = 80_000
TURNS = 5
SINGLES = 20_000


def main() -> None:
    """Print the table of the batch."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        making = seconds(lambda: make(source), 1)[0]
        lines = pq.read_metadata(source).num_rows
        job = stream.Job(source, target, Path(folder) / "rejects.csv", 2, TODAY, "en")
        stream.run(job, lambda _done, _rows: None)
        compare(source, target)
        ours, floor = [], []
        for _turn in range(TURNS):
            ours += seconds(lambda: stream.run(job, lambda _done, _rows: None), 1)
            floor += seconds(lambda: read_and_write(source, target, Path(folder) / "floor"), 1)
        show("generated", lines, [making])
        show("batch, file to file, 2 workers", lines, ours)
        show("the same columns read and written, nothing computed", lines, floor)
        ratio = statistics.median(one / other for one, other in zip(ours, floor, strict=True))
        print(f"  {'batch : reading and writing (median of pairs)':<58} {ratio:>10.2f} times")
        show("rules alone, columns in memory, by processor time", lines, kernel(source))
        show("one case after the other, read and settled", SINGLES, [singly(source)])


def make(source: Path) -> None:
    """Generate the file."""
    generate.generate(source, students=STUDENTS, year=YEAR, seed=1, workers=2)


def compare(source: Path, target: Path) -> None:
    """Stop unless the batch gives the amounts of the single case on the first lines."""
    got = pq.read_table(target).slice(0, 2000).to_pylist()
    rows = pq.read_table(source).slice(0, 2000).to_pylist()
    wanted = [line for people in cases(rows) for line in settle(people).lines]
    for amounts, line in zip(got[: len(wanted) - 50], wanted, strict=False):
        if (amounts["amo"], amounts["reasons"]) != (line.amo_cents, line.reasons):
            raise RuntimeError(f"line {amounts['line']} differs")


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


def read_and_write(source: Path, result: Path, target: Path) -> None:
    """Read what the batch reads and write what it writes."""
    amounts = pq.read_table(result)
    pq.read_table(source)
    names = [name for name in amounts.schema.names if name != "line"]
    pq.write_table(amounts, target, compression="snappy", use_dictionary=names)


def kernel(source: Path) -> list[float]:
    """Return seconds of a processor in the compiled loop alone, whoever else is at work."""
    settling = settler.settler(TODAY)
    lines = settling.read(pq.read_table(source).combine_chunks())
    assert lines is not None
    taken: list[float] = []
    for _turn in range(TURNS):
        start = time.thread_time()
        settling.amounts(lines)
        taken.append(time.thread_time() - start)
    return taken


def singly(source: Path) -> float:
    """Return seconds of one case after the other."""
    rows = pq.read_table(source).slice(0, SINGLES).to_pylist()
    start = time.perf_counter()
    for people in cases(rows):
        settle(people)
    return time.perf_counter() - start


def seconds(work: Callable[[], object], turns: int) -> list[float]:
    """Return the seconds of each turn."""
    taken = []
    for _turn in range(turns):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def show(name: str, lines: int, taken: list[float]) -> None:
    """Print lines a second: the median, the slowest and the quickest turn."""
    middle, slow, quick = statistics.median(taken), max(taken), min(taken)
    figures = (lines / one / 1e6 for one in (middle, slow, quick))
    shown = "{:.2f} M lines/s ({:.2f} to {:.2f})".format(*figures)
    print(f"  {name:<58} {shown:>34}")


if __name__ == "__main__":
    main()
