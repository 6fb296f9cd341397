"""Pages for everybody, without an account: what comes back, and is a statement right?

Nothing that is typed here is kept: it goes through the engine and back to the page.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.documents.contest import Contested, contest_pdf
from decompte.engine.explain import explain
from decompte.engine.periods import periods
from decompte.engine.recheck import Rechecked, recheck
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case as cases
from decompte.exchange import paid as statements
from decompte.exchange import paid_text
from decompte.exchange.paid_text import ReadStatement
from decompte.intake import door
from decompte.intake.limits import MOST_BYTES
from decompte.portal import clock
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.public import asked
from decompte.portal.public.forms import (
    CareForm,
    FormulaForm,
    LetterForm,
    PaidLines,
    PersonForm,
    StatementForm,
)
from decompte.portal.registration.forms import are_valid
from decompte.procedure.tables import reason

BAR = 1000
PARTS = ("amo", "local", "solidarity", "amc", "patient")
TEXT_ENDINGS = (".csv", ".txt", ".tsv")


def what_comes_back(request: HttpRequest) -> HttpResponse:
    """Compute what comes back for one act on any day, with every reason."""
    about, care = PersonForm(request.POST or None), CareForm(request.POST or None)
    formula = FormulaForm(request.POST or None)
    page: dict[str, Any] = {"about": about, "care": care, "formula": formula, "acts": _acts()}
    asked_for = (about, care, formula)
    if request.method == "POST" and are_valid(asked_for):
        rights = about.cleaned_data["rights"]
        document = {
            "person": asked.person(about.cleaned_data, [care.cleaned_data["date"]]),
            "complementary": formula.cleaned_data["complementary"] or None,
            "lines": [asked.line(care.cleaned_data, rights)],
        }
        try:
            case = cases.read(document, today=clock.machine_day())
        except Refusal as refusal:
            page["problems"] = asked.show(refusal, about, [care])
        else:
            page |= _answer(settle(case).lines[0])
    page |= {"forms": asked_for, "is_wrong": any(form.errors for form in asked_for)}
    status = 422 if page["is_wrong"] or page.get("problems") else 200
    return render(request, "public/what_comes_back.html", page, status=status)


def check(request: HttpRequest) -> HttpResponse:
    """Take a statement as a file or text, read what can be read, and let it be completed."""
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            read = _read(form)
        except Refusal as refusal:
            for problem in refusal.problems:
                form.add_error("file", in_language(problem.message))
        else:
            if read.rows:
                return _lines_page(request, PersonForm(), PaidLines(initial=_initial(read)), read)
            form.add_error(
                None,
                _("No line of care was found in it. Enter the lines by hand."),
            )
    status = 422 if form.is_bound else 200
    return render(request, "public/check.html", {"form": form}, status=status)


def check_lines(request: HttpRequest) -> HttpResponse:
    """Check the lines of a statement, typed or read; add lines when asked to."""
    if request.method != "POST":
        return _lines_page(request, PersonForm(), PaidLines(initial=[{}, {}]), None)
    if "more" in request.POST:
        return _lines_again(request, added=2)
    if "change" in request.POST:
        return _lines_again(request, added=0)
    about, lines = PersonForm(request.POST), PaidLines(request.POST)
    checked, problems = _checked(about, lines)
    if checked is None:
        return _lines_page(request, about, lines, None, problems)
    return _result_page(request, about, lines, checked, LetterForm())


@require_POST
def letter(request: HttpRequest) -> HttpResponse:
    """Give the letter that contests the lines, ready to sign, as PDF."""
    about, lines = PersonForm(request.POST), PaidLines(request.POST)
    checked, problems = _checked(about, lines)
    if checked is None:
        return _lines_page(request, about, lines, None, problems)
    form = LetterForm(request.POST)
    if not any(one.departures for one in checked):
        return redirect("public:check")
    if not form.is_valid():
        return _result_page(request, about, lines, checked, form)
    values = form.cleaned_data
    contested = Contested(
        sender=(values["name"], values["address_line"], values["town"]),
        recipient=values["recipient"],
        number=values["number"],
        statement_date=values["statement_date"],
        statement_number=values["statement_number"],
        lines=tuple(one for one in checked if one.departures),
        day=clock.machine_day(),
    )
    return HttpResponse(
        contest_pdf(contested),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="reclamation.pdf"'},
    )


def _answer(amounts: Any) -> dict[str, Any]:
    price = max(amounts.line.price_cents, 1)
    parts, start = [], 0
    for name in PARTS:
        width = round(BAR * getattr(amounts, f"{name}_cents") / price)
        parts.append({"name": name, "start": start, "width": max(width, 0)})
        start += width
    back = amounts.line.price_cents - amounts.patient_cents
    return {"amounts": amounts, "back_cents": back, "reasons": explain(amounts), "parts": parts}


def _acts() -> list[tuple[str, str]]:
    return [(letter, in_language(act.label)) for letter, act in periods().data.acts.items()]


def _read(form: StatementForm) -> ReadStatement:
    file, text = form.cleaned_data["file"], form.cleaned_data["text"]
    if file is None:
        return paid_text.from_text(text)
    data = file.read(MOST_BYTES + 1)
    if file.name.lower().endswith(TEXT_ENDINGS) and b"\0" not in data:
        return paid_text.from_csv(_decoded(data))
    return paid_text.from_text(door.text_of(data, file.name))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _initial(read: ReadStatement) -> list[dict[str, Any]]:
    names = {"participation": "kept"}
    return [{names.get(key, key): value for key, value in row.items()} for row in read.rows]


def _checked(about: PersonForm, lines: Any) -> tuple[tuple[Rechecked, ...] | None, list[str]]:
    """Return the lines held against the law; None, and what concerns no field, when refused."""
    if not all([about.is_valid(), lines.is_valid()]):
        return None, [str(error) for error in lines.non_form_errors()]
    filled = [form for form in lines if form.cleaned_data]
    rights = about.cleaned_data["rights"]
    days: list[date] = [form.cleaned_data["date"] for form in filled]
    if not filled:
        return None, [_("Enter at least one line.")]
    document = {
        "person": asked.person(about.cleaned_data, days),
        "lines": [
            {**asked.line(form.cleaned_data, rights), "paid": asked.paid(form.cleaned_data)}
            for form in filled
        ],
    }
    try:
        case, paid = statements.read(document, today=clock.machine_day())
    except Refusal as refusal:
        return None, asked.show(refusal, about, filled)
    return recheck(case, paid), []


def _lines_again(request: HttpRequest, *, added: int) -> HttpResponse:
    """Show the lines as they were typed, not judged yet, with some empty ones added."""
    data = request.POST.copy()
    total = data.get("form-TOTAL_FORMS", "")
    count = int(total) if total.isdecimal() and len(total) < len("1000") else 1
    data["form-TOTAL_FORMS"] = str(min(count + added, paid_text.MOST_ROWS))
    return _lines_page(request, PersonForm(data), PaidLines(data), None, is_asked=False)


def _lines_page(
    request: HttpRequest,
    about: PersonForm,
    lines: Any,
    read: ReadStatement | None,
    problems: Sequence[str] = (),
    *,
    is_asked: bool = True,
) -> HttpResponse:
    asked_for: list[forms.Form] = [about, *lines] if is_asked else []
    is_wrong = about.is_bound and any(form.errors for form in asked_for)
    page = {
        "about": about,
        "lines": lines,
        "read": read,
        "acts": _acts(),
        "forms": asked_for if is_wrong else [],
        "is_wrong": is_wrong,
        "problems": problems,
    }
    return render(request, "public/lines.html", page, status=422 if is_wrong or problems else 200)


def _result_page(
    request: HttpRequest,
    about: PersonForm,
    lines: Any,
    checked: tuple[Rechecked, ...],
    form: LetterForm,
) -> HttpResponse:
    page = {
        "checked": checked,
        "missing_cents": sum(one.missing_cents for one in checked),
        "form": form,
        "letter_forms": [form],
        "appeal": reason("deadlines.appeal").sources[0],
        "kept": list(_kept(about, lines)),
    }
    return render(request, "public/result.html", page, status=422 if form.errors else 200)


def _kept(about: PersonForm, lines: Any) -> list[tuple[str, str]]:
    """Return everything typed so far, to go with the letter's form: the server keeps nothing."""
    data = about.data
    assert isinstance(data, QueryDict)
    names = [
        name
        for name in data
        if name in PersonForm.base_fields or name.startswith(f"{lines.prefix}-")
    ]
    return [(name, value) for name in names for value in data.getlist(name)]
