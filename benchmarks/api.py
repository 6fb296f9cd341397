"""Calls a second of `POST /api/v1/reimburse` and of an empty operation, on one server."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.wrk import rate

ROUNDS, SECONDS = 3, 4
PORT = 8719
CASE = (
    '{"person": {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"}, "lines": '
    '[{"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}]}'
)
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[{body}]]
"""


def rates() -> list[tuple[str, str]]:
    """Return the rows of the table, or what is missing to measure."""
    if shutil.which("wrk") is None:
        return [("wrk is not installed", "not measured")]
    with tempfile.TemporaryDirectory() as folder:
        server = _server(Path(folder))
        try:
            _wait()
            measured = [
                (_rate(folder, "empty/nothing", "{}"), _rate(folder, "v1/reimburse", CASE))
                for _turn in range(ROUNDS)
            ]
        finally:
            server.terminate()
            server.wait(20)
    empty = statistics.median(one for one, _two in measured)
    reimburse = statistics.median(two for _one, two in measured)
    return [
        ("an empty django-ninja operation", f"{empty:.0f}/s"),
        ("POST /api/v1/reimburse, one line explained", f"{reimburse:.0f}/s"),
        ("reimburse : empty", f"{reimburse / empty:.2f}"),
    ]


def _server(folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DECOMPTE_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "benchmarks.api_settings",
        "PORT": str(PORT),
    }
    command = [sys.executable, "-m", "decompte.cli"]
    subprocess.run(
        [*command, "manage", "migrate", "-v0"], env=environment, check=True, capture_output=True
    )
    return subprocess.Popen(
        [*command, "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait() -> None:
    for _turn in range(200):
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/readyz"):
                return
        except URLError:
            time.sleep(0.2)


def _rate(folder: str, path: str, body: str) -> float:
    script = Path(folder) / "body.lua"
    script.write_text(SCRIPT.format(body=body))
    return rate(f"http://127.0.0.1:{PORT}/api/{path}", SECONDS, "-s", str(script))
