"""The agency's pages: work list, review of a request, its papers, posted requests."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.engine.explain import explain
from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.agency import reading, services
from decompte.portal.agency.guard import staff
from decompte.portal.audit import services as audit
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import review as verbs
from decompte.portal.requests import services as requests
from decompte.portal.requests import store, worklists
from decompte.portal.requests.states import REVIEWED, State

ANYONE = ("agent", "finance")


@staff(*ANYONE)
def worklist(request: HttpRequest) -> HttpResponse:
    """List the requests to work on, longest waiting first."""
    if reference := reading.text(request.GET, "reference"):
        if found := worklists.by_reference(reference):
            return redirect("agency:review", public_id=found.public_id)
        messages.error(request, _("No request of your agency has this reference."))
    name = request.GET.get("list", "review")
    if name not in {one.name for one in worklists.LISTS}:
        raise Http404
    page = max(1, reading.number(request.GET, "page", 1, most=10_000))
    rows = worklists.work_list(
        worklists.listed(name),
        assigned_to=request.user if request.GET.get("mine") else None,
        is_late=bool(request.GET.get("late")),
        page=page,
    )
    counts = worklists.counts()
    return render(
        request,
        "agency/worklist.html",
        {
            "requests": rows[: worklists.PAGE],
            "lists": [{"list": one, "count": counts[one.name]} for one in worklists.LISTS],
            "name": name,
            "page": page,
            "has_more": len(rows) > worklists.PAGE,
            "today": clock.today(),
        },
    )


@staff(*ANYONE)
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a request with its papers beside its data and what it comes to."""
    found = _found(public_id)
    audit.record(
        "request.opened", f"request:{public_id}", actor=people.actor(request), agency=found.agency
    )
    return _review(request, found)


@staff("agent")
@require_POST
def judge(request: HttpRequest, public_id: str, paper_id: str) -> HttpResponse:
    """Accept or refuse one paper."""
    found, paper = _found(public_id), requests.find_paper(paper_id)
    if paper is None or paper.request_id != found.pk:
        raise Http404
    try:
        if request.POST.get("verdict") == "accept":
            verbs.accept_paper(paper, people.actor(request), reading.version(request.POST))
        else:
            verbs.refuse_paper(
                paper,
                reading.text(request.POST, "refusal"),
                people.actor(request),
                reading.version(request.POST),
            )
    except Refusal as refusal:
        found.refresh_from_db()
        return _review(request, found, refusal)
    return redirect("agency:review", public_id=public_id)


@staff("agent")
@require_POST
def settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept everything, decide and order the payment."""
    found = _found(public_id)
    try:
        is_first = services.settle_request(
            found, people.actor(request), reading.version(request.POST)
        )
    except Refusal as refusal:
        found.refresh_from_db()
        return _review(request, found, refusal)
    messages.success(
        request,
        _("The request was decided and its payment ordered.")
        if is_first
        else _("This request was decided before; nothing was done twice."),
    )
    return redirect("agency:worklist")


@staff("agent")
@require_POST
def send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a request back with what is missing."""
    found = _found(public_id)
    try:
        is_first = verbs.send_back(
            found,
            reading.text(request.POST, "note"),
            people.actor(request),
            reading.version(request.POST),
        )
    except Refusal as refusal:
        found.refresh_from_db()
        return _review(request, found, refusal)
    messages.success(
        request,
        _("The request was sent back; the student was told.")
        if is_first
        else _("This request is no longer under review; nothing was done twice."),
    )
    return redirect("agency:worklist")


@staff("agent")
@require_POST
def receive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that a posted request arrived with these papers."""
    found = _found(public_id)
    kinds = {needed.kind for needed in requests.required_papers(found)}
    arrived = [kind for kind in request.POST.getlist("arrived") if kind in kinds]
    verbs.receive_post(found, arrived, people.actor(request))
    return redirect("agency:review", public_id=public_id)


@staff(*ANYONE)
def page(request: HttpRequest, paper_id: str, number: int) -> HttpResponse:
    """Give a drawn page of a paper; who looked is recorded."""
    paper = requests.find_paper(paper_id)
    if paper is None or not paper.file_token or number >= paper.page_count:
        raise Http404
    audit.record(
        "paper.viewed", f"paper:{paper_id}", actor=people.actor(request), agency=paper.agency
    )
    content = store.page(paper.file_token, number, paper.agency)
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline",
        },
    )


def _review(request: HttpRequest, found: Any, refusal: Refusal | None = None) -> HttpResponse:
    papers = requests.current_papers(found)
    checklist = [
        {
            "needed": needed,
            "paper": papers.get(needed.kind),
            "pages": range(papers[needed.kind].page_count) if needed.kind in papers else (),
        }
        for needed in requests.required_papers(found)
    ]
    role = people.staff_role(request.user)
    problems = [in_language(p.message) for p in refusal.problems] if refusal else []
    return render(
        request,
        "agency/review.html",
        {
            "found": found,
            "lines": list(found.lines.all()),
            "checklist": checklist,
            "number": people.masked_nir(found.member),
            "timeline": requests.timeline(found),
            "bank": people.bank_account(found.member_id),
            "problems": problems,
            "can_judge": role is not None and role.role == "agent" and found.state in REVIEWED,
            "can_receive": role is not None
            and role.role == "agent"
            and found.state == State.ANNOUNCED,
            "twins": requests.twins(found),
            **_amounts(found),
        },
        status=422 if problems else 200,
    )


def _amounts(found: Any) -> dict[str, Any]:
    """Return the decision, or else what the engine makes of the request now, or why it cannot."""
    if decision := decisions.of_request(found.pk):
        return {"decision": decision, "order": payments.order_of(decision.pk)}
    if not found.lines.exists():
        return {}
    try:
        settlement = decisions.estimate(found)
    except Refusal as refusal:
        return {"not_computed": [in_language(p.message) for p in refusal.problems]}
    computed = [{"amounts": line, "reasons": explain(line)} for line in settlement.lines]
    return {"computed": computed, "payable_cents": decisions.payable_cents(settlement)}


def _found(public_id: str) -> Any:
    found = requests.find(public_id)
    if found is None or found.state == State.DRAFT:
        raise Http404
    return found
