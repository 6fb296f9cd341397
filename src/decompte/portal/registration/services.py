"""Verbs about registration: answers, step 2, confirmation; and the situation they tell.

Each verb is one transaction. Going back to an earlier step loses nothing: the furthest step
stays open, and the choice of step 2 stays as long as it stands with the new answers.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from decompte.errors import Problem, Refusal, Text
from decompte.exchange import situation as situations
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people import services as people
from decompte.portal.registration import enrolments
from decompte.portal.registration.comparison import Offer, offers
from decompte.portal.registration.cover import Cover, cover
from decompte.portal.registration.models import Registration
from decompte.portal.registration.states import State
from decompte.procedure.affiliation import affiliation
from decompte.procedure.choice import STEP_OF_CHOICE, choice
from decompte.procedure.facts import is_european
from decompte.procedure.papers import for_registration
from decompte.procedure.routing import send_to
from decompte.procedure.shapes import (
    Affiliation,
    Destination,
    Reason,
    RequiredPaper,
    Situation,
)
from decompte.procedure.years import academic_year, insurance_year

LAST_STEP = 4
CORSICA, CORSICA_SOUTH_UNTIL, OVERSEAS = "20", "202", ("97", "98")


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


@transaction.atomic
def save_answers(registration: Registration, answers: Mapping[str, Any]) -> bool:
    """Keep what the student said in step 1, and open step 2.

    Args:
        registration: the draft of this year.
        answers: person and study, in the situation format; `card` may add country and expiry of a
            European card, which is kept with the member on confirmation.

    Returns:
        Whether a choice made before was dropped, because it does not stand with these answers.

    Raises:
        Refusal: the answers do not make a situation of this year, or the registration is
            confirmed.
    """
    _still_open(registration)
    said = _situation(answers)
    if problems := tuple(_problems(registration, said, answers.get("card"))):
        raise Refusal(problems)
    registration.answers = dict(answers)
    is_dropped = False
    if registration.step > STEP_OF_CHOICE and not _stands(registration, said):
        registration.agency = registration.complementary = ""
        registration.step, is_dropped = STEP_OF_CHOICE, True
    registration.step = max(registration.step, STEP_OF_CHOICE)
    registration.save()
    _tell(registration, "registration.answered")
    return is_dropped


def covered(registration: Registration) -> Affiliation:
    """Return the affiliation that the student's answers give."""
    return affiliation(_situation(registration.answers))


def papers_to_register(registration: Registration) -> tuple[RequiredPaper, ...]:
    """Return the papers of the registration with the general scheme; none where it is not due."""
    said = _situation(registration.answers)
    return for_registration(said, affiliation(said))


def compared(registration: Registration) -> tuple[Offer, ...]:
    """Return what a typical year leaves to this student, without and with each formula."""
    return offers(_situation(registration.answers))


@transaction.atomic
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
    answer = choice(_chosen(_situation(registration.answers), agency, complementary))
    if not answer.is_valid:
        raise Refusal([p._replace(field=p.field.removeprefix("choice.")) for p in answer.errors])
    registration.agency, registration.complementary = agency, complementary
    registration.step = max(registration.step, STEP_OF_CHOICE + 1)
    registration.save()
    _tell(registration, "registration.chosen")


def pass_step_3(registration: Registration) -> None:
    """Open the last step, once the bank details are given (the GP can come later)."""
    _still_open(registration)
    registration.step = max(registration.step, LAST_STEP)
    registration.save()
    enrolments.follow(registration)


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
    is_now = Registration.objects.filter(pk=registration.pk, state=State.DRAFT).update(
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
    if is_now:
        registration.refresh_from_db()
        if card := registration.answers.get("card"):
            people.add_european_card(
                registration.member,
                country=card["country"],
                expires_on=date.fromisoformat(card["expires_on"]),
            )
        people.set_agency(registration.member, registration.agency)
        _tell(registration, "registration.confirmed")
    return bool(is_now)


def registration_on(member_id: int, day: date) -> Registration | None:
    """Return the confirmed registration that covers a day, or None."""
    found: Registration | None = Registration.objects.filter(
        member_id=member_id, state=State.CONFIRMED, since__lte=day, until__gte=day
    ).first()
    return found


def find(public_id: str) -> Registration | None:
    """Return a registration within the scope, or None."""
    found: Registration | None = Registration.objects.filter(public_id=public_id).first()
    return found


def registrations_of(member_id: int) -> list[Registration]:
    """Return a member's registrations, newest first."""
    return list(Registration.objects.filter(member_id=member_id))


def current(member_id: int) -> Registration | None:
    """Return the member's newest registration, or None."""
    found: Registration | None = Registration.objects.filter(member_id=member_id).first()
    return found


def confirmed(member_id: int) -> Registration | None:
    """Return the member's newest confirmed registration, or None."""
    found: Registration | None = Registration.objects.filter(
        member_id=member_id, state=State.CONFIRMED
    ).first()
    return found


def contributing(agency: str) -> list[Registration]:
    """Return an agency's confirmed registrations that cost a contribution, oldest first."""
    rows = Registration.objects.filter(agency=agency, state=State.CONFIRMED)
    return list(rows.filter(contribution_cents__gt=0).order_by("id"))


def is_of_this_year(registration: Registration) -> bool:
    """Return whether a registration is for the running academic year."""
    return registration.academic_year >= academic_year(clock.today())


def situation(
    member: Any,
    care_date: date,
    *,
    is_first: bool = True,
    is_prescribed: bool = False,
    known: Cover | None = None,
) -> Situation:
    """Return a member's situation for care on a day, from the registration that covers it.

    Args:
        member: whose.
        care_date: day of the care.
        is_first: whether it is their first request there.
        is_prescribed: whether something of it was prescribed.
        known: their cover where it was read already.

    Raises:
        Refusal: no confirmed registration covers that day.
    """
    known = known or cover(member.pk)
    registration = known.on(care_date)
    if registration is None:
        raise _refusal(
            "care_date",
            "registration.missing",
            "aucune inscription confirmée ne couvre ce jour ; la demande va à l'organisme "
            "qui vous assurait alors",
            "no confirmed registration covers that day; the request goes to the body that "
            "insured you then",
        )
    answered = _situation(registration.answers)
    card = known.facts.card_on(care_date)
    cards = answered.cards - {"ehic"} | ({"ehic"} if card else set())
    return answered._replace(
        cards=cards,
        agency=registration.agency or None,
        complementary=registration.complementary or None,
        care_date=care_date,
        is_first=is_first,
        is_prescribed=is_prescribed,
        has_declared_gp=known.facts.gp_since(care_date) is not None,
        on=clock.today(),
    )


def destination(member: Any, day: date, known: Cover | None = None) -> Destination | None:
    """Return where a request for care on a day would go; None when nobody here pays it.

    Args:
        member: whose.
        day: day of the care.
        known: their cover where it was read already.

    Raises:
        Refusal: no registration covers the day, or the address is not known here.
    """
    asked = situation(member, day, known=known)
    return send_to(asked, affiliation(asked))


def why_not_here(member: Any, known: Cover) -> tuple[Reason, ...]:
    """Return why nobody here pays a member's care of today; empty when somebody does.

    Empty too when no registration covers today: care of an earlier year may be paid here.
    """
    try:
        asked = situation(member, clock.today(), known=known)
        answer = affiliation(asked)
        return () if send_to(asked, answer) else answer.reasons
    except Refusal:
        return ()


def department(postal_code: str) -> str:
    """Return the department of a French postal code, such as `FR-75`, `FR-2A` or `FR-971`."""
    if postal_code.startswith(OVERSEAS):
        return f"FR-{postal_code[:3]}"
    if postal_code.startswith(CORSICA):
        return "FR-2A" if postal_code < CORSICA_SOUTH_UNTIL else "FR-2B"
    return f"FR-{postal_code[:2]}"


def _situation(answers: Mapping[str, Any]) -> Situation:
    said = {name: part for name, part in answers.items() if name != "card"}
    return situations.read(said, today=clock.today())


def _chosen(said: Situation, agency: str, complementary: str) -> Situation:
    return said._replace(
        agency=agency or None, complementary=complementary or None, step=STEP_OF_CHOICE
    )


def _stands(registration: Registration, said: Situation) -> bool:
    chosen = _chosen(said, registration.agency, registration.complementary)
    return choice(chosen).is_valid


def _problems(
    registration: Registration, said: Situation, card: Mapping[str, str] | None
) -> Iterator[Problem]:
    """Yield what does not fit the year of registration, and a card that covers nothing."""
    year = registration.academic_year
    last = insurance_year(year)[1]
    if academic_year(said.study_from) != year:
        yield _problem(
            "study.from",
            "study.other_year",
            f"cette inscription est celle de l'année {year}-{year + 1} : donnez le premier jour "
            f"de vos études dans cette année",
            f"this registration is for the year {year}-{year + 1}: give the first day of your "
            f"studies within it",
        )
    if said.study_until > last:
        yield _problem(
            "study.to",
            "study.other_year",
            f"on s'inscrit chaque année : donnez le dernier jour de celle-ci, au plus tard le "
            f"{last:%d/%m/%Y}",
            f"one registers each year: give the last day within this one, "
            f"{last:%d/%m/%Y} at the latest",
        )
    if said.birth_date > clock.today():
        yield _problem(
            "person.birth_date",
            "date.future",
            "cette date est dans l'avenir",
            "this date is in the future",
        )
    if card is not None:
        yield from _card_problems(said, card)


def _card_problems(said: Situation, card: Mapping[str, str]) -> Iterator[Problem]:
    if not is_european(card["country"], said.study_from):
        yield _problem(
            "card.country",
            "card.country",
            people.CARD_OF_ANOTHER_STATE.fr,
            people.CARD_OF_ANOTHER_STATE.en,
        )
    if date.fromisoformat(card["expires_on"]) < said.study_from:
        yield _problem(
            "card.expires_on",
            "card.expired",
            "cette carte a expiré avant vos études : donnez celle qui la remplace, ou décochez",
            "this card expired before your studies: give the one that replaces it, or untick",
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
    enrolments.follow(registration)


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([_problem(field, code, fr, en)])


def _problem(field: str, code: str, fr: str, en: str) -> Problem:
    return Problem(code, field, Text(fr=fr, en=en))
