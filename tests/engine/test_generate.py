"""A synthetic year: the same for the same seed, in order, and computable line by line."""

import pyarrow.parquet as pq
import yaml

from decompte.cli import main
from decompte.exchange import columns, generate, settler
from tests.engine import people


def made(path, monkeypatch=None, workers=2, seed=3, students=60):
    generate.generate(path, students=students, year=2025, seed=seed, workers=workers)
    return pq.read_table(path)


def test_the_same_seed_gives_the_same_bytes_whatever_the_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(generate, "STUDENTS", 20)
    first = made(tmp_path / "a.parquet", workers=1)
    made(tmp_path / "b.parquet", workers=3)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert not first.equals(made(tmp_path / "c.parquet", seed=4))
    assert not (tmp_path / "a.parquet.partial").exists()


def test_every_line_can_be_computed_and_comes_in_order(tmp_path):
    table = made(tmp_path / "a.parquet", students=200)
    amounts, rejected = settler.batch_with_rejects(table, today=people.TODAY)
    assert rejected.to_pylist() == [
        row for row in rejected.to_pylist() if "future" in row["reasons"]
    ]
    assert len(amounts) == len(table)
    keys = list(zip(*(table[name].to_pylist() for name in columns.KEYS), strict=True))
    assert keys == sorted(keys)
    assert len(set(table["line"].to_pylist())) == len(table)


def test_every_assumption_says_whether_it_is_published():
    document = yaml.safe_load(generate.ASSUMPTIONS.read_text())
    assert {entry["kind"] for entry in document.values()} == {"published", "assumed"}
    assert all(entry["note"] for entry in document.values())


def test_the_command_reports_totals_and_refuses_what_is_out_of_range(tmp_path, capsys):
    target = str(tmp_path / "a.parquet")
    assert main(["generate", target, "--students", "30", "--year", "2024"]) == 0
    assert "euros billed a head" in capsys.readouterr().out
    assert main(["generate", target, "--students", "0", "--year", "1999"]) == 2
    assert "at least one student" in capsys.readouterr().err
