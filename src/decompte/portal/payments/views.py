"""Statements, on the page and as PDF."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.documents.statement import statement_pdf
from decompte.documents.words import PARTS, WORDS
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services
from decompte.portal.people.scope import MemberScope, current
from decompte.portal.people.templatetags.words import language


@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """List the member's statements."""
    scope = current()
    mine = decisions.decisions_of(scope.member_id) if isinstance(scope, MemberScope) else []
    return render(request, "payments/statements.html", {"decisions": mine})


@login_required
def statement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a statement: every cent and its reason."""
    decision = _found(public_id)
    shown = services.statement(decision, language())
    totals = shown.document["totals"]
    parts = [
        {
            "name": name,
            "label": WORDS[name].to(language()),
            "cents": int(totals[name].replace(".", "")),
        }
        for name in PARTS
    ]
    return render(
        request,
        "payments/statement.html",
        {
            "decision": decision,
            "statement": shown,
            "lines": shown.document["lines"],
            "parts": bar(parts),
        },
    )


@login_required
def pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a statement as PDF/UA."""
    decision = _found(public_id)
    content = statement_pdf(services.statement(decision, language()), lang=language())
    name = f"decompte-{decision.request.reference}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def bar(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts of a price with their place in a bar 1000 wide; empty ones left out."""
    total = sum(part["cents"] for part in parts)
    placed, left = [], 0
    for part in parts:
        if part["cents"] > 0:
            width = part["cents"] * 1000 // total
            placed.append({**part, "x": left, "width": width})
            left += width
    return placed


def _found(public_id: str) -> Any:
    decision = decisions.find(public_id)
    if decision is None:
        raise Http404
    return decision
