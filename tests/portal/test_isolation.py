"""Each agency and student sees its own only; without a scope nothing is read."""

import pytest
from django.urls import reverse

from decompte.portal.people.models import Member
from decompte.portal.people.scope import AgencyScope, MemberScope, NoScopeError, entered, system
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import CareLine, Paper, Request
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return cast.sent(cast.student("lmde"))


def addresses(made):
    with system("test"):
        paper = requests.current_papers(made)["care-form"].public_id
    return {
        "student": [
            reverse("requests:detail", args=[made.public_id]),
            reverse("requests:line", args=[made.public_id, 1]),
            reverse("requests:dossier", args=[made.public_id]),
        ],
        "agency": [
            reverse("agency:review", args=[made.public_id]),
            reverse("agency:page", args=[paper, 0]),
        ],
        "posts": [
            reverse("agency:settle", args=[made.public_id]),
            reverse("agency:send_back", args=[made.public_id]),
            reverse("agency:receive", args=[made.public_id]),
            reverse("agency:judge", args=[made.public_id, paper]),
        ],
        "own_posts": [
            reverse("requests:send", args=[made.public_id]),
            reverse("requests:announce", args=[made.public_id]),
            reverse("requests:paper", args=[made.public_id]),
        ],
    }


def test_the_other_agencys_agent_finds_nothing(client, made):
    client.force_login(cast.staff("smerep"))
    paths = addresses(made)
    for path in paths["agency"]:
        assert client.get(path).status_code == 404, path
    for path in paths["posts"]:
        assert client.post(path).status_code == 404, path
    page = client.post(reverse("agency:worklist"), {"reference": made.reference}).content.decode()
    assert made.member.name not in page


def test_the_own_agent_finds_the_request(client, made):
    client.force_login(cast.staff("lmde"))
    for path in addresses(made)["agency"]:
        assert client.get(path).status_code == 200, path


def test_another_student_finds_nothing(client, made):
    client.force_login(cast.student("lmde").user)
    paths = addresses(made)
    for path in paths["student"] + paths["agency"]:
        assert client.get(path).status_code == 404, path
    for path in paths["posts"] + paths["own_posts"]:
        assert client.post(path).status_code == 404, path


def test_a_stranger_is_led_to_sign_in(client, made):
    paths = addresses(made)
    for path in paths["student"] + paths["agency"]:
        page = client.get(path)
        assert (page.status_code, page.headers["Location"][:16]) == (302, "/accounts/login/")


def test_an_agent_does_not_pay_and_finance_does_not_judge(client, made):
    client.force_login(cast.staff("lmde", "agent"))
    assert client.get(reverse("agency:payments")).status_code == 404
    client.force_login(cast.staff("lmde", "finance"))
    assert client.post(reverse("agency:settle", args=[made.public_id])).status_code == 404


@pytest.mark.parametrize("model", [Member, Request, CareLine, Paper])
def test_without_a_scope_nothing_is_read(model):
    with pytest.raises(NoScopeError):
        model.objects.all()
    with pytest.raises(NoScopeError):
        model._base_manager.all()


def test_a_scope_holds_its_own_rows_only(made):
    with entered(AgencyScope("smerep")):
        assert not Request.objects.exists()
    with entered(MemberScope(made.member_id)):
        assert Request.objects.count() == 1
    with entered(MemberScope(made.member_id + 1)):
        assert not Request.objects.exists()


def test_staff_without_a_second_factor_set_one_up_first(client, made, settings):
    settings.DEMONSTRATION = False
    client.force_login(cast.staff("lmde"))
    page = client.get(reverse("agency:review", args=[made.public_id]))
    assert page.headers["Location"] == reverse("mfa_activate_totp")


def test_personal_pages_are_not_kept_by_caches(client, made):
    client.force_login(made.member.user)
    page = client.get(reverse("requests:list"))
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
