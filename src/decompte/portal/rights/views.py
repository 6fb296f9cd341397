"""Pages about one's data: what is kept and until when, taking it along, choices, closing."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from decompte.portal import clock
from decompte.portal.people import services as people
from decompte.portal.people.again import shown_again
from decompte.portal.people.templatetags.words import language
from decompte.portal.rights import services
from decompte.portal.rights.holdings import BY_MAIL, HOLDINGS, TRAIL
from decompte.procedure import retention

NOTICE_DAY = date(2026, 11, 25)


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Say to everybody what is kept of people, why, and how long."""
    return render(
        request, "rights/notice.html", {"kept": _kept(), "since": NOTICE_DAY, "has_data": False}
    )


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is kept of me, and what I can do about it."""
    _check_member(request)
    chosen = people.choices(request.user)
    read = chosen.get(people.NOTICE)
    return render(
        request,
        "rights/mine.html",
        {
            "kept": _kept(),
            "wants_mails": people.wants_mails(request.user),
            "read": read if read and read.notice >= NOTICE_DAY else None,
            "since": NOTICE_DAY,
        },
    )


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Give everything that is known of me; whoever asks shows again that it is them."""
    _check_member(request)
    given: HttpResponse = shown_again(_export)(request)
    return given


def _export(request: HttpRequest) -> HttpResponse:
    given: Any = FileResponse(
        services.export(request.user, language()),
        as_attachment=True,
        filename=f"decompte-{clock.today().isoformat()}.zip",
        content_type="application/zip",
    )
    return cast(HttpResponse, given)


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a choice about mails, or that the notice was read."""
    _check_member(request)
    subject, wanted = request.POST.get("subject"), request.POST.get("wanted") == "yes"
    if subject not in {people.MAILS, people.NOTICE}:
        raise Http404
    people.choose(
        request.user, subject, is_given=wanted or subject == people.NOTICE, notice=NOTICE_DAY
    )
    messages.success(request, _("Your choice was saved."))
    return redirect("rights:mine")


@login_required
def close(request: HttpRequest) -> HttpResponse:
    """Say what closing the account takes away and what stays, then do it."""
    _check_member(request)
    done: HttpResponse = shown_again(_close)(request)
    return done


def _close(request: HttpRequest) -> HttpResponse:
    is_sure = request.POST.get("sure") == "yes"
    if request.method == "POST" and is_sure:
        user: Any = request.user
        services.close(user)
        logout(request)
        return render(request, "rights/closed.html", {"until": services.kept_until(user)})
    return render(
        request,
        "rights/close.html",
        {"staying": services.staying(request.user), "must_tick": request.method == "POST"},
        status=422 if request.method == "POST" else 200,
    )


def _check_member(request: HttpRequest) -> None:
    """Let members in only: an agency gives and closes the accounts of its staff.

    Raises:
        Http404: the account is an agency's.
    """
    if people.role_of(request):
        raise Http404


def _kept() -> list[dict[str, Any]]:
    """Return what is kept, by period: the names of the tables, months, why."""
    today, tables = clock.today(), (*HOLDINGS, BY_MAIL, TRAIL)
    return [
        {
            "period": one,
            "months": retention.months(one.id, today),
            "names": [holding.name for holding in tables if holding.kept == one.id],
        }
        for one in retention.periods().values()
    ]
