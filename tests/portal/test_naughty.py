"""Naughty strings in every text field of every form of the member's side: answered, never run.

Some strings by default; the whole list with `DECOMPTE_TIER=1`.
"""

import json
import os
from urllib.parse import urljoin

import lxml.html
import pytest
from django.test import Client

from decompte.portal.people.scope import system
from tests import cast
from tests.conftest import SHARED
from tests.portal.test_journey import STEP_1

pytestmark = pytest.mark.django_db
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
]
SAMPLE = 6
PUBLIC = (
    "/check/",
    "/what-comes-back/",
    "/guide/late/",
    "/guide/changes/",
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
    """Yield who opens which page: a stranger, somebody who registers, a member, a registrar."""
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


def at_the_bank_step():
    """Return an account that has chosen its agency and is asked for its bank details."""
    client, user = Client(), cast.account()
    client.force_login(user)
    client.post("/registration/step/1/", STEP_1)
    client.post("/registration/step/2/", {"agency": "lmde", "complementary": ""})
    return user


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
                for text in strings:
                    sent = {**values, **dict.fromkeys(typed, text)}
                    send = client.post if method == "post" else client.get
                    answer = send(address, sent)
                    allowed = {400} if "\0" in text else {200, 302, 404, 422}
                    assert answer.status_code in allowed, (address, text)
                    assert b"<script>alert" not in answer.content, (address, text)
                    asked += 1
    assert asked >= len(strings) * 12
