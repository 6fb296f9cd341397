"""Answers in writing are read before they are sent, and kept as sent."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.agency import services as agency
from decompte.portal.audit.models import Event
from decompte.portal.decisions import services as decisions
from decompte.portal.outbox.models import Message
from decompte.portal.people.scope import system
from decompte.portal.requests import answers, phrases, services
from decompte.portal.requests.models import Letter, Request
from tests import cast

pytestmark = pytest.mark.django_db
OWN = "Please see the request of January."


@pytest.fixture
def made():
    return cast.sent(cast.student("lmde"))


def state(made):
    with system("test"):
        return Request.objects.get(pk=made.pk).state


def test_a_refusal_is_read_then_sent_once_and_kept_as_sent(client, made):
    client.force_login(cast.staff("lmde"))
    address = reverse("agency:refuse", args=[made.public_id])
    form = {"reason": "duplicate", "words": OWN, "version": made.version}
    shown = client.post(address, {**form, "read": ""}).content.decode()
    assert OWN in shown
    assert "is the subject of another request" in shown
    assert state(made) == "submitted"
    assert client.post(address, {**form, "send": ""}).status_code == 302
    assert client.post(address, {**form, "send": ""}).status_code == 422
    assert state(made) == "refused"
    with system("test"):
        letter = Letter.objects.get()
        assert Message.objects.filter(key__contains=":letter:").count() == 1
        assert OWN not in Message.objects.get(key__contains=":letter:").body
        assert Event.objects.filter(code="letter.sent").count() == 1
    client.post(reverse("agency:reason", args=[made.public_id]), {"reason": "letter"})
    pdf = client.get(reverse("agency:letter", args=[letter.public_id])).content
    assert pdf.startswith(b"%PDF")
    client.force_login(cast.staff("smerep"))
    assert client.get(reverse("agency:letter", args=[letter.public_id])).status_code == 404


def test_a_letter_cannot_be_changed_or_taken_away(made):
    with system("test"):
        assert answers.answer(made, "refuse", "too-old", "", "test")
    for sql in ("UPDATE requests_letter SET reason = 'x'", "DELETE FROM requests_letter"):
        with (
            system("test"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_a_refusal_needs_a_reason(client, made):
    client.force_login(cast.staff("lmde"))
    address = reverse("agency:refuse", args=[made.public_id])
    for reason in ("", "because"):
        assert client.post(address, {"reason": reason, "send": ""}).status_code == 422
    assert state(made) == "submitted"


def test_the_letter_is_in_the_members_language(made):
    with system("test"):
        made.member.user.language = "fr"
        draft = answers.drafted(made, "refuse", phrases.REFUSALS[0], "")
    assert "12 mars 2014" in " ".join(draft.paragraphs)


def test_an_appeal_is_answered_by_another_person_than_the_one_who_decided(client, made):
    first, second = (cast.staff("lmde", "adjudicator") for _n in range(2))
    with system("test"):
        answers.answer(made, "refuse", "too-old", "", first.public_id)
        services.appeal(made, "It arrived in time", made.member.user)
        with pytest.raises(Refusal) as told:
            answers.answer(made, "uphold", "upheld", "", first.public_id)
        assert told.value.problems[0].code == "appeal.same_person"
    client.force_login(second)
    address = reverse("agency:uphold", args=[made.public_id])
    assert client.post(address, {"reason": "upheld", "send": ""}).status_code == 302
    assert state(made) == "upheld"
    client.force_login(cast.staff("lmde"))
    assert client.get(address).status_code == 404


def recomputed():
    said = StringIO()
    try:
        call_command("recompute", "--from", "2014-03-01", "--until", "2014-03-31", stdout=said)
    except SystemExit as stopped:
        return stopped.code, said.getvalue()
    return 0, said.getvalue()


def test_recomputing_a_period_finds_no_difference_and_names_one(made):
    other = cast.sent(cast.student("lmde"))
    with system("test"):
        agency.settle_request(made, "test")
        decision = decisions.of_request(made.pk)
        assert recomputed() == (0, "1 decisions recomputed, 0 differ\n")
        decision.pk, decision.public_id, decision.request = None, "another", other
        decision.payable_cents += 1
        decision.save()
    code, said = recomputed()
    assert code == 1
    assert f"{other.reference} €15.11 -> €15.10" in said
    assert decision.decided_at.date() == date(2014, 3, 20)
