"""Pages on which a member writes to the agency about a request, contests it, and reads letters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.idempotency.forms import once
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import answers, services, thread
from decompte.portal.requests.models import Request


@login_required
@require_POST
@once
def write(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the member writes to the agency."""
    found = _sent(public_id)
    try:
        thread.write_as_member(found, request.POST.get("text", ""), request.user)
    except Refusal as refusal:
        _say(request, refusal)
    else:
        messages.success(request, _("Your agency will read it."))
    return redirect("requests:detail", public_id=public_id)


@login_required
@require_POST
def contest(request: HttpRequest, public_id: str) -> HttpResponse:
    """Contest the decision with the member's reasons; twice is once."""
    found = _sent(public_id)
    try:
        is_first = services.appeal(found, request.POST.get("text", ""), request.user)
    except Refusal as refusal:
        _say(request, refusal)
    else:
        messages.success(
            request,
            _("Another person will look at your request again.")
            if is_first
            else _("You contested this decision already."),
        )
    return redirect("requests:detail", public_id=public_id)


@login_required
def letter(request: HttpRequest, public_id: str, letter_id: str) -> HttpResponse:
    """Give a letter of the agency as it was sent."""
    found, sent = _sent(public_id), answers.find_letter(letter_id)
    if sent is None or sent.request_id != found.pk:
        raise Http404
    return HttpResponse(
        answers.pdf(sent),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.reference}.pdf"'},
    )


def _sent(public_id: str) -> Request:
    found = services.find(public_id)
    if found is None or found.submitted_at is None:
        raise Http404
    return found


def _say(request: HttpRequest, refusal: Refusal) -> None:
    for problem in refusal.problems:
        messages.error(request, in_language(problem.message))
