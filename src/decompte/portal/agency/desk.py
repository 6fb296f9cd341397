"""The desk: one request, its papers beside its data, what it comes to, and what to do with it.

Every form carries the version of the request that was shown: who acts on an older one is told.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.agency import access, page, reading, services
from decompte.portal.agency.guard import able, has
from decompte.portal.audit import services as audit
from decompte.portal.idempotency.forms import remembered
from decompte.portal.people import conflicts, roles
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import review as verbs
from decompte.portal.requests import services as requests
from decompte.portal.requests import store, thread, worklists
from decompte.portal.requests.forms import CareLineForm
from decompte.portal.requests.states import State


@able("read")
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a request with its papers beside its data and what it comes to."""
    found = _shown(public_id)
    return access.gate(request, found) or page.show(request, found)


@able("read")
def beside(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    """Show two requests of one member side by side, to see whether they are the same care."""
    found, other = _shown(public_id), _shown(other_id)
    if found.member_id != other.member_id:
        raise Http404
    if stopped := access.gate(request, found):
        return stopped
    access.opened(request, other)
    pair = page.side_by_side(found, other)
    return render(request, "agency/beside.html", {"pair": pair, "found": found})


@able("review")
@require_POST
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a request on the agent's own desk."""
    found = _mine(request, public_id)
    if not verbs.take(found, request.user):
        messages.warning(request, _("A colleague took this request first."))
    return redirect("agency:review", public_id=public_id)


@able("vouch")
@require_POST
def assign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a request on the desk of a colleague who reviews."""
    found = _mine(request, public_id)
    if not has(request, "review"):
        raise Http404
    wanted = reading.text(request.POST, "to", 22)
    colleague = next(
        (
            one
            for one in people.staff_of(found.agency, roles.with_power("review"))
            if one.public_id == wanted
        ),
        None,
    )
    if colleague is None or conflicts.conflict(colleague, found.member):
        messages.error(request, _("Choose a colleague who may work on this file."))
    elif verbs.assign(found, colleague, people.actor(request)):
        messages.success(request, _("It lies on their desk."))
    else:
        messages.warning(request, _("This request is no longer under review."))
    return redirect("agency:review", public_id=public_id)


@able("review")
@require_POST
def put_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a request back on the list."""
    verbs.put_back(_mine(request, public_id), people.actor(request))
    return redirect("agency:worklist")


@able("review")
@require_POST
def judge(request: HttpRequest, public_id: str, paper_id: str) -> HttpResponse:
    """Accept or refuse one paper."""
    found, paper = _mine(request, public_id), requests.find_paper(paper_id)
    if paper is None or paper.request_id != found.pk:
        raise Http404
    words, seen = reading.text(request.POST, "refusal"), reading.version(request.POST)
    try:
        if request.POST.get("verdict") == "accept":
            verbs.accept_paper(paper, people.actor(request), seen)
        else:
            verbs.refuse_paper(paper, words, people.actor(request), seen)
    except Refusal as refusal:
        return _told(request, found, refusal)
    return redirect("agency:review", public_id=public_id)


@able("review")
@require_POST
@remembered
def settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept everything, decide and order the payment; then show the next request."""

    def act(found: Any, seen: int | None) -> bool:
        is_compared = "compared" in request.POST
        return services.settle_request(found, people.actor(request), seen, is_compared=is_compared)

    done = _("The request was decided and its payment ordered.")
    return _act(request, public_id, act, done)


@able("review")
@require_POST
def send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a request back with what is missing."""

    def act(found: Any, seen: int | None) -> bool:
        return verbs.send_back(
            found, reading.text(request.POST, "note"), people.actor(request), seen
        )

    return _act(request, public_id, act, _("The request was sent back; the student was told."))


@able("review")
@require_POST
def receive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that a posted request arrived with these papers."""
    found = _mine(request, public_id)
    kinds = {needed.kind for needed in requests.required_papers(found)}
    arrived = [kind for kind in request.POST.getlist("arrived") if kind in kinds]
    verbs.receive_post(found, arrived, people.actor(request))
    return redirect("agency:review", public_id=public_id)


@able("review")
def key_line(request: HttpRequest, public_id: str, position: int) -> HttpResponse:
    """Key a care line from the image of the care form, the paper beside it."""
    found = _shown(public_id)
    if stopped := access.barred(request, found):
        return stopped
    sheet = page.sheet_of(found)
    written = page.written(found, position)
    if position and written is None:
        raise Http404
    form = CareLineForm(request.POST or None, initial=written)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.key_line(
                found,
                form.cleaned_data,
                position,
                people.actor(request),
                reading.version(request.POST),
            )
        except Refusal as refusal:
            return _told(request, found, refusal)
        return redirect("agency:review", public_id=public_id)
    access.opened(request, found)
    return render(
        request,
        "agency/line.html",
        {"form": form, "position": position, **sheet},
        status=422 if form.is_bound else 200,
    )


@able("review")
@require_POST
def preview(request: HttpRequest, public_id: str, position: int) -> HttpResponse:
    """Compute what a line comes to while it is keyed, and say what is unlikely; nothing is kept."""
    found = _mine(request, public_id)
    if access.asks_why(request, found):
        raise Http404
    form = CareLineForm(request.POST)
    shown = page.computed_with(found, form.cleaned_data, position) if form.is_valid() else {}
    return render(request, "agency/preview.html", {"form": form, **shown})


@able("review")
@require_POST
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write to the member within the request."""
    found = _mine(request, public_id)
    try:
        words = reading.text(request.POST, "text", thread.MOST_CHARACTERS)
        thread.write_as_agency(found, words, people.actor(request))
    except Refusal as refusal:
        return _told(request, found, refusal)
    messages.success(request, _("The message was sent."))
    return redirect("agency:review", public_id=public_id)


@able("read")
def paper_page(request: HttpRequest, paper_id: str, number: int) -> HttpResponse:
    """Give a drawn page of a paper; who looked is recorded."""
    paper = requests.find_paper(paper_id)
    if paper is None or not paper.file_token or number >= paper.page_count:
        raise Http404
    if conflicts.conflict(request.user, paper.member):
        raise Http404
    if access.asks_why(request, paper.request):
        return redirect("agency:reason", public_id=paper.request.public_id)
    audit.record(
        access.PAPER, f"paper:{paper_id}", actor=people.actor(request), agency=paper.agency
    )
    return HttpResponse(
        store.page(paper.file_token, number, paper.agency),
        content_type="image/jpeg",
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline",
        },
    )


def _act(
    request: HttpRequest, public_id: str, act: Callable[[Any, int | None], bool], done: str
) -> HttpResponse:
    """Do one thing with a request, say so, and go on to the next that waits."""
    found = _mine(request, public_id)
    try:
        is_first = act(found, reading.version(request.POST))
    except Refusal as refusal:
        return _told(request, found, refusal)
    if is_first:
        messages.success(request, done)
    else:
        messages.warning(
            request, _("This request is no longer under review; nothing was done twice.")
        )
    following = worklists.following(found.pk, request.user)
    if following is None or "stay" in request.POST:
        return redirect("agency:worklist")
    return redirect("agency:review", public_id=following.public_id)


def _told(request: HttpRequest, found: Any, refusal: Refusal) -> HttpResponse:
    found.refresh_from_db()
    access.opened(request, found)
    return page.show(request, found, [in_language(p.message) for p in refusal.problems])


def _shown(public_id: str) -> Any:
    found = requests.find(public_id)
    if found is None or found.state == State.DRAFT:
        raise Http404
    return found


def _mine(request: HttpRequest, public_id: str) -> Any:
    """Return a request an agent may act on: not one too near to them."""
    found = _shown(public_id)
    if conflicts.conflict(request.user, found.member):
        raise Http404
    return found
