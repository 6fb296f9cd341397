"""Hostile files through every entry of the pages that takes one, on the real server.

Some of the corpus by default; all of it, and the generated part, with `DECOMPTE_TIER=1`.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.test_journey import FILE
from tests.portal.test_journey import STEP_1

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
IS_WHOLE = os.environ.get("DECOMPTE_TIER") == "1"
SAMPLE = 6
ANSWERS = {200, 302, 400, 404, 413, 415, 422}
SLOWEST = 15
MOST_GROWTH_KB = 30 * 1024
ENDINGS = {".pdf": ".pdf", ".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png", ".heic": ".heic"}
BANK_STEP = "/registration/step/3/"
ENTRIES = {
    "paper": ("ana@decompte.example", None, {"kind": "care-form"}),
    "details": (None, BANK_STEP, {"read": "1"}),
    "statement": (None, "/check/", {"text": ""}),
    "list": ("registrar@decompte.example", "/school/list/", {}),
    "scan": ("agent.lmde@decompte.example", "/mailroom/", {}),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    shared = Path(__file__).resolve().parents[3] / "shared" / "hostile"
    if not shared.exists():
        pytest.skip("the shared data are not on this machine")
    files = sorted(one for one in shared.rglob("*") if one.is_file() and one.suffix != ".py")
    if not IS_WHOLE:
        documents = [one for one in files if one.suffix.lower() in ENDINGS]
        return [*documents[:: len(documents) // SAMPLE], *files[:: len(files) // SAMPLE]]
    made = tmp_path_factory.mktemp("generated")
    subprocess.run([sys.executable, str(shared / "generate.py"), str(made)], check=True)
    return [*files, *sorted(one for one in made.rglob("*") if one.is_file())]


@pytest.fixture(scope="module")
def entries(server):
    """Give a client for each entry, signed in as who may use it, and the entry's address."""
    opened = {}
    for name, (email, address, fields) in ENTRIES.items():
        client = httpx.Client(base_url=server, timeout=60)
        if email:
            sign_in(client, email)
        elif address == BANK_STEP:
            go_to_the_bank_step(client)
        opened[name] = (client, address or new_request(client), fields)
    yield opened
    for client, _address, _fields in opened.values():
        client.close()


def token(client, page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text)[1]


def post(client, page, address, **values):
    sent = {"csrfmiddlewaretoken": token(client, page), **values.pop("data")}
    return client.post(address, data=sent, headers={"Referer": str(client.base_url)}, **values)


def sign_in(client, email):
    page = "/accounts/login/"
    assert post(client, page, page, data={"login": email, "password": PASSWORD}).status_code == 302


def go_to_the_bank_step(client):
    """Register a newcomer as far as the step that reads bank details from a photo."""
    page = "/accounts/signup/"
    post(client, page, page, data={"email": "entry@decompte.example", "password1": PASSWORD})
    for number, told in ((1, STEP_1), (2, {"agency": "lmde", "complementary": ""})):
        page = f"/registration/step/{number}/"
        assert post(client, page, page, data=told).status_code == 302


def new_request(client):
    page = "/requests/new/"
    visit = {
        "care_date": "2014-03-12",
        "act": "G",
        "price_cents": "23",
        "practitioner_name": "Dr Lambert",
        "specialty": "general-practice",
        "sector": "1",
        "pathway": "declared-gp",
    }
    made = post(client, page, page, data=visit)
    return f"{made.headers['Location']}papers/"


@pytest.mark.parametrize("name", ENTRIES)
def test_every_hostile_file_gets_an_answer_and_no_worker_dies(
    server, entries, corpus, name, record_property
):
    client, address, fields = entries[name]
    form = address.removesuffix("papers/").replace("/school/list/", "/school/")
    workers = server.workers()
    answered, slow = Counter(), []
    key, field = token(client, form), "details" if name == "details" else "file"
    for number, path in enumerate(corpus):
        if number == len(corpus) // 2:  # by then each worker has loaded what it needs
            before = sum(map(memory, workers))
        begun = time.monotonic()
        answer = client.post(
            address,
            data={"csrfmiddlewaretoken": key, **fields},
            files={field: (f"file{ENDINGS.get(path.suffix.lower(), '.pdf')}", path.read_bytes())},
            # A kept connection stays with one worker; the other would load everything at the end.
            headers={"Referer": str(client.base_url), "Connection": "close"},
        )
        answered[answer.status_code] += 1
        if time.monotonic() - begun > SLOWEST:
            slow.append(path.name)
        assert answer.status_code in ANSWERS, (path, answer.status_code)
    record_property("answers", f"{name}: {len(corpus)} files, {dict(answered)}")
    assert slow == []
    assert server.workers() == workers, "a worker died"
    assert httpx.get(f"{server}/readyz").status_code == 200
    grown = sum(map(memory, workers)) - before
    assert grown <= MOST_GROWTH_KB * len(workers), f"{grown} kB more"


def memory(pid):
    """Return the resident memory of a process, in kB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def test_an_upload_that_is_cut_leaves_nothing_and_the_server_answers_on(server, entries):
    client, address, _fields = entries["paper"]
    form = address.removesuffix("papers/")
    head = (
        f"POST {address} HTTP/1.1\r\nHost: {client.base_url.netloc.decode()}\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in client.cookies.items())}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n"
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{token(client, form)}\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    )
    workers, before = server.workers(), client.get(form).text.count("clean.pdf")
    for sent in (0, 1, 5_000, 100_000):
        with socket.create_connection((client.base_url.host, client.base_url.port)) as cut:
            cut.sendall(head.encode() + b"\xff\xd8\xff" * sent)
    assert client.get(form).text.count("clean.pdf") == before
    assert server.workers() == workers


def test_what_was_acknowledged_is_there_after_the_server_is_killed(server, entries):
    client = entries["paper"][0]
    address = new_request(client)
    page = address.removesuffix("papers/")
    read, told = FILE["buffer"], {"kind": "care-form"}
    sent = {"file": (FILE["name"], read, FILE["mimeType"])}
    for again in (False, True):
        answer = post(client, page, address, data=told, files=sent)
        server.kill()
        assert answer.status_code == 302
        server.start()
        shown = client.get(page).text
        assert shown.count("clean.pdf") == 1, "sent again after the crash, it is the same paper"
        path = re.search(r'href="([^"]+clean.pdf)"', shown)[1]
        assert client.get(path).content.startswith(b"%PDF"), again
