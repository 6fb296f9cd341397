"""What the portal needs goes away and comes back: nothing is lost, and the page says what it is."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import reverse

from decompte.portal.outbox import services as outbox
from decompte.portal.outbox.models import Message
from decompte.portal.people.models import User
from decompte.portal.people.scope import system
from tests import cast

pytestmark = pytest.mark.django_db


class Away(locmem.EmailBackend):
    """A mail server that does not answer."""

    def open(self):
        raise ConnectionRefusedError

    def send_messages(self, _messages):
        raise ConnectionRefusedError


class Choosy(locmem.EmailBackend):
    """A mail server that refuses one recipient."""

    def send_messages(self, messages):
        if messages[0].to == ["nobody@decompte.example"]:
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


@pytest.fixture
def reader():
    """A browser that gets the page of a failure, as people do."""
    return Client(raise_request_exception=False)


def written(*recipients):
    for who in recipients:
        outbox.enqueue(f"to {who}", recipient=who, language="en", subject="Hello", body="Hello")


def delivered():
    """Send what waits, as the program does by itself; return how many left."""
    with system("test"):
        return outbox.deliver()


def backend(settings, kind):
    settings.EMAIL_BACKEND = f"{__name__}.{kind.__name__}"


def test_mails_wait_as_long_as_their_server_is_away_and_leave_when_it_is_back(settings):
    written("ana@decompte.example", "wei@decompte.example")
    backend(settings, Away)
    for _turn in range(3 * outbox.MOST_ATTEMPTS):
        assert delivered() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert delivered() == 2
    assert delivered() == 0
    assert [one.to for one in mail.outbox] == [["ana@decompte.example"], ["wei@decompte.example"]]


def test_a_mail_that_is_refused_stops_no_other_and_is_given_up(settings):
    written("nobody@decompte.example", "ana@decompte.example")
    backend(settings, Choosy)
    assert sum(delivered() for _turn in range(2 * outbox.MOST_ATTEMPTS)) == 1
    with system("test"):
        given_up = Message.objects.get(recipient="nobody@decompte.example")
    assert (given_up.attempts, given_up.last_error) == (
        outbox.MOST_ATTEMPTS,
        "SMTPRecipientsRefused",
    )


def test_who_waits_for_a_mail_is_told_that_none_can_be_sent(settings, reader):
    typed = {"email": cast.account().email}
    backend(settings, Away)
    address = reverse("account_reset_password")
    page = reader.post(address, typed)
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "We cannot send mails just now" in page.content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert reader.post(address, typed).status_code == 302


def test_a_password_changes_though_mail_is_away_and_the_notice_waits(settings, reader):
    user = cast.account()
    cast.sign_in(reader, user)
    backend(settings, Away)
    new = "another-password-of-2014"
    typed = {"oldpassword": cast.PASSWORD, "password1": new, "password2": new}
    assert reader.post(reverse("account_change_password"), typed).status_code == 302
    assert User.objects.get(pk=user.pk).check_password(new)
    with system("test"):
        assert len(outbox.sent_to(user.email)) == 1


@pytest.mark.parametrize("page", ["/", "/readyz", "/guide/", "/member/", "/api/v1/works"])
def test_without_its_records_every_page_says_so_and_comes_back(monkeypatch, reader, page):
    reader.force_login(cast.student().user)
    before = reader.get(page).status_code

    def gone(*_arguments):
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as without:
        without.setattr(CursorWrapper, "execute", gone)
        answer = reader.get(page)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "the server closed" not in answer.content.decode()
    assert reader.get(page).status_code == before
