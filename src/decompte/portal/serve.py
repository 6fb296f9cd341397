"""Starts the portal: `decompte serve`, and Django's own commands: `decompte manage …`."""

import json
import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from decompte.portal.obstacles import obstacle

WORKERS, WRONG = 2, 2


def main(argv: list[str]) -> int:
    """Run `manage`, or let the server take this process's place; return the exit code."""
    if told := obstacle(os.environ, is_serving=argv[0] == "serve" and not argv[1:]):
        print(f"decompte: {told.en}\ndecompte: {told.to('fr')}", file=sys.stderr)  # noqa: T201
        return WRONG
    demonstration = Path(os.environ.get("DECOMPTE_VAR", "var")) / "demonstration.json"
    if demonstration.exists():
        kept = json.loads(demonstration.read_text())
        os.environ.setdefault("DECOMPTE_DEMONSTRATION", "1")
        os.environ.setdefault("DECOMPTE_DAYS_BACK", str(kept["days_back"]))
    if argv[1:2] == ["demonstration"]:
        os.environ["DECOMPTE_DEMONSTRATION"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "decompte.portal.settings")
    if argv[0] == "manage":
        execute_from_command_line(["decompte manage", *argv[1:]])
    else:
        _serve(argv[1:])
    return 0


def _serve(options: list[str]) -> None:
    _forget_counts()
    address = os.environ.get("DECOMPTE_BIND", "127.0.0.1")
    port = os.environ.get("PORT", "8000")
    os.execv(  # noqa: S606  (the server takes the place of this process)
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "decompte.portal.wsgi:application",
            "--bind",
            f"{address}:{port}",
            "--workers",
            str(WORKERS),
            "--threads",
            "4",
            "--timeout",
            "60",
            "--no-control-socket",
            *options,
        ],
    )


def _forget_counts() -> None:
    """Remove the counts of an earlier run; those of this one add up over its processes."""
    for path in (Path(os.environ.get("DECOMPTE_VAR", "var")) / "metrics").glob("*.db"):
        path.unlink()
