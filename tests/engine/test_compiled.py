"""What is compiled is kept under the name of its sources, and thrown away when nobody uses it."""

import os

import pytest

from decompte.engine import batch_loop, compiled, memory, periods
from decompte.engine.quick_share import quick_share
from decompte.rules import rounding


def test_other_sources_have_another_name():
    one = compiled.digest([memory])
    assert one == compiled.digest([memory]) != compiled.digest([memory, batch_loop])


def test_what_was_not_used_for_a_month_is_thrown_away(tmp_path):
    for name in ("old", "recent"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "loop.nbc").write_bytes(b"machine code")
    compiled.prune(tmp_path / "now")
    now = (tmp_path / "now").stat().st_mtime
    for name, days in (("old", 31), ("recent", 29)):
        os.utime(tmp_path / name, (now - days * 86_400,) * 2)
    compiled.prune(tmp_path / "now")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["now", "recent"]


def test_a_law_as_records_has_every_figure_of_every_period():
    law = periods.periods().law
    records = compiled.as_records(law)
    count = len(law.participation_per_act)
    for name, table in zip(law._fields, law, strict=True):
        kept = getattr(records, name).tolist()
        is_dated = isinstance(table, tuple) and len(table) == count
        asked = plain(table) if isinstance(table, tuple) else table
        assert kept == ([[one] for one in asked] if is_dated else [asked] * count), name


@pytest.mark.parametrize("points", [0, 1, 4999, 5000, 7000, 9999, 10_000, 15_000, 10_000_000])
def test_a_share_is_the_same_compiled(points):
    amounts = [*range(3000), 99_999, 100_000_000, 9_900_000_000]
    assert [quick_share(amount, points) for amount in amounts] == [
        rounding.share(amount, points) for amount in amounts
    ]


def plain(table):
    return [plain(row) if isinstance(row, tuple) else row for row in table]


def test_the_version_of_the_law_covers_what_is_remembered(monkeypatch, tmp_path):
    before = periods.version(periods.periods().data)
    changed = tmp_path / "memory.py"
    changed.write_bytes(periods.MEMORY.read_bytes() + b"\n")
    monkeypatch.setattr(periods, "MEMORY", changed)
    assert periods.version(periods.periods().data) != before
