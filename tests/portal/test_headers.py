"""Every answer carries the same headers, whatever the address, the reader and the outcome."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests import cast
from tests.portal.test_matrix import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOBODY = SimpleNamespace(public_id="none")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def every_address(patterns=None, route="", space=""):
    """Yield each address of the portal, those of the library and of the interfaces included."""
    for one in patterns or get_resolver().url_patterns:
        here = route + str(one.pattern)
        inner = getattr(one, "url_patterns", None)
        if inner is None:
            yield f"{space}{one.name or here}", here, one.pattern.converters
        else:
            name = f"{one.namespace}:" if one.namespace else ""
            yield from every_address(inner, here, space + name)


def policy_of(answer):
    parts = answer.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


@pytest.mark.parametrize("who", ["anonymous", "member"])
def test_every_answer_carries_the_set(who):
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(cast.student().user)
    lacking, count = [], 0
    for name, route, converters in every_address():
        path = path_of(name, route, converters, {"public_id": "none"}, NOBODY)
        for method in ("GET", "POST") if who == "member" else ("GET",):
            if name in {"account_logout", "rights:close"} and method == "POST":
                continue
            answer = client.generic(method, path)
            count += 1
            lacking += problems(name, method, answer, is_signed_in=who != "anonymous")
    assert lacking == []
    assert count > 100


def problems(name, method, answer, *, is_signed_in):
    found = [
        f"{method} {name} {answer.status_code}: {header}"
        for header, value in ALWAYS.items()
        if answer.headers.get(header) != value
    ]
    said = policy_of(answer) if "Content-Security-Policy" in answer.headers else {}
    found += [
        f"{method} {name} {answer.status_code}: {part} {said.get(part)}"
        for part, value in POLICY.items()
        if said.get(part) != value
    ]
    if "unsafe" in str(said):
        found.append(f"{method} {name}: unsafe policy")
    kept = answer.headers.get("Cache-Control", "")
    if is_signed_in and "no-store" not in kept:
        found.append(f"{method} {name} {answer.status_code}: may be kept ({kept})")
    return found


def test_no_page_holds_a_script_or_a_style_of_its_own(client):
    client.force_login(cast.student().user)
    for name in ("member:dashboard", "rights:mine", "mfa_index", "account_email", "requests:new"):
        page = client.get(reverse(name), follow=True).content.decode()
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/admin/", "/.git/config", "/.env", "/static/", "/static/css/", "/media/", "/debug/"]
)
def test_a11_nothing_of_the_workshop_answers(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Server" not in answer.headers
    page = answer.content.decode()
    assert [word for word in ("Traceback", "Django", "urlconf", "gunicorn") if word in page] == []
