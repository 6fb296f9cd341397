"""Verbs about registration: answers, step 2, confirmation; and the situation they tell."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from decompte.errors import Problem, Refusal, Text
from decompte.exchange import situation as situations
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people import services as people
from decompte.portal.registration.models import Registration
from decompte.portal.registration.states import State
from decompte.procedure.affiliation import academic_year, affiliation
from decompte.procedure.choice import STEP_OF_CHOICE, choice
from decompte.procedure.shapes import Affiliation, Situation

LAST_STEP = 4


def open_registration(member: Any) -> Registration:
    """Return the member's registration of the current academic year, made if there is none."""
    registration, is_new = Registration.objects.get_or_create(
        member_id=member.pk,
        academic_year=academic_year(clock.today()),
        defaults={"created_at": clock.now()},
    )
    if is_new:
        _tell(registration, "registration.opened")
    return registration  # type: ignore[no-any-return]


def save_answers(registration: Registration, answers: Mapping[str, Any]) -> None:
    """Keep what the student said in step 1, in the situation format; step 2 opens.

    Raises:
        Refusal: the answers do not make a situation, or the registration is confirmed.
    """
    _still_open(registration)
    registration.answers = dict(answers)
    situations.read(registration.answers, today=clock.today())
    registration.agency = registration.complementary = ""
    registration.step = STEP_OF_CHOICE
    registration.save()
    _tell(registration, "registration.answered")


def covered(registration: Registration) -> Affiliation:
    """Return the affiliation that the student's answers give."""
    return affiliation(situations.read(registration.answers, today=clock.today()))


def choose(registration: Registration, *, agency: str, complementary: str) -> None:
    """Choose in step 2; later steps open. The complementary can be bought nowhere else.

    Raises:
        Refusal: the choice does not stand, or step 2 is over.
    """
    _still_open(registration)
    if registration.step < STEP_OF_CHOICE:
        raise _refusal(
            "agency", "registration.step", "répondez d'abord à l'étape 1", "answer step 1 first"
        )
    asked = situations.read(registration.answers, today=clock.today())._replace(
        agency=agency or None, complementary=complementary or None, step=STEP_OF_CHOICE
    )
    answer = choice(asked)
    if not answer.is_valid:
        raise Refusal([p._replace(field=p.field.removeprefix("choice.")) for p in answer.errors])
    registration.agency, registration.complementary = agency, complementary
    registration.step = STEP_OF_CHOICE + 1
    registration.save()
    _tell(registration, "registration.chosen")


def pass_step_3(registration: Registration) -> None:
    """Open the last step, once the bank details are given (the GP can come later)."""
    _still_open(registration)
    registration.step = max(registration.step, LAST_STEP)
    registration.save()


@transaction.atomic
def confirm(registration: Registration) -> bool:
    """Confirm a registration: the affiliation is kept with its reasons; False when it was before.

    Raises:
        Refusal: a step is missing.
    """
    if registration.step < LAST_STEP:
        raise _refusal(
            "step", "registration.step", "une étape manque encore", "a step is still missing"
        )
    answer = covered(registration)
    confirmed = Registration.objects.filter(pk=registration.pk, state=State.DRAFT).update(
        state=State.CONFIRMED,
        confirmed_at=clock.now(),
        contribution_cents=answer.contribution_cents,
        since=answer.since or date.fromisoformat(str(registration.answers["study"]["from"])),
        until=answer.until or date.fromisoformat(str(registration.answers["study"]["to"])),
        affiliation={
            "status": answer.status,
            "scheme": answer.scheme,
            "reasons": [
                {"code": r.code, "fr": r.text.fr, "en": r.text.en, "url": r.sources[0].url}
                for r in answer.reasons
            ],
        },
    )
    if confirmed:
        registration.refresh_from_db()
        people.set_agency(registration.member, registration.agency)
        _tell(registration, "registration.confirmed")
    return bool(confirmed)


def registration_on(member_id: int, day: date) -> Registration | None:
    """Return the confirmed registration that covers a day, or None."""
    found: Registration | None = Registration.objects.filter(
        member_id=member_id, state=State.CONFIRMED, since__lte=day, until__gte=day
    ).first()
    return found


def current(member_id: int) -> Registration | None:
    """Return the member's newest registration, or None."""
    found: Registration | None = Registration.objects.filter(member_id=member_id).first()
    return found


def situation(
    member: Any,
    care_date: date,
    *,
    is_first: bool = True,
    is_prescribed: bool = False,
) -> Situation:
    """Return a member's situation for care on a day, from the registration that covers it.

    Raises:
        Refusal: no confirmed registration covers that day.
    """
    registration = registration_on(member.pk, care_date)
    if registration is None:
        raise _refusal(
            "care_date",
            "registration.missing",
            "aucune inscription confirmée ne couvre ce jour ; la demande va à l'organisme "
            "qui vous assurait alors",
            "no confirmed registration covers that day; the request goes to the body that "
            "insured you then",
        )
    answered = situations.read(registration.answers, today=clock.today())
    card = people.european_card_on(member.pk, care_date)
    cards = answered.cards - {"ehic"} | ({"ehic"} if card else set())
    return answered._replace(
        cards=cards,
        agency=registration.agency or None,
        complementary=registration.complementary or None,
        care_date=care_date,
        is_first=is_first,
        is_prescribed=is_prescribed,
        has_declared_gp=people.gp_since(member.pk, care_date) is not None,
        on=clock.today(),
    )


def _still_open(registration: Registration) -> None:
    if Registration.objects.filter(pk=registration.pk, state=State.CONFIRMED).exists():
        raise _refusal(
            "registration",
            "registration.confirmed",
            "cette inscription est confirmée : la complémentaire ne s'achète plus",
            "this registration is confirmed: a complementary can no longer be bought",
        )


def _tell(registration: Registration, code: str) -> None:
    audit.record(
        code,
        f"registration:{registration.public_id}",
        actor=registration.member.user.public_id,
        agency=registration.agency,
        detail={"step": registration.step},
    )


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
