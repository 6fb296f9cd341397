"""Stopped at any point while paying: after another try, everybody is paid exactly once."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from decompte.portal.payments.failpoints import NAMES

ROOT = Path(__file__).resolve().parents[2]
ENDED = "[] returned held returned settled held"
ENDS = {"kill": -signal.SIGKILL, "error:5": 1, "error:28": 1}


class Harness:
    """The process that forks a child for each case."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.harness"],
            cwd=ROOT,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, folder, what):
        self.process.stdin.write(f"{folder} {what}\n")
        self.process.stdin.flush()
        told = []
        while not (line := self.process.stdout.readline()).startswith("ended"):
            assert line, "the harness is gone"
            told.append(line.strip())
        return int(line.split()[1]), told


def environment(folder, **more):
    marker = (folder / "demonstration.json").read_text()
    return {
        **os.environ,
        "DECOMPTE_VAR": str(folder),
        "DECOMPTE_DEMONSTRATION": "1",
        "DECOMPTE_DAYS_BACK": str(json.loads(marker)["days_back"]),
        "DJANGO_SETTINGS_MODULE": "decompte.portal.settings",
        **more,
    }


@pytest.fixture(scope="module")
def harness(demonstrated):
    made = Harness(demonstrated)
    yield made
    made.process.stdin.close()
    made.process.wait()
    made.process.stdout.close()


@pytest.fixture
def folder(demonstrated, tmp_path):
    shutil.copytree(demonstrated, tmp_path / "var")
    return tmp_path / "var"


def sent(folder):
    files = list((folder / "outgoing").glob("*"))
    assert {file.suffix for file in files} == {".xml"}
    found = re.findall(rb"<EndToEndId>([^<]+)", b"".join(file.read_bytes() for file in files))
    assert len(found) == len(set(found))
    return found


def paid_once(harness, folder):
    assert harness.ask(folder, "-") == (0, [])
    assert harness.ask(folder, "-") == (0, [])
    assert harness.ask(folder, "check") == (0, [ENDED])
    assert len(sent(folder)) == 4


@pytest.mark.parametrize("what", ENDS)
@pytest.mark.parametrize("point", NAMES)
def test_m3_stopped_at_every_point_everybody_is_paid_once(harness, folder, point, what):
    ended, _told = harness.ask(folder, f"{point}:{what}")
    assert ended == ENDS[what], "the point was not reached"
    paid_once(harness, folder)


@pytest.mark.parametrize("milliseconds", [1, 5, 20, 60])
def test_killed_at_any_moment_everybody_is_paid_once(harness, folder, milliseconds):
    rival = Harness(folder)
    rival.process.stdin.write(f"{folder} -\n")
    rival.process.stdin.flush()
    time.sleep(milliseconds / 1000 + 1.5)
    rival.process.send_signal(signal.SIGKILL)
    rival.process.wait()
    rival.process.stdin.close()
    rival.process.stdout.close()
    paid_once(harness, folder)


def test_m6_the_scheduler_firing_twice_sends_once(harness, folder):
    rival = Harness(folder)
    rival.process.stdin.write(f"{folder} -\n")
    rival.process.stdin.flush()
    harness.ask(folder, "-")
    rival.process.stdin.close()
    rival.process.wait()
    rival.process.stdout.close()
    paid_once(harness, folder)


def test_m6_a_clock_set_back_and_yesterdays_job_again_send_nothing_twice(harness, folder):
    assert harness.ask(folder, "-") == (0, [])
    assert harness.ask(folder, "set-back") == (0, [])
    paid_once(harness, folder)


def test_m6_an_old_copy_started_by_mistake_sends_nothing(harness, folder):
    old = {one.name: one.read_bytes() for one in folder.glob("decompte.sqlite3*")}
    paid_once(harness, folder)
    for one in folder.glob("decompte.sqlite3*"):
        one.unlink()
    for name, data in old.items():
        (folder / name).write_bytes(data)
    before = sent(folder)
    ended, _told = harness.ask(folder, "-")
    assert ended == 1
    assert sent(folder) == before


def test_m6_a_register_that_somebody_changed_stops_everything(harness, folder):
    register = folder / "register" / "sent.jsonl"
    register.write_bytes(register.read_bytes().replace(b"DECOMPTE-", b"DECOMPTE_", 1))
    ended, _told = harness.ask(folder, "-")
    assert ended == 1
    assert len(sent(folder)) == 2
