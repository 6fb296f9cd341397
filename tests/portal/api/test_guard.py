"""Who may call what: others' rows do not exist, tokens end, twice is once, no mass reading."""

import pytest
from django.db import OperationalError

from decompte.portal import clock
from decompte.portal.api import hooks, reading, tokens
from decompte.portal.api.examples import LINE
from decompte.portal.api.models import Delivery, Opened
from decompte.portal.api.rest import api
from decompte.portal.audit import services as audit
from decompte.portal.idempotency import services
from decompte.portal.idempotency.models import Answer
from decompte.portal.people.scope import system
from decompte.portal.requests import worklists
from decompte.portal.requests.models import Request
from decompte.portal.rights import purge
from tests import cast
from tests.portal.api.calling import Program, agent, of_member, program

pytestmark = pytest.mark.django_db
OPEN = {"reimburse", "advise"}


@pytest.fixture
def made():
    return cast.sent(cast.student("lmde"))


def operations():
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def filled(path, value="A" * 22):
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


def test_without_a_token_only_the_open_operations_answer(client):
    anybody = Program(client)
    reached = set()
    for method, path, operation in operations():
        address = filled(path).removeprefix("/api/v1").replace("A" * 22 + "/pages/A", "x/pages/0")
        status = anybody.call(method, address, {}).status_code
        if status not in {401}:
            reached.add(operation["operationId"])
    assert reached == OPEN


def test_a_session_counts_for_nothing(client, made):
    client.force_login(made.member.user)
    assert client.get(f"/api/v1/requests/{made.public_id}").status_code == 401


def test_others_rows_do_not_exist(client, made):
    decided = cast.sent(cast.student("lmde"))
    agent(client).post(f"/requests/{decided.public_id}/settle")
    decision = agent(client).get("/decisions").json()["items"][0]["id"]
    with system("test"):
        paper = made.papers.first().public_id
        registration = made.member.registrations.first().public_id
    addresses = [
        f"/requests/{made.public_id}",
        f"/requests/{made.public_id}/estimate",
        f"/members/{made.member.public_id}",
        f"/members/{made.member.public_id}/gp-declarations",
        f"/decisions/{decision}",
        f"/decisions/{decision}/statement.pdf",
        f"/registrations/{registration}",
    ]
    strangers = [
        agent(client, "smerep"),
        program(client, "finance", agency="smerep"),
        of_member(client, cast.student("lmde")),
        of_member(client, cast.student("smerep")),
        program(client, "member", user=cast.account()),
    ]
    for stranger in strangers:
        for address in addresses:
            assert stranger.get(address).status_code == 404, address
        assert stranger.get("/requests").json()["count"] == 0
    other = agent(client, "smerep")
    assert other.get(f"/papers/{paper}/pages/0").status_code == 404
    assert other.post(f"/requests/{made.public_id}/settle").status_code == 404
    assert other.post(f"/papers/{paper}/verdict", {"accept": True}).status_code == 404
    listed = other.get("/members").json()["items"]
    assert made.member.public_id not in {one["id"] for one in listed}


def test_an_agency_does_not_see_drafts(client):
    draft = cast.draft(cast.student("lmde"))
    assert agent(client).get(f"/requests/{draft.public_id}").status_code == 404


def test_a_token_is_kept_as_a_digest_and_ends_at_once(client, made):
    given = tokens.make("x", "agent", agency="lmde")
    assert given.token.reveal().encode() not in bytes(given.client.token_digest)
    assert "dct_" not in repr(given)
    staff = Program(client, given.token.reveal())
    assert staff.get("/work-lists").status_code == 200
    tokens.revoke(given.client)
    assert staff.get("/work-lists").status_code == 401


def test_finance_reads_and_does_not_decide(client, made):
    finance = program(client, "finance", agency="lmde")
    assert finance.get("/payment-files").json() == {"items": [], "count": 0}
    assert finance.post(f"/requests/{made.public_id}/settle").status_code == 403


def test_the_same_call_twice_has_one_effect(client):
    owner = cast.student("lmde")
    member = of_member(client, owner)
    first = member.post("/requests", LINE, Idempotency_Key="k1")
    again = member.post("/requests", LINE, Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = member.post("/requests", LINE | {"price": "24.00"}, Idempotency_Key="k1")
    assert other.status_code == 409
    stranger = of_member(client, cast.student("smerep"))
    assert stranger.post("/requests", LINE, Idempotency_Key="k1").json()["id"] != first.json()["id"]
    with system("test"):
        assert Request.objects.filter(member=owner).count() == 1


def test_a_refused_call_keeps_no_key(client):
    member = of_member(client, cast.student("lmde"))
    assert member.post("/requests", LINE | {"act": "?"}, Idempotency_Key="k").status_code == 422
    assert member.post("/requests", LINE, Idempotency_Key="k").status_code == 201


def test_a_fault_between_effect_and_answer_leaves_neither(client, monkeypatch):
    owner = cast.student("lmde")
    member = of_member(client, owner)
    client.raise_request_exception = False

    def fail(_row, _response):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(services, "_finish", fail)
        with pytest.raises(KeyboardInterrupt):
            member.post("/requests", LINE, Idempotency_Key="k")
    with system("test"):
        assert not Request.objects.filter(member=owner).exists()
        assert not Answer.objects.exists()
    assert member.post("/requests", LINE, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("path", ["/requests", "/fhir/Claim"])
@pytest.mark.parametrize("place", ["token", "view"])
def test_a_database_without_time_is_told_as_come_back(client, monkeypatch, path, place):
    member = of_member(client, cast.student("lmde"))

    def fail(*_given, **_named):
        raise OperationalError("database is locked")

    if place == "token":
        monkeypatch.setattr(tokens, "client_of", fail)
    else:
        monkeypatch.setattr(worklists, "everything", fail)
    answer = member.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json().get("resourceType", "") == ("OperationOutcome" if "fhir" in path else "")
    assert "locked" not in answer.content.decode()


def test_reading_in_masses_stops_before_the_201st_file(client, made):
    given = tokens.make("x", "agent", agency="lmde")
    staff = Program(client, given.token.reveal())
    reading.opened(given.client, [f"request:{number}" for number in range(199)])
    assert staff.get(f"/requests/{made.public_id}").status_code == 200
    stopped = staff.get(f"/members/{made.member.public_id}")
    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == "3600"
    assert staff.get(f"/requests/{made.public_id}").status_code == 200
    with system("test"):
        codes = [event.code for event in audit.history(f"client:{given.client.public_id}")]
    assert "reading.stopped" in codes
    assert Opened.objects.filter(client=given.client).count() == 200


def test_a_page_of_a_list_counts_as_opened(client, made):
    given = tokens.make("x", "agent", agency="lmde")
    staff = Program(client, given.token.reveal())
    reading.opened(given.client, [f"request:{number}" for number in range(200)])
    assert staff.get("/requests").status_code == 429


def test_what_an_agencys_program_opens_is_in_the_audit_trail(client, made):
    agent(client).get(f"/requests/{made.public_id}")
    with system("test"):
        events = audit.history(f"request:{made.public_id}")
    assert [e.actor[:7] for e in events if e.code == "request.opened"] == ["client:"]


def test_what_was_kept_for_programs_goes_once_it_serves_nothing(client, settings):
    given = tokens.make("x", "agent", agency="lmde")
    hooks.subscribe(given.client, "https://agency.example/hook")
    member = of_member(client, cast.student("lmde"))
    assert member.post("/requests", LINE, Idempotency_Key="k").status_code == 201
    reading.opened(given.client, ["request:x"])
    kinds = (Answer, Opened, Delivery)
    for days, left in ((0, [True] * 3), (1, [True, False, True]), (90, [False] * 3)):
        settings.DAYS_BACK -= days
        with system("test"):
            hooks.plan()
            Delivery.objects.update(delivered_at=clock.now())
            purge.purge()
            assert [kind.objects.exists() for kind in kinds] == left, days
