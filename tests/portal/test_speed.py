"""A page asks the database at most fifteen times, however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from decompte.portal import clock
from decompte.portal.agency.services import settle_request
from decompte.portal.decisions import amendments, outcome
from decompte.portal.people.scope import system
from decompte.portal.requests import review, thread
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import Paper, Request
from decompte.portal.requests.states import State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOST = 15


@pytest.fixture
def made():
    member = cast.student()
    for _n in range(6):
        cast.sent(member)
    return cast.draft(member)


PAGES = {
    "member:dashboard": False,
    "requests:list": False,
    "requests:new": False,
    "requests:detail": True,
    "requests:dossier": True,
    "requests:calendar": True,
    "decisions:estimate": True,
    "requests:care_form": True,
    "registration:certificate": False,
    "registration:membership": False,
    "contribution:contribution": False,
    "rights:mine": False,
}
SENT = [one for one in State if one is not State.DRAFT]


def look(client, path):
    """Open a page and hold it to its bar."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    assert len(asked) <= MOST, f"{path}: {[one['sql'] for one in asked]}"


def test_a_page_of_the_member_asks_few_times(client, made):
    client.force_login(made.member.user)
    for name, has_request in PAGES.items():
        path = reverse(name, args=[made.public_id] if has_request else [])
        client.get(path)
        look(client, path)


def test_a_request_asks_few_times_in_every_state_with_a_proof_missing(client, made):
    with system("test"):
        Paper.objects.filter(request=made, kind="bank-details").delete()
        Paper.objects.exclude(request=made).update(state="accepted")
    client.force_login(made.member.user)
    path = reverse("requests:detail", args=[made.public_id])
    for state in SENT:
        with system("test"):
            Request.objects.filter(pk=made.pk).update(
                state=state, submitted_at=clock.now(), promised_on=clock.today()
            )
        client.get(path)
        look(client, path)


@pytest.fixture
def full(made):
    """A request with all that can hang on one: proofs, twins, letters, messages, a proposal."""
    member, agent = made.member, cast.staff("lmde", "agent")
    with system("test"):
        former = Request.objects.exclude(pk=made.pk).order_by("pk").first()
        assert settle_request(former, "test")
        assert requests.submit(made, "test")
        thread.write_as_member(made, "Here is what you asked for.", member.user)
        assert review.send_back(made, "the form is not signed", "test")
        assert requests.submit(made, "test")
        assert review.take(made, agent)
        line = {**cast.visit(), "price_cents": 2300}
        by_hand = (outcome.ByHand(line=1, amo_cents=900, amc_cents=0),)
        proposal = amendments.Proposal((line,), by_hand, "exception", "as agreed")
        amendments.propose(made, proposal, agent, None)
    return made


DESK = (
    *("worklist", "steering", "samples", "queue", "staff", "near", "amendments", "openings"),
    *("appointments", "member", "refuse", "review", "key_line", "missing", "beside", "amend"),
)


def test_a_page_of_the_agency_asks_few_times(client, full):
    client.force_login(cast.staff("lmde", "supervisor"))
    give_reason(client, full)
    for name in DESK:
        look(client, page_about(full, name))


def test_the_desk_asks_few_times_in_every_state(client, full):
    client.force_login(cast.staff("lmde", "supervisor"))
    give_reason(client, full)
    for state in SENT:
        with system("test"):
            Request.objects.filter(pk=full.pk).update(state=state)
        for name in ("review", "beside"):
            look(client, page_about(full, name))


def give_reason(client, found):
    client.post(reverse("agency:reason", args=[found.public_id]), {"reason": "telephone"})


def page_about(found, name):
    with system("test"):
        former = Request.objects.exclude(pk=found.pk).order_by("pk").first()
    about = {
        "member": [found.member.public_id],
        "key_line": [found.public_id, 1],
        "beside": [found.public_id, former.public_id],
        **{one: [found.public_id] for one in ("review", "missing", "refuse", "amend")},
    }
    return reverse(f"agency:{name}", args=about.get(name, []))
