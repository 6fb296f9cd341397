"""What each kind of resource is searched by: rows of the scope, narrowed by the parameters."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from decompte.exchange.fhir import benefit
from decompte.exchange.fhir.names import (
    DECISION,
    MEMBER,
    NIA,
    NIR,
    REFERENCE,
    Resource,
    from_id,
)
from decompte.portal.api import fhir_read
from decompte.portal.api.fhir_asked import MOST, Asked, refusal
from decompte.portal.api.fhir_read import Found
from decompte.portal.api.models import Kind
from decompte.portal.decisions import services as decisions
from decompte.portal.people import services as members
from decompte.portal.requests import services as requests
from decompte.portal.requests import worklists

Searched = tuple[Any, Callable[[Any], Found]]


def _patients(asked: Asked) -> Searched:
    rows = members.members()
    if identity := asked.one("_id"):
        rows = rows.filter(public_id=from_id(identity))
    if family := asked.one("family"):
        rows = rows.filter(family_name__istartswith=family)
    if given := asked.one("given"):
        rows = rows.filter(given_name__istartswith=given)
    if name := asked.one("name"):
        is_named = Q(family_name__istartswith=name) | Q(given_name__istartswith=name)
        rows = rows.filter(is_named)
    rows = asked.days(rows, "birthdate", "birth_date")
    if asked.one("identifier"):
        rows = rows.filter(pk=_member_by_number(asked))
    return rows, fhir_read.patient_of


def _member_by_number(asked: Asked) -> int:
    system, value = asked.token("identifier")
    if system in {NIR, NIA}:
        if not asked.is_private:
            raise refusal(
                "identifier",
                "un numéro d'identité ne va pas dans une adresse : POST Patient/_search",
                "an identity number does not go into an address: POST Patient/_search",
            )
        member = members.member_by_nir(value)
    else:
        member = members.find_member(value) if system in {"", MEMBER} else None
    return member.pk if member else members.NOBODY


def _requests(shown: Callable[[Any], Found], number: str) -> Callable[[Asked], Searched]:
    """Return the search of what stands for a request; `number` is the system of its identifier."""

    def searcher(asked: Asked) -> Searched:
        rows = _of_patient(worklists.everything(with_drafts=asked.is_member), asked)
        if identity := asked.id_of("Claim", "_id", "request"):
            rows = rows.filter(public_id=from_id(identity))
        if insurer := asked.id_of("Organization", "insurer"):
            rows = rows.filter(agency=insurer)
        if asked.one("identifier"):
            rows = _numbered(rows, asked, number)
        if status := asked.one("status"):
            is_draft = rows.filter(state="draft")
            active = rows.exclude(state="draft")
            rows = {"draft": is_draft, "active": active}.get(status, rows.none())
        if outcome := asked.one("outcome"):
            over = _answered(rows)
            rows = {benefit.COMPLETE: rows.filter(over), benefit.QUEUED: rows.exclude(over)}.get(
                outcome, rows.none()
            )
        return asked.days(rows, "created", "submitted_at__date"), shown

    return searcher


def _answered(rows: Any) -> Q:
    """Return which requests are answered: decided, or refused as a whole."""
    numbers = decisions.everything().filter(request_id__in=rows.values("pk"))
    return Q(pk__in=list(numbers.values_list("request_id", flat=True))) | Q(state="refused")


def _numbered(rows: Any, asked: Asked, number: str) -> Any:
    system, value = asked.token("identifier")
    if system not in {"", number}:
        return rows.none()
    if number == REFERENCE:
        return rows.filter(reference=value)
    decision = decisions.find(value)
    return rows.filter(pk=decision.request_id) if decision else rows.none()


def _benefits(asked: Asked) -> Searched:
    rows = _of_patient(decisions.everything(), asked).select_related("corrects", "corrected_by")
    if identity := asked.one("_id"):
        rows = rows.filter(public_id=from_id(identity))
    if claim := asked.id_of("Claim", "claim"):
        found = requests.find(from_id(claim))
        rows = rows.filter(request_id=found.pk if found else members.NOBODY)
    if asked.one("identifier"):
        system, value = asked.token("identifier")
        rows = rows.filter(public_id=value) if system in {"", DECISION} else rows.none()
    if status := asked.one("status"):
        stands = {benefit.ACTIVE: True, benefit.REPLACED: False}.get(status)
        rows = rows.none() if stands is None else rows.filter(corrected_by__isnull=stands)
    return asked.days(rows, "created", "decided_at__date"), fhir_read.benefit_of


def _coverages(asked: Asked) -> Searched:
    identity, owner = asked.one("_id"), _patient(asked)
    if owner:
        found = fhir_read.coverages_of(owner)
    else:
        one = fhir_read.read("Coverage", identity, asked.client) if identity else None
        found = [one] if one else []
    return _matching(found, asked, "_id", "status", "type", "payor"), _same


def _documents(asked: Asked) -> Searched:
    if related := asked.id_of("Claim", "related"):
        one = requests.find(from_id(related))
        rows = [one] if one and (one.state != "draft" or asked.is_member) else []
    else:
        rows = list(_of_patient(worklists.everything(with_drafts=asked.is_member), asked)[:MOST])
    found = [document for row in rows for document in fhir_read.documents_of(row)]
    return _matching(found, asked, "_id", "type", "date"), _same


def _listed(everything: Callable[[], list[Found]]) -> Callable[[Asked], Searched]:
    def searcher(asked: Asked) -> Searched:
        names = ("_id", "name", "url", "identifier", "created", "type")
        return _matching(everything(), asked, *names), _same

    return searcher


def _payments(asked: Asked) -> Searched:
    is_finance = asked.client is not None and asked.client.kind == Kind.FINANCE
    found = fhir_read.payments_made() if is_finance else []
    return _matching(found, asked, "_id", "identifier", "created"), _same


def _matching(found: list[Found], asked: Asked, *names: str) -> list[Found]:
    """Return the resources whose own fields are what was asked for."""
    for name in names:
        if asked.one(name):
            found = [one for one in found if _is(one.resource, name, asked)]
    return found


def _is(resource: Resource, name: str, asked: Asked) -> bool:
    wanted, told = asked.one(name), resource.get(name.removeprefix("_"), "")
    if name == "identifier":
        system, value = asked.token(name)
        return any(one["value"] == value and system in {"", one["system"]} for one in told)
    if name == "type" and isinstance(told, dict):
        system, value = asked.token(name)
        return any(one["code"] == value and system in {"", one["system"]} for one in told["coding"])
    if name == "payor":
        return any(one.get("reference", "").endswith(f"/{_last(wanted)}") for one in told)
    if name == "name":
        words = [str(one.get("text", "")) for one in told] if isinstance(told, list) else [told]
        return any(word.casefold().startswith(wanted.casefold()) for word in words)
    return str(told).startswith(wanted) if name in {"created", "date"} else told == wanted


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _of_patient(rows: Any, asked: Asked) -> Any:
    if not asked.one("patient", "subject"):
        return rows
    member = _patient(asked)
    return rows.filter(member_id=member.pk if member else members.NOBODY)


def _patient(asked: Asked) -> Any:
    if given := asked.id_of("Patient", "patient", "beneficiary", "subject"):
        return members.find_member(from_id(given))
    user = asked.client.user if asked.client else None
    return members.member_of(user) if user else None


def _same(found: Found) -> Found:
    return found


SEARCHERS: dict[str, Callable[[Asked], Searched]] = {
    "Patient": _patients,
    "Organization": _listed(fhir_read.organizations),
    "StructureDefinition": _listed(fhir_read.structures),
    "Practitioner": _listed(fhir_read.practitioners),
    "Coverage": _coverages,
    "Claim": _requests(fhir_read.claim_of, REFERENCE),
    "ClaimResponse": _requests(fhir_read.response_of, DECISION),
    "ExplanationOfBenefit": _benefits,
    "DocumentReference": _documents,
    "PaymentReconciliation": _payments,
}
