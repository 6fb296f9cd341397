"""Decisions and statements for programs: every cent with its reason and its source."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from decompte.documents.statement import statement_pdf
from decompte.portal.api import reading
from decompte.portal.api.auth import PARTIES, client_of
from decompte.portal.api.care_requests import euros
from decompte.portal.api.computing import written
from decompte.portal.api.paging import Paging, page
from decompte.portal.api.shapes import DecisionOut, DecisionPage
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people.templatetags.words import language
from decompte.portal.requests import services as requests

router = Router(tags=["Decisions and statements"])
PDF = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class Filters(Paging):
    """Which decisions: of a request, in force or replaced, taken since a day."""

    request: str | None = Field(None, max_length=22)
    in_force: bool | None = None
    since: date | None = None


@router.get("/decisions", response=DecisionPage, operation_id="list_decisions", auth=PARTIES)
def listed(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """List the decisions, newest first; what was corrected stays, and says by which."""
    rows = decisions.everything().select_related("corrects", "corrected_by")
    if filters.request is not None:
        asked = requests.find(filters.request)
        rows = rows.filter(request_id=asked.pk) if asked else rows.none()
    if filters.in_force is not None:
        rows = rows.filter(corrected_by__isnull=filters.in_force)
    if filters.since is not None:
        rows = rows.filter(decided_at__date__gte=filters.since)
    found = page(rows, filters, summary)
    reading.opened(client_of(request), (f"request:{one['request']}" for one in found["items"]))
    return found


@router.get(
    "/decisions/{decision_id}", response=DecisionOut, operation_id="read_decision", auth=PARTIES
)
def read(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Read a decision: the case as it was decided, and what it came to."""
    decision = found(request, decision_id)
    whole = summary(decision) | {
        "law": decision.law_version,
        "case": decision.inputs,
        "settlement": decision.answers[language()],
        "message": payments.payment_message(decision).to(language()),
        "reason": decision.reason or None,
        "words": decision.words,
    }
    return written(whole | {"decided_at": decision.decided_at.isoformat()})


@router.get(
    "/decisions/{decision_id}/statement.pdf",
    operation_id="read_statement",
    auth=PARTIES,
    openapi_extra=PDF,
)
def statement(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Give the statement as PDF/UA, in the caller's language."""
    decision = found(request, decision_id)
    content = statement_pdf(payments.statement(decision, language()), lang=language())
    name = f"decompte-{decision.request.reference}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def summary(decision: Any) -> dict[str, Any]:
    """Return a decision as it stands in a list."""
    return {
        "id": decision.public_id,
        "request": decision.request.public_id,
        "reference": decision.request.reference,
        "decided_at": decision.decided_at,
        "price": euros(decision.price_cents),
        "payable": euros(decision.payable_cents),
        "in_force": replaced_by(decision) is None,
        "corrects": decision.corrects.public_id if decision.corrects else None,
        "corrected_by": replaced_by(decision),
    }


def replaced_by(decision: Any) -> str | None:
    """Return the public id of the decision that replaces one, or None while it is in force."""
    later = getattr(decision, "corrected_by", None)
    return later.public_id if later else None


def found(request: HttpRequest, decision_id: str) -> Any:
    """Return a decision that this program may see.

    Raises:
        Http404: there is none within its scope.
    """
    decision = decisions.find(decision_id)
    if decision is None:
        raise Http404
    subject = f"request:{decision.request.public_id}"
    reading.opened(client_of(request), [subject], code="request.opened")
    return decision
