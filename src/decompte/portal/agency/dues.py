"""The contributions page: what is due, the direct debit files, what the bank sent back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.errors import Refusal
from decompte.portal.agency.guard import able, has
from decompte.portal.idempotency.forms import once
from decompte.portal.payments import services
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal, day_field

AGAIN, OTHERWISE, WAIVED = "again", "otherwise", "waived"


class CollectForm(forms.Form):
    """When the bank is to collect."""

    collect_on = day_field(gettext_lazy("Day of collection"))


class DueForm(forms.Form):
    """What becomes of a contribution that waits."""

    how = forms.ChoiceField(
        label=gettext_lazy("What is to happen"),
        choices=(
            (OTHERWISE, gettext_lazy("It was paid otherwise")),
            (WAIVED, gettext_lazy("It is no longer owed")),
            (AGAIN, gettext_lazy("Collect it again")),
        ),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@able("pay")
@once
def dues(request: HttpRequest) -> HttpResponse:
    """Show the contributions that are owed, and make direct debit files of those with a mandate."""
    role = people.role_of(request)
    assert role is not None
    form = CollectForm(request.POST or None, initial={"collect_on": services.first_day()})
    if request.method == "POST" and not has(request, "prepare"):
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            made = services.prepare_debits(
                role.agency, request.user, form.cleaned_data["collect_on"]
            )
        except Refusal as refusal:
            for problem in refusal.problems:
                add_refusal(form, Refusal([problem._replace(field="collect_on")]))
        else:
            messages.success(
                request,
                _("Direct debit files made: %(count)s. A second person releases each.")
                % {"count": len(made)},
            )
            return redirect("agency:batch", public_id=made[0].public_id)
    unpaid = services.unpaid()
    return render(
        request,
        "agency/dues.html",
        {
            "dues": unpaid,
            "total_cents": sum(one.amount_cents for one in unpaid),
            "signed": services.with_mandate(role.agency),
            "form": form,
            "can_prepare": has(request, "prepare"),
            "first_day": services.first_day(),
        },
        status=422 if form.is_bound else 200,
    )


@able("pay")
@once
def due(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one contribution with its collections, and say what becomes of it."""
    found = services.find_due(public_id)
    if found is None:
        raise Http404
    form = DueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            is_first = _end(found, form.cleaned_data, request)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Booked.") if is_first else _("This contribution no longer waits.")
            )
            return redirect("agency:dues")
    return render(
        request,
        "agency/due.html",
        {
            "due": found,
            "collections": list(
                found.collections.select_related("batch")
                .defer("batch__content_sealed")
                .order_by("id")
            ),
            "mandate": services.mandate_of(found.member_id, found.agency),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


def _end(found: Any, said: dict[str, Any], request: HttpRequest) -> bool:
    if said["how"] == AGAIN:
        return services.collect_again(found, people.actor(request))
    verb = services.paid_otherwise if said["how"] == OTHERWISE else services.waive
    return verb(found, said["reason"], request.user)
