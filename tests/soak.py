"""`make soak`: what shows that money holds, at the size that takes hours.

Stages, each with a seed: cents and payment files; care sent twice; scenarios worked by hand; a year
decided again; a year of a thousand people; rivals on PostgreSQL, careless and careful; commits
whose answer is lost; faults at every call that changes the disk; power cuts; rounds of random
histories. A stage that holds is written down and not run again; one that breaks prints what to type
to see it again. `DECOMPTE_SOAK=rivals` runs the stages with that in their name,
`DECOMPTE_PERCENT=5` all of them at a twentieth of their size.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("DECOMPTE_VAR", ROOT / "var"))
PERCENT = int(os.environ.get("DECOMPTE_PERCENT", "100"))
DONE = VAR / f"soak-{PERCENT}.jsonl"
ROUNDS = int(os.environ.get("DECOMPTE_ROUNDS", "80"))
ONLY = os.environ.get("DECOMPTE_SOAK", "")
ROUND = {"DECOMPTE_HISTORIES": "25", "DECOMPTE_STEPS": "50"}
PYTHON = (sys.executable, "-m")
TESTS = (*PYTHON, "pytest", "-q", "-p", "no:randomly")
NEVER = ("doubles", "lost", "half_done", "sent_twice", "anomalies", "problem_count")


class Stage(NamedTuple):
    """One thing to run: its name, what to type, in which environment, and how to judge it."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    holds: object = staticmethod(lambda _told: True)


def of(whole, least=1):
    """Return a size as it is typed: that of the whole, or the percentage asked for."""
    return str(max(whole * PERCENT // 100, least))


def stages():
    """Return everything, the quick things first."""
    yield Stage(
        "cents", (*PYTHON, "tests.cents", of(1_000_000), of(100_000), "1"), {}, file_in_time
    )
    pairs = {"DECOMPTE_PAIRS": of(50_000, 2000)}
    yield Stage("duplicates", (*TESTS, "tests/portal/test_duplicates.py"), pairs)
    every = {"DECOMPTE_SCENARIOS": str(max(100 // PERCENT, 1))}
    yield Stage("scenarios", (*TESTS, "tests/portal/test_scenarios.py"), every)
    yield Stage("decided again", (*PYTHON, "tests.again", of(115_000, 1000), "1"), {})
    yield rivals("rivals, careless", found_out, "--careless", kills=0, crashes=0, cuts=0)
    yield rivals("rivals", nothing_off, kills=60, crashes=10, cuts=20)
    yield Stage("answers lost", (*PYTHON, "tests.rivals.lost", of(500), "1"), {}, once_each)
    yield Stage("a year", (*PYTHON, "tests.year", of(1000, 4), "1"), {})
    disk = {
        "DECOMPTE_EVERY": str(max(100 // PERCENT, 1)),
        "DECOMPTE_CUTS": of(10_000),
        "DECOMPTE_SEED": "1",
    }
    yield Stage("disk", (*TESTS, "tests/crash/test_disk.py"), disk)
    for seed in range(1, int(of(ROUNDS)) + 1):
        yield Stage(
            f"histories {seed}",
            (*TESTS, "tests/portal/test_histories.py", "-k", "m1", f"--hypothesis-seed={seed}"),
            {name: os.environ.get(name, value) for name, value in ROUND.items()},
        )


def rivals(name, holds, *words, **harm):
    """Return a stage of rivals, with what is done to them."""
    hurt = [(f"--{what}", of(times, min(times, 1))) for what, times in harm.items()]
    size = ("--payables", of(12_000, 60), "--seed", "1", *chain.from_iterable(hurt))
    return Stage(name, (*PYTHON, "tests.rivals", *words, *size), {}, holds)


def nothing_off(told):
    """Return whether a run of careful rivals found nothing off."""
    return all(told[name] == 0 for name in NEVER)


def found_out(told):
    """Return whether a run of careless rivals was found out, a thousand times at full size."""
    return told["doubles"] >= int(of(1000)) and told["anomalies"] > 0


def once_each(told):
    """Return whether every commit without an answer had one effect."""
    return told["paid_once"] == told["orders"] == told["payables"] and not told["problems"]


def file_in_time(told):
    """Return whether a payment file was written and read again in time and memory."""
    return told["file_busy"] <= 60 and told["mib"] <= 512


def main():
    """Run the stages that are not done yet; return 1 at the first that breaks."""
    known = [json.loads(line) for line in DONE.read_text().splitlines()] if DONE.exists() else []
    done = {one["name"] for one in known}
    for stage in stages():
        if stage.name in done or ONLY not in stage.name:
            continue
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="decompte-soak-") as folder:
            environment = {**os.environ, **stage.environment, "DECOMPTE_VAR": folder}
            ended = subprocess.run(
                stage.command,
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        if ended.returncode or not stage.holds(told(ended.stdout)):
            again = " ".join(f"{name}={value}" for name, value in stage.environment.items())
            sys.stdout.write(f"{ended.stdout}{ended.stderr[-3000:]}\n")
            sys.stdout.write(f"{stage.name} breaks: {again} {' '.join(stage.command)}\n")
            return 1
        record = {"name": stage.name, "seconds": round(time.monotonic() - start)}
        VAR.mkdir(parents=True, exist_ok=True)
        with DONE.open("a") as file:
            file.write(json.dumps({**record, "told": told(ended.stdout)}) + "\n")
        sys.stdout.write(f"{stage.name} holds, {record['seconds']} s {told(ended.stdout)}\n")
        sys.stdout.flush()
    return 0


def told(output):
    """Return the line of JSON that a stage printed, or nothing."""
    last = (output.strip().splitlines() or [""])[-1]
    return json.loads(last) if last.startswith("{") else {}


if __name__ == "__main__":
    sys.exit(main())
