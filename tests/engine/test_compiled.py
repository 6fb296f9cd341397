"""What is compiled is kept under the name of its sources, and thrown away when nobody uses it."""

import os

from decompte.engine import batch_loop, compiled, memory, periods


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


def test_a_law_as_a_record_has_every_figure_and_room_for_more_periods():
    law = periods.periods().law
    record = compiled.as_record(law, 32)
    count = len(law.participation_per_act)
    for name, table in zip(law._fields, law, strict=True):
        kept = getattr(record, name)
        if isinstance(table, tuple):
            assert kept[: len(table)].tolist() == plain(table), name
        else:
            assert kept == table, name
    assert len(record.participation_per_act) % 32 == 0 >= count - len(record.participation_per_act)


def plain(table):
    return [plain(row) if isinstance(row, tuple) else row for row in table]


def test_the_version_of_the_law_covers_what_is_remembered(monkeypatch, tmp_path):
    before = periods.version(periods.periods().data)
    changed = tmp_path / "memory.py"
    changed.write_bytes(periods.MEMORY.read_bytes() + b"\n")
    monkeypatch.setattr(periods, "MEMORY", changed)
    assert periods.version(periods.periods().data) != before
