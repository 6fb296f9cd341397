"""Secrets stay secret, GPs follow one another, the audit chain shows what was changed."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from decompte.errors import Refusal
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.outbox.models import Message
from decompte.portal.people import sealing, services
from decompte.portal.people.models import BankAccount
from decompte.portal.people.scope import system
from tests import cast

pytestmark = pytest.mark.django_db
NIR = "184127645108946"


@pytest.fixture
def member():
    with system("test"):
        yield cast.student()


def test_a_sealed_value_opens_in_its_context_only():
    sealed = sealing.seal(b"secret", "iban")
    assert b"secret" not in sealed
    assert sealing.open_sealed(sealed, "iban") == b"secret"
    with pytest.raises(InvalidTag):
        sealing.open_sealed(sealed, "nir")


def test_a_secret_never_shows_itself():
    secret = sealing.Secret(NIR)
    assert NIR not in f"{secret} {secret!r} {secret!s} {[secret]}"
    assert secret.reveal() == NIR


def test_the_database_holds_no_iban_in_clear(member):
    account = BankAccount.objects.get(member=member)
    assert cast.IBAN.encode() not in bytes(account.iban_sealed)
    assert services.iban(account).reveal() == cast.IBAN


def test_a_new_gp_ends_the_one_before(member):
    services.declare_gp(member, doctor_name="Dr B", doctor_number="", since=date(2014, 1, 2))
    assert [gp.until for gp in member.gp_declarations.all()] == [date(2014, 1, 2), None]
    assert services.gp_since(member.pk, date(2014, 3, 1)) == date(2013, 10, 15)
    assert services.gp_since(member.pk, date(2013, 10, 1)) is None


@pytest.mark.parametrize("day", [date(2014, 12, 1), date(1980, 1, 1), date(2013, 10, 1)])
def test_an_impossible_gp_declaration_is_refused(member, day):
    with pytest.raises(Refusal):
        services.declare_gp(member, doctor_name="Dr B", doctor_number="", since=day)


def identity(member, nir):
    return services.save_identity(member.user, {"given_name": "N", "nir": nir})


def test_an_identity_number_is_checked_and_belongs_to_one_account(member):
    saved = identity(member, NIR)
    assert services.nir(saved).reveal() == NIR
    assert services.masked_nir(saved) == "1 •• •• •• ••• ••• 46"
    with pytest.raises(Refusal):
        identity(cast.student(), NIR)
    with pytest.raises(Refusal):
        identity(member, "184127645108947")


def test_a_change_of_account_is_told_by_a_mail_without_details(member):
    services.set_bank_account(member, holder="N", iban="DE89370400440532013000")
    mail = Message.objects.filter(key__startswith="bank.changed").last()
    assert "3000" not in mail.body
    assert outbox.deliver() >= 1
    mail.refresh_from_db()
    assert mail.sent_at


def test_the_same_message_twice_is_one(member):
    for _turn in range(2):
        outbox.enqueue("k", recipient="a@b.example", language="fr", subject="s", body="b")
    assert Message.objects.filter(key="k").count() == 1


def test_a_rewritten_event_breaks_the_chain(member):
    assert audit.seal() > 0
    assert audit.seal() == 0
    assert audit.problems() == []
    with connection.cursor() as cursor:
        where = " ON audit_event" if connection.vendor == "postgresql" else ""
        cursor.execute("RESET ROLE" if where else "SELECT 1")
        cursor.execute(f"DROP TRIGGER audit_event_no_UPDATE{where}")
        cursor.execute(
            "UPDATE audit_event SET actor = 'somebody else' WHERE id = "
            "(SELECT max(id) FROM audit_event)"
        )
    assert len(audit.problems()) == 1
