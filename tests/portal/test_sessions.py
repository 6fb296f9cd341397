"""Sessions end when they must, everywhere at once, and what was typed meanwhile is not lost."""

import re

import pytest
from allauth.mfa import signals as mfa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from decompte.portal import clock
from decompte.portal.people import expiry, services, typed
from decompte.portal.people.facts import facts
from decompte.portal.people.models import Typed
from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests
from tests import cast
from tests.portal.test_journey import VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
GP = {"doctor_name": "Dr Zaunkönig", "doctor_number": "", "since": "2014-03-01"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.get(reverse("privacy"))
    return client


def later(client, *, idle=0, whole=0):
    """Move the session into the past: last seen and begun so many seconds ago."""
    session = client.session
    now = clock.machine_seconds()
    session[expiry.SEEN], session[expiry.STARTED] = now - idle, now - whole
    session.save()


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("who", "idle", "whole", "stays"),
    [
        ("member", 29 * 60, 29 * 60, True),
        ("member", 31 * 60, 31 * 60, False),
        ("member", 60, 11 * 3600, True),
        ("member", 60, 12 * 3600 + 60, False),
        ("agent", 14 * 60, 14 * 60, True),
        ("agent", 16 * 60, 16 * 60, False),
        ("agent", 60, 8 * 3600 + 60, False),
    ],
)
def test_a_session_ends_when_idle_or_open_for_too_long(who, idle, whole, stays):
    client = signed_in(cast.student().user if who == "member" else cast.staff("lmde"))
    later(client, idle=idle, whole=whole)
    client.get(reverse("privacy"))
    assert is_in(client) is stays


def test_being_seen_keeps_a_session_and_writes_at_most_once_a_minute(django_assert_num_queries):
    client = signed_in(cast.student().user)
    later(client, idle=61, whole=600)
    client.get(reverse("privacy"))
    assert client.session[expiry.SEEN] >= clock.machine_seconds() - 2
    before = client.session[expiry.SEEN]
    client.get(reverse("privacy"))
    assert client.session[expiry.SEEN] == before


def test_a_sign_in_changes_the_key_and_signing_out_kills_it_on_the_server(client):
    user = cast.student().user
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    first = client.cookies["sessionid"].value
    thief = Client()
    thief.cookies["sessionid"] = first
    assert thief.get(reverse("member:dashboard")).status_code == 200
    client.post(reverse("account_logout"))
    assert thief.get(reverse("member:dashboard")).status_code == 302
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    assert client.cookies["sessionid"].value != first


def test_a_new_password_ends_every_other_session():
    user = cast.student().user
    mine, elsewhere = signed_in(user), signed_in(user)
    new = "another-password-of-2014"
    answer = mine.post(
        reverse("account_change_password"),
        {"oldpassword": cast.PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    mine.get(reverse("privacy"))
    elsewhere.get(reverse("privacy"))
    assert (is_in(mine), is_in(elsewhere)) == (True, False)


@pytest.mark.parametrize(
    "signal", [mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset]
)
def test_a_changed_second_factor_ends_every_other_session(signal, rf):
    user = cast.student().user
    mine, elsewhere = signed_in(user), signed_in(user)
    request = rf.post("/accounts/2fa/")
    request.user, request.session = user, mine.session
    signal.send(sender=type(user), request=request, user=user, authenticator=None)
    request.session.save()
    mine.cookies["sessionid"] = request.session.session_key
    mine.get(reverse("privacy"))
    elsewhere.get(reverse("privacy"))
    assert (is_in(mine), is_in(elsewhere)) == (True, False)


def test_a_staff_role_ends_the_sessions_of_a_member():
    user = cast.account()
    client = signed_in(user)
    services.add_staff(user, "lmde", "agent", "A")
    client.get(reverse("privacy"))
    assert not is_in(client)


def sign_in_again(client, user, answer):
    where = answer.headers["Location"]
    assert where.startswith("/accounts/login/?")
    page = client.get(where).content.decode()
    assert "What you typed is kept" in page
    there = client.post(where, {"login": user.email, "password": cast.PASSWORD})
    return client.get(there.headers["Location"])


def test_a_form_sent_after_the_session_ended_is_there_again_after_the_sign_in():
    member = cast.student()
    client = signed_in(member.user)
    later(client, idle=31 * 60, whole=31 * 60)
    page = "http://testserver" + reverse("member:gp")
    answer = client.post(reverse("member:gp"), GP, headers={"Referer": page})
    page = sign_in_again(client, member.user, answer)
    assert page.request["PATH_INFO"] == reverse("member:gp")
    assert "Dr Zaunkönig" in page.content.decode()
    sent = client.post(reverse("member:typed"), {"do": "send", "next": "/"})
    assert sent.status_code == 302
    with system("test"):
        assert services.current_gp(member).doctor_name == "Dr Zaunkönig"
        assert Typed.objects.count() == 0
    assert "What you typed" not in client.get(reverse("member:dashboard")).content.decode()


def test_a_file_sent_after_the_session_ended_is_filed_after_the_sign_in():
    member = cast.student()
    made = cast.draft(member)
    client = signed_in(member.user)
    later(client, idle=31 * 60, whole=31 * 60)
    page = "http://testserver" + reverse("requests:detail", args=[made.public_id])
    picture = cast.picture(text="Typed")
    answer = client.post(
        reverse("requests:paper", args=[made.public_id]),
        {"kind": "care-form", "file": SimpleUploadedFile("new.jpg", picture, "image/jpeg")},
        headers={"Referer": page},
    )
    with system("test"):
        before = requests.current_papers(made)["care-form"].pk
    page = sign_in_again(client, member.user, answer)
    assert "new.jpg" in page.content.decode()
    client.post(reverse("member:typed"), {"do": "send"})
    with system("test"):
        after = requests.current_papers(made)["care-form"]
    assert after.pk != before
    assert after.file_name == "new.jpg"


def test_what_was_typed_wrongly_comes_back_with_its_message_and_is_kept():
    member = cast.student()
    client = signed_in(member.user)
    later(client, idle=31 * 60, whole=31 * 60)
    answer = client.post(reverse("requests:new"), {**VISIT, "price_cents": "much"})
    sign_in_again(client, member.user, answer)
    page = client.post(reverse("member:typed"), {"do": "send"})
    assert page.status_code == 422
    assert "at most two decimals" in page.content.decode()
    assert "Dr Lambert" in page.content.decode()
    with system("test"):
        assert Typed.objects.count() == 1


def test_what_was_typed_can_be_thrown_away_and_is_nobody_elses():
    member, other = cast.student(), cast.student()
    client = signed_in(member.user)
    later(client, idle=31 * 60, whole=31 * 60)
    client.post(reverse("member:gp"), GP)
    client.force_login(other.user)
    assert "Zaunkönig" not in client.get(reverse("member:gp")).content.decode()
    client.force_login(member.user)
    assert "Zaunkönig" in client.get(reverse("member:gp")).content.decode()
    client.post(reverse("member:typed"), {"do": "drop", "next": "//evil.example/"})
    assert "Zaunkönig" not in client.get(reverse("member:gp")).content.decode()


def test_what_was_typed_lies_sealed_under_the_browsers_own_key_and_without_passwords():
    member = cast.student()
    client = signed_in(member.user)
    later(client, idle=31 * 60, whole=31 * 60)
    client.post(reverse("member:gp"), {**GP, "password": "never"})
    kept = Typed.objects.get()
    key = client.cookies[typed.COOKIE]
    assert key["httponly"]
    assert b"Zaunk" not in bytes(kept.content_sealed)
    assert key.value.encode() not in bytes(kept.digest)
    client.force_login(member.user)
    page = client.get(reverse("member:gp")).content.decode()
    assert "Zaunkönig" in page
    assert "never" not in re.findall(r'id="typed-fields".*?</script>', page)[0]


def test_a_form_that_asks_for_the_password_once_more_is_kept_too():
    member = cast.student()
    client = signed_in(member.user)
    answer = client.post(
        reverse("member:bank"),
        {"holder": "N", "iban": "DE89370400440532013000"},
        headers={"Referer": "http://testserver" + reverse("member:bank")},
    )
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert "account_reauthentication_state" not in client.session
    asked = client.get(answer.headers["Location"]).content.decode()
    assert "You are still signed in" in asked
    assert "What you typed is kept" in asked
    there = client.post(
        reverse("account_reauthenticate"),
        {"password": cast.PASSWORD, "next": reverse("member:bank")},
    )
    page = client.get(there.headers["Location"]).content.decode()
    assert "DE89370400440532013000" in page
    assert "You showed that it is you" in page
    assert "signed out" not in page
    client.post(reverse("member:typed"), {"do": "send"})
    with system("test"):
        assert facts(member.pk).held.iban_last4 == "3000"
