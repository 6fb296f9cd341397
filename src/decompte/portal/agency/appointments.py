"""The day of an international department: who comes when, about what, and the times it offers."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.agency import access, reading
from decompte.portal.agency.guard import able
from decompte.portal.appointments import services
from decompte.portal.appointments.states import Way
from decompte.portal.people import conflicts
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal, day_field
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import worklists

LENGTHS = (10, 15, 20, 30, 45, 60)
FARTHEST = timedelta(days=1000)


class SlotsForm(forms.Form):
    """Times to offer on a day."""

    day = day_field(gettext_lazy("Day"))
    first = forms.TimeField(
        label=gettext_lazy("First appointment at"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    until = forms.TimeField(
        label=gettext_lazy("Last one ends at"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Length of each, in minutes"),
        choices=[(one, str(one)) for one in LENGTHS],
        coerce=int,
        initial=30,
    )
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=Way.choices)
    place = forms.CharField(label=gettext_lazy("Room, or number to call"), max_length=80)

    def clean_day(self) -> date:
        """Return the day.

        Raises:
            forms.ValidationError: it is too far away.
        """
        day: date = self.cleaned_data["day"]
        if abs(day - clock.today()) > FARTHEST:
            raise forms.ValidationError(_("Choose a day nearer to today."))
        return day


@able("review")
def day(request: HttpRequest) -> HttpResponse:
    """Show a day, and offer more times."""
    shown, tomorrow = _asked_day(request), clock.today() + timedelta(days=1)
    form = SlotsForm(request.POST or None, initial={"day": max(shown, tomorrow)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            number = _opened(request, said)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Times offered: %(number)d.") % {"number": number})
            return redirect(f"{request.path}?day={said['day'].isoformat()}")
    return render(
        request,
        "agency/appointments.html",
        {
            "form": form,
            "shown": shown,
            "before": shown - timedelta(days=1),
            "after": shown + timedelta(days=1),
            "slots": _rows(request, shown),
            "now": clock.now(),
        },
        status=422 if form.is_bound else 200,
    )


@able("review")
def appointment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show who comes, about what, with which papers; or act on an appointment or a time."""
    if request.method == "POST":
        return act(request, public_id)
    found = services.find(public_id)
    if found is None:
        raise Http404
    if stopped := access.gate_member(request, found.member):
        return stopped
    return render(
        request,
        "agency/appointment.html",
        {"booked": found, "bring": services.to_bring(found.request), "now": clock.now()},
    )


def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note who came, cancel an appointment, or book a free time for who is on the telephone."""
    verdict, actor = request.POST.get("verdict", ""), people.actor(request)
    booked = services.find(public_id)
    slot = booked.slot if booked else services.find_slot(public_id)
    if slot is None or (booked and conflicts.conflict(request.user, booked.member)):
        raise Http404
    back = f"{_address(request)}?day={timezone.localtime(slot.starts_at).date().isoformat()}"
    try:
        is_done = _done(request, booked, slot, verdict, actor)
    except Refusal as refusal:
        messages.error(request, in_language(refusal.problems[0].message))
    else:
        if is_done:
            messages.success(request, _("Done."))
        else:
            messages.warning(request, _("Nothing was changed: it is not as it was shown."))
    return redirect(back)


def _done(request: HttpRequest, booked: Any, slot: Any, verdict: str, actor: str) -> bool:
    if booked is not None:
        if verdict == "cancel":
            return services.cancel(booked, actor)
        return services.note(booked, verdict, actor)
    if verdict == "close":
        return services.close_slot(slot, actor)
    found = worklists.by_reference(reading.text(request.POST, "reference", 20))
    if found is None or conflicts.conflict(request.user, found.member):
        return False
    free = services.free_slot(slot.agency, slot.public_id)
    if free is None:
        raise services.no_longer_free()
    present = services.of_request(found.pk)
    made = services.move(present, free, actor) if present else services.book(found, free, actor)
    return made is not None


def _rows(request: HttpRequest, shown: date) -> list[dict[str, Any]]:
    slots = services.of_day(shown)
    near = conflicts.among(request.user, [one.member_id for _slot, one in slots if one])
    return [
        {"slot": slot, "taken": one, "is_near": one is not None and one.member_id in near}
        for slot, one in slots
    ]


def _opened(request: HttpRequest, said: dict[str, Any]) -> int:
    role = people.role_of(request)
    assert role is not None, "the page is open to staff only"
    first, until = (
        timezone.make_aware(datetime.combine(said["day"], said[name]))
        for name in ("first", "until")
    )
    return services.open_slots(
        role.agency,
        first,
        until,
        minutes=said["minutes"],
        way=said["way"],
        place=said["place"],
        actor=people.actor(request),
    )


def _asked_day(request: HttpRequest) -> date:
    today = clock.today()
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return asked if abs(asked - today) <= FARTHEST else today


def _address(request: HttpRequest) -> str:
    return request.path.rpartition("/appointments/")[0] + "/appointments/"
