"""A registrar's pages: the school's list, how far each student is, invitations, the export.

A registrar sees the students of the own school's list and nothing else: no papers, no care, no
bank details, and of the registration only how far it is and who covers the student.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.exchange.school_list import COLUMNS
from decompte.portal import clock
from decompte.portal.agency import access, reading
from decompte.portal.agency.guard import able
from decompte.portal.audit import services as audit
from decompte.portal.idempotency.forms import once
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language, language
from decompte.portal.registration import enrolments, invitations
from decompte.portal.registration.states import Progress
from decompte.portal.school import export
from decompte.procedure.years import academic_year

PAGE = 50
SHOWN_WRONG = 100
BAR = 1000
NAMES = {
    "student_number": gettext_lazy("Student number"),
    "family_name": gettext_lazy("Family name"),
    "given_name": gettext_lazy("Given name"),
    "birth_date": gettext_lazy("Date of birth"),
    "email": gettext_lazy("Email address"),
    "": gettext_lazy("Whole row"),
}
COUNTED = ("new", "changed", "same", "repeated", "left", "wrong")


class ListForm(forms.Form):
    """A school's list."""

    file = forms.FileField(
        label=gettext_lazy("List of students (CSV)"),
        help_text=gettext_lazy(
            "As the school's software gives it: student number, family name, given name, date of "
            "birth, email, in any order. A newer list may be given as often as you like."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )


@able("enrol")
def students(request: HttpRequest) -> HttpResponse:
    """Show how far the school's students are."""
    return _page(request, ListForm(), status=200)


@able("enrol")
@require_POST
def take_list(request: HttpRequest) -> HttpResponse:
    """Take a list in; the report says what became of each row."""
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data["file"]
    try:
        enrolments.take_list(_school(request), given.read(), given.name, people.actor(request))
    except Refusal as refusal:
        problems = [in_language(problem.message) for problem in refusal.problems]
        return _page(request, form, status=422, problems=problems)
    return redirect("school:report")


@able("enrol")
def report(request: HttpRequest) -> HttpResponse:
    """Say what became of the newest list, row by row for those not taken."""
    found = enrolments.report(_school(request))
    if found is None:
        return redirect("school:students")
    _head, rows = enrolments.wrong_rows(found)
    wrong = [
        {
            "row": one.row,
            "problems": [(NAMES[name], in_language(text)) for name, text in one.problems],
            "cells": " · ".join(cell.strip()[:60] for cell in one.cells if cell.strip()),
        }
        for one in rows[:SHOWN_WRONG]
    ]
    return render(
        request,
        "school/report.html",
        {
            "report": found,
            "counts": {name: found.counts.get(name, 0) for name in COUNTED},
            "wrong": wrong,
            "more": max(len(rows) - SHOWN_WRONG, 0),
        },
    )


@able("enrol")
def report_table(request: HttpRequest) -> HttpResponse:
    """Give the rows that were not taken, to be mended and given again."""
    found = enrolments.report(_school(request))
    if found is None:
        raise Http404
    return _table(enrolments.wrong_table(found, language()), "a-corriger")


@able("enrol")
def table(request: HttpRequest) -> HttpResponse:
    """Give the whole list with how far each student is."""
    school = _school(request)
    content = export.table(school)
    audit.record(access.LISTED_OUT, school, actor=people.actor(request), agency=school)
    return _table(content, f"etudiants-{clock.today().isoformat()}")


@able("enrol")
@require_POST
@once
def invite(request: HttpRequest) -> HttpResponse:
    """Invite who is on the list only."""
    count = invitations.invite(_school(request), _link(request), people.actor(request))
    messages.success(request, _("Students invited: %(count)s.") % {"count": count})
    return redirect("school:students")


@able("enrol")
@require_POST
@once
def remind(request: HttpRequest) -> HttpResponse:
    """Remind who has not finished."""
    count = invitations.remind(_school(request), _link(request), people.actor(request))
    messages.success(request, _("Students reminded: %(count)s.") % {"count": count})
    return redirect("school:students")


def _page(
    request: HttpRequest, form: forms.Form, *, status: int, problems: list[str] | None = None
) -> HttpResponse:
    school = _school(request)
    establishment = enrolments.school_of(school)
    if establishment is None:
        raise Http404
    state = reading.text(request.GET, "state", 12)
    text = reading.text(request.GET, "text", 60)
    chosen = enrolments.students(school, state=state if state in Progress.values else "", text=text)
    page = Paginator(chosen, PAGE).get_page(reading.number(request.GET, "page", 1))
    counts = enrolments.counts(school)
    total = sum(one.number for one in counts)
    year = academic_year(clock.today())
    return render(
        request,
        "school/students.html",
        {
            "school": establishment,
            "year": f"{year}–{year + 1}",
            "form": form,
            "problems": problems or [],
            "counts": counts,
            "parts": _parts(counts, total),
            "total": total,
            "page": page,
            "rows": export.rows(list(page)),
            "asked": {"state": state, "text": text},
            "to_invite": invitations.to_invite(school),
            "to_remind": invitations.to_remind(school),
            "has_report": enrolments.report(school) is not None,
            "columns": list(COLUMNS),
        },
        status=status,
    )


def _parts(counts: list[enrolments.Tally], total: int) -> list[dict[str, Any]]:
    """Return the parts of the bar that shows how far the school is, in thousandths."""
    parts, start = [], 0
    for one in reversed(counts):
        width = round(BAR * one.number / total) if total else 0
        parts.append({"name": one.state, "start": start, "width": width})
        start += width
    return parts


def _school(request: HttpRequest) -> str:
    role = people.role_of(request)
    assert role is not None, "the page is open to registrars only"
    return role.agency


def _link(request: HttpRequest) -> invitations.Link:
    return lambda signed: request.build_absolute_uri(reverse("school:invitation", args=[signed]))


def _table(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
