"""Naughty strings in every text field of every form: answered, never run.

Each into all fields of a form at once, and some into each field alone, beside right answers.

Some strings by default; the whole list with `DECOMPTE_TIER=1`.
"""

import html
import json
import os
from urllib.parse import urljoin

import lxml.html
import pytest
from django.test import Client

from decompte.portal.people.scope import system
from tests import cast
from tests.conftest import SHARED
from tests.portal.test_journey import STEP_1, VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
IS_WHOLE = os.environ.get("DECOMPTE_TIER") == "1"
LISTED = SHARED / "hostile" / "text" / "blns" / "blns.json"
OWN = [
    "<script>alert(1)</script>",
    "\x00",
    "=cmd|' /C calc'!A0",
    "\u202e𝕏Ω",
    "A" * 5000,
    "{{ 7*7 }}{% now %}",
    "1e309",
    "-0",
    "\r\nSet-Cookie: x=1",
    "٢٠١٤-٠٣-١٢",
    "2014-03-12T00:00",
    "9999-12-31",
    "0001-01-01",
    "",
    " ",
]
SAMPLE, ALONE = 6, 3
RIGHT = {
    **STEP_1,
    **VISIT,
    "holder": "Ana Souza",
    "iban": cast.IBAN,
    "doctor_name": "Dr Lambert",
    "since": "2013-10-15",
    "country": "DE",
    "expires_on": "2014-12-31",
}
PUBLIC = (
    "/check/",
    "/what-comes-back/",
    "/guide/late/",
    "/guide/changes/",
    "/guide/solidarity/",
    "/guide/questions/",
    "/guide/sheets/care-form/",
    "/guide/sheets/gp-choice/",
    "/registration/certificate/",
)
MEMBERS = (
    "/member/gp/",
    "/member/bank/",
    "/member/card/",
    "/member/identity/",
    "/registration/membership/",
    "/requests/new/",
)
TYPED = {"text", "email", "search", "tel", "number", "date", "password", "url", None}


def naughty():
    listed = json.loads(LISTED.read_text()) if LISTED.exists() else []
    strings = [text for text in listed if text]
    return OWN + (strings if IS_WHOLE else strings[:: max(len(strings) // SAMPLE, 1)])


def forms(client, page):
    """Return the forms of a page with what is typed in: address, method, values, typed names."""
    answer = client.get(page)
    assert answer.status_code == 200, page
    found = []
    for form in lxml.html.fromstring(answer.content.decode()).forms:
        address = urljoin(page, form.get("action") or page)
        typed = [
            one.name
            for one in form.inputs
            if one.name and (one.tag == "textarea" or one.get("type") in TYPED)
            if one.tag != "select"
        ]
        if typed and not address.startswith("/accounts/"):
            values = {name: value or "" for name, value in form.fields.items()}
            found.append((address, form.method.lower(), values, typed))
    return found


def pages():
    """Yield who opens which page: a stranger, who registers, a member, a registrar, an agent."""
    member = cast.student("lmde")
    made = cast.sent(member)
    draft = cast.draft(member)
    own = [f"/requests/{made.public_id}/", f"/requests/{draft.public_id}/care-form/"]
    own += [f"/requests/{draft.public_id}/lines/{n}/" for n in (0, 1)]
    registrar = cast.staff(cast.SCHOOL, "registrar")
    fresh = cast.account()
    yield None, PUBLIC
    yield fresh, ("/registration/step/1/",)
    yield at_the_bank_step(), ("/registration/step/3/",)
    yield member.user, (*MEMBERS, "/contribution/", *own)
    yield registrar, ("/school/",)
    yield cast.staff("lmde"), ("/agency/", f"/agency/requests/{made.public_id}/")


def at_the_bank_step():
    """Return an account that has chosen its agency and is asked for its bank details."""
    client, user = Client(), cast.account()
    client.force_login(user)
    client.post("/registration/step/1/", STEP_1)
    client.post("/registration/step/2/", {"agency": "lmde", "complementary": ""})
    return user


def bodies(values, typed, strings):
    """Yield what is typed, and the body of the form with it."""
    for text in strings:
        yield text, {**values, **dict.fromkeys(typed, text)}
    right = {name: RIGHT.get(name, value) for name, value in values.items()}
    for place, name in enumerate(typed):
        for turn in range(len(strings) if IS_WHOLE else ALONE):
            text = strings[(place * ALONE + turn) % len(strings)]
            yield text, {**right, name: text}


def test_whatever_is_typed_into_any_field_is_answered_and_nothing_of_it_runs():
    strings, asked = naughty(), 0
    with system("test"):
        opened = list(pages())
    for user, addresses in opened:
        client = Client()
        if user:
            cast.sign_in(client, user)
        for page in addresses:
            for address, method, values, typed in forms(client, page):
                for text, body in bodies(values, typed, strings):
                    send = client.post if method == "post" else client.get
                    answer = send(address, body)
                    allowed = {400} if "\0" in text else {200, 302, 404, 409, 422}
                    assert answer.status_code in allowed, (address, text)
                    assert b"<script>alert" not in answer.content, (address, text)
                    asked += 1
    assert asked >= len(strings) * 15


def test_the_names_of_the_hostile_list_are_shown_as_they_are(client, shared):
    client.force_login(cast.account())
    listed = json.loads((shared / "hostile" / "text" / "blns" / "blns.json").read_text())
    lines = [text for text in listed if text]
    assert len(lines) > 300
    for text in lines[:: 1 if IS_WHOLE else 8]:
        page = client.post(
            "/registration/step/1/", {**STEP_1, "given_name": text[:38], "postal_code": "x"}
        )
        assert page.status_code == 422
        assert html.escape(text[:38].strip()) in page.content.decode()
