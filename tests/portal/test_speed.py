"""A page asks the database at most fifteen times, however much there is."""

import pytest
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

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture
def made():
    member = cast.student()
    for _n in range(6):
        cast.sent(member)
    return cast.draft(member)


@pytest.mark.parametrize(
    ("name", "has_request"),
    [
        ("member:dashboard", False),
        ("requests:list", False),
        ("requests:new", False),
        ("requests:detail", True),
        ("requests:dossier", True),
        ("requests:calendar", True),
        ("decisions:estimate", True),
        ("requests:care_form", True),
        ("registration:certificate", False),
        ("registration:membership", False),
        ("contribution:contribution", False),
        ("rights:mine", False),
    ],
)
def test_a_page_of_the_member_asks_few_times(
    client, made, name, has_request, django_assert_max_num_queries
):
    client.force_login(made.member.user)
    path = reverse(name, args=[made.public_id] if has_request else [])
    client.get(path)
    with django_assert_max_num_queries(MOST):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("state", [one for one in State if one is not State.DRAFT])
def test_a_request_asks_few_times_in_every_state_with_a_proof_missing(
    client, made, state, django_assert_max_num_queries
):
    with system("test"):
        Paper.objects.filter(request=made, kind="bank-details").delete()
        Paper.objects.exclude(request=made).update(state="accepted")
        Request.objects.filter(pk=made.pk).update(
            state=state, submitted_at=clock.now(), promised_on=clock.today()
        )
    client.force_login(made.member.user)
    path = reverse("requests:detail", args=[made.public_id])
    client.get(path)
    with django_assert_max_num_queries(MOST):
        assert client.get(path).status_code == 200


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


@pytest.mark.parametrize(
    "name",
    [
        *("worklist", "steering", "samples", "queue", "staff", "near", "amendments", "openings"),
        *("appointments", "member", "refuse", "review", "key_line", "missing", "beside", "amend"),
    ],
)
def test_a_page_of_the_agency_asks_few_times(client, full, name, django_assert_max_num_queries):
    client.force_login(cast.staff("lmde", "supervisor"))
    give_reason(client, full)
    path = page_about(full, name)
    with django_assert_max_num_queries(MOST):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("state", [one for one in State if one is not State.DRAFT])
def test_the_desk_asks_few_times_in_every_state(client, full, state, django_assert_max_num_queries):
    with system("test"):
        Request.objects.filter(pk=full.pk).update(state=state)
    client.force_login(cast.staff("lmde", "supervisor"))
    give_reason(client, full)
    for path in [page_about(full, name) for name in ("review", "beside")]:
        with django_assert_max_num_queries(MOST):
            assert client.get(path).status_code == 200


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
