"""`make soak`: random histories of money, round after round, each with a seed of its own.

A round that holds is written down; the next call goes on after it. A round that breaks prints its
seed and what to type to see it again.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DONE = Path(os.environ.get("DECOMPTE_VAR", ROOT / "var")) / "soak.json"
ROUNDS = int(os.environ.get("DECOMPTE_ROUNDS", "80"))
ROUND = {"DECOMPTE_HISTORIES": "25", "DECOMPTE_STEPS": "50"}


def main():
    """Run the rounds that are not done yet; return 1 at the first that breaks."""
    done = json.loads(DONE.read_text())["seed"] if DONE.exists() else 0
    size = {name: os.environ.get(name, value) for name, value in ROUND.items()}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"]
    command += ["tests/portal/test_histories.py", "-k", "m1"]
    for seed in range(done + 1, ROUNDS + 1):
        asked = [*command, f"--hypothesis-seed={seed}"]
        ended = subprocess.run(
            asked, cwd=ROOT, env={**os.environ, **size}, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            again = " ".join(f"{name}={value}" for name, value in size.items())
            sys.stdout.write(f"{ended.stdout}\nseed {seed} breaks: {again} {' '.join(asked)}\n")
            return 1
        DONE.parent.mkdir(parents=True, exist_ok=True)
        DONE.write_text(json.dumps({"seed": seed}))
        sys.stdout.write(f"seed {seed}: {size['DECOMPTE_HISTORIES']} histories hold\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
