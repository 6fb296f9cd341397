"""The FHIR interface under `/fhir`: reads the address, calls one verb, answers in R4."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from ninja.errors import AuthorizationError

from decompte.errors import Refusal
from decompte.exchange import json_text
from decompte.exchange.fhir.capability import CREATES, SEARCHES, capability
from decompte.exchange.fhir.names import Resource
from decompte.portal.api import fhir_read, fhir_search, fhir_write, outcomes, reading
from decompte.portal.api.fhir_asked import Asked
from decompte.portal.api.models import Client
from decompte.portal.people.templatetags.words import language

CREATED = 201


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """Say what the interface can do."""
    address = request.build_absolute_uri("/fhir")
    return _answer(capability(address=address, lang=language()))


@require_GET
def read(request: HttpRequest, kind: str, identity: str) -> HttpResponse:
    """Read one resource."""
    client = _client(request)
    if client is None and kind not in fhir_read.PUBLIC:
        return outcomes.answer(401)
    found = fhir_read.read(kind, identity, client)
    if found is None:
        return outcomes.answer(404)
    if client is not None and found.subject:
        try:
            reading.opened(client, [found.subject], code=_code(found.subject))
        except reading.TooManyFilesError:
            return _too_many()
    return _answer(found.resource)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Search resources of a kind, or create one."""
    if request.method == "GET":
        return _searched(request, kind, is_private=False)
    client = _client(request)
    if client is None:
        return outcomes.answer(401)
    if kind not in CREATES:
        return outcomes.answer(405, headers={"Allow": "GET"})
    return _done(
        request, lambda body: fhir_write.create(kind, body, client).resource, status=CREATED
    )


@csrf_exempt
@require_POST
def search(request: HttpRequest, kind: str) -> HttpResponse:
    """Search with the parameters in the body, where an address would tell too much."""
    return _searched(request, kind, is_private=True)


@csrf_exempt
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Submit a Claim, or ask what it would come to."""
    return _done(request, lambda body: fhir_write.submit(body, _client(request)))


@csrf_exempt
@require_POST
def settle(request: HttpRequest, identity: str) -> HttpResponse:
    """Settle a Claim as the agency."""
    client = _client(request)
    if client is None:
        return outcomes.answer(401)
    if request.body:
        return _done(request, lambda said: fhir_write.settle(identity, client, said))
    return _caught(lambda: fhir_write.settle(identity, client))


@csrf_exempt
@require_POST
def transaction(request: HttpRequest) -> HttpResponse:
    """Do every entry of a Bundle, or none."""
    client = _client(request)
    if client is None:
        return outcomes.answer(401)
    return _done(request, lambda body: fhir_write.bundle(body, client))


def _searched(request: HttpRequest, kind: str, *, is_private: bool) -> HttpResponse:
    client = _client(request)
    if kind not in SEARCHES:
        return outcomes.answer(404)
    if client is None and kind not in fhir_read.PUBLIC:
        return outcomes.answer(401)
    given = request.POST if is_private else request.GET
    asked = Asked(client, {name: list(values) for name, values in given.lists()}, is_private)
    address = request.build_absolute_uri(f"/fhir/{kind}")
    try:
        bundle, subjects = fhir_search.search(kind, asked, address)
        if client is not None:
            reading.opened(client, subjects)
    except Refusal as refusal:
        return outcomes.of_refusal(refusal, 400)
    except reading.TooManyFilesError:
        return _too_many()
    return _answer(bundle)


def _done(request: HttpRequest, verb: Any, *, status: int = 200) -> HttpResponse:
    try:
        body = json_text.loads(request.body)
    except Refusal as refusal:
        return outcomes.of_refusal(refusal, 400)
    if json_text.has_control_character(body):
        return outcomes.answer(400, detail=_("A parameter holds a character that is not text."))
    return _caught(lambda: verb(body), status=status)


def _caught(verb: Any, *, status: int = 200) -> HttpResponse:
    try:
        resource = verb()
    except Refusal as refusal:
        return outcomes.of_refusal(refusal)
    except AuthorizationError:
        return outcomes.answer(403)
    except Http404:
        return outcomes.answer(404)
    except fhir_write.NoTokenError:
        return outcomes.answer(401)
    except reading.TooManyFilesError:
        return _too_many()
    response = _answer(resource, status=status)
    if status == CREATED:
        response.headers["Location"] = f"/fhir/{resource['resourceType']}/{resource['id']}"
    return response


def _answer(resource: Resource, *, status: int = 200) -> HttpResponse:
    return HttpResponse(json_text.dumps(resource), status=status, content_type=outcomes.MEDIA_TYPE)


def _too_many() -> HttpResponse:
    return outcomes.answer(
        429,
        detail=_("This program opened 200 files within an hour."),
        headers={"Retry-After": "3600"},
    )


def _code(subject: str) -> str:
    return f"{subject.partition(':')[0]}.opened"


def _client(request: HttpRequest) -> Client | None:
    return getattr(request, "api_client", None)
