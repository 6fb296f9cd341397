"""The queue as supervisors and administrators see it: what waits, runs, was done, or stopped."""

import secrets
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.portal import clock
from decompte.portal.agency import tasks
from decompte.portal.agency.guard import able, has
from decompte.portal.background import services as background
from decompte.portal.decisions import services as decisions
from decompte.portal.idempotency.forms import once
from decompte.portal.people import services as people
from decompte.portal.people import staff
from decompte.portal.people.forms import day_field

STATES = {
    "waiting": gettext_lazy("waits"),
    "running": gettext_lazy("runs"),
    "stopped": gettext_lazy("its worker stopped"),
    "failed": gettext_lazy("failed"),
    "done": gettext_lazy("done"),
}
TAGS = {"stopped": "refused", "failed": "refused", "done": "accepted"}


class PeriodForm(forms.Form):
    """The days of a period in which decisions were taken."""

    since = day_field(gettext_lazy("Decided from"))
    until = day_field(gettext_lazy("Decided until"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or in the future."""
        said: dict[str, Any] = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and since > until:
            raise ValidationError(_("The last day comes before the first."))
        if until and until > clock.today():
            self.add_error("until", _("Nothing was decided after today."))
        return said


@able("tend")
def jobs(request: HttpRequest) -> HttpResponse:
    """List the agency's jobs, newest first."""
    month = clock.today().replace(day=1)
    form = PeriodForm(initial={"since": month.isoformat(), "until": clock.today().isoformat()})
    return _list(request, form)


@able("tend")
@require_POST
@once
def recompute(request: HttpRequest) -> HttpResponse:
    """Ask for a recomputation of a period; the same form twice is one job."""
    if not has(request, "adjudicate"):
        raise Http404
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    since: date = form.cleaned_data["since"]
    job = tasks.ask_for_recomputation(
        _agency(request),
        since,
        form.cleaned_data["until"],
        key=secrets.token_urlsafe(16),
        actor=people.actor(request),
    )
    messages.success(request, _("It waits on the queue; this page says when it is done."))
    return redirect("agency:job", public_id=job.public_id)


@able("tend")
def job(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one job: how it stands and what it found."""
    found = _found(public_id)
    shown = {
        "row": _rows(request, background.standing([found]))[0],
        "differences": _differences(found),
        "can_read": has(request, "read"),
    }
    return render(request, "agency/job.html", shown)


@able("tend")
@require_POST
def again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a job that failed or was stopped on the queue again."""
    found = _found(public_id)
    task = tasks.BY_KIND[background.Kind(found.kind)]
    if background.ask_again(task, found, people.actor(request)):
        messages.success(request, _("It goes on where it was."))
    else:
        messages.warning(request, _("This job neither failed nor stopped."))
    return redirect("agency:queue")


def _list(request: HttpRequest, form: PeriodForm, status: int = 200) -> HttpResponse:
    shown = {
        "rows": _rows(request, background.latest()),
        "form": form,
        "can_recompute": has(request, "adjudicate"),
    }
    return render(request, "agency/queue.html", shown, status=status)


def _rows(request: HttpRequest, standings: list[background.Standing]) -> list[dict[str, Any]]:
    names = staff.names(_agency(request))
    return [
        {
            "job": one.job,
            "state": STATES[one.state],
            "tag": TAGS.get(one.state, ""),
            "turns": one.turns,
            "error": one.error if one.state == "failed" else "",
            "who": names.get(one.job.asked_by, _("the program")),
            "can_restart": one.state in background.AGAIN,
        }
        for one in standings
    ]


def _differences(found: background.Job) -> list[dict[str, Any]]:
    named = decisions.named([one["decision"] for one in found.found])
    return [
        one | {"request": named[one["decision"]].request}
        for one in found.found
        if one["decision"] in named
    ]


def _found(public_id: str) -> background.Job:
    found = background.find(public_id)
    if found is None:
        raise Http404
    return found


def _agency(request: HttpRequest) -> str:
    role = people.role_of(request)
    assert role is not None, "the page is opened to staff only"
    return role.agency
