"""The front desk of the interfaces: who calls, how often, within which scope, and what comes back.

Only addresses under `/api/` and `/fhir` pass here. A session counts for nothing: without a token
there is no scope, so that no other site can make a browser call on somebody's behalf.
"""

import logging
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from decompte.portal.api import checks, limits, once, outcomes, problems, tokens
from decompte.portal.api.models import Client
from decompte.portal.idempotency.services import OtherContentError
from decompte.portal.people.scope import entered

Answer = Callable[[HttpRequest], HttpResponse]
INTERFACES = ("/api/", "/fhir")
LOG = logging.getLogger(__name__)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
BEARER = "Bearer "
JSON = "application/json"


class ApiRequest(HttpRequest):
    """A request that went through the front desk."""

    api_client: Client | None


class ApiMiddleware:
    """Finds the client of the token, enters its scope, and turns every error into a document."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a call; anything else passes untouched."""
        if not request.path_info.startswith(INTERFACES):
            return self.get_response(request)
        try:
            client = _client(request)
            request.api_client = client  # type: ignore[attr-defined]
            with entered(tokens.scope_of(client)):
                response = self._answer(request, client)
        except OperationalError as error:
            response = _busy(request, error)
        return _finished(request, response)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that the database did not let finish; nothing of it was done."""
        is_ours = request.path_info.startswith(INTERFACES)
        return _busy(request, error) if is_ours and isinstance(error, OperationalError) else None

    def _answer(self, request: HttpRequest, client: Client | None) -> HttpResponse:
        if wait := _wait(request, client):
            return _refused(request, 429, headers={"Retry-After": str(wait)})
        if wrong := checks.wrong(request):
            return _refused(request, wrong.status, detail=wrong.detail, headers=wrong.headers)
        key = request.headers.get(once.HEADER, "")
        if client is None or not key or request.method not in UNSAFE:
            return self.get_response(request)
        if len(key) > once.MOST_CHARACTERS or not key.isascii() or not key.isprintable():
            return _refused(request, 400, detail=_("An idempotency key has 1 to 80 characters."))
        try:
            return once.once(client, key, request, partial(self.get_response, request))
        except OtherContentError:
            return _refused(request, 409, detail=_("This key was used for another call."))


def _client(request: HttpRequest) -> Client | None:
    given = request.headers.get("Authorization", "")
    return tokens.client_of(given.removeprefix(BEARER)) if given.startswith(BEARER) else None


def _wait(request: HttpRequest, client: Client | None) -> int:
    if client is not None:
        return limits.wait_seconds(f"client:{client.pk}", settings.CALLS_A_MINUTE_TOKEN)
    return limits.wait_seconds(f"address:{_address(request)}", settings.CALLS_A_MINUTE_OPEN)


def _address(request: HttpRequest) -> str:
    """Return where a call comes from; a header is believed only from as many proxies as we run."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    trusted = settings.PROXIES
    if 0 < trusted <= len(forwarded) and forwarded[-trusted].strip():
        return forwarded[-trusted].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def _refused(
    request: HttpRequest, status: int, *, detail: str = "", headers: dict[str, str] | None = None
) -> HttpResponse:
    if request.path_info.startswith("/fhir"):
        return outcomes.answer(status, detail=detail, headers=headers)
    return problems.answer(status, detail=detail, headers=headers)


def _busy(request: HttpRequest, error: Exception) -> HttpResponse:
    """Tell a program to come back when the database had no time: it was locked, or is away."""
    LOG.error("database.busy", exc_info=error)
    return _refused(request, 503, headers={"Retry-After": "1"})


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return an answer with its headers; an error page becomes a document."""
    if response.status_code >= problems.FIRST_ERROR and not _is_document(response):
        kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
        response = _refused(request, response.status_code, headers=kept)
    if getattr(request, "api_client", None) is not None:
        response.headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Authorization", "Accept-Language"))
    if request.method == "GET" and response.status_code == problems.DONE:
        if request.GET.get("fields") and response.headers["Content-Type"].startswith(JSON):
            response.headers["Content-Type"] = problems.PART
        checks.tag(request, response)
    return response


def _is_document(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return kind.startswith((problems.MEDIA_TYPE, outcomes.MEDIA_TYPE))
