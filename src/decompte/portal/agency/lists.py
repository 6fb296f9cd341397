"""The work lists, the search, and the one-page view of a member for whoever answers the phone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.portal import clock
from decompte.portal.agency import access, finding, reading
from decompte.portal.agency.guard import able, has
from decompte.portal.appointments import services as appointments
from decompte.portal.audit import services as audit
from decompte.portal.decisions import amendments
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people import staff
from decompte.portal.people.again import shown_again
from decompte.portal.requests import services as requests
from decompte.portal.requests import status, worklists
from decompte.portal.requests.states import Channel, State


@able("read")
def worklist(request: HttpRequest) -> HttpResponse:
    """List what is to be done next, longest waiting first; or what a search found.

    What is searched for is sent as a form, for an identity number belongs in no address.
    """
    asked = reading.text(request.POST, "reference", 80)
    if asked and (found := worklists.by_reference(asked)):
        return redirect("agency:review", public_id=found.public_id)
    name = reading.text(request.GET, "list") or "review"
    if name not in {one.name for one in worklists.LISTS}:
        raise Http404
    page = max(1, reading.number(request.GET, "page", 1, most=10_000))
    counts = worklists.counts()
    shown: dict[str, Any] = {
        "lists": [{"list": one, "count": counts[one.name]} for one in worklists.LISTS],
        "proposed": amendments.how_many() if has(request, "review") else 0,
        "name": name,
        "page": page,
        "asked": asked,
        "today": clock.today(),
        "filters": {key: reading.text(request.GET, key, 10) for key in ("mine", "late", "channel")},
    }
    if asked:
        return render(request, "agency/worklist.html", shown | finding.found(asked))
    channel = shown["filters"]["channel"]
    rows = worklists.work_list(
        worklists.listed(name),
        assigned_to=request.user if shown["filters"]["mine"] else None,
        channel=channel if channel in Channel.values else "",
        is_late=bool(shown["filters"]["late"]),
        page=page,
    )
    listed = {"requests": rows[: worklists.PAGE], "has_more": len(rows) > worklists.PAGE}
    return render(request, "agency/worklist.html", shown | listed)


@able("read")
def member(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show on one page what somebody on the phone asks: where is it, what is missing, when paid."""
    found = people.find_member(public_id)
    if found is None:
        raise Http404
    if stopped := access.gate_member(request, found):
        return stopped
    theirs = worklists.of_member(found.pk)
    shown = {
        "member": found,
        "rows": _told(theirs),
        "appointments": appointments.of_member(found.pk),
        "owed_cents": payments.owed_cents(found.pk),
    }
    return render(request, "agency/member.html", shown)


def _told(theirs: list[Any]) -> list[dict[str, Any]]:
    answers = decisions.by_request([one.pk for one in theirs])
    orders = payments.orders_by_decision([one.pk for one in answers.values()])
    rows = []
    for one in theirs:
        lines = list(one.lines.all())
        decision = answers.get(one.pk)
        rows.append(
            {
                "request": one,
                "lines": lines,
                "is_direct": bool(lines) and all(line.is_third_party_payment for line in lines),
                "status": status.of(one, lines[0].care_date if lines else None),
                "missing": requests.labels(one.waiting_for) if one.state == State.RETURNED else [],
                "decision": decision,
                "order": orders.get(decision.pk) if decision else None,
            }
        )
    return rows


@able("read")
def reason(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask why a file outside one's work is opened."""
    found = requests.find(public_id)
    if found is None or found.state == State.DRAFT:
        raise Http404
    if request.method == "POST":
        if access.give_reason(request, found, reading.text(request.POST, "reason", 20)):
            return redirect("agency:review", public_id=public_id)
        problems = [_("Choose a reason.")]
        page = {"found": found, "reasons": access.REASONS, "problems": problems}
        return render(request, "agency/reason.html", page, status=422)
    return render(request, "agency/reason.html", {"found": found, "reasons": access.REASONS})


@able("read")
@require_POST
@shown_again
def break_glass(request: HttpRequest) -> HttpResponse:
    """Go on opening files for a quarter of an hour, for a reason that is told to supervisors."""
    if access.break_glass(request, reading.text(request.POST, "reason", 20)):
        messages.warning(request, _("You can go on for 15 minutes. Your supervisors were told."))
    else:
        messages.error(request, _("Choose a reason."))
    return redirect("agency:worklist")


@able("oversee")
def openings(request: HttpRequest) -> HttpResponse:
    """List who opened files outside their work, and why."""
    role = people.role_of(request)
    assert role is not None, "the page is opened to staff only"
    events = audit.latest(tuple(access.OVERSEEN))
    subjects = [one.subject.partition(":") for one in events]
    requested = [key for kind, _colon, key in subjects if kind == "request"]
    called = staff.names(role.agency) | worklists.references(requested)
    reasons = {one.code: one.label for one in (*access.REASONS, *access.GLASS)}
    rows = [
        {
            "at": one.at,
            "who": called.get(one.actor, one.actor),
            "what": access.OVERSEEN[one.code],
            "about": _("A member's page") if kind == "member" else called.get(key, ""),
            "why": reasons.get(one.detail.get("reason"), ""),
        }
        for one, (kind, _colon, key) in zip(events, subjects, strict=True)
    ]
    return render(request, "agency/openings.html", {"events": rows})
