"""The whole journey in a real browser, for each kind of student of the seed and both agencies."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from decompte.portal.agency.management.commands.demonstration import picture
from tests.browser.conftest import PASSWORD, shot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
FILE = {
    "name": "scan.jpg",
    "mimeType": "image/jpeg",
    "buffer": picture("Feuille de soins", "Noa Berg"),
}


def check(page, name):
    """Keep a screenshot; no serious accessibility fault, nothing wider than the window."""
    shot(page, name)
    found = [
        (fault["id"], [node["html"] for node in fault["nodes"]][:3])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]
    assert found == [], name
    wide = "document.documentElement.scrollWidth > window.innerWidth + 1"
    assert not page.evaluate(wide), f"{name} is wider than the window"


def sign_up(page, email):
    page.goto("/")
    check(page, "01-home")
    page.click("main >> text=Create an account")
    page.fill("[name=email]", email)
    page.fill("[name=password1]", PASSWORD)
    page.click("main button.button")
    page.click("text=Start my registration")


def step_1(page, country, *, card=False):
    fields = {
        "given_name": "Noa",
        "family_name": "Berg",
        "birth_date": "1993-06-15",
        "address_line": "27 rue Saint-Guillaume",
        "postal_code": "75007",
        "city": "Paris",
        "study_from": "2013-09-02",
        "study_to": "2014-06-30",
    }
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=nationality]", country)
    page.select_option("[name=parents]", "abroad")
    if card:
        page.check("[name=has_card]")
        page.select_option("[name=card_country]", country)
        page.fill("[name=card_expires_on]", "2014-12-31")
    page.click("main button.button")


def step_3(page):
    page.fill("[name=holder]", "Noa Berg")
    page.fill("[name=iban]", "FR14 2004 1010 0505 0001 3M02 606")
    page.fill("[name=doctor_name]", "Dr Hélène Lambert")
    page.fill("[name=doctor_number]", "10001234567")
    page.fill("[name=since]", "2013-10-15")
    page.click("main button.button")


def enter_visit(page):
    page.click("text=New request")
    page.fill("[name=care_date]", "2014-03-12")
    assert page.inner_text("output.help").replace(",", "") == "Wednesday 12 March 2014"
    page.fill("[name=price_cents]", "23,00")
    page.fill("[name=practitioner_name]", "Dr Hélène Lambert")
    page.click("main button.button")


@pytest.mark.parametrize("agency", ["lmde", "smerep"])
def test_an_international_student_from_the_visit_to_the_money(visitor, agency):
    page = visitor()
    sign_up(page, f"journey.{agency}@decompte.example")
    check(page, f"02-{agency}-step-1")
    step_1(page, "US")
    page.wait_for_selector("text=Choose your agency")
    check(page, f"03-{agency}-step-2")
    page.check(f"[name=agency][value={agency}]")
    other = "smerep" if agency == "lmde" else "lmde"
    assert page.is_hidden(f"[name=complementary][value={other}]")
    page.check(f"[name=complementary][value={agency}]")
    page.click("main button.button")
    check(page, f"04-{agency}-step-3")
    step_3(page)
    check(page, f"05-{agency}-step-4")
    page.click("text=Confirm my registration")
    page.wait_for_url("**/contribution/")
    page.click("nav >> text=My cover")
    check(page, f"06-{agency}-dashboard")
    enter_visit(page)
    page.wait_for_selector("text=is what you should get")
    assert page.is_visible("text=€22.00")
    check(page, f"07-{agency}-request")
    page.click("text=Send online")
    assert page.is_visible("text=missing: Completed care form")
    while page.locator("main .checklist form button:text-is('Add')").count():
        form = page.locator("main .checklist form:has(button:text-is('Add'))").first
        form.locator("input[type=file]").set_input_files(FILE)
        form.locator("button").click()
        page.wait_for_selector("text=The paper was added.")
    page.click("text=Send online")
    page.wait_for_selector("text=Your request was sent.")
    reference = page.locator("h1").inner_text().split()[1]
    check(page, f"08-{agency}-sent")
    the_agency_pays(visitor, agency, reference)
    page.click("nav >> text=Statements")
    page.click("main tbody a")
    page.wait_for_selector("text=€22.00 paid on 21 March 2014")
    check(page, f"12-{agency}-statement")
    with page.expect_download() as download:
        page.click("text=Download the PDF")
    assert download.value.suggested_filename == f"decompte-{reference}.pdf"


def the_agency_pays(visitor, agency, reference):
    stranger = sign_in(
        visitor(), f"agent.{'smerep' if agency == 'lmde' else 'lmde'}@decompte.example"
    )
    stranger.fill("[name=reference]", reference)
    stranger.click("text=Find")
    assert stranger.is_visible(
        "text=Nobody of your agency, and no request, has this name or reference."
    )
    agent = sign_in(visitor(), f"agent.{agency}@decompte.example")
    agent.fill("[name=reference]", reference)
    agent.click("text=Find")
    agent.wait_for_selector("text=Accept, decide and order the payment")
    check(agent, f"09-{agency}-review")
    agent.click("text=Accept, decide and order the payment")
    agent.wait_for_selector("text=The request was decided and its payment ordered.")
    first = sign_in(visitor(), f"finance1.{agency}@decompte.example")
    first.click("nav >> text=Payments")
    check(first, f"10-{agency}-payments")
    first.fill("[name=execution_date]", "2014-03-21")
    first.click("text=Make the payment file")
    first.wait_for_selector("text=a second person must release it")
    second = sign_in(visitor(), f"finance2.{agency}@decompte.example")
    second.click("nav >> text=Payments")
    second.click("main tbody tr:has-text('Waiting') a")
    check(second, f"11-{agency}-batch")
    second.click("text=Release the payments")
    second.fill("main [name=password]", PASSWORD)
    second.click("main form.card button.button")
    second.click("text=Send what I typed")
    second.wait_for_selector("text=The payment file was released.")


def test_a_european_student_gets_the_letter_and_the_appointment_on_a_phone(visitor):
    page = visitor(width=360)
    sign_up(page, "journey.european@decompte.example")
    step_1(page, "ES", card=True)
    page.wait_for_selector("text=No agency to choose")
    check(page, "20-european-step-2")
    page.click("main button.button")
    step_3(page)
    page.click("text=Confirm my registration")
    enter_visit(page)
    check(page, "21-european-request")
    page.click("text=I will send it by post")
    page.wait_for_selector("text=CPAM CS 70001")
    assert page.is_visible("text=3646")
    check(page, "22-european-announced")
    with page.expect_download() as download:
        page.click("text=Letter and checklist (PDF)")
    assert download.value.suggested_filename.startswith("demande-")


def test_the_pages_speak_french(visitor):
    page = visitor(language="fr-FR")
    page.goto("/")
    assert page.is_visible("text=Créer un compte")
    check(page, "30-home-fr")
    page.goto("/guide/reimbursement-procedures/")
    check(page, "31-guide-fr")
    sign_in(page, "ana@decompte.example")
    page.wait_for_selector("text=Bonjour Ana")
    check(page, "32-dashboard-fr")


def test_one_signs_in_with_the_keyboard_alone(visitor):
    page = visitor()
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("[name=login]")
    page.keyboard.type("wei@decompte.example")
    while page.evaluate("document.activeElement.name") != "password":
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Hello Wei")
