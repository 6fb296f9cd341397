"""Search: the parameters people use, in pages; an unknown one is refused, never ignored."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet

from decompte.errors import Problem, Refusal, Text
from decompte.exchange.fhir import benefit
from decompte.exchange.fhir.names import DECISION, MEMBER, NIA, NIR, REFERENCE, Resource, from_id
from decompte.exchange.fhir.profiles import SEARCHES
from decompte.portal.api import fhir_read
from decompte.portal.api.fhir_read import Found
from decompte.portal.api.models import Client, Kind
from decompte.portal.decisions import services as decisions
from decompte.portal.people import services as members
from decompte.portal.requests import services as requests
from decompte.portal.requests import worklists

MOST, USUAL = 100, 20
FURTHEST = 100_000
PAGING = ("_count", "_offset", "_format", "_pretty")
BOUNDS = {"eq": "", "ge": "__gte", "le": "__lte", "gt": "__gt", "lt": "__lt"}
Parameters = Mapping[str, list[str]]


class Asked(NamedTuple):
    """A search: who asks, and for what."""

    client: Client | None
    parameters: Parameters
    is_private: bool

    def one(self, *names: str) -> str:
        """Return the value of the first of these parameters that is given, or nothing."""
        given = [self.parameters[name][0] for name in names if name in self.parameters]
        return given[0] if given else ""


def search(kind: str, asked: Asked, address: str) -> tuple[Resource, list[str]]:
    """Return a Bundle of one page, and the files it opens.

    Args:
        kind: type of the resources.
        asked: who asks for what; `is_private` when the parameters are not in the address.
        address: of the search, for its links.

    Raises:
        Refusal: an unknown parameter, or a value that is none.
    """
    known = (*SEARCHES[kind], *PAGING)
    for name in asked.parameters:
        if name not in known:
            raise _refusal(
                name,
                f"paramètre inconnu ; permis : {', '.join(known)}",
                f"unknown parameter; allowed: {', '.join(known)}",
            )
    count = _number(asked, "_count", USUAL, MOST)
    offset = _number(asked, "_offset", 0, FURTHEST)
    rows, shown = SEARCHERS[kind](asked)
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    part: list[Found] = [shown(row) for row in rows[offset : offset + max(count, 1)]]
    part = part if count else []
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": _links(asked, address, offset, count, total),
        "entry": [
            {
                "fullUrl": f"{address.rsplit('/', 1)[0]}/{kind}/{one.resource['id']}",
                "resource": one.resource,
                "search": {"mode": "match"},
            }
            for one in part
        ],
    }
    if not part:
        del bundle["entry"]
    return bundle, [one.subject for one in part if one.subject]


Searched = tuple[Any, Callable[[Any], Found]]


def _patients(asked: Asked) -> Searched:
    rows = members.members()
    if identity := asked.one("_id"):
        rows = rows.filter(public_id=from_id(identity))
    if family := asked.one("family"):
        rows = rows.filter(family_name__istartswith=family)
    rows = _days(rows, asked, "birthdate", "birth_date")
    if identifier := asked.one("identifier"):
        rows = rows.filter(pk=_member_by(identifier, asked))
    return rows, fhir_read.patient_of


def _member_by(identifier: str, asked: Asked) -> int:
    system, bar, value = identifier.rpartition("|")
    if bar and system in {NIR, NIA}:
        if not asked.is_private:
            raise _refusal(
                "identifier",
                "un numéro d'identité ne va pas dans une adresse : POST Patient/_search",
                "an identity number does not go into an address: POST Patient/_search",
            )
        member = members.member_by_nir(value)
    else:
        member = members.find_member(value) if system in {"", MEMBER} else None
    return member.pk if member else members.NOBODY


def _requests(shown: Callable[[Any], Found]) -> Callable[[Asked], Searched]:
    def searcher(asked: Asked) -> Searched:
        rows = _of_patient(worklists.everything(with_drafts=_is_member(asked)), asked)
        if identity := asked.one("_id", "request"):
            rows = rows.filter(public_id=from_id(identity.removeprefix("Claim/")))
        if identifier := asked.one("identifier"):
            system, _bar, value = identifier.rpartition("|")
            rows = rows.filter(reference=value) if system in {"", REFERENCE} else rows.none()
        if status := asked.one("status"):
            is_draft = rows.filter(state="draft")
            active = rows.exclude(state="draft")
            rows = {"draft": is_draft, "active": active}.get(status, rows.none())
        if outcome := asked.one("outcome"):
            numbers = list(decisions.everything().values_list("request_id", flat=True))
            done, queued = rows.filter(pk__in=numbers), rows.exclude(pk__in=numbers)
            rows = {"complete": done, "queued": queued}.get(outcome, rows.none())
        return _days(rows, asked, "created", "submitted_at__date"), shown

    return searcher


def _benefits(asked: Asked) -> Searched:
    rows = _of_patient(decisions.everything(), asked).select_related("corrects", "corrected_by")
    if identity := asked.one("_id"):
        rows = rows.filter(public_id=from_id(identity))
    if claim := asked.one("claim"):
        found = requests.find(from_id(claim.removeprefix("Claim/")))
        rows = rows.filter(request_id=found.pk if found else members.NOBODY)
    if identifier := asked.one("identifier"):
        system, _bar, value = identifier.rpartition("|")
        rows = rows.filter(public_id=value) if system in {"", DECISION} else rows.none()
    if status := asked.one("status"):
        stands = {benefit.ACTIVE: True, benefit.REPLACED: False}.get(status)
        rows = rows.none() if stands is None else rows.filter(corrected_by__isnull=stands)
    return _days(rows, asked, "created", "decided_at__date"), fhir_read.benefit_of


def _coverages(asked: Asked) -> Searched:
    owner = _patient(asked)
    found = fhir_read.coverages_of(owner) if owner else []
    return _matching(found, asked, "_id", "status"), _same


def _documents(asked: Asked) -> Searched:
    related = asked.one("related")
    if related:
        one = requests.find(from_id(related.removeprefix("Claim/")))
        rows = [one] if one and (one.state != "draft" or _is_member(asked)) else []
    else:
        rows = list(_of_patient(worklists.everything(with_drafts=_is_member(asked)), asked)[:MOST])
    found = [document for row in rows for document in fhir_read.documents_of(row)]
    return _matching(found, asked, "_id"), _same


def _listed(everything: Callable[[], list[Found]]) -> Callable[[Asked], Searched]:
    def searcher(asked: Asked) -> Searched:
        return _matching(everything(), asked, "_id", "name", "url", "identifier", "created"), _same

    return searcher


def _payments(asked: Asked) -> Searched:
    is_finance = asked.client is not None and asked.client.kind == Kind.FINANCE
    found = fhir_read.payments_made() if is_finance else []
    return _matching(found, asked, "_id", "identifier", "created"), _same


def _matching(found: list[Found], asked: Asked, *names: str) -> list[Found]:
    """Return the resources whose own fields are what was asked for."""
    for name in names:
        wanted = asked.one(name)
        if wanted:
            found = [one for one in found if _is(one.resource, name, wanted)]
    return found


def _is(resource: Resource, name: str, wanted: str) -> bool:
    if name == "identifier":
        system, _bar, value = wanted.rpartition("|")
        return any(
            one["value"] == value and system in {"", one["system"]}
            for one in resource.get("identifier", ())
        )
    told = str(resource.get(name.removeprefix("_"), ""))
    if name == "name":
        return told.casefold().startswith(wanted.casefold())
    return told.startswith(wanted) if name == "created" else told == wanted


def _of_patient(rows: Any, asked: Asked) -> Any:
    if not asked.one("patient"):
        return rows
    member = _patient(asked)
    return rows.filter(member_id=member.pk if member else members.NOBODY)


def _patient(asked: Asked) -> Any:
    given = asked.one("patient", "beneficiary").removeprefix("Patient/")
    if given:
        return members.find_member(from_id(given))
    user = asked.client.user if asked.client else None
    return members.member_of(user) if user else None


def _is_member(asked: Asked) -> bool:
    return asked.client is not None and asked.client.kind == Kind.MEMBER


def _same(found: Found) -> Found:
    return found


def _days(rows: Any, asked: Asked, name: str, column: str) -> Any:
    """Return the rows whose day is within every bound given, such as `ge2014-01-01`."""
    for given in asked.parameters.get(name, ()):
        prefix = given[:2] if given[:2] in BOUNDS else "eq"
        try:
            day = date.fromisoformat(given.removeprefix(prefix))
        except ValueError:
            raise _refusal(
                name,
                "une date AAAA-MM-JJ est attendue, avec eq, ge, le, gt ou lt devant",
                "a date YYYY-MM-DD is expected, with eq, ge, le, gt or lt before it",
            ) from None
        rows = rows.filter(**{f"{column}{BOUNDS[prefix]}": day})
    return rows


def _number(asked: Asked, name: str, usual: int, most: int) -> int:
    given = asked.one(name)
    if not given:
        return usual
    if not (given.isdecimal() and given.isascii() and len(given) < len(str(most)) + 1):
        raise _refusal(name, f"un entier de 0 à {most}", f"a whole number from 0 to {most}")
    return min(int(given), most)


def _links(asked: Asked, address: str, offset: int, count: int, total: int) -> list[dict[str, str]]:
    given = {name: values for name, values in asked.parameters.items() if name not in {"_offset"}}
    if asked.is_private:
        return [{"relation": "self", "url": address}]

    def link(relation: str, place: int) -> dict[str, str]:
        query = urlencode({**given, "_offset": [str(place)]}, doseq=True)
        return {"relation": relation, "url": f"{address}?{query}"}

    links = [link("self", offset)]
    if count and offset + count < total:
        links.append(link("next", offset + count))
    if offset:
        links.append(link("previous", max(offset - count, 0)))
    return links


def _refusal(field: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem("fhir.search", field, Text(fr=fr, en=en))])


SEARCHERS: dict[str, Callable[[Asked], Searched]] = {
    "Patient": _patients,
    "Organization": _listed(fhir_read.organizations),
    "StructureDefinition": _listed(fhir_read.structures),
    "Practitioner": _listed(fhir_read.practitioners),
    "Coverage": _coverages,
    "Claim": _requests(fhir_read.claim_of),
    "ClaimResponse": _requests(fhir_read.response_of),
    "ExplanationOfBenefit": _benefits,
    "DocumentReference": _documents,
    "PaymentReconciliation": _payments,
}
