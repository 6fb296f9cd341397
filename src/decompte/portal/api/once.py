"""The same call twice has one effect: idempotency keys.

The key, the effect and the answer are written in one transaction. A crash between them leaves
nothing, so that sending again is always right; a second call with the same key waits for the
first one's commit and gets its answer. Refusals leave no key: correct the call and send it again.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from decompte.portal import clock
from decompte.portal.api.models import Answer, Client
from decompte.portal.people import sealing

HEADER = "Idempotency-Key"
MOST_CHARACTERS = 80
CONTEXT = "idempotency"
KEPT = timedelta(days=90)
FIRST_ERROR = 400


class OtherCallError(Exception):
    """The key was used for another call."""


def once(
    client: Client, key: str, request: HttpRequest, call: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the answer to a call: made now, or the one given before.

    Raises:
        OtherCallError: the key was used with another method, address or body.
    """
    fingerprint = _fingerprint(request)
    if kept := _kept(client, key):
        return _again(kept, fingerprint)
    try:
        with transaction.atomic():
            row = Answer.objects.create(
                client=client, key=key, fingerprint=fingerprint, created_at=clock.now()
            )
            response = call()
            if response.status_code >= FIRST_ERROR:
                transaction.set_rollback(True)
            else:
                _keep(row, response)
    except IntegrityError:
        kept = _kept(client, key)
        if kept is None:
            raise
        return _again(kept, fingerprint)
    return response


def forget() -> int:
    """Take away the answers that nobody may ask for again; return how many.

    A program that sends a key after that begins anew, as with a new key.
    """
    return Answer.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _kept(client: Client, key: str) -> Answer | None:
    return Answer.objects.filter(client=client, key=key).first()


def _keep(row: Answer, response: HttpResponse) -> None:
    row.status = response.status_code
    row.content_type = response.headers.get("Content-Type", "")
    row.location = response.headers.get("Location", "")
    row.body_sealed = sealing.seal(response.content, CONTEXT)
    row.save()


def _again(kept: Answer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise OtherCallError
    response = HttpResponse(
        sealing.open_sealed(kept.body_sealed, CONTEXT),
        status=kept.status,
        content_type=kept.content_type,
        headers={"Idempotent-Replayed": "true"},
    )
    if kept.location:
        response.headers["Location"] = kept.location
    return response


def _fingerprint(request: HttpRequest) -> str:
    call = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(call).hexdigest()
