"""Pages for people: agree to what a school hands over, go back to it, one's own applications."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.api import handing, tokens
from decompte.portal.api.models import Handover, Kind
from decompte.portal.api.said import said
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language

AFTER = "after_registration"


class ApplicationForm(forms.Form):
    """A name for an application, and what it may do."""

    name = forms.CharField(label=gettext_lazy("Name of the application"), max_length=80)
    is_read_only = forms.BooleanField(
        label=gettext_lazy("It may only read"), required=False, initial=True
    )


@login_required
def agree(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what a school says of the student, and let the student take it over or not."""
    handover = _handover(request, public_id)
    back = reverse("handovers:back", args=[public_id])
    if handover.registration:
        if not handing.is_of(handover, request.user):
            raise Http404
        request.session[AFTER] = back
        return redirect("registration:step", number=2)
    problems: list[str] = []
    if request.method == "POST":
        try:
            handing.accept(handover, request.user)
        except Refusal as refusal:
            problems = [in_language(problem.message) for problem in refusal.problems]
        else:
            request.session[AFTER] = back
            return redirect("registration:step", number=2)
    told = handing.said(handover)
    answers = said(told["registration"])
    shown = {"handover": handover, "said": told, "answers": answers, "problems": problems}
    return render(request, "api/agree.html", shown, status=422 if problems else 200)


@login_required
def back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead the student back to the school, by a signed address."""
    handover = handing.find(public_id)
    if handover is None or not handing.is_of(handover, request.user):
        raise Http404
    address = handing.way_back(handover)
    return render(request, "api/back.html", {"handover": handover, "address": address})


@login_required
def applications(request: HttpRequest) -> HttpResponse:
    """Show the member's applications, and make a token for a new one."""
    if people.role_of(request):
        raise Http404
    form = ApplicationForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = tokens.make(
            form.cleaned_data["name"],
            Kind.MEMBER,
            user=request.user,
            is_read_only=form.cleaned_data["is_read_only"],
        )
        form = ApplicationForm()
    shown: dict[str, Any] = {"form": form, "clients": tokens.clients_of(request.user)}
    if made is not None:
        shown["token"] = made.token.reveal()
    return render(request, "api/applications.html", shown, status=422 if form.is_bound else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """End one of the member's applications."""
    client = tokens.client(public_id)
    if client is None or client.user_id != request.user.pk:
        raise Http404
    tokens.revoke(client)
    messages.success(request, _("The application can no longer read or write."))
    return redirect("handovers:applications")


def _handover(request: HttpRequest, public_id: str) -> Handover:
    handover = handing.find(public_id)
    if handover is None or people.role_of(request) or handing.step(handover) == handing.EXPIRED:
        raise Http404
    return handover
