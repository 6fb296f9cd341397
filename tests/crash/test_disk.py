"""M3, M7: killed or failing at every call that changes the disk, and with the power cut."""

import os
import random
import shutil
import signal
import sqlite3

import pytest

from tests.crash import powercut
from tests.crash.harness import CHANGING
from tests.crash.test_payment import folder, harness, paid_once

__all__ = ["folder", "harness"]
pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not on this machine"
)
SYNCS = "fsync,fdatasync,pwrite64"
EVERY = int(os.environ.get("DECOMPTE_EVERY", "40"))
CUTS = int(os.environ.get("DECOMPTE_CUTS", "60"))
SEED = int(os.environ.get("DECOMPTE_SEED", "7"))
PAYABLES = 12


@pytest.fixture(scope="module")
def calls(harness, demonstrated, tmp_path_factory):
    """How many calls change the disk in a night's job."""
    copied = tmp_path_factory.mktemp("calls") / "var"
    shutil.copytree(demonstrated, copied)
    assert harness.ask(copied, "trace:-") == (0, [])
    return len((copied / "trace").read_text().splitlines())


def test_m3_killed_at_every_call_that_changes_the_disk_everybody_is_paid_once(
    harness, demonstrated, calls, tmp_path
):
    numbers = range(random.Random(SEED).randrange(EVERY) + 1, calls + 1, EVERY)
    killed = 0
    for number in numbers:
        case = tmp_path / str(number)
        shutil.copytree(demonstrated, case)
        ended, _told = harness.ask(case, f"inject:{CHANGING}:kill:{number}")
        killed += ended == -signal.SIGKILL
        paid_once(harness, case)
        shutil.rmtree(case)
    assert killed >= len(numbers) * 9 // 10, "a night's job makes some calls more or less"


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC"])
def test_m3_a_disk_that_fails_or_is_full_at_any_call_pays_nobody_twice(
    harness, demonstrated, calls, tmp_path, fault
):
    for number in range(random.Random(SEED).randrange(EVERY) + 1, calls + 1, 2 * EVERY):
        case = tmp_path / str(number)
        shutil.copytree(demonstrated, case)
        harness.ask(case, f"inject:{SYNCS}:{fault}:{number}")
        paid_once(harness, case)
        shutil.rmtree(case)


def test_m7_a_power_cut_loses_nothing_that_was_acknowledged(harness, folder, tmp_path):
    assert harness.ask(folder, f"pool:{PAYABLES}") == (0, [])
    names = [folder / f"decompte.sqlite3{end}" for end in ("", "-wal")]
    before = {str(one): one.read_bytes() if one.exists() else b"" for one in names}
    assert harness.ask(folder, "trace:orders") == (0, [])
    steps = powercut.read(folder / "trace")
    assert sum(one.path.endswith("acknowledged") for one in steps) >= PAYABLES
    (tmp_path / "cut").mkdir()
    assert cuts(before, steps, tmp_path / "cut") == []
    lying = [one for one in steps if one.call not in powercut.SYNCS]
    assert cuts(before, lying, tmp_path / "cut"), "a disk that syncs nothing must be found out"


def cuts(before, steps, cut):
    """Cut the power at random moments and return what was off."""
    chance, found = random.Random(SEED), []
    disk, acknowledged, position = powercut.Disk(before), [], 0
    for moment in sorted(chance.randrange(len(steps)) for _n in range(CUTS)):
        for step in steps[position:moment]:
            disk.take(step)
            acknowledged += [step.data.decode()] if step.path.endswith("acknowledged") else []
        position = moment
        for path, data in disk.cut(chance).items():
            (cut / os.path.basename(path)).write_bytes(data)
        found += off(cut, "".join(acknowledged).split())
    return found


def off(cut, acknowledged):
    """Return what is off in a database after a power cut."""
    for one in cut.glob("*-shm"):
        one.unlink()
    asked = sqlite3.connect(cut / "decompte.sqlite3")
    try:
        whole = asked.execute("PRAGMA integrity_check").fetchone()[0]
        there = {str(row[0]) for row in asked.execute(ORDERED)}
        uneven = asked.execute(UNEVEN).fetchall()
    finally:
        asked.close()
    lost = [one for one in acknowledged if one not in there]
    return [*([whole] if whole != "ok" else []), *lost, *uneven]


ORDERED = "SELECT decision_id FROM payments_paymentorder"
UNEVEN = "SELECT entry_id FROM payments_posting GROUP BY entry_id HAVING SUM(amount_cents) <> 0"
