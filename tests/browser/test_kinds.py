"""Every kind of student walks from the registration to a request: on a phone, in both languages.

A few kinds by default; all of them with `DECOMPTE_TIER=1`.
"""

import os
import re
from pathlib import Path

import pytest
import yaml

from tests.browser.conftest import PASSWORD
from tests.browser.test_journey import FILE, check

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
TABLE = yaml.safe_load(Path(__file__).with_name("kinds.yaml").read_text())
IS_WHOLE = os.environ.get("DECOMPTE_TIER") == "1"
LANGUAGES = ("en-GB", "fr-FR")
DAILY = [name for name, kind in TABLE["kinds"].items() if kind.get("daily")]
WALKS = (
    [(name, language) for name in TABLE["kinds"] for language in LANGUAGES]
    if IS_WHOLE
    else [(name, LANGUAGES[place % 2]) for place, name in enumerate(DAILY)]
)
ADDRESS = {
    "given_name": "Noa",
    "family_name": "Berg",
    "address_line": "27 rue Saint-Guillaume",
    "postal_code": "75007",
    "city": "Paris",
}
CHOICES = {"nationality", "parents", "card_country", "other_cover", "special"}
WAITING = "main .checklist li:not(:has(a[href$='clean.pdf'])) form:has([type=file])"
TICKS = {"has_card", "works_whole_year", "scholarship", "partner"}
# Rows of the facts that step 1 does not ask about, and why.
ELSEWHERE = {
    "pushed back by the length of an interruption": "rare; the guide asks it",
    "dispensed if contract covers 1 Sept - 31 Aug": "years from 2016 on",
    "contract broken during the year": "a change of situation, not a registration",
    "the condition is assessed only at registration": "a change of situation",
    "any international student insurance": "contradicts other pages: not followed",
    "enrolment of at least four months": "one page against the others: not followed",
}


@pytest.mark.parametrize(("name", "language"), WALKS)
def test_a_kind_of_student_registers_and_makes_a_request(visitor, name, language):
    kind = TABLE["kinds"][name]
    page = visitor(width=360, language=language)
    sign_up(page, f"kind.{name}.{language}@decompte.example".lower())
    fill(page, {**ADDRESS, **TABLE["usual"], **kind.get("types", {})})
    choose(page, name, kind["pays"])
    bank_and_confirm(page)
    if kind["pays"]:
        assert amount(page) == kind["pays"]
    ask(page, name, kind["request"])


def test_every_kind_of_the_facts_is_walked_or_said_not_to_be_asked(shared):
    facts = yaml.safe_load((shared / "facts" / "student_regime.yaml").read_text())["affiliation"]
    rows = [f"{one['parent_group']} {one['age_in_year']}" for one in facts["table"]]
    rows += [one["who"] for one in facts["foreign_students_2000_2018"]]
    ruled = ("over_28", "employed", "other_dispenses")
    rows += [one["rule"] for part in ruled for one in facts[part]]
    named = [*(kind["fact"] for kind in TABLE["kinds"].values()), *ELSEWHERE]
    assert [row for row in rows if not any(fact in row for fact in named)] == []


def sign_up(page, email):
    page.goto("/accounts/signup/")
    page.fill("[name=email]", email)
    page.fill("[name=password1]", PASSWORD)
    page.click("main button.button")
    page.goto("/registration/step/1/")


def fill(page, values):
    for name, value in values.items():
        if name in CHOICES:
            page.select_option(f"[name={name}]", value)
        elif name in TICKS:
            page.check(f"[name={name}]")
        else:
            page.fill(f"[name={name}]", value)
    page.click("main button.button")


def choose(page, name, pays):
    page.wait_for_url("**/step/2/")
    check(page, f"60-{name}-step-2")
    assert amount(page) == (pays or 0)
    offered = page.locator("[name=agency]").count()
    assert bool(offered) == (pays is not None)
    if offered:
        page.check("[name=agency][value=lmde]")
        page.check("[name=complementary][value='']")
    page.click("main button.button")


def bank_and_confirm(page):
    page.wait_for_url("**/step/3/")
    page.fill("[name=iban]", "FR14 2004 1010 0505 0001 3M02 606")
    page.click("main button.button")
    page.wait_for_url("**/step/4/")
    page.click("main form button.button")
    page.wait_for_url(re.compile("/(contribution|member)/$"))


def ask(page, name, way):
    page.goto("/requests/new/")
    if way == "none":
        assert page.locator("[name=price_cents]").count() == 0
        check(page, f"61-{name}-not-here")
        return
    page.fill("[name=care_date]", "2014-03-12")
    page.fill("[name=price_cents]", "23,00")
    page.fill("[name=practitioner_name]", "Dr Hélène Lambert")
    page.click("main button.button")
    page.wait_for_url("**/requests/*/")
    if way == "post":
        page.click("form[action$='/announce/'] button")
        page.wait_for_selector("a[href$='dossier.pdf']")
    else:
        add_papers(page)
        page.click("form[action$='/send/'] button")
        page.wait_for_selector(".tag.submitted, .timeline")
    check(page, f"62-{name}-request")


def add_papers(page):
    """Add a file to each paper that still asks for one."""
    for _paper in range(12):
        waiting = page.locator(
            "main .checklist li:not(:has(a[href$='clean.pdf'])) form:has([type=file])"
        )
        if not waiting.count():
            return
        form = waiting.first
        form.locator("input[type=file]").set_input_files(FILE)
        form.locator("button").click()
        page.wait_for_selector(".notice.success")
    raise AssertionError("the checklist does not end")


def amount(page):
    """Return the euros of the big figure, as either language writes them."""
    written = page.locator(".big").first.inner_text()
    return int(re.sub(r"[.,]00\b|\D", "", written) or 0)
