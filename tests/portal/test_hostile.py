"""Whatever is typed: an answer, never a failure of the server, and nothing of it executed."""

import json

import pytest
from django.urls import reverse

from tests import cast
from tests.portal.test_journey import STEP_1, VISIT

pytestmark = pytest.mark.django_db
NASTY = [
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "%s%s%n",
    "\u202eevil",
    "\x00",
    "𝕏" * 50,
    "=cmd|' /C calc'!A0",
    "A" * 5000,
    "٣٤",
    "-1",
    "1e309",
    "NaN",
    "../../etc/passwd",
    "٢٠١٤-٠٣-١٢",
    "2014-03-12T00:00",
    "9999-12-31",
    "0001-01-01",
    "",
    " ",
    "\r\nSet-Cookie: x=1",
]


def allowed(text):
    """What may be answered: NUL, which no keyboard has, is refused before any form sees it."""
    return {400} if "\0" in text else {200, 302, 404, 422}


def never_fails(client, path, fields):
    for text in NASTY:
        for name in fields:
            page = client.post(path, {**fields, name: text})
            assert page.status_code in allowed(text), (path, name, text)
            assert "<script>alert" not in page.content.decode()


def test_the_visit_form_never_fails(client):
    client.force_login(cast.student().user)
    never_fails(client, reverse("requests:new"), VISIT)


def test_the_first_step_never_fails(client):
    client.force_login(cast.account())
    never_fails(client, reverse("registration:step", args=[1]), STEP_1)


def test_the_member_forms_never_fail(client):
    client.force_login(cast.student(has_gp=False).user)
    never_fails(client, reverse("member:bank"), {"holder": "N", "iban": "FR00"})
    never_fails(
        client,
        reverse("member:gp"),
        {"doctor_name": "D", "doctor_number": "", "since": "2013-10-15"},
    )
    never_fails(client, reverse("member:card"), {"country": "DE", "expires_on": "2014-12-31"})


def test_the_agency_forms_never_fail(client):
    made = cast.sent(cast.student())
    client.force_login(cast.staff("lmde"))
    never_fails(client, reverse("agency:send_back", args=[made.public_id]), {"note": ""})
    for text in NASTY:
        assert client.get(
            reverse("agency:worklist"), {"reference": text, "state": "submitted"}
        ).status_code in allowed(text)
        assert client.get(reverse("agency:worklist"), {"state": text}).status_code in allowed(text)


def test_the_names_of_the_hostile_list_are_shown_as_they_are(client, shared):
    client.force_login(cast.account())
    listed = json.loads((shared / "hostile" / "text" / "blns" / "blns.json").read_text())
    lines = [text for text in listed if text]
    assert len(lines) > 300
    for text in lines[:: max(len(lines) // 150, 1)]:
        page = client.post(
            reverse("registration:step", args=[1]),
            {**STEP_1, "given_name": text[:38], "postal_code": "x"},
        )
        assert page.status_code == 422
