"""Two programs, or a program and an agent, do not overwrite each other: If-Match on a request."""

import re
from typing import Any

from django.http import HttpRequest

from decompte.portal.requests import transitions

SHAPE = re.compile(r'^(?:W/)?"v(\d{1,9})"$', re.ASCII)


def tag(asked: Any) -> str:
    """Return the mark of the version of a request."""
    return f'"v{asked.version}"'


def seen(request: HttpRequest) -> int | None:
    """Return the version a program says it saw, or None.

    Raises:
        Refusal: what it says is no version of a request.
    """
    given = request.headers.get("If-Match", "")
    if not given or given == "*":
        return None
    if matched := SHAPE.match(given):
        return int(matched.group(1))
    raise transitions.changed_meanwhile()


def check(request: HttpRequest, asked: Any) -> None:
    """Refuse a program that saw another version than the one there is.

    Raises:
        Refusal: the request changed in between.
    """
    version = seen(request)
    if version is not None and version != asked.version:
        raise transitions.changed_meanwhile()
