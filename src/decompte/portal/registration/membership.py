"""A member's cover through time: rights, contracts, numbers, GPs, cards, accounts, changes."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.people import numbers, situations
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal, day_field
from decompte.portal.people.situations import Told
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.registration import services
from decompte.portal.registration.models import Registration
from decompte.portal.registration.states import State
from decompte.procedure.agencies import agency
from decompte.procedure.changes import EVENTS


class Rights(NamedTuple):
    """One year of rights as its member reads it.

    Attributes:
        complementary: name of the complementary contract, or None.
        shortened: the change of life that ends it early, or None.
    """

    registration: Registration
    agency: Any
    complementary: Any
    is_now: bool
    shortened: Told | None


class TellForm(forms.Form):
    """A change of life, and its day."""

    event = forms.ChoiceField(label=gettext_lazy("What changes"))
    on = day_field(gettext_lazy("On which day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the changes that the procedures describe."""
        super().__init__(*args, **kwargs)
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)
        event.choices = [(name, in_language(text)) for name, text in EVENTS.items()]


@login_required
def membership(request: HttpRequest) -> HttpResponse:
    """Show the member's cover through time, and take a change of their situation."""
    member = people.member_of(request.user)
    if member is None:
        return redirect("registration:step", number=1)
    form = TellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            situations.tell(member, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Your change was saved; what it means is written below."))
            return redirect("registration:membership")
    changes = situations.told(member)
    return render(
        request,
        "registration/membership.html",
        {
            "form": form,
            "member": member,
            "rights": rights(member, changes),
            "numbers": numbers.history(member),
            "gps": people.gp_declarations(member)[::-1],
            "cards": people.european_cards(member),
            "accounts": people.accounts_given(member),
            "changes": changes,
            "today": clock.today(),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def rights(member: Any, changes: list[Told]) -> list[Rights]:
    """Return the member's periods of rights, newest first."""
    today = clock.today()
    found = []
    for one in services.registrations_of(member.pk):
        if one.state != State.CONFIRMED or one.since is None or one.until is None:
            continue
        found.append(
            Rights(
                registration=one,
                agency=agency(one.agency) if one.agency else None,
                complementary=agency(one.complementary) if one.complementary else None,
                is_now=one.since <= today <= one.until,
                shortened=situations.shortens(one.since, one.until, changes),
            )
        )
    return found
