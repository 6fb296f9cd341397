"""A page asks the database at most fifteen times, however much there is; the desk a little more.

The desk's page joins what six rooms know of one request: care, papers, cover, decision, trail.
"""

import pytest
from django.urls import reverse

from decompte.portal import clock
from decompte.portal.people.scope import system
from decompte.portal.requests.models import Paper, Request
from decompte.portal.requests.states import State
from tests import cast

pytestmark = pytest.mark.django_db
MOST, MOST_AT_THE_DESK = 15, 28


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


@pytest.mark.parametrize(
    ("name", "most"),
    [
        *((name, MOST) for name in ("worklist", "steering", "samples", "queue", "staff", "near")),
        *((name, MOST) for name in ("amendments", "openings", "appointments", "member", "refuse")),
        *((name, MOST_AT_THE_DESK) for name in ("review", "key_line", "missing")),
    ],
)
def test_a_page_of_the_agency_asks_few_times(client, name, most, django_assert_max_num_queries):
    member = cast.student()
    found = [cast.sent(member) for _n in range(6)][-1]
    client.force_login(cast.staff("lmde", "supervisor"))
    about = {"member": [member.public_id], "key_line": [found.public_id, 1]}
    one = [found.public_id] if name in {"review", "missing", "refuse"} else []
    path = reverse(f"agency:{name}", args=about.get(name, one))
    client.get(path)
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200
