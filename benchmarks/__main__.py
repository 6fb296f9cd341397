"""`make bench`: tables. Ratios are measured side by side, nothing is asserted."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import api, batch, members
from decompte.documents.statement import Statement, statement_pdf
from decompte.engine.periods import periods
from decompte.engine.shapes import Case
from decompte.engine.single import as_rules_see_it, settle
from decompte.exchange import case
from decompte.rules.settle import settle as rules_settle
from decompte.rules.shapes import Law, Line, State

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "examples" / "seed-visit.yaml"
DAY = date(2026, 1, 1)
PASSWORD = "un-mot-de-passe-2014"


def document(lines: int) -> dict[str, object]:
    """Return a case of that many visits, one a day."""
    visits = [
        {
            "date": f"2014-{1 + n // 28 % 12:02d}-{1 + n % 28:02d}",
            "act": "G",
            "price": "23.00",
            "pathway": "declared-gp",
        }
        for n in range(lines)
    ]
    person = {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"}
    return {"person": person, "lines": visits}


def seconds(work: Callable[[], object], turns: int) -> list[float]:
    """Return the seconds of each turn."""
    taken = []
    for _turn in range(turns):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def table(title: str, rows: list[tuple[str, str]]) -> None:
    """Print a table."""
    print(f"\n{title}")
    for name, value in rows:
        print(f"  {name:<58} {value:>16}")


def rules() -> None:
    """Time one line through the uncompiled rules, against reading the case it stands in."""
    asked = document(1000)
    read: Case = case.read(asked, today=DAY)
    settle(read)
    law = periods()
    lines = [(law.of(one.date), as_rules_see_it(law, read, one)) for one in read.lines]
    alone = statistics.median(seconds(lambda: rules_alone(law.law, lines), 7)) / 1000
    settled = statistics.median(seconds(lambda: settle(read), 7)) / 1000
    reading = statistics.median(seconds(lambda: case.read(asked, today=DAY), 7)) / 1000
    explained = statistics.median(seconds(lambda: case.write(settle(read), "en"), 3)) / 1000
    table(
        "One care line (median of 7 runs over 1,000 lines)",
        [
            ("through the uncompiled rules", f"{alone * 1e6:.1f} µs"),
            ("settled: made into integers, ruled, remembered, told", f"{settled * 1e6:.1f} µs"),
            ("read and checked from the case format", f"{reading * 1e6:.1f} µs"),
            ("settled, explained and written", f"{explained * 1e6:.1f} µs"),
            ("explained : settled", f"{explained / settled:.1f} times"),
        ],
    )


def rules_alone(law: Law, lines: list[tuple[int, Line]]) -> None:
    """Settle lines by the rules, each remembering the one before."""
    state = State(0, 0, 0, 0, 0)
    for period, line in lines:
        _amounts, state = rules_settle(law, period, line, state)


def cold_start() -> None:
    """Time the command from a cold start, in pairs with an empty Python."""
    command = [sys.executable, "-m", "decompte.cli", "reimburse", str(SEED), "--json"]
    empty = [sys.executable, "-c", "pass"]
    ours, theirs = [], []
    for _turn in range(15):
        for argv, kept in ((command, ours), (empty, theirs)):
            kept += seconds(
                lambda argv=argv: subprocess.run(argv, check=True, capture_output=True), 1
            )
    one, other = statistics.median(ours), statistics.median(theirs)
    table(
        "From file to JSON, cold start (median of 15 pairs)",
        [
            ("decompte reimburse --json", f"{one * 1000:.0f} ms"),
            ("an empty Python", f"{other * 1000:.0f} ms"),
            ("ratio", f"{one / other:.1f} times"),
            ("slowest", f"{max(ours) * 1000:.0f} ms"),
        ],
    )


def statements() -> None:
    """Time statements as PDF/UA."""
    rows = []
    for lines in (1, 5, 20):
        shown = case.write(settle(case.read(document(lines), today=DAY)), "fr")
        statement = Statement(shown, DAY)
        pdf = statement_pdf(statement, lang="fr")
        pages = pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page/") or 1
        numbered = (statement._replace(message=str(number)) for number in range(1, 99))
        taken = statistics.median(seconds(lambda n=numbered: statement_pdf(next(n), lang="fr"), 9))
        rows.append(
            (f"statement of {lines} lines, {len(pdf) // 1024} KiB", f"{1 / taken:.1f} a second")
        )
        rows.append((f"  {pages} pages", f"{pages / taken:.1f} pages/s"))
    table("Statements as PDF/UA (median of 9)", rows)


def pages() -> None:
    """Count requests a second for the heaviest page, an agent's review, and a light one."""
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "DECOMPTE_VAR": var, "PORT": "8765"}
        base = [sys.executable, "-m", "decompte.cli"]
        subprocess.run(
            [*base, "manage", "demonstration"], env=environment, check=True, capture_output=True
        )
        server = subprocess.Popen(
            [*base, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            time.sleep(4)
            cookie = sign_in("agent.smerep@decompte.example")
            work_list = fetch("/agency/", cookie).decode()
            review = work_list.split('href="/agency/requests/')[1].split('"')[0]
            heavy, light = f"/agency/requests/{review}", "/healthz"
            table(
                "Requests a second, 2 workers, 8 clients, 200 requests each",
                [
                    ("review of a request (papers, live computation)", rate(heavy, cookie)),
                    ("work list", rate("/agency/", cookie)),
                    ("/healthz", rate(light, cookie)),
                ],
            )
        finally:
            server.terminate()
            server.wait()


def rate(path: str, cookie: str) -> str:
    """Return requests a second for a page."""
    start = time.perf_counter()
    with ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda _n: fetch(path, cookie), range(200)))
    return f"{200 / (time.perf_counter() - start):.0f} req/s"


def fetch(path: str, cookie: str) -> bytes:
    """Return a page."""
    connection = HTTPConnection("127.0.0.1", 8765, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Host": "127.0.0.1"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status}")
    return content


def sign_in(email: str) -> str:
    """Return the cookies of a session."""
    connection = HTTPConnection("127.0.0.1", 8765, timeout=60)
    connection.request("GET", "/accounts/login/", headers={"Host": "127.0.0.1"})
    answer = connection.getresponse()
    page = answer.read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
    csrf = cookies(answer.getheaders())
    body = urlencode({"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD})
    connection.request(
        "POST",
        "/accounts/login/",
        body,
        headers={
            "Cookie": csrf,
            "Host": "127.0.0.1",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    answer = connection.getresponse()
    answer.read()
    return cookies(answer.getheaders())


def cookies(headers: list[tuple[str, str]]) -> str:
    """Return the cookies that an answer sets."""
    return "; ".join(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    rules()
    cold_start()
    statements()
    pages()
    table("Members' pages (median of 3, wrk, 4 connections, 2 workers)", members.rates())
    table("The interface for programs (median of 3, wrk, 4 connections)", api.rates())
    print("\nThe batch (median, slowest and quickest of 5 turns on one file)")
    batch.main()
