"""Answers in writing: a reason is chosen, the letter is read, then it is sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.errors import Refusal
from decompte.portal.agency import access, reading
from decompte.portal.agency.guard import able
from decompte.portal.people import conflicts
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import answers, phrases, review, worklists
from decompte.portal.requests import services as requests
from decompte.portal.requests.states import REVIEWED, State

BEFORE = {"refuse": REVIEWED, "uphold": (State.APPEALED,), "missing": REVIEWED}
TITLES = {
    "refuse": gettext_lazy("Refuse this request"),
    "uphold": gettext_lazy("Confirm the decision"),
    "missing": gettext_lazy("Ask for what is missing"),
}


@able("review")
def refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Refuse a request with a reason: choose, read the letter, send it."""
    return _answer(request, public_id, "refuse")


@able("adjudicate")
def uphold(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm a contested decision as another person than the one who decided."""
    return _answer(request, public_id, "uphold")


@able("review")
def missing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a request back after reading the letter that says what is missing."""
    return _answer(request, public_id, "missing")


@able("read")
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a letter as it was sent."""
    found = answers.find_letter(public_id)
    if found is None or conflicts.conflict(request.user, found.member):
        raise Http404
    if stopped := access.gate(request, found.request):
        return stopped
    return HttpResponse(
        answers.pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.kind}-{public_id}.pdf"'},
    )


def _answer(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    found = requests.find(public_id)
    if found is None or found.state == State.DRAFT:
        raise Http404
    is_sending = request.method == "POST" and "send" in request.POST
    if is_sending and access.is_near(request, found):
        return access.stopped_as_near(request, found)
    if not is_sending and (stopped := access.gate(request, found)):
        return stopped
    sent = request.POST if request.method == "POST" else request.GET
    code, words = reading.text(sent, "reason", 20), reading.text(sent, "words", 1500)
    if kind == "missing":
        code, words = kind, words or reading.text(sent, "note")
    if is_sending:
        actor, seen = people.actor(request), reading.version(request.POST)
        try:
            is_first = (
                review.send_back(found, words, actor, seen)
                if kind == "missing"
                else answers.answer(found, kind, code, words, actor, seen)
            )
        except Refusal as refusal:
            found.refresh_from_db()
            access.opened(request, found)
            problems = [in_language(p.message) for p in refusal.problems]
            return _page(request, found, kind, code, words, problems)
        if is_first:
            messages.success(request, _("The letter was sent and is kept as sent."))
        else:
            messages.warning(request, _("This request was answered before; nothing was sent."))
        following = worklists.following(found.pk, request.user)
        if following is None:
            return redirect("agency:worklist")
        return redirect("agency:review", public_id=following.public_id)
    return _page(request, found, kind, code, words)


def _page(
    request: HttpRequest,
    found: Any,
    kind: str,
    code: str,
    words: str,
    problems: list[str] | None = None,
) -> HttpResponse:
    requests.read_ahead(found)
    return render(
        request,
        "agency/letter.html",
        {
            "found": found,
            "kind": kind,
            "title": TITLES[kind],
            "reasons": phrases.KINDS[kind],
            "code": code,
            "words": words,
            "paragraphs": answers.words_of(found, kind, code, words),
            "can_answer": found.state in BEFORE[kind],
            "problems": problems or [],
        },
        status=422 if problems else 200,
    )
