"""A school hands a student over for step 2 and reads what came of it; programs are told."""

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.api import handing, hooks, tokens
from decompte.portal.api.examples import IDENTITY, REGISTRATION
from decompte.portal.api.models import Delivery, Handover
from decompte.portal.people.scope import system
from tests import cast
from tests.portal.api.calling import BANK, Program

pytestmark = pytest.mark.django_db
BACK = "https://school.example/back"
GIVEN = {
    "identity": IDENTITY,
    "registration": REGISTRATION,
    "return_address": f"{BACK}?form=7",
    "state": "dossier-42",
}


@pytest.fixture
def school():
    return tokens.make("Sciences Po", "school", return_addresses=[BACK])


@pytest.fixture
def handed(client, school):
    return Program(client, school.token.reveal()).post("/handovers", GIVEN).json()


def path(handed, end=""):
    return urlsplit(handed["address"]).path + end


def confirm(client):
    chosen = {"agency": "lmde", "complementary": "lmde"}
    assert client.post(reverse("registration:step", args=[2]), chosen).status_code == 302
    assert client.post(reverse("registration:step", args=[3]), BANK).status_code == 302
    return client.post(reverse("registration:step", args=[4]))


def test_the_student_comes_back_signed_and_the_school_reads_the_result(client, school, handed):
    client.force_login(cast.account())
    page = client.get(path(handed)).content.decode()
    assert "Sciences Po" in page
    assert "27 rue Saint-Guillaume" in page
    assert client.post(path(handed)).headers["Location"] == reverse("registration:step", args=[2])
    assert confirm(client).headers["Location"] == path(handed, "back/")
    back = client.get(path(handed, "back/")).context["address"]
    told = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    signed = f"{told['handover']}.{told['at']}.{told['status']}.{told['state']}".encode()
    secret = school.signing.reveal().encode()
    assert told["signature"] == hmac.new(secret, signed, hashlib.sha256).hexdigest()
    assert (told["form"], told["state"], told["status"]) == ("7", "dossier-42", "confirmed")
    read = Program(client, school.token.reveal()).get(f"/handovers/{handed['id']}").json()
    assert (read["step"], read["agency"], read["has_complementary"]) == ("confirmed", "lmde", True)
    assert read["contribution"] == "211.00"


def test_the_student_sees_every_thing_the_school_says(client, school):
    situation = {
        "cards": ["s1"],
        "scholarship": True,
        "parents": {"scheme": "general"},
        "work": {"hours_per_month": 60, "whole_year": True},
        "interruption_months": 3,
    }
    study = REGISTRATION["study"] | {"kind": "doctorate", "doctorate_since": "2013-09-02"}
    given = GIVEN | {"registration": {"study": study, "situation": situation}}
    made = Program(client, school.token.reveal()).post("/handovers", given).json()
    client.force_login(cast.account())
    told = client.get(path(made)).context["answers"]
    assert {one.answer for one in told} == {
        "A form S1",
        "Work through the whole year, at least 60 hours a month; Doctorate",
        "Private employees, most others",
        "Yes",
        "3",
        "2013-09-02",
    }


def test_the_school_learns_nothing_before_the_student_confirms(client, school, handed):
    client.force_login(cast.account())
    client.post(path(handed))
    read = Program(client, school.token.reveal()).get(f"/handovers/{handed['id']}").json()
    assert (read["step"], read["agency"], read["status"]) == ("accepted", None, None)


def test_what_the_school_said_is_gone_once_taken_over(client, handed):
    assert b"Berg" not in bytes(Handover.objects.get().answers_sealed)
    client.force_login(cast.account())
    client.post(path(handed))
    assert bytes(Handover.objects.get().answers_sealed) == b""


def test_nobody_else_takes_over_or_goes_back(client, handed):
    client.force_login(cast.account())
    client.post(path(handed))
    client.force_login(cast.account())
    assert client.get(path(handed)).status_code == 404
    assert client.post(path(handed)).status_code == 404
    assert client.get(path(handed, "back/")).status_code == 404
    client.force_login(cast.staff("lmde"))
    assert client.get(path(handed)).status_code == 404


def test_an_unknown_way_back_is_refused(client, school):
    for address in ("https://evil.example/back", f"{BACK}/more", "javascript:alert(1)"):
        wrong = Program(client, school.token.reveal()).post(
            "/handovers", GIVEN | {"return_address": address}
        )
        assert wrong.status_code == 422


def test_another_school_finds_nothing(client, handed):
    other = tokens.make("Elsewhere", "school", return_addresses=[BACK])
    assert (
        Program(client, other.token.reveal()).get(f"/handovers/{handed['id']}").status_code == 404
    )


def test_an_address_of_a_program_is_https():
    for url in ("http://school.example/x", "ftp://x", "https://user@x/", "https://[x/"):
        with pytest.raises(Refusal):
            tokens.make("x", "school", return_addresses=[url])


def test_a_member_makes_and_ends_an_application(client):
    owner = cast.student("lmde")
    client.force_login(owner.user)
    page = client.post("/handovers/applications/", {"name": "Union app", "is_read_only": "on"})
    app = Program(client, page.context["token"])
    assert app.get("/me").json()["member"] == owner.public_id
    client.post(f"/handovers/applications/{app.get('/me').json()['client']}/end/")
    assert app.get("/me").status_code == 401


class Listener(httpx.BaseTransport):
    """An address that notes what it is told, and answers what it is given to answer."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.heard = []

    def handle_request(self, request):
        self.heard.append(request)
        return httpx.Response(self.statuses.pop(0) if self.statuses else 204)


def plan():
    """Plan what programs are told, as the command does: as the program itself."""
    with system("test"):
        return hooks.plan()


def test_an_agency_is_told_signed_and_once(client):
    made = tokens.make("System", "agent", agency="lmde")
    hooks.subscribe(made.client, "https://agency.example/hook")
    sent = cast.sent(cast.student("lmde"))
    cast.sent(cast.student("smerep"))
    assert plan() > 0
    assert plan() == 0
    listener = Listener()
    assert hooks.deliver(listener) == len(listener.heard)
    assert hooks.deliver(listener) == 0
    subjects = [request.content.decode() for request in listener.heard]
    assert any(
        f"request:{sent.public_id}" in body and "request.submit" in body for body in subjects
    )
    first = listener.heard[0]
    assert first.headers["webhook-signature"] == hooks.signature(
        made.signing.reveal(),
        first.headers["webhook-id"],
        int(first.headers["webhook-timestamp"]),
        first.content,
    )
    told = Program(client, made.token.reveal()).get("/webhook-deliveries").json()
    assert told["count"] == len(listener.heard)


def test_what_was_not_acknowledged_is_told_again_later(settings):
    made = tokens.make("System", "agent", agency="lmde")
    hooks.subscribe(made.client, "https://agency.example/hook")
    cast.sent(cast.student("lmde"))
    planned = plan()
    assert hooks.deliver(Listener(*[500] * planned)) == 0
    assert hooks.deliver(Listener()) == 0
    assert {one.last_error for one in Delivery.objects.all()} == {"status 500"}
    settings.DAYS_BACK -= 1
    assert hooks.deliver(Listener()) == planned


def test_a_school_is_told_of_its_own_students_only(client, school, handed):
    hooks.subscribe(school.client, "https://school.example/hook")
    cast.student("lmde")
    client.force_login(cast.account())
    client.post(path(handed))
    confirm(client)
    plan()
    expected = f"registration:{handing.find(handed['id']).registration}"
    assert [one.subject for one in Delivery.objects.all()] == [expected]
