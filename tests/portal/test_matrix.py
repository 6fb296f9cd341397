"""Every address × role × ownership × method is in a reviewed file; a new address fails until it is.

`DECOMPTE_WRITE_MATRIX=1 pytest tests/portal/test_matrix.py` writes the file anew: read what changed
before committing it. Unique tokens in one member's data must not show in anybody else's answers.
Rows are walled off by the database, methods are told apart before it is asked: on PostgreSQL the
two methods that views read and write by are enough.
"""

import os
from pathlib import Path

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from decompte.portal.people.roles import Role
from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests
from decompte.portal.requests import thread
from tests import cast

pytestmark = pytest.mark.django_db
REVIEWED = Path(__file__).with_name("matrix.yaml")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STAFF = tuple(str(role) for role in Role)
PEOPLE = ("anonymous", "owner", "other-student", "student-617", "agent-617", *STAFF)
MAY_SEE = {"owner", *STAFF} - {"registrar"}
CANARY = ("Kanarie601", "Kanarienvogel", "kanarie-message")
ELSEWHERE = ("accounts/", "api/", "fhir/")


def addresses(patterns=None, route="", space=""):
    """Yield each named address with its route, but for those whose rooms have their own matrix."""
    for one in patterns or get_resolver().url_patterns:
        here = route + str(one.pattern)
        if here.startswith(ELSEWHERE):
            continue
        if isinstance(one, URLPattern):
            yield f"{space}{one.name or here}", here, one.pattern.converters
        else:
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from addresses(one.url_patterns, here, space + inner)


@pytest.fixture
def world():
    """One request of one member of LMDE, carrying tokens nobody else's data has."""
    owner = cast.student("lmde")
    with system("test"):
        type(owner).objects.filter(pk=owner.pk).update(given_name=CANARY[0])
        made = cast.sent(owner, practitioner_name=f"Dr {CANARY[1]}")
        thread.write_as_member(made, CANARY[2], owner.user)
        paper = requests.current_papers(made)["care-form"]
    users = {
        "anonymous": None,
        "owner": owner.user,
        "other-student": cast.student("lmde").user,
        "student-617": cast.student("smerep").user,
        "agent-617": cast.staff("smerep"),
        **{role: cast.staff("lmde", role) for role in STAFF},
    }
    clients = {}
    for name, user in users.items():
        clients[name] = Client(raise_request_exception=True)
        if user:
            clients[name].force_login(user)
    ids = {"paper_id": paper.public_id, "public_id": made.public_id, "other_id": made.public_id}
    return clients, ids, owner


def path_of(name, route, converters, ids, owner):
    """Return an address with the world's objects in it."""
    values = {}
    for key in converters:
        is_member = "members/" in route and key == "public_id"
        numbers = {"number": 0 if "pages" in route else 1}
        values[key] = owner.public_id if is_member else ids.get(key, numbers.get(key, 1))
        if type(converters[key]).__name__ == "SlugConverter":
            values[key] = "none-such"
    try:
        return reverse(name, kwargs=values)
    except Exception:  # noqa: BLE001  (an address without a name is asked by its route)
        return "/" + route


def answer(response):
    """Return what an answer means: yes, no (does not exist), sign in, or not by this method."""
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        return "sign-in"
    assert response.status_code < 500, response.status_code
    return {404: "no", 405: "not-so"}.get(response.status_code, "yes")


def asked(client, method, path):
    with transaction.atomic():
        response = client.generic(method, path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, body


def test_every_address_answers_each_role_as_reviewed_and_no_token_leaks(world, settings):
    clients, ids, owner = world
    settings.DEBTORS = {**settings.DEBTORS}
    found, leaks = {}, []
    methods = ("GET", "POST") if connection.vendor == "postgresql" else METHODS
    for name, route, converters in addresses():
        path = path_of(name, route, converters, ids, owner)
        row = found.setdefault(name, {})
        for method in methods:
            answers = {}
            for who in PEOPLE:
                response, body = asked(clients[who], method, path)
                answers.setdefault(answer(response), []).append(who)
                shown = body.decode(errors="replace") + str(response.headers)
                if who not in MAY_SEE:
                    leaks += [(name, method, who, token) for token in CANARY if token in shown]
            row[method] = {key: ", ".join(whom) for key, whom in sorted(answers.items())}
    assert leaks == []
    if os.environ.get("DECOMPTE_WRITE_MATRIX"):
        folded = {name: fold(row) for name, row in sorted(found.items())}
        REVIEWED.write_text(HEAD + yaml.safe_dump(folded, sort_keys=True, width=200))
    reviewed = {name: spread(row) for name, row in yaml.safe_load(REVIEWED.read_text()).items()}
    assert sorted(found) == sorted(reviewed), "an address nobody reviewed, or one that is gone"
    wrong = {
        (name, method): answers
        for name, row in found.items()
        for method, answers in row.items()
        if answers != reviewed[name][method]
    }
    assert wrong == {}


def spread(row):
    """Return the answers of each method of a reviewed row."""
    return {method: answers for methods, answers in row.items() for method in methods.split()}


def fold(row):
    """Put methods with the same answers together."""
    together = {}
    for method, answers in row.items():
        together.setdefault(yaml.safe_dump(answers), []).append(method)
    return {" ".join(methods): yaml.safe_load(key) for key, methods in together.items()}


HEAD = """# Who gets what from every address, by method. Reviewed by people; the test compares.
# yes: it answers (also: refuses what was sent) · no: to them it does not exist · sign-in: led to
# sign in · not-so: not by this method. `owner` is the member whose request, papers and messages
# the address names; staff roles are of the owner's agency (a registrar: of a school),
# 617 is another agency.
"""
