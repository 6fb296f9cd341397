"""Patients, practitioners and agencies: members, doctors of care lines, bodies of `procedure`."""

from collections.abc import Mapping
from typing import Any

from decompte.exchange.fhir.names import (
    AGENCY,
    CENTRE,
    IDENTIFIER_TYPES,
    MEMBER,
    NIA,
    NIR,
    PROFILES,
    RPPS,
    Resource,
    to_id,
)
from decompte.procedure.shapes import Agency

NATIONALITY = "http://hl7.org/fhir/StructureDefinition/patient-nationality"
COUNTRIES = "urn:iso:std:iso:3166"


def patient(member: Mapping[str, Any], *, nir: str = "", is_provisional: bool = False) -> Resource:
    """Return a member as a Patient.

    Args:
        member: its fields, days as text.
        nir: the identity number, or empty where it is not shown.
        is_provisional: the number is a provisional one (NIA).
    """
    identifiers: list[Resource] = [{"system": MEMBER, "value": member["id"]}]
    if nir:
        kind = {"system": IDENTIFIER_TYPES, "code": "INS-NIA" if is_provisional else "INS-NIR"}
        identifiers.append(
            {
                "use": "official",
                "type": {"coding": [kind]},
                "system": NIA if is_provisional else NIR,
                "value": nir,
            }
        )
    lines = [line for line in (member["address_line"], member["address_extra"]) if line]
    country = {"coding": [{"system": COUNTRIES, "code": member["nationality"]}]}
    return {
        "resourceType": "Patient",
        "id": to_id(member["id"]),
        "meta": {"profile": [f"{PROFILES}patient"]},
        "extension": [
            {
                "url": NATIONALITY,
                "extension": [{"url": "code", "valueCodeableConcept": country}],
            }
        ],
        "identifier": identifiers,
        "active": True,
        "name": [{"family": member["family_name"], "given": [member["given_name"]]}],
        "birthDate": member["birth_date"],
        "address": [
            {
                "line": lines,
                "postalCode": member["postal_code"],
                "city": member["city"],
                "country": "FR",
            }
        ],
    }


def identity(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the identity that a Patient tells, as a form has it; what is missing is empty."""
    name = (resource.get("name") or [{}])[0]
    address = (resource.get("address") or [{}])[0]
    lines = [*address.get("line", ()), "", ""]
    numbers = {one.get("system"): one.get("value") for one in resource.get("identifier", ())}
    return {
        "given_name": " ".join(name.get("given", ())),
        "family_name": name.get("family", ""),
        "birth_date": str(resource.get("birthDate", "")),
        "nationality": _nationality(resource),
        "address_line": lines[0],
        "address_extra": lines[1],
        "postal_code": address.get("postalCode", ""),
        "city": address.get("city", ""),
        "nir": numbers.get(NIR) or numbers.get(NIA) or "",
    }


def practitioner(number: str, name: str) -> Resource:
    """Return a doctor of a care line, by RPPS number."""
    return {
        "resourceType": "Practitioner",
        "id": f"rpps-{number}",
        "identifier": [{"system": RPPS, "value": number}],
        "name": [{"text": name}],
    }


def organization(agency: Agency, name: str) -> Resource:
    """Return an agency, with its centre and the address requests go to."""
    identifiers: list[Resource] = [{"system": AGENCY, "value": agency.id}]
    if agency.centre:
        identifiers.append({"system": CENTRE, "value": agency.centre})
    found: Resource = {
        "resourceType": "Organization",
        "id": agency.id,
        "identifier": identifiers,
        "active": True,
        "name": name,
    }
    if agency.address:
        found["address"] = [{"line": list(agency.address)}]
    return found


def _nationality(resource: Mapping[str, Any]) -> str:
    for one in resource.get("extension", ()):
        if one.get("url") == NATIONALITY:
            for part in one.get("extension", ()):
                codings = part.get("valueCodeableConcept", {}).get("coding", ())
                for coding in codings:
                    return str(coding.get("code", ""))
    return ""
