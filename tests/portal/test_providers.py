"""Sign-in through a provider: by configuration, without taking over accounts or lowering a bar."""

import json
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from decompte.portal.people import providers
from decompte.portal.people.models import User
from tests import cast, oidc

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket, pytest.mark.one_database]


@pytest.fixture
def provider(settings, tmp_path):
    """A provider of the tests, listed in a file as a host lists one."""
    with oidc.running() as server:
        (tmp_path / "secret").write_text(oidc.SECRET)
        listed = {
            "id": "campus",
            "name": "Campus",
            "server": server.issuer,
            "client_id": oidc.CLIENT,
            "secret_file": str(tmp_path / "secret"),
            "scope": ["openid", "email"],
            "auth_params": {"acr_values": "eidas1"},
        }
        path = tmp_path / "providers.json"
        path.write_text(json.dumps([listed]))
        apps = providers.read(str(path))
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": apps}
        }
        yield server


def come_back(client):
    """Press the button, go to the provider and back; return the last answer of the portal."""
    answer = client.post("/accounts/oidc/campus/login/")
    there = requests.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def is_in(client):
    return "_auth_user_id" in client.session


def test_the_sign_in_page_names_the_provider_and_asks_it_as_configured(client, provider):
    assert "Sign in with Campus" in client.get(reverse("account_login")).content.decode()
    come_back(client)
    asked = provider.asked[0]
    assert asked["acr_values"] == "eidas1"
    assert len(asked["nonce"]) >= 22
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "email"}


def test_a_new_student_gets_an_account_and_comes_back_to_it(client, provider):
    come_back(client)
    assert is_in(client)
    user = User.objects.get(email="noa@campus.example")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert SocialToken.objects.count() == 0
    again = Client()
    come_back(again)
    assert is_in(again)
    assert User.objects.filter(email="noa@campus.example").count() == 1


def test_a_provider_does_not_take_over_an_account_of_the_same_address(client, provider):
    user = cast.account()
    provider.person["email"] = user.email
    come_back(client)
    assert not is_in(client)
    assert SocialAccount.objects.count() == 0


def test_an_account_holder_ties_the_provider_to_the_account_once_signed_in(client, provider):
    user = cast.account()
    provider.person["email"] = user.email
    cast.sign_in(client, user)
    answer = client.post("/accounts/oidc/campus/login/?process=connect")
    there = requests.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    client.get(f"{back.path}?{back.query}")
    assert SocialAccount.objects.get().user == user
    other = Client()
    come_back(other)
    assert is_in(other)


def test_the_second_factor_is_still_asked_after_a_provider(client, provider):
    come_back(client)
    user = User.objects.get(email="noa@campus.example")
    TOTP.activate(user, generate_totp_secret())
    again = Client()
    answer = come_back(again)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(again)


def test_who_has_no_password_signs_in_again_before_their_data_leaves(client, provider):
    come_back(client)
    given = client.get(reverse("rights:export"))
    assert given.status_code == 200
    assert b"".join(given.streaming_content).startswith(b"PK")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    answer = client.get(reverse("rights:export"))
    assert answer.headers["Location"].startswith("/accounts/login/?next=")
    assert not is_in(client)


def test_a_stolen_answer_of_the_provider_opens_nothing_in_another_browser(client, provider):
    answer = client.post("/accounts/oidc/campus/login/")
    there = requests.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    thief = Client()
    thief.get(f"{back.path}?{back.query}")
    assert not is_in(thief)


def test_while_the_provider_is_away_people_are_told_and_sign_in_otherwise(client, provider):
    left = client.post("/accounts/oidc/campus/login/")
    there = requests.get(left.headers["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    provider.shutdown()
    provider.server_close()
    asked = Client(raise_request_exception=False)
    client.raise_request_exception = False
    for answer in (
        asked.post("/accounts/oidc/campus/login/"),
        client.get(f"{back.path}?{back.query}"),
    ):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Traceback" not in answer.content.decode()
    user = cast.account()
    assert asked.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD}).url
    assert is_in(asked)


def test_signed_user_data_are_read_and_hardly_kept(client, provider):
    provider.person |= {"given_name": "Noa", "birthcountry": "99100"}
    provider.sign = oidc.signed
    come_back(client)
    assert is_in(client)
    kept = SocialAccount.objects.get()
    assert kept.uid == "42"
    assert kept.extra_data == {"userinfo": {"sub": "42", "email": "noa@campus.example"}}


@pytest.mark.parametrize(
    "sign",
    [
        lambda claims: oidc.signed(claims | {"aud": "somebody else"}),
        lambda claims: oidc.signed(claims | {"iss": "https://elsewhere.example"}),
        lambda claims: oidc.signed(claims | {"exp": 1}),
        lambda claims: oidc.signed(claims)[:-8] + "AAAAAAAA",
        lambda claims: jwt.encode(claims, "x" * 32, "HS256", headers={"kid": "2"}),
        lambda claims: jwt.encode(claims, None, "none", headers={"kid": "2"}),
        lambda claims: "not.a.token",
    ],
    ids=["audience", "issuer", "expired", "forged", "symmetric", "unsigned", "broken"],
)
def test_user_data_that_are_not_for_us_or_not_theirs_open_nothing(client, provider, sign):
    provider.sign = sign
    assert come_back(client).status_code < 500
    assert not is_in(client)
    assert User.objects.filter(email="noa@campus.example").count() == 0


def test_an_answer_to_another_question_opens_nothing(client, provider):
    provider.nonce = "of-another-sign-in-of-long-ago"
    assert come_back(client).status_code < 500
    assert not is_in(client)


def test_a_provider_that_lacks_something_stops_the_start_by_name(tmp_path):
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([{"id": "campus", "name": "Campus"}]))
    with pytest.raises(ImproperlyConfigured, match=r"server is missing.*client_id is missing"):
        providers.read(str(path))


def test_the_policy_lets_the_form_lead_to_the_provider_only():
    apps = [{"settings": {"server_url": "https://sso.campus.example/realm/x"}}]
    assert providers.origins(apps) == ["https://sso.campus.example"]
    assert providers.read("") == []
