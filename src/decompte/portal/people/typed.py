"""What somebody typed while their session had ended: kept until they have signed in again.

It lies sealed in the database; only the host's key together with a key in the browser's own cookie
opens it, and only for the same account. So a form sent too late loses nothing, files included.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from decompte.portal import clock
from decompte.portal.people import sealing
from decompte.portal.people.models import Typed

COOKIE = f"{settings.HOST_ONLY}typed"
LIFE = timedelta(days=1)
MOST_BYTES = 25_000_000
HIDDEN = "idempotency_key"
NEVER_KEPT = ("password", "csrf", "code", "otp")


class Kept(NamedTuple):
    """What was typed.

    Attributes:
        path: where it was sent.
        fields: names and values, in order.
        files: name of the field, name of the file, type, content.
        was_away: the session had ended; else the page only asked who it is.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, str, bytes], ...]
    was_away: bool

    @property
    def shown(self) -> list[str]:
        """What a person recognises: the values, and the names of the files."""
        values = [value for name, value in self.fields if value and name != HIDDEN]
        return [*values, *(file_name for _field, file_name, _kind, _data in self.files)]

    def data(self) -> QueryDict:
        """Return the fields as a form reads them."""
        data = QueryDict(mutable=True)
        for name, value in self.fields:
            data.appendlist(name, value)
        return data

    def uploads(self) -> MultiValueDict[str, Any]:
        """Return the files as a form reads them."""
        found: MultiValueDict[str, Any] = MultiValueDict()
        for field, name, kind, content in self.files:
            found.appendlist(field, SimpleUploadedFile(name, content, kind))
        return found


def keep(request: HttpRequest, response: HttpResponse, user_id: int, *, was_away: bool) -> bool:
    """Keep what a request brought, for the account it came from; False when there is nothing."""
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in NEVER_KEPT)
    ]
    files = list(_files(request))
    if not fields and not files:
        return False
    key = secrets.token_urlsafe(32)
    told = {"path": request.path, "fields": fields, "files": files, "was_away": was_away}
    written = json.dumps(told).encode()
    Typed.objects.filter(user_id=user_id).delete()
    Typed.objects.create(
        user_id=user_id,
        digest=_digest(key),
        content_sealed=sealing.seal(written, _context(key)),
        kept_at=clock.now(),
    )
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(LIFE.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return True


def of(request: HttpRequest) -> Kept | None:
    """Return what the account that asks typed in this browser before it was signed out, or None."""
    key = request.COOKIES.get(COOKIE, "")
    if not key or not request.user.is_authenticated:
        return None
    found = Typed.objects.filter(
        user_id=request.user.pk, digest=_digest(key), kept_at__gt=clock.now() - LIFE
    ).first()
    if found is None:
        return None
    try:
        opened = sealing.open_sealed(found.content_sealed, _context(key))
    except InvalidTag:
        return None
    told = json.loads(opened)
    return Kept(
        told["path"],
        tuple((name, value) for name, value in told["fields"]),
        tuple((*one[:3], base64.b64decode(one[3])) for one in told["files"]),
        told.get("was_away", True),
    )


def drop(request: HttpRequest, response: HttpResponse) -> None:
    """Forget what was typed."""
    digest = _digest(request.COOKIES.get(COOKIE, ""))
    Typed.objects.filter(digest=digest).delete()
    response.delete_cookie(COOKIE, samesite="Lax")


def forget_old() -> int:
    """Forget what nobody came back for; return how many."""
    return Typed.objects.filter(kept_at__lt=clock.now() - LIFE).delete()[0]


def _files(request: HttpRequest) -> Iterator[tuple[str, str, str, str]]:
    """Yield the files, as long as they fit."""
    left = MOST_BYTES
    for field, values in request.FILES.lists():
        for file in values:
            left -= file.size or 0
            if left >= 0:
                file.seek(0)
                data = base64.b64encode(file.read()).decode()
                yield field, file.name or "", file.content_type or "", data


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _context(key: str) -> str:
    return f"typed:{key}"
