"""What is checked of every call before anybody answers it; the mark of an answer's version."""

import hashlib
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

JSON = ("application/json", "application/fhir+json")
PIECES = ("application/offset+octet-stream", "application/octet-stream")
FORM = "application/x-www-form-urlencoded"
REPEATABLE = {"created", "birthdate", "_include"}


class Wrong(NamedTuple):
    """Why a call is refused at once."""

    status: int
    detail: str
    headers: dict[str, str]


def wrong(request: HttpRequest) -> Wrong | None:
    """Return what is wrong with the form of a call, or None."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        told = _("At most %(most)s bytes; a paper is sent in pieces.") % {"most": most}
        return Wrong(413, told, {})
    if request.method in {"POST", "PUT", "PATCH"} and length not in {"", "0"}:
        kind, _semicolon, _charset = request.headers.get("Content-Type", "").partition(";")
        plain = kind.strip().lower()
        is_search = plain == FORM and request.path_info.endswith("/_search")
        if plain not in (*JSON, *PIECES) and not is_search:
            told = _("Write %(kinds)s.") % {"kinds": ", ".join((*JSON, *PIECES))}
            return Wrong(415, told, {"Accept": ", ".join((*JSON, *PIECES))})
    try:
        given = request.GET
        if "\x00" in request.path_info:
            return Wrong(404, "", {})
        request.path_info.encode()
    except UnicodeError:
        return Wrong(400, "", {})
    twice = sorted(n for n, values in given.lists() if len(values) > 1 and n not in REPEATABLE)
    if twice:
        told = _("A parameter is given twice: %(names)s.") % {"names": ", ".join(twice)[:80]}
        return Wrong(400, told, {})
    if any("\x00" in value for _name, values in given.lists() for value in (_name, *values)):
        return Wrong(400, _("A parameter holds a character that is not text."), {})
    return None


def tag(request: HttpRequest, response: HttpResponse) -> None:
    """Mark an answer with its version; a reader who has that version gets 304 and no body."""
    if response.streaming or "ETag" in response.headers:
        return
    response.headers["ETag"] = version(response.content)
    known = request.headers.get("If-None-Match", "")
    if response.headers["ETag"] in {one.strip() for one in known.split(",")}:
        response.status_code = 304
        response.content = b""
        for name in ("Content-Type", "Content-Length"):
            if name in response.headers:
                del response.headers[name]


def version(content: bytes) -> str:
    """Return the mark of a version."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
