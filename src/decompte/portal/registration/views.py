"""Public pages, the registration wizard, and the member's dashboard."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from decompte.engine.explain import explain
from decompte.engine.shapes import CareLine, Case, Person, Settlement
from decompte.engine.single import settle
from decompte.errors import NotModelled, Refusal
from decompte.portal import clock
from decompte.portal.people import services as people
from decompte.portal.people.forms import BankForm, GPForm, IdentityForm, add_refusal
from decompte.portal.people.scope import MemberScope, entered
from decompte.portal.registration import services
from decompte.portal.registration.forms import ChoiceForm, StudiesForm
from decompte.portal.registration.services import LAST_STEP
from decompte.portal.registration.states import State
from decompte.procedure import guide as guides
from decompte.procedure.routing import agency


@lru_cache(maxsize=1)
def example() -> Settlement:
    """Return the visit that the home page explains, computed by the engine."""
    visit = CareLine(
        date(2014, 3, 12),
        "G",
        2300,
        1,
        "general-practice",
        "1",
        "",
        "declared-gp",
        is_ald_related=False,
        is_third_party_payment=False,
    )
    person = Person(
        date(1993, 6, 15),
        is_local_scheme=False,
        declared_gp_since=date(2013, 10, 1),
        covers=(),
        participation_used_cents={},
        kept_today=(),
    )
    return settle(Case(person, None, (visit,)))


def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, with one amount explained."""
    line = example().lines[0]
    return render(request, "registration/home.html", {"line": line, "reasons": explain(line)})


def guide(request: HttpRequest) -> HttpResponse:
    """Show the topics of the guide."""
    return render(request, "registration/guide.html", {"topics": guides.topics()})


def guide_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one topic of the guide, from the procedures' data."""
    page = guides.topic(topic)
    if page is None:
        raise Http404
    return render(request, "registration/topic.html", {"page": page})


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the member's cover and what to do next; staff go to their work list."""
    if people.staff_role(request.user):
        return redirect("agency:worklist")
    member = people.member_of(request.user)
    registration = services.current(member.pk) if member else None
    if member is None or registration is None or registration.state != State.CONFIRMED:
        number = registration.step if registration else 1
        return render(request, "registration/welcome.html", {"number": number})
    return render(
        request,
        "registration/dashboard.html",
        {
            "member": member,
            "registration": registration,
            "agency": agency(registration.agency) if registration.agency else None,
            "gp": people.current_gp(member),
            "bank": people.bank_account(member.pk),
            "card": people.european_card_on(member.pk, clock.today()),
            "number": people.masked_nir(member),
        },
    )


@login_required
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Show or answer one step of the registration."""
    member = people.member_of(request.user)
    if number > 1 and member is None:
        return redirect("registration:step", number=1)
    registration = services.open_registration(member) if member else None
    if registration and registration.state == State.CONFIRMED:
        messages.info(request, _("Your registration for this year is confirmed already."))
        return redirect("member:dashboard")
    if registration and number > registration.step:
        return redirect("registration:step", number=registration.step)
    steps = {1: _step_1, 2: _step_2, 3: _step_3, 4: _step_4}
    if number not in steps:
        raise Http404
    return steps[number](request, member, registration)


def _step_1(request: HttpRequest, member: Any, registration: Any) -> HttpResponse:
    identity = IdentityForm(request.POST or None, initial=_identity(member))
    studies = StudiesForm(request.POST or None, initial=_studies(registration))
    if request.method == "POST" and identity.is_valid() and studies.is_valid():
        try:
            member = people.save_identity(request.user, identity.cleaned_data)  # type: ignore[arg-type]
            with entered(MemberScope(member.pk)):
                _save_step_1(member, identity.cleaned_data, studies.cleaned_data)
        except Refusal as refusal:
            add_refusal(identity, refusal)
        else:
            return redirect("registration:step", number=2)
    return _page(
        request, 1, {"identity": identity, "studies": studies}, is_wrong=request.method == "POST"
    )


def _save_step_1(member: Any, identity: dict[str, Any], studies: dict[str, Any]) -> None:
    registration = services.open_registration(member)
    has_card = studies["has_card"]
    services.save_answers(
        registration,
        {
            "person": {
                "birth_date": identity["birth_date"].isoformat(),
                "nationality": identity["nationality"],
                "residence": f"FR-{identity['postal_code'][:2]}",
                "cards": ["ehic"] if has_card else [],
                "scholarship": studies["scholarship"],
                "work": {
                    "hours_per_month": 60 if studies["works"] else 0,
                    "whole_year": studies["works"],
                },
                "parents": {"scheme": studies["parents"]},
                "partner_covered": studies["partner"],
            },
            "study": {
                "from": studies["study_from"].isoformat(),
                "to": studies["study_to"].isoformat(),
            },
        },
    )
    if has_card:
        people.add_european_card(
            member, country=studies["card_country"], expires_on=studies["card_expires_on"]
        )


def _step_2(request: HttpRequest, _member: Any, registration: Any) -> HttpResponse:
    try:
        covered = services.covered(registration)
    except NotModelled as refusal:
        return _page(request, 2, {"not_modelled": refusal.lines("en")}, is_wrong=True)
    chosen = {"agency": registration.agency, "complementary": registration.complementary}
    form = ChoiceForm(request.POST or None, agencies=covered.agencies, initial=chosen)
    is_asked = bool(covered.agencies)
    if request.method == "POST" and (not is_asked or form.is_valid()):
        values = form.cleaned_data if is_asked else {"agency": "", "complementary": ""}
        try:
            services.choose(registration, **values)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("registration:step", number=3)
    return _page(
        request,
        2,
        {"form": form, "covered": covered, "is_asked": is_asked},
        is_wrong=request.method == "POST",
    )


def _step_3(request: HttpRequest, member: Any, registration: Any) -> HttpResponse:
    account = people.bank_account(member.pk)
    bank = BankForm(request.POST or None, initial={"holder": member.name})
    wants_gp = bool(request.POST.get("doctor_name"))
    gp = GPForm(request.POST if wants_gp else None)
    if request.method == "POST":
        keeps = account is not None and not request.POST.get("iban")
        if (keeps or bank.is_valid()) and (not wants_gp or gp.is_valid()):
            try:
                if not keeps:
                    people.set_bank_account(member, **bank.cleaned_data)
            except Refusal as refusal:
                add_refusal(bank, refusal)
            else:
                return _declare_and_go_on(
                    request, member, registration, gp if wants_gp else None, bank
                )
    return _page(
        request, 3, {"bank": bank, "gp": gp, "account": account}, is_wrong=request.method == "POST"
    )


def _declare_and_go_on(
    request: HttpRequest,
    member: Any,
    registration: Any,
    gp: GPForm | None,
    bank: BankForm,
) -> HttpResponse:
    if gp is not None:
        try:
            people.declare_gp(member, **gp.cleaned_data)
        except Refusal as refusal:
            add_refusal(gp, refusal)
            return _page(
                request,
                3,
                {"bank": bank, "gp": gp, "account": people.bank_account(member.pk)},
                is_wrong=True,
            )
    services.pass_step_3(registration)
    return redirect("registration:step", number=4)


def _step_4(request: HttpRequest, member: Any, registration: Any) -> HttpResponse:
    if request.method == "POST":
        services.confirm(registration)
        messages.success(request, _("Your registration is confirmed."))
        return redirect("member:dashboard")
    return _page(
        request,
        4,
        {
            "member": member,
            "registration": registration,
            "covered": services.covered(registration),
            "agency": agency(registration.agency) if registration.agency else None,
            "bank": people.bank_account(member.pk),
            "gp": people.current_gp(member),
        },
    )


def _page(
    request: HttpRequest, number: int, values: dict[str, Any], *, is_wrong: bool = False
) -> HttpResponse:
    names = (
        _("You and your studies"),
        _("Agency and complementary"),
        _("Bank and GP"),
        _("Check and confirm"),
    )
    steps = [{"number": n, "name": name} for n, name in enumerate(names, start=1)]
    return render(
        request,
        f"registration/step_{number}.html",
        {"number": number, "steps": steps, "last": LAST_STEP, **values},
        status=422 if is_wrong else 200,
    )


def _identity(member: Any) -> dict[str, Any]:
    if member is None:
        return {}
    return {name: getattr(member, name) for name in IdentityForm.base_fields if name != "nir"}


def _studies(registration: Any) -> dict[str, Any]:
    if registration is None or not registration.answers:
        return {}
    person, study = registration.answers["person"], registration.answers["study"]
    return {
        "study_from": study["from"],
        "study_to": study["to"],
        "parents": person["parents"]["scheme"],
        "has_card": "ehic" in person["cards"],
        "scholarship": person["scholarship"],
        "works": person["work"]["whole_year"],
        "partner": person["partner_covered"],
    }
