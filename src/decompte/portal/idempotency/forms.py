"""A form sent twice has one effect: decorators of views. The key is drawn with the form.

For a view whose effect is one transaction, key, effect and answer are committed together (`once`);
a view that must commit before it goes on (a release) is once by itself, and its answer is kept
afterwards (`remembered`).
"""

import hashlib
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from decompte.portal.idempotency import services
from decompte.portal.people.scope import AgencyScope, current

FIELD = "idempotency_key"
LONGEST = 64
REDIRECT, WRONG = 302, 422
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let a form's POST have one effect: effect, key and answer are one transaction.

    An answer that is no redirect had no effect: it is rolled back and may be sent again.
    """
    return _guarded(view, lambda sent, work: services.once(sent, work, _has_effect))


def remembered(view: View) -> View:
    """Give a form sent again the first answer, where the view commits and is once by itself."""
    return _guarded(view, _remembered)


def _remembered(sent: services.Sent, work: services.Work) -> HttpResponse:
    if before := services.given(sent):
        return before
    response = work()
    return services.keep(sent, response) if _has_effect(response) else response


def _guarded(view: View, by: Callable[[services.Sent, services.Work], HttpResponse]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "")[:LONGEST]
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        try:
            return by(_sent(request, key), partial(view, request, *args, **kwargs))
        except services.OtherContentError as other:
            return _other(request, other.location)

    return guarded


def _has_effect(response: HttpResponse) -> bool:
    return response.status_code == REDIRECT


def _other(request: HttpRequest, location: str) -> HttpResponse:
    """Say why the form was not taken, and lead to what came of it the first time."""
    words = _("This form was sent before with another content: open the page again.")
    return render(request, "again.html", {"words": words, "location": location}, status=WRONG)


def _sent(request: HttpRequest, key: str) -> services.Sent:
    scope = current()
    agency = scope.agency if isinstance(scope, AgencyScope) else ""
    user_id = request.user.pk
    return services.Sent(f"user:{user_id}", user_id, agency, key, _digest(request))


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
