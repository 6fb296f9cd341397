"""The pages for integrators are followed word for word: their commands answer what they say."""

import contextlib
import io
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests import cast
from tests.portal.api.conftest import registered

pytestmark = [pytest.mark.enable_socket, pytest.mark.one_database]
PAGES = Path(__file__).resolve().parents[3] / "docs" / "integrators"
DEMONSTRATION = "http://127.0.0.1:8000"


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (PAGES / page).read_text(), re.M | re.S)


def pasted(live, command, token=""):
    """Paste a command with the address of this server and the token of this run."""
    told = command.replace(DEMONSTRATION, live.address).replace("$TOKEN", token)
    curl = re.search(r"^curl .*", told, re.M | re.S)[0]
    done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


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
