"""What FHIR may do: tell an identity, register, submit a Claim, settle it, all in one Bundle.

Each call ends in the verb that the pages call; nothing is decided here.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404
from ninja.errors import AuthorizationError
from pydantic import ValidationError

from decompte.engine.single import settle as settled
from decompte.errors import Problem, Refusal, Text
from decompte.exchange import case as cases
from decompte.exchange.fhir import benefit, checked, claim, coverage, papers, people
from decompte.exchange.fhir.names import Resource, from_id, reference_id
from decompte.portal import clock
from decompte.portal.agency import services as agency
from decompte.portal.api import fhir_read, reading, registrations, tokens
from decompte.portal.api.care_requests import columns
from decompte.portal.api.fhir_read import Found
from decompte.portal.api.models import Client, Kind
from decompte.portal.api.shapes import CareLineIn, IdentityIn, RegistrationIn, WholeCardIn
from decompte.portal.people import services as members
from decompte.portal.people.scope import MemberScope, entered
from decompte.portal.people.templatetags.words import language
from decompte.portal.registration import services as registration
from decompte.portal.requests import services as requests

MOST_ENTRIES = 50
LINE_NAMES = set(CareLineIn.model_fields)


def create(kind: str, resource: Resource, client: Client) -> Found:
    """Return what a Patient or a Coverage became.

    Raises:
        AuthorizationError: only a member's own application may.
        Refusal: it is not R4, or what it says does not stand.
    """
    _only(client, Kind.MEMBER)
    return {"Patient": _patient, "Coverage": _coverage}[kind](resource, client)


@transaction.atomic
def submit(resource: Resource, client: Client | None) -> Resource:
    """Return the ClaimResponse of a Claim.

    A predetermination is computed at once and nothing is kept; a claim becomes a request with its
    papers and is sent to the agency.

    Raises:
        AuthorizationError: a claim needs a member's own application.
        Refusal: it is not R4, or not a claim that this member may send.
    """
    resource = _claim_in(resource)
    checked.resource(resource, "Claim")
    if resource["use"] == "predetermination":
        return _estimate(resource)
    if client is None:
        raise NoTokenError
    _only(client, Kind.MEMBER)
    member = _own(client)
    if reference_id(resource["patient"], "Patient") != fhir_read.patient_reference(member)[
        "reference"
    ].removeprefix("Patient/"):
        raise _refusal("Claim.patient", "ce patient n'est pas vous", "this patient is not you")
    lines = [_care_line(resource, place) for place in range(len(resource.get("item", ())))]
    if not lines:
        raise _refusal("Claim.item", "au moins une ligne", "at least one item")
    asked = requests.begin(member, columns(member, lines[0]))
    for line in lines[1:]:
        requests.save_line(asked, columns(member, line))
    _check_insurer(resource, asked)
    for paper in papers.attached(resource):
        requests.add_paper(asked, paper.kind, paper.data, paper.name, tokens.actor(client))
    requests.submit(asked, tokens.actor(client))
    asked.refresh_from_db()
    return fhir_read.response_of(asked).resource


def _claim_in(value: Any) -> Any:
    """Return the Claim of a call: sent alone, or as the parameter `resource` of Parameters."""
    if not isinstance(value, dict) or value.get("resourceType") != "Parameters":
        return value
    given = checked.resource(value, "Parameters").get("parameter", [])
    found = [one["resource"] for one in given if one["name"] == "resource" and "resource" in one]
    if len(found) != 1:
        raise _refusal(
            "Parameters.parameter", "un paramètre resource est attendu", "one resource is expected"
        )
    return found[0]


def settle(identity: str, client: Client, said: Any = None) -> Resource:
    """Return the ClaimResponse of a request that an agency's program settles; twice is once.

    Args:
        identity: of the Claim.
        client: who asks.
        said: Parameters, or nothing; `compared` says that a person put the request beside those
            with the very same care.

    Raises:
        AuthorizationError: only an agency's program for agents' work may.
        Http404: there is none within its scope.
        Refusal: a paper is missing or refused, the law of a line is not known here, or its care
            was decided already and nobody compared.
    """
    _only(client, Kind.AGENT)
    is_compared = said is not None and _compared(said)
    asked = requests.find(from_id(identity))
    if asked is None or asked.state == "draft":
        raise Http404
    reading.opened(client, [f"request:{asked.public_id}"], code="request.opened")
    agency.settle_request(asked, tokens.actor(client), is_compared=is_compared)
    asked.refresh_from_db()
    return fhir_read.response_of(asked).resource


def _compared(said: Any) -> bool:
    given = checked.resource(said, "Parameters").get("parameter", [])
    if any(one["name"] != "compared" or "valueBoolean" not in one for one in given):
        raise _refusal(
            "Parameters.parameter",
            "permis : compared, un booléen (valueBoolean)",
            "allowed: compared, a boolean (valueBoolean)",
        )
    return any(one["valueBoolean"] for one in given)


@transaction.atomic
def bundle(resource: Resource, client: Client) -> Resource:
    """Return the answer to a transaction: every entry is done, or none.

    Raises:
        Refusal: an entry is wrong, named by its place; or there are too many.
    """
    checked.resource(resource, "Bundle")
    entries = resource.get("entry", [])
    if resource["type"] != "transaction" or not 0 < len(entries) <= MOST_ENTRIES:
        raise _refusal(
            "Bundle",
            f"une transaction de 1 à {MOST_ENTRIES} entrées est attendue",
            f"a transaction of 1 to {MOST_ENTRIES} entries is expected",
        )
    known: dict[str, str] = {}
    answers = []
    for place, entry in enumerate(entries):
        try:
            with entered(tokens.scope_of(client)):
                answer = _entry(_resolved(entry.get("resource"), known), entry, client)
        except Refusal as refusal:
            told = [p._replace(field=f"Bundle.entry[{place}].{p.field}") for p in refusal.problems]
            raise Refusal(told) from None
        location = f"{answer['resourceType']}/{answer['id']}"
        if full := entry.get("fullUrl"):
            known[str(full)] = location
        answers.append({"resource": answer, "response": {"status": "201", "location": location}})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}


class NoTokenError(Exception):
    """The call needs a token."""


def _entry(resource: Any, entry: Mapping[str, Any], client: Client) -> Resource:
    request = entry.get("request") or {}
    call = (request.get("method"), request.get("url"))
    if call == ("POST", "Claim/$submit"):
        return submit(resource, client)
    if call in {("POST", "Patient"), ("POST", "Coverage")}:
        return create(str(call[1]), resource, client).resource
    raise _refusal(
        "request",
        "permis : POST Patient, POST Coverage, POST Claim/$submit",
        "allowed: POST Patient, POST Coverage, POST Claim/$submit",
    )


def _resolved(value: Any, known: Mapping[str, str]) -> Any:
    """Return a resource with its references to earlier entries replaced by what they became."""
    if isinstance(value, dict):
        return {
            name: known.get(one, one)
            if name == "reference" and isinstance(one, str)
            else _resolved(one, known)
            for name, one in value.items()
        }
    return [_resolved(one, known) for one in value] if isinstance(value, list) else value


def _patient(resource: Resource, client: Client) -> Found:
    checked.resource(resource, "Patient")
    try:
        identity = IdentityIn(**people.identity(resource))
    except ValidationError as error:
        raise _of_shape("Patient", error) from None
    assert client.user is not None, "a member's application belongs to an account"
    member = members.save_identity(client.user, identity.model_dump())
    with entered(MemberScope(member.pk)):
        return fhir_read.patient_of(member, with_nir=True)


def _coverage(resource: Resource, client: Client) -> Found:
    """Register for the year of the period, confirmed when it is active; or keep a card."""
    checked.resource(resource, "Coverage")
    own = members.member_id_of(client.user)
    with entered(MemberScope(members.NOBODY if own is None else own)):
        given = reference_id(resource["beneficiary"], "Patient")
        member = members.find_member(from_id(given))
        if member is None:
            raise _refusal("Coverage.beneficiary", "ce n'est pas vous", "this is not you")
        if coverage.is_card(resource):
            return _card(resource, member)
        opened = registration.open_registration(member)
        registration.save_answers(opened, registrations.answers(member, _said(resource)))
        payor = reference_id(resource["payor"][0], "Organization")
        is_complementary = _kind(resource) == coverage.COMPLEMENTARY
        registration.choose(opened, agency=payor, complementary=payor if is_complementary else "")
        if account := coverage.bank_account(resource):
            members.set_bank_account(member, **account)
        if resource["status"] == coverage.ACTIVE:
            members.needed_bank_account(member.pk)
            registration.pass_step_3(opened)
            registration.confirm(opened)
        return fhir_read.coverages_of(member)[0]


def _card(resource: Resource, member: Any) -> Found:
    """Keep a European card; the holder's number on it is the identifier of the beneficiary."""
    told = coverage.card_of(resource)
    personal = (resource["beneficiary"].get("identifier") or {}).get("value", "")
    try:
        card = WholeCardIn.model_validate(
            {
                "country": told.country,
                "expires_on": told.expires_on,
                "institution": told.institution,
                "personal_number": personal,
                "card_number": told.number,
            }
        )
    except ValidationError as error:
        raise _of_shape("Coverage", error) from None
    return fhir_read.card_of(member, members.add_european_card(member, **card.model_dump()))


def _said(resource: Resource) -> RegistrationIn:
    period = resource.get("period") or {}
    study = {"from": period.get("start"), "to": period.get("end")}
    try:
        return RegistrationIn.model_validate({"study": study, "situation": _situation(resource)})
    except ValidationError as error:
        raise _of_shape("Coverage", error) from None


def _situation(resource: Resource) -> dict[str, Any]:
    return dict(claim.more(resource).get("situation", {}))


def _kind(resource: Resource) -> str:
    codings = (resource.get("type") or {}).get("coding") or [{}]
    return str(codings[0].get("code", coverage.MANDATORY))


def _care_line(resource: Resource, place: int) -> CareLineIn:
    said = claim.lines(resource)[place]
    name = claim.practitioner_name(resource, resource["item"][place])
    unknown = sorted(set(said) - LINE_NAMES)
    if unknown:
        raise _refusal(
            f"Claim.item[{place}]",
            f"une demande ne garde pas : {', '.join(unknown)}",
            f"a request does not keep: {', '.join(unknown)}",
        )
    try:
        return CareLineIn(**{"practitioner_name": name or "unknown"} | said)
    except ValidationError as error:
        raise _of_shape(f"Claim.item[{place}]", error) from None


def _estimate(resource: Resource) -> Resource:
    case = cases.read(claim.to_case(resource), today=clock.machine_day())
    made = benefit.response(
        cases.write(settled(case), language()),
        created=clock.machine_day().isoformat(),
        patient={"display": "contained in the claim"},
        insurer={"display": "assurance maladie"},
        use="predetermination",
    )
    return made | {"id": "estimate"}


def _check_insurer(resource: Resource, asked: Any) -> None:
    insurer = reference_id(resource.get("insurer"), "Organization")
    if insurer and insurer != asked.agency:
        raise _refusal(
            "Claim.insurer",
            f"cette demande va à {asked.agency}",
            f"this claim goes to {asked.agency}",
        )


def _own(client: Client) -> Any:
    member = members.member_of(client.user)
    if member is None:
        raise _refusal("Claim.patient", "d'abord un Patient", "a Patient first")
    return member


def _only(client: Client, kind: str) -> None:
    if client.kind != kind or client.is_read_only:
        raise AuthorizationError


def _of_shape(kind: str, error: ValidationError) -> Refusal:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return Refusal(
        [
            Problem(
                f"shape.{one['type']}",
                ".".join((kind, *(str(part) for part in one["loc"]))),
                Text(fr=one["msg"], en=one["msg"]),
            )
            for one in found
        ]
    )


def _refusal(field: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem("fhir.claim", field, Text(fr=fr, en=en))])
