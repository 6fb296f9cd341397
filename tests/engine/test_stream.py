"""Files in, files out: any size, order and accident; the rows are those of the table."""

import errno
import os
import signal
import subprocess
import sys
import time

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from decompte.cli import main
from decompte.errors import Refusal
from decompte.exchange import columns, journal, ordered, settler, stream
from tests.engine import people


@pytest.fixture(scope="module")
def lines():
    table = people.table(lines=4000, seed=5, spoilt=0.03, since=2025)
    return table.sort_by([(name, "ascending") for name in columns.KEYS])


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a few rows, so that a small file has many."""
    monkeypatch.setattr(ordered, "BLOCK", 256)
    monkeypatch.setattr(stream, "BLOCK", 256)


def run(source, target, workers=2, rejects=None):
    rejects = rejects or target.with_name("rejects.csv")
    job = stream.Job(source, target, rejects, workers, people.TODAY, "en")
    return stream.run(job, lambda _done, _rows: None)


def written(table, path, **options):
    pq.write_table(table, path, **options)
    return path


def test_a_file_gives_what_its_table_gives(lines, tmp_path, small_blocks):
    source = written(lines, tmp_path / "in.parquet", row_group_size=700)
    report = run(source, tmp_path / "out.parquet", rejects=tmp_path / "wrong.parquet")
    amounts, rejected = settler.batch_with_rejects(lines, today=people.TODAY)
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.equals(amounts)
    assert polars.read_parquet(tmp_path / "out.parquet").to_arrow().num_rows == len(out)
    assert len(duckdb.read_parquet(str(tmp_path / "out.parquet")).fetchall()) == len(out)
    assert out.schema.metadata[b"decompte.law"].decode() == report.law
    assert pq.read_table(tmp_path / "wrong.parquet").equals(rejected)
    assert (report.rows, report.kept, report.rejected) == (4000, len(amounts), len(rejected))
    assert not (tmp_path / "out.parquet.work").exists()


def test_workers_and_row_groups_change_nothing(lines, tmp_path, small_blocks):
    made = []
    for workers, size in ((1, 4000), (2, 4000), (3, 100), (2, 999)):
        source = written(lines, tmp_path / "in.parquet", row_group_size=size)
        run(source, tmp_path / "out.parquet", workers=workers)
        made.append(pq.read_table(tmp_path / "out.parquet"))
    assert all(table.equals(made[0]) for table in made)


def test_rows_in_any_order_give_the_same_bytes(lines, tmp_path, small_blocks):
    digests = []
    for seed in (1, 2):
        order = np.random.default_rng(seed).permutation(len(lines))
        source = written(lines.take(order), tmp_path / "in.parquet")
        assert run(source, tmp_path / "out.parquet").was_sorted
        digests.append((tmp_path / "out.parquet").read_bytes())
    assert digests[0] == digests[1]
    out = pq.read_table(tmp_path / "out.parquet").sort_by("line")
    assert out.equals(settler.batch_with_rejects(lines, today=people.TODAY)[0].sort_by("line"))


def test_csv_gives_what_parquet_gives_and_a_wrong_cell_rejects_its_row(lines, tmp_path):
    pyarrow.csv.write_csv(lines, tmp_path / "in.csv")
    run(tmp_path / "in.csv", tmp_path / "out.csv")
    want = settler.batch_with_rejects(lines, today=people.TODAY)[0]
    got = pyarrow.csv.read_csv(tmp_path / "out.csv")
    assert got.sort_by("line")["amo"].to_pylist() == want.sort_by("line")["amo"].to_pylist()
    (tmp_path / "wrong.csv").write_text(
        "beneficiary,line,date,act,price_cents\n"
        "a,1,2025-03-03,G,3000\na,2,2025-02-30,G,3000\na,3,2025-03-04,G,30.5\na,4,x\na,5,2025-03-04,G,3000\n"
    )
    report = run(tmp_path / "wrong.csv", tmp_path / "out.csv")
    assert (report.rows, report.kept, report.rejected) == (5, 2, 3)
    assert (tmp_path / "rejects.csv").read_text().count("cell.unreadable") == 3


def test_a_killed_run_continues_to_the_same_bytes(lines, tmp_path):
    table = pa.concat_tables(
        [
            lines.set_column(
                0, "beneficiary", pa.array(np.array(lines["beneficiary"]) + n * 10_000)
            )
            for n in range(60)
        ]
    )
    source = written(table, tmp_path / "in.parquet", row_group_size=20_000)
    code = (
        "import sys; from decompte.exchange import ordered, stream; "
        "ordered.BLOCK = stream.BLOCK = 10_000; "
        "from decompte.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "batch", str(source)]
    subprocess.run([*command, str(tmp_path / "whole.parquet")], check=True, capture_output=True)
    killed = tmp_path / "killed.parquet"
    journal = tmp_path / "killed.parquet.work" / "journal"
    process = subprocess.Popen([*command, str(killed)], stderr=subprocess.PIPE)
    while process.poll() is None and not (journal.exists() and journal.read_text().count("\n") > 3):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not killed.exists()
    assert journal.exists(), "the run was over before it could be killed"
    done = subprocess.run([*command, str(killed)], check=True, capture_output=True, text=True)
    assert "rows" in done.stderr
    assert killed.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_what_the_disk_could_not_take_meanwhile_is_told(lines, tmp_path, small_blocks, monkeypatch):
    found = iter([OSError(errno.EIO, "Input/output error")])
    monkeypatch.setattr(journal.os, "fsync", lambda file: throw(next(found, None)))
    source = written(lines, tmp_path / "in.parquet")
    with pytest.raises(Refusal, match="cannot be read or written"):
        run(source, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def throw(error):
    if error:
        raise error


def test_a_full_disk_is_told_and_leaves_nothing_under_the_name(lines, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("a small disk can be made by root alone")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False
    ).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        source = written(lines, tmp_path / "in.parquet")
        with pytest.raises(Refusal, match="the disk is full"):
            run(source, disk / "out.parquet", rejects=tmp_path / "rejects.csv")
        assert not (disk / "out.parquet").exists()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_truncated_file_is_one_clear_line(lines, tmp_path, capsys):
    source = written(lines, tmp_path / "in.parquet")
    whole = source.read_bytes()
    for size in (0, 3, 100, len(whole) // 2, len(whole) - 1):
        source.write_bytes(whole[:size])
        assert main(["batch", str(source), str(tmp_path / "out.parquet")]) == 2
        assert capsys.readouterr().err.startswith(f"{source}: ")
        assert list(tmp_path.iterdir()) == [source]


EACH = """
import sys
from decompte.cli import main
for path in sys.argv[2:]:
    print(path, flush=True)
    print(main(["batch", path, sys.argv[1]]), flush=True)
"""


def test_hostile_parquet_is_refused_without_a_crash(shared, tmp_path):
    """One process of its own takes all: where it ends early, the last path is what ended it."""
    found = sorted(map(str, (shared / "hostile" / "parquet").rglob("*.parquet")))
    assert found
    done = subprocess.run(
        [sys.executable, "-c", EACH, tmp_path / "out.parquet", *found],
        capture_output=True,
        text=True,
        timeout=60 * len(found),
        check=False,
    )
    assert done.stdout.split("\n") == [*(text for path in found for text in (path, "2")), ""]
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.parquet").exists()


def test_a_missing_file_is_wrong_input(tmp_path, capsys):
    assert main(["batch", str(tmp_path / "nowhere.parquet"), str(tmp_path / "out.parquet")]) == 2
    assert "no such file or folder" in capsys.readouterr().err
