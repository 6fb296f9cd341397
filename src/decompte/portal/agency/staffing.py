"""The staff page: who works here, in which role, since when not; a lost second factor."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.agency.guard import able, has
from decompte.portal.people import roles
from decompte.portal.people import services as people
from decompte.portal.people import staff as verbs
from decompte.portal.people.again import shown_again
from decompte.portal.people.forms import add_refusal
from decompte.portal.people.templatetags.words import in_language

ROLES = [(role.value, role.label) for role in roles.Role if role.value in roles.AT_AN_AGENCY]


class RoleForm(forms.Form):
    """A role and the name colleagues see."""

    display_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)


class EngageForm(RoleForm):
    """Somebody new."""

    email = forms.EmailField(label=gettext_lazy("Email address"))
    field_order = ("email", "display_name", "role")


@able("vouch")
def staff(request: HttpRequest) -> HttpResponse:
    """List an agency's staff; an administrator engages somebody."""
    if request.method == "POST" and not has(request, "administer"):
        raise Http404
    return engage(request) if request.method == "POST" else _page(request, EngageForm())


@shown_again
def engage(request: HttpRequest) -> HttpResponse:
    """Engage somebody: it opens files, so who does it shows again that it is them."""
    form = EngageForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            verbs.engage(
                _agency(request), said["email"], said["role"], said["display_name"], _who(request)
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("They were told by email how to sign in."))
            return redirect("agency:staff")
    return _page(request, form)


@able("administer")
@shown_again
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give somebody another role or name, or end their role."""
    held = _held(request, public_id)
    form = RoleForm(
        request.POST or None, initial={"role": held.role, "display_name": held.display_name}
    )
    try:
        if request.method == "POST" and "end" in request.POST:
            verbs.end(held, _who(request))
            messages.success(request, _("Their role ended; it acts at once."))
            return redirect("agency:staff")
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            verbs.move(held, said["role"], said["display_name"], _who(request))
            messages.success(request, _("Their role was changed; it acts at once."))
            return redirect("agency:staff")
    except Refusal as refusal:
        problems = [in_language(problem.message) for problem in refusal.problems]
        shown = {"held": held, "form": form, "problems": problems}
        return render(request, "agency/staff_change.html", shown, status=422)
    return render(
        request,
        "agency/staff_change.html",
        {"held": held, "form": form},
        status=422 if form.is_bound else 200,
    )


@able("vouch")
@require_POST
@shown_again
def factor(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask that a colleague may set up a new second factor, or confirm it as another person."""
    held = _held(request, public_id)
    try:
        if request.POST.get("verdict") == "confirm":
            is_done = verbs.confirm_reset(held, _who(request))
            told = _("Their second factor and password are gone; they choose new ones.")
        else:
            is_done = bool(verbs.ask_reset(held, _who(request)))
            told = _("Asked; a second person confirms.")
    except Refusal as refusal:
        messages.error(request, in_language(refusal.problems[0].message))
    else:
        messages.success(request, told if is_done else _("Nothing was asked for them."))
    return redirect("agency:staff")


def _page(request: HttpRequest, form: forms.Form) -> HttpResponse:
    agency = _agency(request)
    resets = verbs.open_resets(agency)
    rows = [
        {"held": one, "reset": resets.get(one.user_id), "is_me": one.user_id == request.user.pk}
        for one in verbs.colleagues(agency)
    ]
    return render(
        request,
        "agency/staff.html",
        {"rows": rows, "form": form, "can_administer": has(request, "administer")},
        status=422 if form.is_bound else 200,
    )


def _agency(request: HttpRequest) -> str:
    role = people.role_of(request)
    assert role is not None, "the page is open to staff only"
    return role.agency


def _who(request: HttpRequest) -> Any:
    return request.user


def _held(request: HttpRequest, public_id: str) -> Any:
    held = verbs.colleague(_agency(request), public_id)
    if held is None:
        raise Http404
    return held
