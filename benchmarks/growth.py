"""`python -m benchmarks.growth FOLDER`: time and memory from one to a hundred million lines.

Needs some two gigabytes in the folder, which it empties of what it made. Not part of `make bench`.
"""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

STUDENTS = (83_333, 833_333, 8_333_333)
YEAR = 2025


class Used(NamedTuple):
    """What a process took: seconds by the clock and of processor time, most memory in MiB."""

    wall: float
    processor: float
    memory: int


def main(folder: Path) -> None:
    """Print the table."""
    source, target = folder / "growth-in.parquet", folder / "growth-out.parquet"
    print(f"  {'lines':>12} {'generate':>34} {'batch':>34} {'ns a line':>20}")
    before = (0, 0.0)
    used("generate", str(source), "--students", "100", "--year", str(YEAR))
    used("batch", str(source), str(target))  # compiled, if it was not yet
    for students in STUDENTS:
        size = ("--students", str(students), "--year", str(YEAR), "--seed", "1")
        made = used("generate", str(source), *size)
        settled = used("batch", str(source), str(target))
        lines = pq.read_metadata(source).num_rows
        assert pq.read_metadata(target).num_rows == lines
        more = (settled.processor - before[1]) / (lines - before[0]) * 1e9
        print(f"  {lines:>12,} {shown(made):>34} {shown(settled):>34} {more:>20.0f}", flush=True)
        before = (lines, settled.processor)
        for path in (source, target, target.with_name(target.name + ".rejects.csv")):
            path.unlink()


def used(*arguments: str) -> Used:
    """Run a command of ours as a process of its own and return what it took."""
    command = [sys.executable, "-m", "decompte.cli", *arguments]
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, os.environ)
    _pid, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{arguments[0]} failed")
    wall = time.perf_counter() - start
    return Used(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def shown(one: Used) -> str:
    """Return what a process took as text."""
    return f"{one.wall:.1f} s, {one.processor:.1f} s proc., {one.memory} MiB"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
