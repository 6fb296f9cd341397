"""The same form sent twice has one effect, and the same answer.

The key comes with the form. It is kept with the digest of what was sent and with the answer,
within one account and agency. The same key with another content is refused. For a view whose
effect is one transaction, key, effect and answer are committed together; a view that must commit
before it goes on (a release) is once by itself, and its answer is kept afterwards.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from decompte.portal import clock
from decompte.portal.idempotency.models import Answer
from decompte.portal.people.scope import AgencyScope, current

FIELD = "idempotency_key"
LONGEST = 64
KEPT = timedelta(days=90)
REDIRECT, CONFLICT, WRONG = 302, 409, 422
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let a form's POST have one effect: effect, key and answer are one transaction.

    An answer that is no redirect had no effect: it is rolled back and may be sent again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                row = _begin(request, key)
                response = view(request, *args, **kwargs)
                _finish(row, response)
                if response.status_code != REDIRECT:
                    transaction.set_rollback(True)
        except IntegrityError:
            known = _known(request, key)
            if known is None:
                raise
            return known
        return response

    return guarded


def remembered(view: View) -> View:
    """Give a form sent again the first answer, where the view commits and is once by itself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        if known := _known(request, key):
            return known
        response = view(request, *args, **kwargs)
        if response.status_code == REDIRECT:
            try:
                with transaction.atomic():
                    _finish(_begin(request, key), response)
            except IntegrityError:
                return _known(request, key) or response
        return response

    return guarded


def forget() -> int:
    """Forget the answers that are older than they need be kept; return how many."""
    count, _kinds = Answer.objects.filter(at__lt=clock.now() - KEPT).delete()
    return count


def _key(request: HttpRequest) -> str:
    return request.POST.get(FIELD, "")[:LONGEST]


def _begin(request: HttpRequest, key: str) -> Answer:
    row: Answer = Answer.objects.create(
        user_id=request.user.pk,
        agency=_agency(),
        key=key,
        body_sha256=_digest(request),
        at=clock.now(),
    )
    return row


def _finish(row: Answer, response: HttpResponse) -> None:
    row.status = response.status_code
    row.location = response.headers.get("Location", "")
    row.save(update_fields=["status", "location"])


def _known(request: HttpRequest, key: str) -> HttpResponse | None:
    row = Answer.objects.filter(user_id=request.user.pk, agency=_agency(), key=key).first()
    if row is None:
        return None
    if row.body_sha256 != _digest(request):
        return _page(
            request,
            _("This form was sent before with another content: open the page again."),
            WRONG,
            row.location,
        )
    if row.status != REDIRECT:
        return _page(request, _("This form is being worked on."), CONFLICT, "")
    return HttpResponseRedirect(row.location)


def _page(request: HttpRequest, words: str, status: int, location: str) -> HttpResponse:
    """Say why the form was not taken, and lead to what came of it the first time."""
    page = {"words": words, "location": location}
    return render(request, "again.html", page, status=status)


def _agency() -> str:
    scope = current()
    return scope.agency if isinstance(scope, AgencyScope) else ""


def _digest(request: HttpRequest) -> str:
    """Return the digest of where a form goes and what it says, files by their content."""
    digest = hashlib.sha256(f"{request.method} {request.path}".encode())
    for name in sorted(set(request.POST) - {"csrfmiddlewaretoken"}):
        digest.update(f"\n{name}={request.POST.getlist(name)!r}".encode())
    for name, file in sorted(request.FILES.items()):
        assert not isinstance(file, list)
        content = hashlib.sha256(b"".join(file.chunks())).hexdigest()
        file.seek(0)
        digest.update(f"\n{name}:{content}".encode())
    return digest.hexdigest()
