"""An agency's own people: engaged, moved, ended; a lost factor takes two others."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.agency import access
from decompte.portal.audit.models import Event
from decompte.portal.outbox.models import Message
from decompte.portal.people import roles, staff
from decompte.portal.people import services as people
from decompte.portal.people.models import FactorReset, StaffRole
from decompte.portal.people.scope import system
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope():
    with system("test"):
        yield


@pytest.fixture
def boss():
    return cast.staff("lmde", "administrator")


def held(user):
    return StaffRole.objects.get(user=user)


def code(act):
    with pytest.raises(Refusal) as told:
        act()
    return told.value.problems[0].code


def test_an_administrator_engages_somebody_who_is_told_by_mail(client, boss):
    cast.sign_in(client, boss)
    form = {"email": "New@decompte.example", "display_name": "Robin Petit", "role": "agent"}
    assert client.post(reverse("agency:staff"), form).status_code == 302
    assert client.post(reverse("agency:staff"), form).status_code == 422
    made = people.account_of("new@decompte.example")
    assert (people.staff_role(made).agency, made.has_usable_password()) == ("lmde", False)
    with system("test"):
        assert Message.objects.filter(recipient=made.email).count() == 1
        assert Event.objects.get(code="staff.added", actor=boss.public_id).agency == "lmde"


def test_the_operator_engages_the_first_administrator_and_a_schools_registrar():
    call_command("engage", "First@decompte.example", "lmde", "Robin Petit")
    call_command(
        "engage", "office@decompte.example", "school:hec", "Office", role=roles.Role.REGISTRAR
    )
    made = people.account_of("first@decompte.example")
    assert (people.staff_role(made).agency, people.staff_role(made).role) == (
        "lmde",
        "administrator",
    )
    with system("test"):
        assert Message.objects.filter(recipient=made.email).count() == 1
        assert Event.objects.filter(code="staff.added", actor="operator").count() == 2
    for wrong in (
        ("first@decompte.example", "lmde", "Again"),
        ("x@decompte.example", "lmd", "No such agency"),
        ("y@decompte.example", "school:hec", "No registrar"),
    ):
        with pytest.raises(CommandError):
            call_command("engage", *wrong)


def test_a_role_that_ended_opens_nothing_at_once_and_can_begin_again(client, boss, scope):
    agent = cast.staff("lmde")
    client.force_login(agent)
    assert client.get(reverse("agency:worklist")).status_code == 200
    assert staff.end(held(agent), boss)
    assert not staff.end(held(agent), boss)
    assert client.get(reverse("agency:worklist")).headers["Location"].startswith("/accounts/login/")
    client.force_login(people.account_of(agent.email))
    assert client.get(reverse("agency:worklist")).status_code == 404
    staff.engage("lmde", agent.email, "supervisor", "Back", boss)
    assert people.staff_role(agent).role == "supervisor"


def test_nobody_changes_their_own_role_nor_takes_another_agencys_people(boss, scope):
    assert code(lambda: staff.move(held(boss), "approver", "Me", boss)) == "staff.oneself"
    assert code(lambda: staff.end(held(boss), boss)) == "staff.oneself"
    other = cast.staff("smerep")
    assert code(lambda: staff.engage("lmde", other.email, "agent", "X", boss)) == "staff.taken"
    assert code(lambda: staff.move(held(other), "registrar", "X", boss)) == "role.unknown"
    assert staff.colleague("lmde", other.public_id) is None


def test_a_lost_factor_takes_two_others(client, boss, scope):
    agent, supervisor = cast.staff("lmde"), cast.staff("lmde", "supervisor")
    Authenticator.objects.create(user=agent, type="totp", data={})
    address = reverse("agency:staff_factor", args=[agent.public_id])
    client.force_login(boss)
    assert client.post(address, {"verdict": "ask"}).headers["Location"].startswith("/accounts/")
    assert not FactorReset.objects.exists()
    cast.sign_in(client, boss)
    client.post(address, {"verdict": "ask"})
    client.post(address, {"verdict": "confirm"})
    assert Authenticator.objects.filter(user=agent).exists()
    assert code(lambda: staff.ask_reset(held(agent), supervisor)) == "factor.asked"
    cast.sign_in(client, supervisor)
    assert "lost it" in client.get(reverse("agency:staff")).content.decode()
    client.post(address, {"verdict": "confirm"})
    assert not Authenticator.objects.filter(user=agent).exists()
    agent.refresh_from_db()
    assert not agent.has_usable_password()
    assert not staff.confirm_reset(held(agent), supervisor)


@pytest.mark.parametrize("who", ["asked_by", "user"])
def test_the_database_holds_it_too(boss, scope, who):
    agent = cast.staff("lmde")
    asked = staff.ask_reset(held(agent), boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.filter(pk=asked.pk).update(confirmed_by=getattr(asked, who))


def test_who_declares_somebody_near_no_longer_opens_their_file(client):
    made = cast.sent(cast.student("lmde"))
    agent = cast.staff("lmde")
    client.force_login(agent)
    address = reverse("agency:near")
    assert client.post(address, {"reference": "NOSUCH"}).status_code == 422
    assert client.post(address, {"reference": made.reference.lower()}).status_code == 302
    assert made.member.name in client.get(address).content.decode()
    for name, key in (("agency:review", made), ("agency:member", made.member)):
        assert client.get(reverse(name, args=[key.public_id])).status_code == 403


def test_members_pages_count_as_files(client):
    made = cast.sent(cast.student("lmde"))
    agent = cast.staff("lmde")
    with system("test"):
        for n in range(access.MOST_FILES_AN_HOUR):
            access.audit.record(
                access.TELEPHONE, f"member:{n}", actor=agent.public_id, agency="lmde"
            )
    client.force_login(agent)
    page = client.get(reverse("agency:member", args=[made.member.public_id]))
    assert page.status_code == 429
    assert client.get(reverse("agency:review", args=[made.public_id])).status_code == 429


@pytest.mark.parametrize("role", ["agent", "dpo", "administrator", "approver"])
def test_after_signing_in_staff_land_on_a_page_of_theirs(client, role):
    client.force_login(cast.staff("lmde", role))
    assert client.get(reverse("member:dashboard"), follow=True).status_code == 200
