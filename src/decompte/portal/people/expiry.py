"""Ends sessions that were idle or open too long, and loses nothing of what was typed meanwhile."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from decompte.portal import clock
from decompte.portal.people import services, typed
from decompte.portal.people.passwords import Busy

MINUTE, HOUR = 60, 60 * 60
MEMBER = (30 * MINUTE, 12 * HOUR)
STAFF = (15 * MINUTE, 8 * HOUR)
STARTED, SEEN, LIMITS = "started", "seen", "limits"
REDIRECT = 302
RETRY_SECONDS = "10"
Answer = Callable[[HttpRequest], HttpResponse]


class ExpiryMiddleware:
    """Signs out who was away too long. What their last form held waits for them.

    It waits as well when the page asks for the password once more.
    """

    def __init__(self, get_response: Answer) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, within a session that is still good or without one."""
        user_id = request.user.pk if request.user.is_authenticated else None
        was_away = user_id is not None and is_over(request)
        if was_away:
            logout(request)
        response = self.get_response(request)
        if user_id is not None and leads_to_sign_in(response):
            return _led(request, response, user_id, was_away=was_away)
        if request.method == "POST" and typed.COOKIE in request.COOKIES:
            _drop_what_arrived(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask to come back who found every place to check a password taken."""
        if not isinstance(exception, Busy):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response


def is_over(request: HttpRequest) -> bool:
    """Return whether a session was idle, or open, for too long; keep that it was seen now."""
    now, session = clock.machine_seconds(), request.session
    if STARTED not in session:
        limits = STAFF if services.role_of(request) else MEMBER
        session[STARTED], session[LIMITS], session[SEEN] = now, limits, now
        return False
    idle, whole = session[LIMITS]
    if now - session[SEEN] > idle or now - session[STARTED] > whole:
        return True
    if now - session[SEEN] >= MINUTE:
        session[SEEN] = now
    return False


def leads_to_sign_in(response: HttpResponse) -> bool:
    """Return whether an answer asks to sign in, or to give the password once more."""
    if response.status_code != REDIRECT:
        return False
    path = urlsplit(response.headers["Location"]).path
    return path in {reverse("account_login"), reverse("account_reauthenticate")}


def _led(
    request: HttpRequest, response: HttpResponse, user_id: int, *, was_away: bool
) -> HttpResponse:
    """Lead to the sign-in and back to the page where the form stands; keep what it held."""
    where = urlsplit(response.headers["Location"])
    said: dict[str, Any] = {"next": _back(request)}
    if was_away:
        said["away"] = "1"
    request.session.pop(STATE_SESSION_KEY, None)  # the library's own copy is not sealed
    if request.method == "POST" and typed.keep(request, response, user_id, was_away=was_away):
        said["typed"] = "1"
    response.headers["Location"] = f"{where.path}?{urlencode(said)}"
    return response


def _back(request: HttpRequest) -> str:
    """Return the page to come back to: that of the form, or the one that was asked for."""
    sent_from = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(
        sent_from, {request.get_host()}
    ):
        parts = urlsplit(sent_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def _drop_what_arrived(request: HttpRequest, response: HttpResponse) -> None:
    """Forget what was typed once its form was sent again and taken."""
    kept = typed.of(request)
    if kept and kept.path == request.path and response.status_code == REDIRECT:
        typed.drop(request, response)
