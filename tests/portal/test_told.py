"""P8: as many readings in the trail as files and pages shown, and no change without its event.

Every address of an agency is asked by every role, empty and with what its forms send. Whatever is
answered is compared with the rows of the audit trail that it made: exactly.
"""

import re

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from decompte.portal.agency import access
from decompte.portal.agency.guard import SHOWN
from decompte.portal.audit.models import Event
from decompte.portal.people import roles
from decompte.portal.people.scope import system
from decompte.portal.requests import answers, thread
from decompte.portal.requests import services as requests
from tests import cast
from tests.portal.test_matrix import REVIEWED, addresses, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ROOMS = ("agency:", "mailroom:", "school:")
TWO_FILES = {"agency:beside"}
WRITTEN = re.compile(r'^(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "?(\w+)')
OF_NO_TABLE = {"request.wide_lookup", "reading.break_glass"}  # kept in the session
NOT_OF_PEOPLE = {"audit_event", "django_session", "people_typed", "idempotency_answer"}


@pytest.fixture
def world():
    """A member's requests with what hangs on them, and one colleague of each role."""
    member = cast.student()
    found, other = cast.sent(member), cast.sent(member)
    with system("test"):
        thread.write_as_member(found, "Is it there?", member.user)
        answers.answer(other, "refuse", "too-old", "", "test")
        paper = requests.current_papers(found)["care-form"]
    ids = {
        "public_id": found.public_id,
        "other_id": other.public_id,
        "paper_id": paper.public_id,
    }
    staff = {role: cast.staff("lmde", role) for role in roles.Role}
    return ids, member, staff


def forms(ids, staff):
    """Return what the forms of some addresses send."""
    line = {key: str(value) for key, value in cast.visit().items() if value is not False}
    return {
        "agency:worklist": {"reference": "Berg"},
        "agency:assign": {"to": staff["agent"].public_id},
        "agency:judge": {"verdict": "accept"},
        "agency:send_back": {"note": "the signature"},
        "agency:reply": {"text": "We read it."},
        "agency:refuse": {"reason": "too-old", "send": "1"},
        "agency:missing": {"send": "1", "words": "the signature"},
        "agency:reason": {"reason": "telephone"},
        "agency:glass": {"reason": "danger"},
        "agency:preview": line | {"price_cents": "23,00"},
        "agency:key_line": line | {"price_cents": "23,00"},
    }


def test_p8_each_page_shown_is_one_reading_and_each_change_has_its_event(world):
    ids, member, staff = world
    sent, wrong, seen = forms(ids, staff), [], set()
    open_to = reviewed()
    for role, user in staff.items():
        client = Client()
        client.force_login(user)
        client.get(reverse("agency:near"))
        for name, route, converters in addresses():
            if role not in open_to.get(name, ""):
                continue
            path = path_of(name, route, converters, ids, member)
            for method, data in (("get", {}), ("post", sent.get(name, {}))):
                status, read, told, changed = effect(client, method, path, data)
                shown = (2 if name in TWO_FILES else 1) if status in SHOWN else 0
                seen |= {name} if shown or changed else set()
                if read != shown or bool(set(told) - OF_NO_TABLE) != bool(changed):
                    wrong.append((name, role, method, status, read, told, changed))
    assert wrong == []
    assert {"agency:review", "agency:worklist", "agency:settle", "school:students"} <= seen
    assert len(seen) > 30


def noting(written):
    """Return what notes the tables of which a row was really written."""

    def noted(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        found = WRITTEN.match(sql)
        if found and (sql.startswith("INSERT") or context["cursor"].rowcount):
            written.add(found[1])
        return done

    return noted


def reviewed():
    """Return the staff roles each address answers, by the reviewed file."""
    rows = yaml.safe_load(REVIEWED.read_text())
    return {
        name: set(", ".join(one.get("yes", "") for one in row.values()).split(", "))
        for name, row in rows.items()
        if name.startswith(ROOMS)
    }


def effect(client, method, path, data):
    """Return an answer's status, its readings, its other events, and which tables it changed."""
    with transaction.atomic():
        with system("test"):
            last = Event.objects.count()
        written = set()
        with connection.execute_wrapper(noting(written)):
            response = getattr(client, method)(path, data)
        with system("test"):
            codes = list(Event.objects.order_by("pk").values_list("code", flat=True)[last:])
        transaction.set_rollback(True)
    told = [code for code in codes if code not in access.READINGS]
    read = len(codes) - len(told)
    return response.status_code, read, told, sorted(written - NOT_OF_PEOPLE)


def test_p8_a_page_that_cannot_be_told_is_not_shown(client, world, monkeypatch):
    client.force_login(world[2]["supervisor"])

    def fails(*_args, **_more):
        raise ConnectionError

    monkeypatch.setattr(Event.objects, "bulk_create", fails)
    client.raise_request_exception = False
    pages = ("worklist", "appointments", "samples", "openings", "amendments")
    assert {client.get(reverse(f"agency:{one}")).status_code for one in pages} == {500}


def test_openings_within_one_minute_are_one_line_of_the_page_and_each_in_the_trail(client):
    made = cast.sent(cast.student())
    client.force_login(cast.staff("lmde"))
    pages = [client.get(reverse("agency:review", args=[made.public_id])) for _turn in range(3)]
    with system("test"):
        rows = Event.objects.filter(subject=f"request:{made.public_id}", code=requests.OPENED)
        assert rows.count() == 3
    codes = [event["code"] for event in pages[-1].context["timeline"]]
    assert codes.count(requests.OPENED) == 1
