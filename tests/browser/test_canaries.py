"""Marks that would run if they were not escaped, in all that a member types, seen by the agency.

Neither runs, nor has the policy of the pages to stop it: the console stays silent. And the marks
are there, in words: nothing was quietly taken out.
"""

import re

import pytest

from tests.browser.conftest import sign_in
from tests.browser.test_journey import FILE
from tests.browser.test_kinds import add_papers, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
SCRIPT = "<script>canary=1</script>"
IMAGE = '"><img src=x onerror=canary=1>'
LONG = f"{SCRIPT} ' {IMAGE} <svg onload=canary=1> {{{{ 7*7 }}}} javascript:canary=1"
TYPED = {
    "given_name": SCRIPT,
    "family_name": IMAGE,
    "birth_date": "1993-06-15",
    "address_line": IMAGE,
    "address_extra": SCRIPT,
    "postal_code": "75007",
    "city": SCRIPT,
    "study_from": "2013-09-02",
    "study_to": "2014-06-30",
}


@pytest.fixture
def watched(visitor):
    """Open a browser whose console is listened to: `watched()` gives a page."""
    said = []

    def arrive(width):
        page = visitor(width=width)
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("dialog", lambda one: said.append(one.message))
        page.on("pageerror", lambda one: said.append(str(one)))
        return page

    yield arrive
    assert said == []


def looked_at(page, path, *marks):
    """Open a page: nothing ran, and the marks are read as words."""
    page.goto(path)
    assert page.evaluate("typeof canary") == "undefined", path
    shown = page.locator("main").inner_text()
    assert [mark for mark in marks if mark not in shown] == [], path


def test_nothing_a_member_types_runs_at_the_agency(watched):
    page = watched(360)
    register(page)
    reference, public_id = request_of(page)
    looked_at(page, "/member/", SCRIPT, IMAGE)
    looked_at(page, "/registration/membership/", SCRIPT, IMAGE)
    looked_at(page, f"/requests/{public_id}/", LONG[:80], LONG)
    agent = sign_in(watched(1280), "agent.lmde@decompte.example")
    agent.fill("[name=reference]", reference)
    agent.click("text=Find")
    looked_at(agent, agent.url, SCRIPT, IMAGE, LONG[:80], LONG)
    member = agent.locator("main a[href^='/agency/members/']").first.get_attribute("href")
    looked_at(agent, member, SCRIPT, IMAGE)
    looked_at(agent, "/agency/?list=messages", IMAGE)
    looked_at(agent, "/agency/?list=review", IMAGE)
    for act in ("refuse", "missing"):
        looked_at(agent, f"/agency/requests/{public_id}/{act}/")


def register(page):
    sign_up(page, "canary@decompte.example")
    for name, value in TYPED.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=nationality]", "US")
    page.select_option("[name=parents]", "abroad")
    page.click("main button.button")
    page.check("[name=agency][value=lmde]")
    page.click("main button.button")
    page.fill("[name=holder]", LONG[:70])
    page.fill("[name=iban]", "FR14 2004 1010 0505 0001 3M02 606")
    page.fill("[name=doctor_name]", LONG[:80])
    page.fill("[name=since]", "2013-10-15")
    page.click("main button.button")
    page.wait_for_url("**/step/4/")
    page.click("main form button.button")
    page.wait_for_url("**/contribution/")


def request_of(page):
    """Send a request with marks in it and a message; return its reference and public id."""
    page.goto("/requests/new/")
    page.fill("[name=care_date]", "2014-03-12")
    page.fill("[name=price_cents]", "23,00")
    page.fill("[name=practitioner_name]", LONG[:80])
    page.click("main button.button")
    page.wait_for_url(re.compile("/requests/[^/]{16,}/$"))
    first = page.locator("main .checklist form:has([type=file])").first
    first.locator("input[type=file]").set_input_files({**FILE, "name": f"{IMAGE}.jpg"})
    first.locator("button").click()
    page.wait_for_selector(".notice.success")
    add_papers(page)
    page.click("form[action$='/send/'] button")
    page.fill("#message", LONG)
    page.click("form[action$='/messages/'] button")
    page.wait_for_selector(".say")
    return page.locator("h1").inner_text().split()[1], page.url.rstrip("/").rsplit("/", 1)[1]
