"""The four steps of the registration: each shows its page, or calls one verb and goes on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from decompte.errors import NotModelled, Refusal
from decompte.exchange import two_d_doc
from decompte.intake import door
from decompte.portal.people import services as people
from decompte.portal.people.forms import BankForm, GPForm, IdentityForm
from decompte.portal.people.scope import MemberScope, entered
from decompte.portal.people.templatetags.words import in_language, language
from decompte.portal.registration import enrolments, services
from decompte.portal.registration.forms import (
    SPECIAL,
    STUDY,
    AboutYouForm,
    ChoiceForm,
    StudiesForm,
    are_valid,
    show_refusal,
)
from decompte.portal.registration.states import State
from decompte.procedure.agencies import agency

NOTHING = {"agency": "", "complementary": ""}


@login_required
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Show or answer one step of the registration."""
    steps: dict[int, Callable[..., HttpResponse]] = {1: _step_1, 2: _step_2, 3: _step_3, 4: _step_4}
    if number not in steps:
        raise Http404
    if people.role_of(request):
        return redirect("agency:worklist")
    member = people.member_of(request.user)
    if number > 1 and member is None:
        return redirect("registration:step", number=1)
    registration = services.open_registration(member) if member else None
    if registration and registration.state == State.CONFIRMED:
        messages.info(request, _("Your registration for this year is confirmed already."))
        return redirect("member:dashboard")
    if registration and number > registration.step:
        return redirect("registration:step", number=registration.step)
    return steps[number](request, member, registration)


def _step_1(request: HttpRequest, member: Any, registration: Any) -> HttpResponse:
    identity = AboutYouForm(request.POST or None, initial=_identity(request.user, member))
    studies = StudiesForm(request.POST or None, initial=_studies(registration))
    asked, problems = (identity, studies), []
    if request.method == "POST" and are_valid(asked):
        try:
            is_dropped = _save_step_1(request.user, identity.cleaned_data, studies.cleaned_data)
        except Refusal as refusal:
            problems = show_refusal(refusal, asked)
        else:
            if is_dropped:
                told = _("With these answers your former choice does not stand: choose again.")
                messages.warning(request, told)
            return redirect("registration:step", number=2)
    values = {"identity": identity, "studies": studies, "problems": problems}
    return _page(request, 1, registration, asked, values)


@transaction.atomic
def _save_step_1(user: Any, identity: dict[str, Any], studies: dict[str, Any]) -> bool:
    member = people.save_identity(user, identity)
    with entered(MemberScope(member.pk)):
        registration = services.open_registration(member)
        return services.save_answers(registration, _answers(identity, studies))


def _answers(identity: dict[str, Any], studies: dict[str, Any]) -> dict[str, Any]:
    """Return step 1 in the situation format, and the European card beside it."""
    cards = [studies["other_cover"]] if studies["other_cover"] else []
    answers: dict[str, Any] = {
        "person": {
            "birth_date": identity["birth_date"].isoformat(),
            "nationality": identity["nationality"],
            "residence": services.department(identity["postal_code"]),
            "cards": cards,
            "scholarship": studies["scholarship"],
            "work": {
                "hours_per_month": studies["work_hours"] or 0,
                "whole_year": studies["works_whole_year"],
            },
            "parents": {"scheme": studies["parents"]},
            "partner_covered": studies["partner"],
        },
        "study": {
            "from": studies["study_from"].isoformat(),
            "to": studies["study_to"].isoformat(),
            **_special(studies["special"]),
        },
    }
    if studies["has_card"]:
        cards.append("ehic")
        answers["card"] = {
            "country": studies["card_country"],
            "expires_on": studies["card_expires_on"].isoformat(),
        }
    return answers


def _special(name: str) -> dict[str, object]:
    """Return what a special circumstance says of the studies, in the situation format."""
    chosen = next((one for one in SPECIAL if one.value == name), None)
    sets = chosen.sets if chosen else {}
    return {path.removeprefix(STUDY): value for path, value in sets.items()}


def _step_2(request: HttpRequest, _member: Any, registration: Any) -> HttpResponse:
    try:
        covered = services.covered(registration)
    except NotModelled as refusal:
        problems = [problem.message.to(language()) for problem in refusal.problems]
        return _page(request, 2, registration, (), {"problems": problems})
    chosen = {"agency": registration.agency, "complementary": registration.complementary}
    form = ChoiceForm(request.POST or None, agencies=covered.agencies, initial=chosen)
    asked, problems = (form,) if covered.agencies else (), []
    if request.method == "POST" and are_valid(asked):
        try:
            services.choose(registration, **(form.cleaned_data if asked else NOTHING))
        except Refusal as refusal:
            problems = show_refusal(refusal, asked)
        else:
            return redirect("registration:step", number=3)
    offers = [(radio, agency(radio.data["value"])) for radio in form["agency"]]
    values = {"form": form, "offers": offers, "covered": covered, "problems": problems}
    values["compared"] = services.compared(registration) if offers else ()
    values["papers"] = services.papers_to_register(registration)
    return _page(request, 2, registration, asked, values)


def _step_3(request: HttpRequest, member: Any, registration: Any) -> HttpResponse:
    account, declared = people.bank_account(member.pk), people.current_gp(member)
    if "read" in request.POST:
        read = _read_details(request, member)
        known: dict[str, Any] = {"account": account, "declared": declared, "gp": GPForm()}
        return _page(request, 3, registration, (), known | read)
    keeps = account is not None and not request.POST.get("iban", "").strip()
    wants_gp = any(request.POST.get(name, "").strip() for name in GPForm.base_fields)
    holder = account.holder if account else member.name
    bank = BankForm(None if keeps else request.POST or None, initial={"holder": holder})
    gp = GPForm(request.POST if wants_gp else None)
    asked, problems = tuple(form for form in (bank, gp) if form.is_bound), []
    if request.method == "POST" and are_valid(asked):
        try:
            _save_step_3(member, registration, asked)
        except Refusal as refusal:
            problems = show_refusal(refusal, asked)
        else:
            return redirect("registration:step", number=4)
    values = {"bank": bank, "gp": gp, "account": account, "declared": declared}
    return _page(request, 3, registration, asked, {**values, "problems": problems})


def _read_details(request: HttpRequest, member: Any) -> dict[str, Any]:
    """Return the form of the bank account, filled from the code on a paper that is not kept."""
    given = request.FILES.get("details")
    problems, code = [_("Choose a file first.")], None
    if given is not None and not isinstance(given, list):
        problems = [_("No code of bank details (2D-Doc) can be read in this file: type the IBAN.")]
        try:
            pages = door.examine(given.read(), given.name or "").codes
        except Refusal as refusal:
            problems = [in_language(problem.message) for problem in refusal.problems]
        else:
            code = two_d_doc.first(pages, "bank-details")
    if code is None:
        return {"bank": BankForm(initial={"holder": member.name}), "problems": problems}
    said = {"holder": code.values.get("holder", member.name), "iban": code.values.get("iban", "")}
    return {"bank": BankForm(initial=said), "is_read": True}


@transaction.atomic
def _save_step_3(member: Any, registration: Any, given: tuple[forms.Form, ...]) -> None:
    for form in given:
        save = people.set_bank_account if isinstance(form, BankForm) else people.declare_gp
        save(member, **form.cleaned_data)
    services.pass_step_3(registration)


def _step_4(request: HttpRequest, member: Any, registration: Any) -> HttpResponse:
    if request.method == "POST":
        if services.confirm(registration):
            messages.success(request, _("Your registration is confirmed."))
        owes = registration.agency and registration.contribution_cents
        following = "contribution:contribution" if owes else "member:dashboard"
        return redirect(request.session.pop("after_registration", following))
    values = {
        "member": member,
        "covered": services.covered(registration),
        "agency": agency(registration.agency) if registration.agency else None,
        "bank": people.bank_account(member.pk),
        "gp": people.current_gp(member),
        "number": people.masked_nir(member),
    }
    return _page(request, 4, registration, (), values)


def _page(
    request: HttpRequest,
    shown: int,
    registration: Any,
    asked: tuple[forms.Form, ...],
    values: dict[str, Any],
) -> HttpResponse:
    """Return the page of a step: 422 when an answer was not accepted."""
    names = (
        _("You and your studies"),
        _("Agency and complementary"),
        _("Bank and GP"),
        _("Check and confirm"),
    )
    furthest = registration.step if registration else 1
    steps = [
        {"number": n, "name": name, "is_open": n <= furthest and n != shown, "is_done": n < shown}
        for n, name in enumerate(names, start=1)
    ]
    page = {
        "shown": shown,
        "steps": steps,
        "forms": asked,
        "is_wrong": any(form.errors for form in asked),
        "registration": registration,
        **values,
    }
    is_answered = request.method == "GET" or values.get("is_read")
    status = 200 if is_answered and not values.get("problems") else 422
    return render(request, f"registration/step_{shown}.html", page, status=status)


def _identity(user: Any, member: Any) -> dict[str, Any]:
    if member is None:
        return dict(enrolments.known_of(user))
    return {name: getattr(member, name) for name in IdentityForm.base_fields if name != "nir"}


def _studies(registration: Any) -> dict[str, Any]:
    if registration is None or not registration.answers:
        return {}
    person, study = registration.answers["person"], registration.answers["study"]
    card = registration.answers.get("card", {})
    return {
        "study_from": study["from"],
        "study_to": study["to"],
        "special": next(
            (one.value for one in SPECIAL if _special(one.value).items() <= study.items()), ""
        ),
        "parents": person["parents"]["scheme"],
        "has_card": "ehic" in person["cards"],
        "card_country": card.get("country"),
        "card_expires_on": card.get("expires_on"),
        "other_cover": next((card for card in person["cards"] if card != "ehic"), ""),
        "scholarship": person["scholarship"],
        "work_hours": person["work"]["hours_per_month"] or None,
        "works_whole_year": person["work"]["whole_year"],
        "partner": person["partner_covered"],
    }
