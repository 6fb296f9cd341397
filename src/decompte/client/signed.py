"""Checks what Décompte signs: a student who comes back to a school, and a webhook."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

MOST_SECONDS = 300


def is_return(parameters: Mapping[str, str], secret: str, *, now: int) -> bool:
    """Return whether a student's way back to a school is signed by Décompte, and fresh.

    Args:
        parameters: of the address the student came to.
        secret: the signing secret of the school's client.
        now: seconds since 1970.
    """
    names = ("handover", "at", "status", "state")
    signed = ".".join(parameters.get(name, "") for name in names).encode()
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parameters.get("signature", "")) and _is_fresh(
        parameters.get("at", ""), now
    )


def is_webhook(headers: Mapping[str, str], body: bytes, secret: str, *, now: int) -> bool:
    """Return whether a webhook is signed by Décompte, and fresh.

    Args:
        headers: of the call, names in lower case.
        body: as received.
        secret: the signing secret of the client.
        now: seconds since 1970.
    """
    at = headers.get("webhook-timestamp", "")
    signed = f"{headers.get('webhook-id', '')}.{at}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(digest).decode()}"
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one) for one in given) and _is_fresh(at, now)


def _is_fresh(at: str, now: int) -> bool:
    return at.isdecimal() and at.isascii() and abs(now - int(at)) <= MOST_SECONDS
