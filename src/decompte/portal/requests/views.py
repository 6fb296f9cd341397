"""The member's pages about requests: the visit, the papers, sending, following."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.documents.dossier import dossier_pdf
from decompte.documents.pages import pages_pdf
from decompte.documents.words import day_in_words
from decompte.errors import Refusal
from decompte.portal.guide import sheets
from decompte.portal.idempotency.forms import once
from decompte.portal.people import services as people
from decompte.portal.people.facts import Doctor
from decompte.portal.people.forms import add_refusal
from decompte.portal.people.templatetags.words import in_language, language
from decompte.portal.registration import services as registration
from decompte.portal.registration.cover import cover
from decompte.portal.requests import (
    answers,
    calendars,
    codes,
    dossier,
    proofs,
    services,
    status,
    thread,
)
from decompte.portal.requests.forms import PATHWAYS, CareLineForm, PaperForm
from decompte.portal.requests.states import OPEN_TO_MEMBER, OUTCOMES, State
from decompte.procedure.agencies import agency
from decompte.procedure.deadlines import claim_until

STEPS = (State.SUBMITTED, State.ACCEPTED, State.DECIDED, State.PAID)
STEP_OF = {
    State.IN_REVIEW: State.SUBMITTED,
    State.PARTLY: State.DECIDED,
    State.REFUSED: State.DECIDED,
    State.APPEALED: State.DECIDED,
    State.CORRECTED: State.DECIDED,
    State.UPHELD: State.DECIDED,
}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """List the member's requests."""
    member_id = people.member_id_read(request)
    mine = [] if member_id is None else services.requests_of(member_id)
    return render(request, "requests/list.html", {"requests": mine})


@login_required
@once
def new(request: HttpRequest) -> HttpResponse:
    """Enter the visit of a new request."""
    member = people.member_of(request.user)
    known = cover(member.pk) if member else None
    if member is None or known is None or known.newest is None:
        return redirect("registration:step", number=1)
    is_open = request.method == "POST" or "earlier" in request.GET
    if reasons := () if is_open else registration.why_not_here(member, known):
        return render(request, "requests/not_here.html", {"reasons": reasons})
    form = CareLineForm(request.POST or None, initial=_usual(known.facts.gp))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin(member, form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("requests:detail", public_id=made.public_id)
    return render(
        request,
        "requests/line.html",
        {"form": form, "is_new": True},
        status=422 if form.is_bound else 200,
    )


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a request: where it is, what it needs, what happened."""
    return _detail(request, _found(public_id))


@login_required
@once
def line(request: HttpRequest, public_id: str, position: int) -> HttpResponse:
    """Change a care line, or add one (position 0)."""
    found = _found(public_id)
    current = found.lines.filter(position=position).first()
    if position and current is None:
        raise Http404
    form = CareLineForm(request.POST or None, initial=_written(current))
    if request.method == "POST" and form.is_valid():
        try:
            services.save_line(found, form.cleaned_data, position)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("requests:detail", public_id=public_id)
    return render(
        request,
        "requests/line.html",
        {"form": form, "found": found},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_POST
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take in a file as a paper of the checklist."""
    found = _found(public_id)
    form = PaperForm(request.POST, request.FILES)
    problem = _("Choose a file first.")
    if form.is_valid():
        files = [(file.read(), file.name) for file in form.cleaned_data["file"]]
        try:
            services.add_photos(found, form.cleaned_data["kind"], files, people.actor(request))
        except Refusal as refusal:
            problem = "; ".join(in_language(p.message) for p in refusal.problems)
        else:
            messages.success(request, _("The paper was added."))
            return redirect("requests:detail", public_id=public_id)
    if found.state not in OPEN_TO_MEMBER:
        return _detail(request, found, problems=[problem])
    return _detail(request, found, wrong={"kind": request.POST.get("kind"), "text": problem})


@login_required
@require_POST
def send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a request online; sending twice is sending once."""
    found = _found(public_id)
    try:
        is_first = services.submit(found, people.actor(request))
    except Refusal as refusal:
        lacking = [(p.field, in_language(p.message)) for p in refusal.problems]
        return _detail(request, found, lacking=lacking)
    messages.success(
        request,
        _("Your request was sent.")
        if is_first
        else _("This request was sent already; nothing was sent twice."),
    )
    return redirect("requests:detail", public_id=public_id)


@login_required
@require_POST
def announce(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that the request goes by post."""
    found = _found(public_id)
    try:
        services.announce(found, people.actor(request))
    except Refusal as refusal:
        return _detail(request, found, problems=[in_language(p.message) for p in refusal.problems])
    messages.success(request, _("Print the letter below and post it with your papers."))
    return redirect("requests:detail", public_id=public_id)


@login_required
def dossier_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the letter and checklist of a posted request as PDF/UA."""
    found = _found(public_id)
    prefetch_related_objects([found], "lines")
    if not found.lines.all():
        raise Http404
    content = dossier_pdf(dossier.dossier(found, language()), lang=language())
    name = f"demande-{found.reference}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
def paper_file(request: HttpRequest, public_id: str, paper_id: str) -> HttpResponse:
    """Give the clean pages of one's own paper as one PDF."""
    found = _found(public_id)
    paper = services.find_paper(paper_id)
    pages = services.paper_pages(paper) if paper and paper.request_id == found.pk else []
    if not pages:
        raise Http404
    return HttpResponse(
        pages_pdf(pages, title=paper.file_name if paper else "", lang=language()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.reference}.pdf"'},
    )


@login_required
def care_form(request: HttpRequest, public_id: str) -> HttpResponse:
    """Check the care form field by field before it is photographed or posted."""
    found = _found(public_id)
    first = found.lines.first()
    known = {} if first is None else _on_the_form(first)
    return sheets.page(request, "care-form", known, back=found)


@login_required
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the next date of a request as a calendar file."""
    found = _found(public_id)
    return HttpResponse(
        calendars.of_request(found, request.build_absolute_uri(request.path)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.reference}.ics"'},
    )


def _detail(
    request: HttpRequest,
    found: Any,
    *,
    problems: list[str] | None = None,
    lacking: list[tuple[str, str]] | None = None,
    wrong: dict[str, Any] | None = None,
) -> HttpResponse:
    prefetch_related_objects([found], "lines")
    lines, situation = list(found.lines.all()), services.situation_of(found)
    papers = services.current_papers(found)
    required = services.required_papers(found, situation)
    is_whole = all(needed.kind in papers for needed in required)
    proved = {} if is_whole else proofs.proved(found)
    is_open = found.state in OPEN_TO_MEMBER
    happened = [] if is_open else services.timeline(found)
    destination = services.destination_of(situation) if is_open else None
    return render(
        request,
        "requests/detail.html",
        {
            "found": found,
            "lines": lines,
            "destination": destination,
            "agency": agency(found.agency),
            "is_open": is_open,
            "checklist": [
                {
                    "paper": needed,
                    "received": papers.get(needed.kind),
                    "said": codes.said_by(papers[needed.kind]) if needed.kind in papers else [],
                    "proved_on": proved.get(needed.kind),
                }
                for needed in required
            ],
            "status": status.of(
                found, lines[0].care_date if lines else None, services.moved_on(happened)
            ),
            "until": day_in_words(claim_until(lines[0].care_date), language()) if lines else "",
            "twins": services.twins(found) if found.state == State.DRAFT else [],
            "progress": _progress(found.state),
            "timeline": happened,
            "thread": [] if found.submitted_at is None else thread.messages_of(found),
            "letters": [] if found.submitted_at is None else answers.letters_of(found),
            "can_contest": found.state in OUTCOMES,
            "has_statement": found.state in {*OUTCOMES, State.APPEALED, State.UPHELD},
            "problems": problems or [],
            "lacking": lacking or [],
            "wrong": wrong,
            "has_bank": not is_open or people.bank_account(found.member_id) is not None,
        },
        status=422 if problems or lacking or wrong else 200,
    )


def _progress(state: str) -> list[dict[str, Any]]:
    step = STEP_OF.get(State(state), State(state))
    reached = STEPS.index(step) if step in STEPS else -1
    return [
        {"label": one.label, "is_done": place <= reached, "is_now": place == reached}
        for place, one in enumerate(STEPS)
    ]


def _usual(gp: Doctor | None) -> dict[str, Any]:
    usual = {"act": "G", "specialty": "general-practice", "sector": "1", "pathway": "declared-gp"}
    if gp is None:
        return {**usual, "pathway": "out-of-pathway"}
    return {**usual, "practitioner_name": gp.doctor_name, "practitioner_number": gp.doctor_number}


def _written(current: Any) -> dict[str, Any] | None:
    if current is None:
        return None
    values = {name: getattr(current, name) for name in CareLineForm.base_fields}
    cents = current.price_cents
    return values | {"price_cents": f"{cents // 100},{cents % 100:02d}"}


def _on_the_form(line: Any) -> dict[str, Any]:
    """Return what a visit says, by the fields of the care form."""
    cents = line.price_cents
    return {
        "care_date": line.care_date,
        "act": line.act,
        "amount": f"{cents // 100},{cents % 100:02d}",
        "doctor_name": f"{line.practitioner_name} {line.practitioner_number}".strip(),
        "pathway": dict(PATHWAYS).get(line.pathway, ""),
    }


def _found(public_id: str) -> Any:
    found = services.find(public_id)
    if found is None:
        raise Http404
    return found
