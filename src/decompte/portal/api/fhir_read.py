"""What stands behind each FHIR resource: rows of the scope, written as R4.

The managers filter by scope; a row of somebody else is not found here either.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from decompte.exchange.fhir import benefit, claim, coverage, papers, people, profiles
from decompte.exchange.fhir.names import (
    CARD_HOLDER,
    DECISION,
    REFERENCE,
    Resource,
    from_id,
    to_id,
)
from decompte.portal import clock
from decompte.portal.api.care_requests import euros
from decompte.portal.api.decided import replaced_by
from decompte.portal.api.models import Client, Kind
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people import services as members
from decompte.portal.people.templatetags.words import language
from decompte.portal.registration import services as registration
from decompte.portal.requests import services as requests
from decompte.portal.requests import store, worklists
from decompte.portal.requests.states import State
from decompte.procedure.agencies import agencies

PREFIX_AMO, PREFIX_AMC, PREFIX_CARD, PREFIX_RPPS = "amo-", "amc-", "ehic-", "rpps-"
PAGE = "-p"


class Found:
    """A resource that was found, with the file of the agency it belongs to, for the guard."""

    def __init__(self, resource: Resource, subject: str = "") -> None:
        """Keep both."""
        self.resource = resource
        self.subject = subject


def patient_of(member: Any, *, with_nir: bool = False) -> Found:
    """Return a member; the identity number only where one file is read."""
    shown = {
        "id": member.public_id,
        "given_name": member.given_name,
        "family_name": member.family_name,
        "birth_date": member.birth_date.isoformat(),
        "nationality": member.nationality,
        "address_line": member.address_line,
        "address_extra": member.address_extra,
        "postal_code": member.postal_code,
        "city": member.city,
    }
    nir = members.nir(member).reveal() if with_nir else ""
    resource = people.patient(shown, nir=nir, is_provisional=member.is_nir_provisional)
    if with_nir and (card := _newest_card(member)):
        number = members.card_numbers(card)[0].reveal()
        told = [{"system": CARD_HOLDER + card.country, "value": number}] if number else []
        resource["identifier"] += told
    return Found(resource, f"member:{member.public_id}")


def coverages_of(member: Any) -> list[Found]:
    """Return the covers of a member: by registration, and the newest European card."""
    subject = f"member:{member.public_id}"
    found = []
    for one in registration.registrations_of(member.pk):
        kinds = [(coverage.MANDATORY, PREFIX_AMO, one.agency)]
        kinds += [(coverage.COMPLEMENTARY, PREFIX_AMC, one.complementary)]
        for kind, prefix, payor in kinds:
            if payor or kind == coverage.MANDATORY:
                resource = coverage.of_registration(
                    kind,
                    identity=prefix + to_id(one.public_id),
                    patient=patient_reference(member),
                    payor=organization_reference(payor) if payor else {"display": "none"},
                    since=one.since.isoformat() if one.since else None,
                    until=one.until.isoformat() if one.until else None,
                    is_confirmed=one.confirmed_at is not None,
                )
                found.append(Found(resource, subject))
    if card := _newest_card(member):
        found.append(card_of(member, card))
    return found


def _newest_card(member: Any) -> Any:
    return members.european_card_on(member.pk, clock.today() - timedelta(days=366))


def card_of(member: Any, card: Any) -> Found:
    """Return a European card of a member."""
    _personal, number = members.card_numbers(card)
    told = coverage.Card(
        card.country, card.expires_on.isoformat(), card.institution, number.reveal()
    )
    identity = PREFIX_CARD + to_id(member.public_id)
    resource = coverage.of_card(identity=identity, patient=patient_reference(member), card=told)
    return Found(resource, f"member:{member.public_id}")


def claim_of(asked: Any) -> Found:
    """Return a request as the Claim it is."""
    lines = list(asked.lines.all())
    case = {"person": {}, "lines": [decisions.case_line(line) for line in lines]}
    created = (asked.submitted_at or asked.created_at).date().isoformat()
    made = claim.of_case(case, created=created, use="claim")
    del made["contained"]
    made |= {
        "id": to_id(asked.public_id),
        "identifier": [{"system": REFERENCE, "value": asked.reference}],
        "status": "draft" if asked.state == "draft" else "active",
        "patient": patient_reference(asked.member),
        "insurer": organization_reference(asked.agency),
        "provider": {"display": lines[0].practitioner_name if lines else "unknown"},
        "insurance": [{"sequence": 1, "focal": True, "coverage": _cover(asked)}],
    }
    for member, line in zip(made.get("careTeam", ()), lines, strict=True):
        member["provider"]["display"] = line.practitioner_name
    return Found(made, f"request:{asked.public_id}")


def response_of(asked: Any) -> Found:
    """Return the answer to a request so far: queued, or what it came to."""
    decision = decisions.of_request(asked.pk)
    made = benefit.response(
        decision.answers[language()] if decision else None,
        created=(asked.submitted_at or asked.created_at).date().isoformat(),
        patient=patient_reference(asked.member),
        insurer=organization_reference(asked.agency),
        use="claim",
        request={"reference": f"Claim/{to_id(asked.public_id)}"},
    )
    made |= {"id": to_id(asked.public_id), "disposition": asked.get_state_display()}
    if decision:
        made["identifier"] = [{"system": DECISION, "value": decision.public_id}]
    elif asked.state == State.REFUSED:
        made["outcome"] = benefit.COMPLETE
    return Found(made, f"request:{asked.public_id}")


def benefit_of(decision: Any) -> Found:
    """Return a decision as an ExplanationOfBenefit, with its payment."""
    asked = decision.request
    lines = list(asked.lines.all())
    made = benefit.explanation(
        decision.answers[language()],
        identity=to_id(decision.public_id),
        created=decision.decided_at.date().isoformat(),
        patient=patient_reference(decision.member),
        insurer=organization_reference(decision.agency),
        provider={"display": lines[0].practitioner_name if lines else "unknown"},
        coverage=_cover(asked),
        claim={"reference": f"Claim/{to_id(asked.public_id)}"},
        payment=_payment(decision),
    )
    made |= benefit.standing(
        decision.public_id,
        corrects=decision.corrects.public_id if decision.corrects else None,
        is_in_force=replaced_by(decision) is None,
    )
    return Found(made, f"request:{asked.public_id}")


def documents_of(asked: Any) -> list[Found]:
    """Return the papers of a request."""
    found = []
    for kind, paper in requests.current_papers(asked).items():
        identity = to_id(paper.public_id)
        resource = papers.document(
            identity=identity,
            kind=kind,
            patient=patient_reference(asked.member),
            claim={"reference": f"Claim/{to_id(asked.public_id)}"},
            at=paper.received_at.isoformat(),
            pages=[f"{identity}{PAGE}{number}" for number in range(paper.page_count)],
        )
        found.append(Found(resource, f"request:{asked.public_id}"))
    return found


def practitioners() -> list[Found]:
    """Return the doctors of the scope's care lines who have a number."""
    return [Found(people.practitioner(number, name)) for number, name in worklists.practitioners()]


def organizations() -> list[Found]:
    """Return the agencies; they are public."""
    return [Found(people.organization(one, one.name.to(language()))) for one in agencies().values()]


def payments_made() -> list[Found]:
    """Return the payment files of the scope's agency."""
    return [_reconciliation(batch) for batch in payments.batches()]


def structures() -> list[Found]:
    """Return our profiles; they are public."""
    return [Found(one) for one in profiles.structures().values()]


def read(kind: str, identity: str, client: Client | None) -> Found | None:
    """Return one resource of the scope, or None."""
    if kind in PUBLIC:
        return _first(PUBLIC[kind](), identity)
    if client is None or kind not in READERS:
        return None
    found = READERS[kind](identity, client)
    is_hidden = found is not None and _is_draft(found) and client.kind != Kind.MEMBER
    return None if is_hidden else found


def _is_draft(found: Found) -> bool:
    kind, status = found.resource["resourceType"], found.resource.get("status")
    return kind == "Claim" and status == "draft"


def _read_patient(identity: str, _client: Client) -> Found | None:
    member = members.find_member(from_id(identity))
    return patient_of(member, with_nir=True) if member else None


def _read_coverage(identity: str, _client: Client) -> Found | None:
    for prefix in (PREFIX_AMO, PREFIX_AMC, PREFIX_CARD):
        if identity.startswith(prefix):
            public_id = from_id(identity.removeprefix(prefix))
            one = registration.find(public_id)
            member = one.member if one else members.find_member(public_id)
            return _first(coverages_of(member), identity) if member else None
    return None


def _of_request(shown: Callable[[Any], Found]) -> Callable[[str, Client], Found | None]:
    def reader(identity: str, client: Client) -> Found | None:
        asked = requests.find(from_id(identity))
        if asked is None or (asked.state == "draft" and client.kind != Kind.MEMBER):
            return None
        return shown(asked)

    return reader


def _read_benefit(identity: str, _client: Client) -> Found | None:
    decision = decisions.find(from_id(identity))
    return benefit_of(decision) if decision else None


def _read_document(identity: str, client: Client) -> Found | None:
    paper = requests.find_paper(from_id(identity))
    if paper is None or (paper.request.state == "draft" and client.kind != Kind.MEMBER):
        return None
    return _first(documents_of(paper.request), identity)


def _read_binary(identity: str, client: Client) -> Found | None:
    public_id, _page, number = identity.rpartition(PAGE)
    paper = requests.find_paper(from_id(public_id))
    if paper is None or (paper.request.state == "draft" and client.kind != Kind.MEMBER):
        return None
    if not (number.isdecimal() and number.isascii() and int(number) < paper.page_count):
        return None
    page = store.page(paper.file_token, int(number), paper.agency)
    resource = papers.binary(identity, "image/jpeg", page)
    return Found(resource, f"request:{paper.request.public_id}")


def _read_practitioner(identity: str, _client: Client) -> Found | None:
    return _first(practitioners(), identity)


def _read_payment(identity: str, client: Client) -> Found | None:
    batch = payments.find_batch(from_id(identity)) if client.kind == Kind.FINANCE else None
    return _reconciliation(batch) if batch else None


def _reconciliation(batch: Any) -> Found:
    return Found(
        papers.reconciliation(
            identity=to_id(batch.public_id),
            number=batch.msg_id,
            created=batch.prepared_at.isoformat(),
            paid_on=batch.execution_date.isoformat(),
            total=euros(batch.total_cents),
            payer=organization_reference(batch.agency),
            details=[
                (one.end_to_end_id, euros(one.amount_cents)) for one in payments.orders_of(batch)
            ],
        )
    )


def _payment(decision: Any) -> Resource | None:
    order = payments.order_of(decision.pk)
    if order is None:
        return None
    paid = benefit.paid(euros(order.amount_cents), order.end_to_end_id)
    if order.batch:
        paid["date"] = order.batch.execution_date.isoformat()
    return paid


def _cover(asked: Any) -> Resource:
    lines = list(asked.lines.all())
    day = lines[0].care_date if lines else clock.today()
    one = registration.registration_on(asked.member_id, day)
    if one is None:
        return {"display": "none"}
    return {"reference": f"Coverage/{PREFIX_AMO}{to_id(one.public_id)}"}


def patient_reference(member: Any) -> Resource:
    """Return a reference to a member."""
    return {"reference": f"Patient/{to_id(member.public_id)}"}


def organization_reference(agency: str) -> Resource:
    """Return a reference to an agency."""
    return {"reference": f"Organization/{agency}"}


def _first(found: Iterable[Found], identity: str) -> Found | None:
    return next((one for one in found if one.resource["id"] == identity), None)


PUBLIC: dict[str, Callable[[], list[Found]]] = {
    "Organization": organizations,
    "StructureDefinition": structures,
}
READERS: dict[str, Callable[[str, Client], Found | None]] = {
    "Patient": _read_patient,
    "Coverage": _read_coverage,
    "Claim": _of_request(claim_of),
    "ClaimResponse": _of_request(response_of),
    "ExplanationOfBenefit": _read_benefit,
    "DocumentReference": _read_document,
    "Binary": _read_binary,
    "Practitioner": _read_practitioner,
    "PaymentReconciliation": _read_payment,
}
