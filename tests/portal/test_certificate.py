"""The certificate of affiliation, and the page where anybody checks its code."""

import io

import pikepdf
import pytest
from django.urls import reverse

from decompte.portal.people.scope import system
from decompte.portal.registration import certificates, services
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def code(member):
    with system("test"):
        return certificates.code_of(services.confirmed(member.pk))


def test_a_member_gets_a_certificate_whose_code_is_confirmed_to_anybody(client):
    member = cast.student()
    client.force_login(member.user)
    page = client.get(reverse("registration:certificate"))
    with pikepdf.open(io.BytesIO(page.content)) as pdf:
        assert len(pdf.pages) == 1
    client.logout()
    content = client.get(
        reverse("registration:check", args=[code(member)]), headers={"accept-language": "en"}
    ).content.decode()
    assert "genuine and in force" in content
    assert "N. B." in content
    assert "1993" in content
    for hidden in (member.family_name, member.address_line, "15 June"):
        assert hidden not in content


def test_the_code_stays_the_same():
    member = cast.student()
    assert code(member) == code(member)
    assert code(cast.student()) != code(member)


def test_a_code_may_be_typed_in_small_letters_without_hyphens(client):
    typed = code(cast.student()).lower().replace("-", "")
    page = client.get(reverse("registration:check_any"), {"code": f" {typed} "}, follow=True)
    assert page.status_code == 200
    assert page.context["found"]


@pytest.mark.parametrize("wrong", ["x", "AAAA-BBBB-CCCC-DDDD", "../../etc", "'--", "é" * 99])
def test_a_wrong_code_is_not_found(client, wrong):
    page = client.get(reverse("registration:check_any"), {"code": wrong}, follow=True)
    assert page.status_code == 404
    assert page.context["found"] is None


def test_a_period_that_is_over_is_said(client, settings):
    wanted = code(cast.student())
    settings.DAYS_BACK -= 400
    page = client.get(reverse("registration:check", args=[wanted]))
    assert not page.context["found"].is_in_force


def test_without_an_affiliation_there_is_no_certificate(client):
    client.force_login(cast.student("", card=True).user)
    assert client.get(reverse("registration:certificate")).status_code == 404
    client.force_login(cast.account())
    assert client.get(reverse("registration:certificate")).status_code == 404
