"""The same call twice has one effect: what a program's call is, for the room of keys."""

import hashlib

from django.http import HttpRequest, HttpResponse

from decompte.portal.api.models import Client
from decompte.portal.idempotency import services

HEADER = "Idempotency-Key"
MOST_CHARACTERS = 80
FIRST_ERROR = 400


def once(client: Client, key: str, request: HttpRequest, call: services.Work) -> HttpResponse:
    """Return the answer to a call: made now, or the one given before. A refusal keeps no key.

    Raises:
        OtherContentError: the key was used with another method, address or body.
    """
    caller = f"client:{client.public_id}"
    sent = services.Sent(caller, client.user_id, client.agency, key, _fingerprint(request))
    return services.once(sent, call, lambda response: response.status_code < FIRST_ERROR)


def _fingerprint(request: HttpRequest) -> str:
    call = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(call).hexdigest()
