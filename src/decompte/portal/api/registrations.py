"""Registrations for programs: step by step for a member, read by the agency."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status

from decompte.errors import Problem, Refusal
from decompte.portal.api import reading
from decompte.portal.api.auth import MEMBER, PARTIES, client_of, own_member
from decompte.portal.api.paging import Parts
from decompte.portal.api.shapes import ChoiceIn, RegistrationIn, RegistrationOut
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import language
from decompte.portal.registration import services as registration

router = Router(tags=["Registrations"], by_alias=True)


@router.post("/registrations", response={201: RegistrationOut}, operation_id="begin", auth=MEMBER)
@transaction.atomic
def begin(request: HttpRequest, said: RegistrationIn) -> Status[Any]:
    """Begin this year's registration, or answer its step 1 again; step 2 opens."""
    member = own_member(request)
    opened = registration.open_registration(member)
    try:
        registration.save_answers(opened, answers(member, said))
    except Refusal as refusal:
        raise Refusal([_as_sent(problem) for problem in refusal.problems]) from None
    return Status(201, shown(opened))


@router.put(
    "/registrations/{registration_id}/choice",
    response=RegistrationOut,
    operation_id="choose",
    auth=MEMBER,
)
def choose(request: HttpRequest, registration_id: str, choice: ChoiceIn) -> Any:
    """Choose agency and complementary in step 2; a complementary can be bought nowhere else."""
    found = _found(registration_id)
    registration.choose(found, **choice.model_dump())
    return shown(found)


@router.post(
    "/registrations/{registration_id}/confirm",
    response=RegistrationOut,
    operation_id="confirm",
    auth=MEMBER,
)
@transaction.atomic
def confirm(request: HttpRequest, registration_id: str) -> Any:
    """Confirm the registration, once the bank account is given; twice is once."""
    found = _found(registration_id)
    if found.state == "draft":
        people.needed_bank_account(found.member_id)
        registration.pass_step_3(found)
        registration.confirm(found)
    return shown(found)


@router.get(
    "/registrations/{registration_id}",
    response=RegistrationOut,
    operation_id="read_registration",
    auth=PARTIES,
)
def read(request: HttpRequest, registration_id: str, parts: Query[Parts]) -> Any:
    """Read a registration."""
    found = _found(registration_id)
    subject = f"member:{found.member.public_id}"
    reading.opened(client_of(request), [subject], code="member.opened")
    return shown(found)


def answers(member: Any, said: RegistrationIn) -> dict[str, Any]:
    """Return step 1 in the situation format, with what the identity says already."""
    written = said.model_dump(mode="json", by_alias=True, exclude_none=True)
    person = written["situation"] | {
        "birth_date": member.birth_date.isoformat(),
        "nationality": member.nationality,
        "residence": registration.department(member.postal_code),
    }
    card = {"card": written["card"]} if said.card else {}
    return {"person": person, "study": written["study"], **card}


def _as_sent(problem: Problem) -> Problem:
    """Return a problem of the situation at the field the program sent."""
    kind, dot, rest = problem.field.partition(".")
    return problem._replace(field=f"situation{dot}{rest}") if kind == "person" else problem


def shown(found: Any) -> dict[str, Any]:
    """Return a registration as programs see it."""
    kept = found.affiliation or {}
    cents = found.contribution_cents
    return {
        "id": found.public_id,
        "academic_year": found.academic_year,
        "state": found.state,
        "step": found.step,
        "agency": found.agency or None,
        "complementary": found.complementary or None,
        "status": kept.get("status"),
        "scheme": kept.get("scheme"),
        "contribution": None if cents is None else f"{cents // 100}.{cents % 100:02d}",
        "from": found.since,
        "to": found.until,
        "confirmed_at": found.confirmed_at,
        "reasons": [
            {"code": reason["code"], "text": reason[language()], "url": reason["url"]}
            for reason in kept.get("reasons", ())
        ],
    }


def _found(public_id: str) -> Any:
    found = registration.find(public_id)
    if found is None:
        raise Http404
    return found
