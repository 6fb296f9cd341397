"""The member's side and the public pages on a phone, in both languages, and without scripts."""

import re
import subprocess

import pytest

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_journey import check

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
STATEMENT = (
    "12/03/2026 CONSULTATION GENERALISTE 30,00 30,00 30 % 9,00\n"
    "PARTICIPATION FORFAITAIRE -2,00\n"
    "07/02/2026 BIDULE 12,00 8,00\n"
)
WORDS = {
    "en-GB": {"missing": "€12.00", "law": "as for care out of the pathway"},
    "fr-FR": {"missing": "12,00", "law": "hors du parcours"},
}


@pytest.mark.parametrize("language", WORDS)
def test_anybody_checks_a_statement_and_gets_the_letter(visitor, language, tmp_path):
    page = visitor(width=360, language=language)
    page.goto("/check/")
    check(page, f"40-check-{language}")
    page.fill("[name=text]", STATEMENT)
    page.click("main button.button")
    assert page.is_visible("text=07/02/2026 BIDULE 12,00 8,00")
    check(page, f"41-lines-{language}")
    page.fill("[name=birth_date]", "2005-02-01")
    page.fill("[name=declared_gp_since]", "2025-10-01")
    page.locator("main form .actions button.button").click()
    assert page.is_visible(f"text={WORDS[language]['law']}")
    assert WORDS[language]["missing"] in page.locator(".big").inner_text()
    check(page, f"42-result-{language}")
    for name, value in {
        "name": "Noa Berg",
        "address_line": "27 rue Saint-Guillaume",
        "town": "75007 PARIS",
        "recipient": "CPAM de Paris\n75948 PARIS CEDEX 19",
        "statement_date": "2026-03-20",
    }.items():
        page.fill(f"[name={name}]", value)
    with page.expect_download() as download:
        page.click("form[action='/check/letter/'] button")
    written = tmp_path / "letter.pdf"
    download.value.save_as(written)
    assert "12,00" in text_of(written)


def test_what_comes_back_is_answered_without_scripts(browser, server):
    context = browser.new_context(
        base_url=server, java_script_enabled=False, viewport={"width": 360, "height": 850}
    )
    page = context.new_page()
    page.goto("/what-comes-back/")
    for name, value in {
        "date": "2026-02-12",
        "act": "G",
        "price": "30",
        "birth_date": "2005-02-01",
        "declared_gp_since": "2025-10-01",
    }.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form button.button").click()
    assert page.locator(".big").inner_text().startswith("€19.00")
    context.close()


def test_a_member_keeps_a_date_gets_a_certificate_and_cancels_a_change(visitor, tmp_path):
    page = visitor(width=360)
    sign_in(page, "ana@decompte.example")
    with page.expect_download() as download:
        page.click("text=Certificate of affiliation")
    written = tmp_path / "certificate.pdf"
    download.value.save_as(written)
    code = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", text_of(written))[0]
    page.goto("/requests/")
    page.click("main tbody tr:has-text('to be reviewed') a")
    check(page, "50-request-phone")
    with page.expect_download() as download:
        page.click("text=Put the date into my calendar")
    assert download.value.suggested_filename.endswith(".ics")
    page.goto("/member/bank/")
    if page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
        page.click("main button.button")
    page.fill("[name=holder]", "Ana Souza")
    page.fill("[name=iban]", "DE89370400440532013000")
    page.click("main form button.button")
    page.wait_for_selector("text=Cancel the change")
    check(page, "51-held-account")
    page.click("text=Cancel the change")
    page.wait_for_selector("text=your account stays as it was")
    stranger = visitor(width=360, language="fr-FR")
    stranger.goto("/registration/certificate/")
    stranger.fill("[name=code]", code.lower())
    stranger.click("main form button")
    stranger.wait_for_selector("text=authentique")
    check(stranger, "52-certificate-fr")


def text_of(path):
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
