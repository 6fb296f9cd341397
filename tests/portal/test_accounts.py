"""Accounts in the house's words: the mail address that is changed, the mails of the library."""

import gettext
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import translation

from decompte.portal.people import services as people
from decompte.portal.people.wording import WORDED
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "ana.souza@example.org"


@pytest.fixture
def ana(client):
    """An account with a confirmed address, who has just shown that it is them."""
    user = cast.account()
    people.take_address(user)
    address = {"login": user.email, "password": cast.PASSWORD}
    client.post(reverse("account_login"), address)
    return user


def change(client, **action):
    return client.post(reverse("account_email"), action, follow=True).content.decode()


def test_a_mail_address_is_changed_once_the_new_one_is_confirmed(client, ana, mailoutbox):
    old = ana.email
    page = change(client, action_add="", email=NEW)
    assert f"We wrote to {NEW}" in page
    ana.refresh_from_db()
    assert ana.email == old
    (mail,) = [one for one in mailoutbox if one.to == [NEW]]
    client.post(re.search(r"https?://[^/]+(/\S+)", mail.body)[1])
    ana.refresh_from_db()
    assert ana.email == NEW
    assert [one.email for one in EmailAddress.objects.filter(user=ana)] == [NEW]


def test_a_change_can_be_taken_back_before_it_is_confirmed(client, ana):
    change(client, action_add="", email=NEW)
    assert "We wrote to" not in change(client, action_remove="", email=NEW)
    assert [one.email for one in EmailAddress.objects.filter(user=ana)] == [ana.email]


@pytest.mark.parametrize("asked", ["ours", "nobody"])
def test_a_mail_about_a_password_is_in_french_and_says_courriel(client, mailoutbox, asked):
    email = cast.account().email if asked == "ours" else "personne@example.org"
    with translation.override("fr"):
        page = client.post(
            reverse("account_reset_password"),
            {"email": email},
            headers={"Accept-Language": "fr"},
            follow=True,
        ).content.decode()
    (mail,) = mailoutbox
    assert mail.body.startswith("Bonjour,\n\nUn nouveau mot de passe a été demandé")
    assert "e-mail" not in (mail.subject + mail.body + page).lower()
    assert "Nous vous avons envoyé un courriel" in page


def test_what_is_worded_anew_is_still_said_by_the_library():
    theirs = Path(allauth.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
    with theirs.open("rb") as file:
        said = gettext.GNUTranslations(file)
    with translation.override("fr"):
        for words in WORDED:
            assert said.gettext(words) != words, words
            ours = translation.gettext(words)
            assert "e-mail" not in ours.lower(), ours
