"""The same form sent again: one effect, the same answer; another content is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from decompte.portal.agency import services as agency
from decompte.portal.idempotency import services
from decompte.portal.payments import services as payments
from decompte.portal.people.scope import system
from tests import cast
from tests.conftest import DAY

KEY = {"idempotency_key": "a-key-of-one-form"}
FORM = {"execution_date": (DAY + timedelta(days=1)).isoformat(), **KEY}


def waiting(count=1):
    with system("test"):
        for _one in range(count):
            agency.settle_request(cast.sent(cast.student()), "test")


def batches():
    with system("test"):
        return len(payments.batches())


@pytest.mark.django_db
def test_the_same_form_has_one_effect_and_one_answer(client):
    waiting()
    client.force_login(cast.staff("lmde", "finance"))
    first = client.post(reverse("agency:payments"), FORM)
    waiting()
    again = client.post(reverse("agency:payments"), FORM)
    assert (first.status_code, first.headers["Location"]) == (302, again.headers["Location"])
    assert batches() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_content_is_refused(client):
    waiting()
    client.force_login(cast.staff("lmde", "finance"))
    client.post(reverse("agency:payments"), FORM)
    waiting()
    other = {**FORM, "execution_date": (DAY + timedelta(days=2)).isoformat()}
    assert client.post(reverse("agency:payments"), other).status_code == 422
    assert batches() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_account_and_agency(client):
    for where in ("lmde", "smerep"):
        with system("test"):
            agency.settle_request(cast.sent(cast.student(where)), "test")
        client.force_login(cast.staff(where, "finance"))
        assert client.post(reverse("agency:payments"), FORM).status_code == 302
    assert batches() == 2


@pytest.mark.django_db
def test_a_refused_form_may_be_sent_again(client):
    client.force_login(cast.staff("lmde", "finance"))
    assert client.post(reverse("agency:payments"), FORM).status_code == 422
    waiting()
    assert client.post(reverse("agency:payments"), FORM).status_code == 302


@pytest.mark.django_db
def test_a_release_sent_again_gets_its_first_answer(client):
    waiting()
    first, second = (cast.staff("lmde", "finance") for _n in range(2))
    with system("test"):
        batch = payments.prepare("lmde", first, DAY + timedelta(days=1))
    cast.sign_in(client, second)
    address = reverse("agency:release", args=[batch.public_id])
    form = {"digest": batch.sha256, **KEY}
    answers = {client.post(address, form).headers["Location"] for _turn in range(3)}
    assert len(answers) == 1
    with system("test"):
        assert payments.everything() == []


@pytest.mark.django_db
def test_a_request_settled_again_gets_its_first_answer_and_a_refusal_keeps_no_key(client):
    member, agent = cast.student(), cast.staff("lmde")
    client.force_login(agent)
    first, twin = cast.sent(member), cast.sent(member)
    address = reverse("agency:settle", args=[first.public_id])
    answers = [client.post(address, {"version": first.version, **KEY}) for _turn in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[1].headers[services.AGAIN] == "true"
    address = reverse("agency:settle", args=[twin.public_id])
    form = {"version": twin.version, "idempotency_key": "another"}
    assert client.post(address, form).status_code == 422
    assert client.post(address, {**form, "compared": "yes"}).status_code == 302
    with system("test"):
        assert len(payments.waiting()) == 2


@pytest.mark.django_db
def test_old_answers_are_forgotten_after_ninety_days(client, settings):
    waiting()
    client.force_login(cast.staff("lmde", "finance"))
    client.post(reverse("agency:payments"), FORM)
    for days, forgotten in ((89, 0), (2, 1)):
        settings.DAYS_BACK -= days
        with system("test"):
            assert services.forget() == forgotten


def test_m4_fifty_at_once_have_one_effect(committed):
    waiting(3)
    officer = cast.staff("lmde", "finance")
    session = Client()
    session.force_login(officer)

    def send(_turn):
        client = Client()
        client.cookies = session.cookies
        try:
            return client.post(reverse("agency:payments"), FORM).headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(50)))
    assert len(answers) == 1
    assert batches() == 1
