"""The batch on Spark gives the rows that one machine gives."""

import shutil
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from decompte.exchange import settler
from tests.engine import people


def test_spark_gives_the_same_amounts_and_rejected_rows(tmp_path):
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is none on this machine")
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    lines = people.table(lines=1500, seed=8, spoilt=0.05, since=2025)
    pq.write_table(lines, tmp_path / "in.parquet")
    subprocess.run(
        [
            *(sys.executable, "-m", "decompte.cli", "batch", tmp_path / "in.parquet"),
            *(tmp_path / "out", "--rejects", tmp_path / "wrong", "--spark", "local[2]"),
        ],
        check=True,
        capture_output=True,
    )
    amounts, rejected = settler.batch_with_rejects(lines, today=people.TODAY)
    for folder, wanted in (("out", amounts), ("wrong", rejected)):
        got = pq.read_table(tmp_path / folder).sort_by("line")
        assert got.to_pylist() == wanted.sort_by("line").to_pylist()
    assert not list(tmp_path.glob("*.work"))
