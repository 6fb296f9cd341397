"""Workers killed at random moments: every reminder, recomputation and mail is done once."""

import json
import os
import subprocess
import sys

from tests.conftest import ROOT

KILLS = int(os.environ.get("DECOMPTE_KILLS", "8"))
SEED = int(os.environ.get("DECOMPTE_SEED", "7"))


def test_killed_workers_lose_nothing_and_double_nothing(tmp_path):
    environment = {**os.environ, "DECOMPTE_VAR": str(tmp_path)}
    environment.pop("DECOMPTE_DATABASE", None)
    command = [sys.executable, "-m", "tests.crash.worker", str(KILLS), str(SEED)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    everything_once(json.loads(done.stdout))


def everything_once(told):
    number = told["members"]
    assert told["died"] > 2, "the workers were done before they were killed"
    assert (told["reminded"], told["mails"], told["reminders_sent"]) == (number, number, [[1]])
    assert told["counted"] == [number, told["decisions"]]
    assert (told["differ"], told["differ_once"], told["jobs_done"]) == (number, number, 2)
    assert (told["unsent"], told["names_of_mails"]) == (0, told["messages"])
