"""The pages for integrators are followed word for word: their commands answer what they say."""

import contextlib
import io
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from decompte.client.calls import Decompte
from tests import cast
from tests.portal.api.conftest import registered

pytestmark = [pytest.mark.enable_socket, pytest.mark.one_database]
PAGES = Path(__file__).resolve().parents[3] / "docs" / "integrators"
DEMONSTRATION = "http://127.0.0.1:8000"


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (PAGES / page).read_text(), re.M | re.S)


def run(live, command, token="", **named):
    """Paste a command with the address of this server, the token of this run, and ids."""
    told = command.replace(DEMONSTRATION, live.address).replace("$TOKEN", token)
    for word, value in named.items():
        told = re.sub(rf"\b{word}\b", value, told)
    curl = re.search(r"^curl .*", told, re.M | re.S)[0]
    done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
    return done.stdout


def pasted(live, command, token=""):
    return json.loads(run(live, command, token))


def test_the_first_command_answers_as_the_page_says(live):
    totals = pasted(live, blocks("README.md", "sh")[0])["totals"]
    printed = re.search(r'"totals": (\{.*?\})', (PAGES / "README.md").read_text())[1]
    assert totals == json.loads(printed)


@pytest.mark.parametrize("page", ["app.md", "agency.md"])
def test_the_list_has_the_shape_of_the_page(live, page):
    command = blocks(page, "sh")[0]
    made = shlex.split(command.partition("manage client ")[2].partition("\n")[0])
    got = pasted(live, command, live.token_by_command(*made))
    printed = json.loads(blocks(page, "json")[0])
    assert got.keys() == printed.keys()
    assert {one["price"] for one in printed["items"]} <= {one["price"] for one in got["items"]}
    assert {frozenset(one) for one in got["items"]} == {frozenset(one) for one in printed["items"]}


def test_the_estimate_of_the_researchers_page_answers_as_it_says(live):
    told = pasted(live, blocks("researcher.md", "sh")[0])
    assert told["outcome"] == "complete"
    sums = {one["category"]["coding"][0]["code"]: one["amount"]["value"] for one in told["total"]}
    assert (sums["amo"], sums["patient"]) == (5.9, 17.1)


def test_a_student_is_handed_over_as_the_schools_page_says(live):
    got = pasted(live, blocks("school.md", "sh")[1], live.tokens["school"])
    printed = json.loads(blocks("school.md", "json")[0])
    changing = {"id", "address", "expires_at"}
    assert got.keys() == printed.keys()
    assert {n: v for n, v in got.items() if n not in changing} == {
        n: v for n, v in printed.items() if n not in changing
    }


def test_the_program_of_an_application_runs_as_printed(live, tmp_path, monkeypatch):
    (program,) = blocks("app.md", "python")
    token = registered(live, "printed")
    for kind in ("care-form", "prescription", "bank-details", "affiliation", "gp-choice"):
        (tmp_path / f"{kind}.jpg").write_bytes(cast.picture(text=f"Ana Souza {kind}"))
    monkeypatch.chdir(tmp_path)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(program.replace(DEMONSTRATION, live.address).replace("dct_…", token), {})  # noqa: S102
    assert said.getvalue().strip() == "submitted"
    with Decompte(live.address, token) as mine:
        follow_the_agency(live, next(mine.requests())["id"])


def follow_the_agency(live, request_id):
    """Look, fetch a page, settle: the second block of the agency's page, on a request."""
    look, fetch, settle = blocks("agency.md", "sh")[1].splitlines()
    agent = live.tokens["agent"]
    seen = run(live, look, agent, ID=request_id)
    tag = re.search(r'(?m)^etag: ("v\d+")', seen, re.I)[1]
    paper = re.search(r'"paper": "([^"]+)"', seen)[1]
    run(live, fetch, agent, PAPER=paper)
    assert Path("page.jpg").read_bytes().startswith(b"\xff\xd8")
    first, again = (
        json.loads(run(live, settle.replace('"v1"', tag), agent, ID=request_id)) for _n in range(2)
    )
    printed = json.loads(blocks("agency.md", "json")[1])
    assert first == again == printed | {"version": first["version"]}
    late = settle.replace("settle-1", "settle-2").replace('"v1"', tag)
    assert json.loads(run(live, late, agent, ID=request_id))["status"] == 412
