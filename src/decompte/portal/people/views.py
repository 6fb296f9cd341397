"""Pages about oneself: GP, bank details, European card, identity."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.people import services, typed
from decompte.portal.people.again import shown_again
from decompte.portal.people.forms import BankForm, CardForm, GPForm, IdentityForm, add_refusal
from decompte.portal.people.middleware import check_room

SAFE_PRAGMAS = ("wal", 2)


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    verb: Callable[..., Any],
    page: dict[str, Any],
) -> HttpResponse:
    """Show a form, or apply its verb to the member and go back to the dashboard."""
    member = services.member_of(request.user)
    if member is None:
        return redirect("registration:step", number=1)
    if request.method == "POST" and form.is_valid():
        try:
            verb(member, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, page["done"])
            return redirect("member:dashboard")
    status = 422 if form.is_bound else 200
    return render(request, "people/form.html", {"form": form, **page}, status=status)


@login_required
def gp(request: HttpRequest) -> HttpResponse:
    """Declare a GP."""
    return _form_page(
        request,
        GPForm(request.POST or None),
        services.declare_gp,
        {
            "title": _("Declare a GP"),
            "lead": _(
                "From 16 on, visits without a declared GP are reimbursed less. Fill in form "
                "S3704 with the doctor of your choice, then tell us here."
            ),
            "button": _("Declare this GP"),
            "done": _("Your GP is declared."),
        },
    )


@login_required
def bank(request: HttpRequest) -> HttpResponse:
    """Give bank details; who changes them shows again that it is them."""
    member = services.member_of(request.user)
    if member and services.bank_account(member.pk):
        changed: HttpResponse = shown_again(_changed_bank)(request)
        return changed
    return _bank(request, is_change=False)


def _changed_bank(request: HttpRequest) -> HttpResponse:
    return _bank(request, is_change=True)


def _bank(request: HttpRequest, *, is_change: bool) -> HttpResponse:
    lead = _("Your reimbursements go to this account. We write to you whenever it changes.")
    if is_change:
        lead += " " + _(
            "A change takes effect after three days; until then your present account is used."
        )
    return _form_page(
        request,
        BankForm(request.POST or None),
        services.set_bank_account,
        {
            "title": _("Your bank account"),
            "lead": lead,
            "button": _("Use this account"),
            "done": _("Your bank account was saved."),
        },
    )


@login_required
@require_POST
def keep_bank(request: HttpRequest) -> HttpResponse:
    """Take back a change of bank account that still waits."""
    member = services.member_of(request.user)
    if member and services.cancel_held_account(member):
        messages.success(request, _("The change was cancelled; your account stays as it was."))
    return redirect("member:dashboard")


@login_required
def card(request: HttpRequest) -> HttpResponse:
    """Add a European card."""
    return _form_page(
        request,
        CardForm(request.POST or None),
        services.give_european_card,
        {
            "title": _("Your European health insurance card"),
            "lead": _("It must be valid on the day of care; a provisional certificate does too."),
            "button": _("Save this card"),
            "done": _("Your card was saved."),
        },
    )


@login_required
def identity(request: HttpRequest) -> HttpResponse:
    """Correct one's identity or address."""
    member = services.member_of(request.user)
    if member is None:
        return redirect("registration:step", number=1)
    initial = {name: getattr(member, name) for name in IdentityForm.base_fields if name != "nir"}
    form = IdentityForm(request.POST or None, initial=initial)

    def correct(_member: Any, **identity: Any) -> None:
        services.save_identity(member.user, identity)

    return _form_page(
        request,
        form,
        correct,
        {
            "title": _("Your identity and address"),
            "lead": _("As on your passport or identity card."),
            "button": _("Save"),
            "done": _("Your identity was saved."),
        },
    )


@login_required
@require_POST
def typed_again(request: HttpRequest) -> HttpResponse:
    """Send what was typed before the sign-in as if its form had been sent now, or forget it."""
    kept = typed.of(request)
    if kept is None:
        return redirect("member:dashboard")
    if request.POST.get("do") != "send":
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
        response: HttpResponse = redirect(back if is_ours else "member:dashboard")
        typed.drop(request, response)
        return response
    match = resolve(kept.path)
    check_room(match)
    request.path = request.path_info = kept.path
    request.resolver_match = match
    request._post, request._files = kept.data(), kept.uploads()  # type: ignore[attr-defined]  # noqa: SLF001
    response = match.func(request, *match.args, **match.kwargs)
    if response.status_code == HTTPStatus.FOUND:
        typed.drop(request, response)
    return response


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process lives."""
    return JsonResponse({"alive": True})


def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, and keeps what it acknowledged through a power cut."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_user")
        is_safe = _keeps_what_it_acknowledges(cursor)
    return JsonResponse({"ready": is_safe}, status=200 if is_safe else 503)


def _keeps_what_it_acknowledges(cursor: Any) -> bool:
    if connection.vendor == "sqlite":
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        return (mode, cursor.execute("PRAGMA synchronous").fetchone()[0]) == SAFE_PRAGMAS
    cursor.execute(
        "SELECT bool_and(setting = 'on') FROM pg_settings"
        " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
    )
    return bool(cursor.fetchone()[0])
