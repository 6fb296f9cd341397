"""The guide in a real browser: narrow and wide, French and English, without an account and with."""

import pytest

from tests.browser.conftest import sign_in
from tests.browser.test_journey import check

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
TEXTS = {
    "study_dates": {"first": "2013-09-02", "last": "2014-06-30"},
    "birth_date": {"answer": "1993-05-02"},
    "care_date": {"answer": "2014-03-12"},
    "card_expiry": {"answer": "2014-12-31"},
    "residence": {"answer": "75"},
}


def answer_all(page, name):
    """Answer every question that comes; the first, an open one and a choice are looked at."""
    page.goto("/guide/questions/")
    seen = set()
    while "/answer" not in page.url:
        question = page.locator("input[name=question]").get_attribute("value")
        kind = "radio" if page.locator("input[type=radio]").count() else question
        if kind not in seen:
            check(page, f"guide-{name}-{kind}")
        seen.add(kind)
        for field, value in TEXTS.get(question, {}).items():
            page.fill(f"[name={field}]", value)
        if question == "nationality":
            page.select_option("[name=answer]", "US")
        elif kind == "radio":
            page.locator("input[type=radio]").last.check()
        page.click("main button.button")
    return seen


@pytest.mark.parametrize(("width", "language"), [(360, "fr-FR"), (1280, "en-GB")])
def test_a_visitor_is_led_to_an_answer_on_one_page(visitor, width, language):
    page = visitor(width, language)
    page.goto("/guide/")
    check(page, f"guide-{width}")
    answer_all(page, str(width))
    check(page, f"guide-{width}-answer")
    printed = page.request.get("/guide/answer/print/")
    assert printed.body().startswith(b"%PDF")


@pytest.mark.parametrize(
    "path",
    [
        "/guide/late/?care_date=2014-01-10&sent_on=2014-01-15",
        "/guide/changes/?event=end-of-studies&on=2013-07-05&birth_date=1990-05-02",
        "/guide/solidarity/?on=2014-03-12&birth_date=1993-06-15&is_apart=on&people=1&income=9000",
        "/guide/letters/",
        "/guide/letters/appeal/",
        "/guide/sheets/care-form/",
        "/guide/sheets/gp-choice/",
        "/guide/reimbursement-procedures/?year=2013&establishment=sciences-po",
        "/guide/reimbursement-procedures/?year=2025&establishment=any",
    ],
)
def test_every_page_of_the_guide_is_readable_narrow(visitor, path):
    page = visitor(360, "fr-FR")
    page.goto(path)
    check(page, f"guide-{path.split('/')[-2]}-{path.split('/')[-1][:9].strip('?')}")


def test_a_member_keeps_the_answer_and_finds_it_again(visitor):
    page = visitor(1280)
    sign_in(page, "wei@decompte.example")
    answer_all(page, "member")
    page.click("text=Keep it with my account")
    check(page, "guide-kept")
    page.goto("/guide/")
    page.click(".links >> text=20 March 2014")
    assert "As it was given on" in page.content()
