"""Decisions and statements for programs: every cent with its reason and its source."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

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

router = Router(tags=["Decisions and statements"])
PDF = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/decisions", response=DecisionPage, operation_id="list_decisions", auth=PARTIES)
def listed(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the decisions, newest first."""
    found = page(decisions.everything(), paging, summary)
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
    }


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
