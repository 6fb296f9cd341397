"""What is wrong, as a FHIR OperationOutcome in the caller's language."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from decompte.errors import Problem, Refusal
from decompte.portal.api.problems import titles
from decompte.portal.people.templatetags.words import language

MEDIA_TYPE = "application/fhir+json"
SYSTEM = "urn:decompte:problem"
CODES = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    500: "exception",
    503: "transient",
}


def document(status: int, *, detail: str = "", problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """Return an OperationOutcome as a mapping: one issue a problem."""
    kind = CODES.get(status, "processing")
    issues = [
        {
            "severity": "error",
            "code": kind,
            "details": {"coding": [{"system": SYSTEM, "code": one.code}]},
            "diagnostics": one.message.to(language()),
            "expression": [one.field],
        }
        for one in problems
    ]
    title = detail or titles().get(status, str(status))
    plain = {"severity": "error", "code": kind, "diagnostics": title}
    return {"resourceType": "OperationOutcome", "issue": issues or [plain]}


def answer(
    status: int,
    *,
    detail: str = "",
    problems: Sequence[Problem] = (),
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return an OperationOutcome as an answer."""
    body = document(status, detail=detail, problems=problems)
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type=MEDIA_TYPE,
        headers=headers,
    )


def of_refusal(refusal: Refusal, status: int = 422) -> HttpResponse:
    """Return the answer to a refusal: all its problems at once."""
    return answer(status, problems=refusal.problems)
