"""What is wrong, as an RFC 9457 problem document in the caller's language.

`type` is `urn:decompte:problem:<code>`; `errors` names every field that is wrong, at once. A
problem never repeats an identity number, bank details or health data.
"""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema

from decompte.errors import NotModelled, Problem, Refusal
from decompte.portal.people.templatetags.words import language

MEDIA_TYPE = "application/problem+json"
PART = "application/vnd.decompte.part+json"
TYPE = "urn:decompte:problem:"
DONE, FIRST_ERROR = 200, 400


class FieldProblem(Schema):
    """One thing that is wrong: a stable code, the path of the field, a sentence."""

    code: str
    field: str
    detail: str


class ProblemDocument(Schema):
    """Why a call was not answered (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


def titles() -> dict[int, str]:
    """Return what each status means, in the caller's language."""
    return {
        400: _("The call cannot be read."),
        401: _("A valid token is needed."),
        403: _("This token may not do that."),
        404: _("There is nothing here, or not for you."),
        405: _("This address does not know that method."),
        409: _("This does not fit what was sent before."),
        412: _("It was changed since you read it."),
        413: _("The call is too large."),
        415: _("This kind of content is not understood here."),
        422: _("Something in the call is wrong."),
        428: _("Say which version you read (If-Match)."),
        429: _("Too many calls; wait a little."),
        500: _("The fault is ours; nothing was done."),
        503: _("The service cannot answer just now; try again."),
    }


def document(
    status: int, *, code: str = "", detail: str = "", problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    """Return a problem document as a mapping."""
    title = titles().get(status, HTTPStatus(status).phrase)
    errors = [
        {"code": one.code, "field": one.field, "detail": one.message.to(language())}
        for one in problems
    ]
    told = detail or "; ".join(f"{one['field']}: {one['detail']}" for one in errors) or title
    kind = code or HTTPStatus(status).phrase.lower().replace(" ", "-")
    return {
        "type": f"{TYPE}{kind}",
        "title": title,
        "status": status,
        "detail": told,
        "errors": errors,
    }


def answer(
    status: int,
    *,
    code: str = "",
    detail: str = "",
    problems: Sequence[Problem] = (),
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return a problem document as an answer."""
    body = document(status, code=code, detail=detail, problems=problems)
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type=MEDIA_TYPE,
        headers=headers,
    )


def of_refusal(_request: HttpRequest, refusal: Refusal, status: int = 422) -> HttpResponse:
    """Return the answer to a refusal: all its problems at once."""
    code = "not-modelled" if isinstance(refusal, NotModelled) else "wrong-input"
    return answer(status, code=code, problems=refusal.problems)
