"""`make soak`: what shows that money holds, at the size that takes hours.

Stages, each with a seed: rounds of random histories; a year of a thousand people; rivals on
PostgreSQL, careful and careless; commits whose answer is lost; faults at every call that changes
the disk; power cuts. A stage that holds is written down and not run again; one that breaks prints
what to type to see it again. `DECOMPTE_SOAK=rivals` runs the stages with that in their name.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("DECOMPTE_VAR", ROOT / "var"))
DONE = VAR / "soak.jsonl"
ROUNDS = int(os.environ.get("DECOMPTE_ROUNDS", "80"))
ONLY = os.environ.get("DECOMPTE_SOAK", "")
ROUND = {"DECOMPTE_HISTORIES": "25", "DECOMPTE_STEPS": "50"}
NEVER = ("doubles", "lost", "half_done", "sent_twice", "anomalies", "problem_count")


class Stage(NamedTuple):
    """One thing to run: its name, what to type, in which environment, and how to judge it."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    holds: object = staticmethod(lambda _told: True)


def stages():
    """Return everything, the quick things first."""
    python = (sys.executable, "-m")
    yield Stage(
        "rivals, careless",
        (
            *python,
            "tests.rivals",
            "--careless",
            "--kills",
            "0",
            "--crashes",
            "0",
            "--cuts",
            "0",
            "--seed",
            "1",
        ),
        {},
        found_out,
    )
    yield Stage("cents", (*python, "tests.cents", "1000000", "100000", "1"), {}, file_in_time)
    duplicates = (*python, "pytest", "-q", "tests/portal/test_duplicates.py")
    yield Stage("duplicates", duplicates, {"DECOMPTE_PAIRS": "50000"})
    yield Stage("decided again", (*python, "tests.again", "115000", "1"), {})
    scenarios = (*python, "pytest", "-q", "tests/portal/test_scenarios.py")
    yield Stage("scenarios", scenarios, {"DECOMPTE_SCENARIOS": "1"})
    yield Stage("rivals", (*python, "tests.rivals", "--seed", "1"), {}, nothing_off)
    yield Stage("answers lost", (*python, "tests.rivals.lost", "500", "1"), {}, once_each)
    yield Stage("a year", (*python, "tests.year", "1000", "1"), {})
    tests = (*python, "pytest", "-q", "-p", "no:randomly")
    disk = {"DECOMPTE_EVERY": "1", "DECOMPTE_CUTS": "10000", "DECOMPTE_SEED": "1"}
    yield Stage("disk", (*tests, "tests/crash/test_disk.py"), disk)
    for seed in range(1, ROUNDS + 1):
        yield Stage(
            f"histories {seed}",
            (*tests, "tests/portal/test_histories.py", "-k", "m1", f"--hypothesis-seed={seed}"),
            {name: os.environ.get(name, value) for name, value in ROUND.items()},
        )


def nothing_off(told):
    """Return whether a run of careful rivals found nothing off."""
    return all(told[name] == 0 for name in NEVER)


def found_out(told):
    """Return whether a run of careless rivals was found out a thousand times."""
    return told["doubles"] >= 1000 and told["anomalies"] > 0


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
