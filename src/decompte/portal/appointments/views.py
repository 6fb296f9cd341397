"""The member's pages about appointments: choose a time, read what to bring, move, cancel."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.appointments import calendars, services
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import services as requests
from decompte.procedure.agencies import agency


@login_required
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a time for a request, or another one instead of that it has."""
    found = requests.find(public_id)
    if found is None or not found.lines.exists():
        raise Http404
    booked = services.of_request(found.pk)
    problems: list[str] = []
    if request.method == "POST":
        slot = services.free_slot(found.agency, request.POST.get("slot", ""))
        try:
            made = _taken(found, booked, slot, people.actor(request))
        except Refusal as refusal:
            problems = [in_language(problem.message) for problem in refusal.problems]
        else:
            messages.success(request, _("Your appointment is booked; an email confirms it."))
            return redirect("appointments:detail", public_id=made.public_id)
    return render(
        request,
        "appointments/choose.html",
        {
            "found": found,
            "booked": booked,
            "slots": services.free_slots(found.agency),
            "bring": services.to_bring(found),
            "agency": agency(found.agency),
            "problems": problems,
        },
        status=422 if problems else 200,
    )


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show an appointment: when, where, what to bring."""
    found = _found(public_id)
    return render(
        request,
        "appointments/detail.html",
        {
            "booked": found,
            "bring": services.to_bring(found.request),
            "agency": agency(found.agency),
        },
    )


@login_required
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel an appointment."""
    if services.cancel(_found(public_id), people.actor(request)):
        messages.success(request, _("Your appointment is cancelled; its time is free for others."))
    return redirect("appointments:detail", public_id=public_id)


@login_required
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an appointment as a calendar file."""
    found = _found(public_id)
    address = request.build_absolute_uri(request.path).rpartition("/")[0] + "/"
    return HttpResponse(
        calendars.of_appointment(found, address),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'},
    )


def _taken(found: Any, booked: Any, slot: Any, actor: str) -> Any:
    """Book the time, or move what is booked to it.

    Raises:
        Refusal: it is no longer free.
    """
    if slot is None:
        raise services.no_longer_free()
    return services.move(booked, slot, actor) if booked else services.book(found, slot, actor)


def _found(public_id: str) -> Any:
    found = services.find(public_id)
    if found is None:
        raise Http404
    return found
