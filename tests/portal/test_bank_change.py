"""A changed bank account waits 72 hours, is told by mail, can be cancelled, and asks who it is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from decompte.portal import clock
from decompte.portal.outbox.models import Message
from decompte.portal.people import services
from decompte.portal.people.facts import facts
from decompte.portal.people.models import BankAccount
from decompte.portal.people.scope import system
from tests import cast

pytestmark = pytest.mark.django_db
OTHER, THIRD = "DE89370400440532013000", "BE68539007547034"


@pytest.fixture(autouse=True)
def scope():
    with system("test"):
        yield


@pytest.fixture
def member():
    return cast.student()


def change(member, iban=OTHER):
    return services.set_bank_account(member, holder=member.name, iban=iban)


def used(member):
    return services.bank_account(member.pk).iban_last4


def test_a_first_account_is_used_at_once(member):
    assert used(member) == "2606"
    assert facts(member.pk).held is None


def test_a_changed_account_is_used_after_72_hours_and_not_before(member, settings):
    held = change(member)
    assert held.held_until - held.recorded_at == timedelta(hours=72)
    settings.DAYS_BACK -= 2
    assert used(member) == "2606"
    settings.DAYS_BACK -= 1
    assert clock.now() >= held.held_until
    assert used(member) == "3000"
    assert facts(member.pk).held is None


def test_the_member_is_told_when_and_can_cancel(member, client):
    change(member)
    assert "you can cancel it" in Message.objects.filter(key__startswith="bank").last().body
    client.force_login(member.user)
    content = client.get(reverse("member:dashboard")).content.decode()
    assert reverse("member:keep_bank") in content
    for _turn in range(2):
        assert client.post(reverse("member:keep_bank")).status_code == 302
    assert facts(member.pk).held is None
    assert used(member) == "2606"


def test_a_cancelled_change_never_comes_into_use(member, settings):
    change(member)
    assert services.cancel_held_account(member)
    assert not services.cancel_held_account(member)
    settings.DAYS_BACK -= 10
    assert used(member) == "2606"


def test_a_second_change_starts_the_wait_anew(member, settings):
    change(member)
    settings.DAYS_BACK -= 2
    change(member, THIRD)
    settings.DAYS_BACK -= 2
    assert used(member) == "2606"
    settings.DAYS_BACK -= 2
    assert used(member) == "7034"


def test_a_change_after_a_change_that_is_over_keeps_that_one_in_use(member, settings):
    change(member)
    settings.DAYS_BACK -= 4
    change(member, THIRD)
    assert used(member) == "3000"


def test_the_account_in_use_given_again_takes_a_change_back(member):
    change(member)
    services.set_bank_account(member, holder=member.name, iban=cast.IBAN)
    assert facts(member.pk).held is None
    assert BankAccount.objects.filter(member=member).count() == 2


def test_the_database_holds_one_account_in_use_and_one_that_waits(member):
    held = change(member)
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


def test_who_changes_the_account_shows_again_that_it_is_them(member, client):
    member.user.set_password(cast.PASSWORD)
    member.user.save()
    client.force_login(member.user)
    answer = client.post(reverse("member:bank"), {"holder": "X", "iban": OTHER})
    assert reverse("account_reauthenticate") in answer.headers["Location"]
    assert facts(member.pk).held is None


def test_another_student_cannot_cancel(member, client):
    change(member)
    client.force_login(cast.student().user)
    client.post(reverse("member:keep_bank"))
    assert facts(member.pk).held
