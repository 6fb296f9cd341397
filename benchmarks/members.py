"""Requests a second of the member's pages, beside a bare Django page on the same server program."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benchmarks.wrk import rate

PASSWORD = "un-mot-de-passe-2014"
ROUNDS, SECONDS = 3, 4
PORT, BARE_PORT = 8721, 8722
HERE = f"http://127.0.0.1:{PORT}"
BARE = f"http://127.0.0.1:{BARE_PORT}/"
WORKERS = ("--workers", "2", "--threads", "4")


def rates() -> list[tuple[str, str]]:
    """Return the rows of the table, or what is missing to measure."""
    if shutil.which("wrk") is None:
        return [("wrk is not installed", "not measured")]
    with tempfile.TemporaryDirectory() as var, running(var):
        pages, cookie = paths()
        signed_in = ("-H", f"Cookie: {cookie}")
        measured = [
            [
                rate(BARE, SECONDS),
                *(rate(f"{HERE}{path}", SECONDS, *signed_in) for path in pages.values()),
            ]
            for _turn in range(ROUNDS)
        ]
    bare, *found = (statistics.median(column) for column in zip(*measured, strict=True))
    rows = [("a bare Django page: a template, no database", f"{bare:.0f}/s")]
    for name, one in zip(pages, found, strict=True):
        rows.append((name, f"{one:.0f}/s, {one / bare:.2f} of the bare page"))
    return rows


@contextmanager
def running(var: str) -> Iterator[None]:
    """Run the portal with the demonstration's people, and the bare page, as long as it is open."""
    environment = {**os.environ, "DECOMPTE_VAR": var, "PORT": str(PORT)}
    portal = [sys.executable, "-m", "decompte.cli"]
    subprocess.run(
        [*portal, "manage", "demonstration"], env=environment, check=True, capture_output=True
    )
    bare = [sys.executable, "-m", "gunicorn", "benchmarks.bare:application", *WORKERS]
    bare += ["--bind", f"127.0.0.1:{BARE_PORT}", "--no-control-socket"]
    servers = [
        subprocess.Popen(one, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for one in ([*portal, "serve"], bare)
    ]
    try:
        for address in (f"{HERE}/readyz", BARE):
            wait(address)
        yield
    finally:
        for one in servers:
            one.terminate()
            one.wait(20)


def wait(address: str) -> None:
    """Wait until a server answers.

    Raises:
        RuntimeError: it did not start.
    """
    for _turn in range(200):
        try:
            if httpx.get(address).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not start")


def paths() -> tuple[dict[str, str], str]:
    """Return the pages to ask for by name, and the cookies of a member who may."""
    with httpx.Client(base_url=HERE) as client:
        page = client.get("/accounts/login/").text
        token = page.split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
        told = {"csrfmiddlewaretoken": token, "login": "ana@decompte.example"}
        client.post("/accounts/login/", data={**told, "password": PASSWORD})
        listed = client.get("/requests/").text
        found = re.search(r'href="(/requests/[^/"]{16,}/)"', listed)
        assert found, "the demonstration's member has a request"
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {
        "my cover": "/member/",
        "my requests": "/requests/",
        "one request": found.group(1),
        "a new request": "/requests/new/",
        "what will I get back?": "/what-comes-back/",
    }, cookie
