"""Passkeys, a form that outlived its session, and the pages about one's data, in a real browser."""

import json
import subprocess
import sys
import zipfile

import pytest

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.test_journey import check

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
AGE = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    if "seen" in session:
        session["seen"] -= 31 * 60
        session.save()
"""


def confirm(page):
    """Give the password once more where it is asked."""
    if page.locator("main [name=password]").count():
        page.fill("main [name=password]", PASSWORD)
        page.click("main button.button")


def with_a_key(page):
    """Give the page's browser an authenticator that verifies its holder."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools


def test_a_passkey_is_added_on_a_phone_and_signs_in_alone(visitor, server):
    page = visitor(width=360, address=server.replace("127.0.0.1", "localhost"))
    refused = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    sign_in(page, "ana@decompte.example")
    devtools = with_a_key(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    check(page, "60-passkey-add")
    page.fill("[name=name]", "My phone")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/recovery-codes/**")
    check(page, "61-recovery-codes")
    page.goto("/accounts/2fa/webauthn/")
    assert page.is_visible("text=My phone")
    check(page, "62-passkeys")
    page.goto("/accounts/2fa/")
    check(page, "63-second-factors")
    page.click("header >> text=Sign out")
    page.goto("/accounts/login/?next=/requests/")
    check(page, "64-sign-in")
    page.click("#passkey_login")
    page.wait_for_selector("header >> text=Sign out")
    assert page.url.endswith("/requests/")
    page.click("header >> text=Sign out")
    page.goto("/accounts/login/")
    page.fill("[name=login]", "ana@decompte.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main .card button.button")
    page.wait_for_url("**/2fa/authenticate/**")
    check(page, "65-second-factor")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/member/")
    page.goto("/accounts/2fa/webauthn/")
    page.click("text=Remove")
    confirm(page)
    page.click("main button")
    devtools.detach()
    assert refused == []


@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
def test_what_was_typed_when_the_session_ended_is_sent_after_the_sign_in(
    visitor, environment, language
):
    page = visitor(width=360, language=language)
    sign_in(page, "ana@decompte.example")
    page.goto("/member/gp/")
    page.fill("[name=doctor_name]", "Dr Zaunkönig")
    page.fill("[name=since]", "2014-03-03")
    command = [sys.executable, "-m", "decompte.cli", "manage", "shell", "-c", AGE]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    page.click("main button.button")
    page.wait_for_url("**/accounts/login/**")
    check(page, f"66-away-{language}")
    page.fill("[name=login]", "ana@decompte.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main .card button.button")
    page.wait_for_url("**/member/gp/")
    check(page, f"67-typed-{language}")
    assert page.input_value("[name=doctor_name]") == "Dr Zaunkönig"
    page.fill("[name=doctor_name]", f"Dr Zaunkönig {language}")
    page.locator("main form.card button.button").click()
    page.wait_for_url("**/member/")
    assert page.is_visible(f"text=Dr Zaunkönig {language}")
    assert page.locator("[data-typed]").count() == 0


@pytest.mark.parametrize(("language", "width"), [("en-GB", 360), ("fr-FR", 1280)])
def test_a_member_reads_takes_along_and_closes(visitor, language, width, tmp_path):
    page = visitor(width=width, language=language)
    page.goto("/privacy/")
    check(page, f"70-notice-{language}")
    page.goto("/accounts/signup/")
    email = f"leaves-{width}@decompte.example"
    page.fill("[name=email]", email)
    page.fill("[name=password1]", PASSWORD)
    page.click("main .card button.button")
    page.goto("/member/data/")
    check(page, f"71-my-data-{language}")
    page.goto("/member/data/close/")
    confirm(page)
    page.goto("/member/data/")
    with page.expect_download() as download:
        page.locator("a[href='/member/data/export/']").first.click()
    kept = tmp_path / "mine.zip"
    download.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        assert json.loads(archive.read("data.json"))["account"] == email
    page.goto("/member/data/close/")
    check(page, f"72-close-{language}")
    page.locator("main form.card button.button").click()
    assert page.locator("[role=alert]").count() == 1
    page.check("[name=sure]")
    page.locator("main form.card button.button").click()
    check(page, f"73-closed-{language}")
    sign_in(page, email)
    assert page.url.endswith("/accounts/login/")


@pytest.mark.parametrize(("language", "width"), [("fr-FR", 360), ("en-GB", 1280)])
def test_a_member_reads_their_cover_through_time_and_tells_a_change(visitor, language, width):
    page = visitor(width=width, language=language)
    sign_in(page, "ana@decompte.example")
    page.goto("/registration/membership/")
    check(page, f"80-membership-{language}")
    page.select_option("[name=event]", "end-of-studies")
    page.fill("[name=on]", "2014-05-31")
    page.click("main form button.button")
    page.wait_for_selector("article h3")
    check(page, f"81-change-{language}")
