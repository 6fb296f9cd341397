"""The member's own first page: what to do next, where the requests are, who covers."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.errors import Refusal
from decompte.law.age import age_on
from decompte.portal import clock
from decompte.portal.people import services as people
from decompte.portal.people.navigation import places
from decompte.portal.people.templatetags.words import euros, language
from decompte.portal.registration import example
from decompte.portal.registration import services as registrations
from decompte.portal.registration.cover import Cover, cover
from decompte.portal.registration.services import LAST_STEP
from decompte.portal.requests import services
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import State
from decompte.procedure.agencies import agency
from decompte.procedure.papers import AGE_OF_A_DECLARED_GP

SHOWN, MOST_WORDS = 5, 160
# What waits for the member, most pressing first: title, text where the agency wrote none, button.
WAITING = {
    State.RETURNED: (
        gettext_lazy("Complete request {reference}"),
        gettext_lazy("Open it to see what is missing."),
        gettext_lazy("See what is missing"),
    ),
    State.ANNOUNCED: (
        gettext_lazy("Post the papers of request {reference}"),
        gettext_lazy("It is looked at when they have arrived."),
        gettext_lazy("See what to post"),
    ),
    State.DRAFT: (
        gettext_lazy("Finish request {reference}"),
        gettext_lazy("It is not sent yet."),
        gettext_lazy("Go on"),
    ),
}


class Todo(NamedTuple):
    """Something the member should do next, and where."""

    title: str
    text: str
    address: str
    button: str


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the member's cover and what to do next; staff go to the first of their places."""
    if role := people.role_of(request):
        return redirect(places(role.role, is_known=True)[0].page)
    member = people.member_of(request.user)
    known = cover(member.pk) if member else None
    registration = known.newest if known else None
    if member is None or known is None or registration is None:
        draft = registrations.current(member.pk) if member else None
        number = draft.step if draft else 1
        return render(request, "registration/welcome.html", {"number": number, "last": LAST_STEP})
    facts = known.facts
    mine = services.requests_of(member.pk)
    todos = (*_waiting(mine), *_todos(member, registration, facts.gp, facts.account))
    return render(
        request,
        "requests/dashboard.html",
        {
            "member": member,
            "registration": registration,
            "todos": todos,
            "requests": mine[:SHOWN],
            "agency": agency(registration.agency) if registration.agency else None,
            "gp": facts.gp,
            "bank": facts.account,
            "held": facts.held,
            "card": facts.card_on(clock.today()),
            "number": people.masked_nir(member),
            **_destination(member, known),
        },
    )


def _waiting(mine: Sequence[Request]) -> Iterator[Todo]:
    """Yield the requests that go no further until the member does something."""
    for state, (title, text, button) in WAITING.items():
        for one in mine:
            if one.state == state:
                yield Todo(
                    title.format(reference=one.reference),
                    _missing(one) or str(text),
                    reverse("requests:detail", args=[one.public_id]),
                    str(button),
                )


def _missing(one: Request) -> str:
    """Return what the agency wrote that is missing, in one line; empty where it wrote nothing."""
    words, begun = " ".join(one.returned_reason.split()), _("Something is missing:")
    return f"{begun} {Truncator(words).chars(MOST_WORDS)}" if words else ""


def _todos(member: Any, registration: Any, gp: Any, bank: Any) -> Iterator[Todo]:
    """Yield what stands between the member and a good reimbursement, most pressing first."""
    if not registrations.is_of_this_year(registration):
        yield Todo(
            _("Register for this academic year"),
            _("Your last registration is for an earlier year; care of this year needs its own."),
            reverse("registration:step", args=[1]),
            _("Register"),
        )
    if bank is None:
        yield Todo(
            _("Give your bank details"),
            _("Without them nothing can be paid to you."),
            reverse("member:bank"),
            _("Give my bank details"),
        )
    is_grown = age_on(member.birth_date, clock.today()) >= AGE_OF_A_DECLARED_GP
    if registration.agency and gp is None and is_grown:
        with_gp, without = example.visit(has_gp=True), example.visit(has_gp=False)
        yield Todo(
            _("Declare a GP"),
            _("Without one, a visit of %(price)s gives you %(without)s instead of %(with_gp)s.")
            % {
                "price": euros(with_gp.line.price_cents),
                "without": euros(without.amo_cents),
                "with_gp": euros(with_gp.amo_cents),
            },
            reverse("member:gp"),
            _("Declare a GP"),
        )


def _destination(member: Any, known: Cover) -> dict[str, Any]:
    """Return where a request for care of today would go, or why nobody here pays it."""
    try:
        return {"destination": registrations.destination(member, clock.today(), known)}
    except Refusal as refusal:
        return {"destination": None, "no_destination": refusal.problems[0].message.to(language())}
