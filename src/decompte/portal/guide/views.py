"""The guide that asks little: one question a page, the answer on one page, kept when signed in.

The answers wait in the session; nothing is stored until the member says so.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.documents.advice import advice_pdf, cost_in_words, status_in_words
from decompte.errors import Refusal
from decompte.exchange import guided
from decompte.exchange.guided import Guided
from decompte.portal import clock
from decompte.portal.guide import calendars, services
from decompte.portal.guide.forms import AppointmentForm, QuestionForm
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language, language
from decompte.procedure.questions import questions

SESSION = "guide"


def ask(request: HttpRequest) -> HttpResponse:
    """Ask the next question that matters; go to the answer when there is none."""
    told = _told(request)
    question = guided.next_question(told, today=clock.today())
    if question is None:
        return redirect("guide:answer")
    form = QuestionForm(request.POST or None, question=question)
    if request.method == "POST" and request.POST.get("question") == question.id:
        if form.is_valid():
            try:
                _keep(request, guided.answer(told, question, _values(form), today=clock.today()))
            except Refusal as refusal:
                for problem in refusal.problems:
                    form.add_error(None, in_language(problem.message))
            else:
                return redirect("guide:ask")
    elif request.method == "POST":
        return redirect("guide:ask")
    shown = {
        "form": form,
        "forms": (form,),
        "is_wrong": bool(form.errors),
        "question": question,
        "number": len(told.answered) + 1,
        "told": told,
    }
    return render(request, "guide/ask.html", shown, status=422 if form.errors else 200)


@require_POST
def step_back(request: HttpRequest) -> HttpResponse:
    """Take back the last answer, or all of them."""
    told = _told(request)
    _keep(request, guided.NOTHING if "all" in request.POST else guided.back(told))
    return redirect("guide:ask")


def answer(request: HttpRequest) -> HttpResponse:
    """Show the answer to what was told, on one page."""
    told = _told(request)
    if guided.next_question(told, today=clock.today()) is not None:
        return redirect("guide:ask")
    document = services.answer(told, language())
    return render(request, "guide/answer.html", {**_shown(document), "told": _summary(told)})


def answer_pdf(request: HttpRequest) -> HttpResponse:
    """Return the answer as one page to print, its address in the envelope's window."""
    told = _told(request)
    if guided.next_question(told, today=clock.today()) is not None:
        return redirect("guide:ask")
    return _pdf(services.answer(told, language()))


def calendar(request: HttpRequest) -> HttpResponse:
    """Return the days of the answer as a calendar file, or an appointment that was fixed."""
    told = _told(request)
    if guided.next_question(told, today=clock.today()) is not None:
        return redirect("guide:ask")
    document = services.answer(told, language())
    if "appointment" not in request.GET:
        return _file(calendars.of_answer(document), "text/calendar", "decompte-guide.ics")
    form = AppointmentForm(request.GET)
    if not form.is_valid() or not document["send_to"]:
        messages.error(request, _("Give the day and the time of the appointment."))
        return redirect("guide:answer")
    at = form.cleaned_data["appointment"]
    return _file(calendars.of_appointment(document, at), "text/calendar", "decompte-guide.ics")


@require_POST
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the answer with the member's account."""
    told, member = _told(request), people.member_of(request.user)
    if member is None:
        messages.info(request, _("Register first: the answer waits here in the meantime."))
        return redirect("guide:answer")
    if guided.next_question(told, today=clock.today()) is not None:
        return redirect("guide:ask")
    saved = services.save(member, told, people.actor(request))
    messages.success(request, _("The answer is kept with your account."))
    return redirect("guide:saved", saved.public_id)


@login_required
def saved(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show an answer that the member kept."""
    found = _saved(public_id)
    shown = {**_shown(found.answers[language()]), "saved": found}
    return render(request, "guide/answer.html", shown)


@login_required
def saved_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return an answer that the member kept as one page to print."""
    return _pdf(_saved(public_id).answers[language()])


def _saved(public_id: str) -> Any:
    found = services.saved_advice(public_id)
    if found is None:
        raise Http404
    return found


def _values(form: QuestionForm) -> list[str]:
    return ["" if value == "none" else value for value in form.values()]


def _told(request: HttpRequest) -> Guided:
    """Return the answers of the session; none when they no longer make sense."""
    kept = request.session.get(SESSION, {})
    told = Guided(kept.get("document", {}), tuple(kept.get("answered", ())))
    try:
        guided.next_question(told, today=clock.today())
    except Refusal:
        return guided.NOTHING
    return told


def _keep(request: HttpRequest, told: Guided) -> None:
    request.session[SESSION] = {"document": told.document, "answered": list(told.answered)}


def _shown(document: dict[str, Any]) -> dict[str, Any]:
    covered, lang = document["affiliation"], language()
    papers = document["documents"]
    return {
        "appointment": AppointmentForm(),
        "advice": document,
        "status": status_in_words(covered["status"], lang),
        "cost": cost_in_words(covered, lang),
        "papers": [paper for paper in papers if paper["use"] == "request"],
        "registration_papers": [paper for paper in papers if paper["use"] == "registration"],
    }


def _summary(told: Guided) -> list[str]:
    """Return the questions that were asked, in the reader's language."""
    return [in_language(questions()[name].ask) for name in told.answered]


def _pdf(document: dict[str, object]) -> HttpResponse:
    pdf = advice_pdf([document], lang=language(), day=clock.today())
    return _file(pdf, "application/pdf", "decompte-guide.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
