"""Statements, on the page and as PDF."""

import csv
from datetime import date
from io import StringIO
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from decompte.documents.statement import caps, statement_pdf
from decompte.documents.words import PARTS, WORDS
from decompte.portal import clock
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services
from decompte.portal.people.forms import day_field
from decompte.portal.people.scope import MemberScope, current
from decompte.portal.people.templatetags.words import language


class PeriodForm(forms.Form):
    """From when to when, both days included."""

    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("To, included"))


@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """List the member's statements."""
    member_id = _member_id()
    found = decisions.decisions_of(member_id)
    return render(
        request,
        "payments/statements.html",
        {
            "decisions": found,
            "replaced": decisions.replaced([one.pk for one in found]),
            "years": services.years(member_id),
        },
    )


@login_required
def summary(request: HttpRequest, form: str = "") -> HttpResponse:
    """Show what was decided and paid in a period, by default the running year; or give it as data.

    Args:
        request: with `since` and `until`, days as `2014-03-20`, both included.
        form: `pdf`, `json`, `csv`, or empty for the page.
    """
    asked = PeriodForm(request.GET) if request.GET else None
    if asked is not None and not asked.is_valid():
        return render(request, "payments/summary.html", {"form": asked}, status=422)
    today = clock.today()
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    if asked is not None:
        first, last = asked.cleaned_data["since"], asked.cleaned_data["until"]
    found = services.period(_member_id(), first, last)
    if form:
        return _given(found, form)
    shown = services.summary(found, language())
    return render(
        request,
        "payments/summary.html",
        {
            "form": PeriodForm(initial={"since": first, "until": last}),
            "period": found,
            "rows": list(zip(found.decisions, found.rows, strict=True)),
            "caps": caps(shown.caps, language()),
            "notes": shown.notes,
            "parts": bar(
                [
                    {"name": name, "label": WORDS[name].to(language()), "cents": found.totals[name]}
                    for name in PARTS
                ]
            ),
        },
    )


def _given(found: services.Period, form: str) -> HttpResponse:
    """Return a period as a file."""
    name = f"decompte-{found.since.isoformat()}-{found.until.isoformat()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "pdf":
        content = services.summary_pdf(found, language())
        return HttpResponse(content, content_type="application/pdf", headers=headers)
    data = services.data(found)
    if form == "json":
        return JsonResponse(data, headers=headers, json_dumps_params={"ensure_ascii": False})
    written = StringIO()
    writer = csv.DictWriter(written, fieldnames=services.COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(data["lines"])
    return HttpResponse(
        written.getvalue().encode("utf-8-sig"), content_type="text/csv", headers=headers
    )


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
            "caps": caps(shown.caps, language()),
            "sent_cents": decision.payable_cents - sum(one.amount_cents for one in shown.kept),
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


def _member_id() -> int:
    """Return whose statements are read; the portal lets nobody but members come here."""
    scope = current()
    assert isinstance(scope, MemberScope), "staff have no statements of their own"
    return scope.member_id
