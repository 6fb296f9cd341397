"""A member writes to the agency, contests a decision, and reads the letters about a request."""

import pytest
from django.urls import reverse

from decompte.portal.people.scope import AgencyScope, MemberScope, entered, system
from decompte.portal.requests import answers, review, services, thread
from decompte.portal.requests.models import Letter, Request
from decompte.portal.requests.states import State
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused():
    made = cast.sent(cast.student("lmde"))
    agent = cast.staff("lmde", "adjudicator")
    with entered(AgencyScope("lmde")):
        found = services.find(made.public_id)
        assert review.take(found, agent)
        found.refresh_from_db()
        assert answers.answer(found, "refuse", "too-old", "", agent.public_id)
    return made


def at(name, made, *more):
    return reverse(f"requests:{name}", args=(made.public_id, *more))


def page(client, made):
    return client.get(at("detail", made)).content.decode()


def test_a_message_reaches_the_agencys_list_and_stands_on_the_page(client, refused):
    client.force_login(refused.member.user)
    client.post(at("write", refused), {"text": "Where is my money?"})
    assert "Where is my money?" in page(client, refused)
    with entered(AgencyScope("lmde")):
        assert [one.is_from_member for one in thread.messages_of(refused)] == [True]


def test_an_empty_message_is_not_kept_and_the_page_says_so(client, refused):
    client.force_login(refused.member.user)
    answered = client.post(at("write", refused), {"text": "  "}, follow=True)
    assert "write a message" in answered.content.decode()
    with system("test"):
        assert thread.messages_of(refused) == []


def test_a_refusal_is_read_and_contested_once(client, refused):
    client.force_login(refused.member.user)
    with entered(MemberScope(refused.member_id)):
        (sent,) = Letter.objects.filter(request=refused)
    pdf = client.get(at("letter", refused, sent.public_id))
    assert pdf.content.startswith(b"%PDF")
    assert sent.subject in page(client, refused)
    for words in ("I was ill.", "I was ill."):
        client.post(at("contest", refused), {"text": words})
    with system("test"):
        assert Request.objects.get(pk=refused.pk).state == State.APPEALED
        assert len(thread.messages_of(refused)) == 1
    assert "I do not agree" not in page(client, refused)


def test_another_student_neither_writes_nor_reads(client, refused):
    with system("test"):
        (sent,) = Letter.objects.filter(request=refused)
    client.force_login(cast.student("lmde").user)
    assert client.post(at("write", refused), {"text": "x"}).status_code == 404
    assert client.post(at("contest", refused), {"text": "x"}).status_code == 404
    assert client.get(at("letter", refused, sent.public_id)).status_code == 404


def test_a_draft_has_nobody_to_write_to(client):
    made = cast.draft(cast.student("lmde"))
    client.force_login(made.member.user)
    assert client.post(at("write", made), {"text": "x"}).status_code == 404
