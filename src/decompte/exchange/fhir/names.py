"""Names that FHIR gives to things: identifier systems, our own code systems and extensions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Resource = dict[str, Any]

NIR = "urn:oid:1.2.250.1.213.1.4.8"
NIA = "urn:oid:1.2.250.1.213.1.4.9"
RPPS = "urn:oid:1.2.250.1.71.4.2.1"
FINESS = "urn:oid:1.2.250.1.71.4.2.2"
IDENTIFIER_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
PRIORITY = "http://terminology.hl7.org/CodeSystem/processpriority"
ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
COVERAGE_TYPE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
RELATION = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
PAYMENT_TYPE = "http://terminology.hl7.org/CodeSystem/payment-type"
CURRENCY = "EUR"

EUROPE_TYPES = "http://terminology.hl7.eu/CodeSystem/v3-ActCode"
EUROPE_CARD = "http://hl7.eu/fhir/base/StructureDefinition/coverage-eu-ehic"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

BASE = "urn:decompte:fhir:"
MEMBER, REFERENCE, DECISION = f"{BASE}member", f"{BASE}request", f"{BASE}decision"
AGENCY, CENTRE = f"{BASE}agency", f"{BASE}centre"
ACT, AMOUNT, REASON = f"{BASE}act", f"{BASE}amount", f"{BASE}reason"
PAPER, SPECIALTY = f"{BASE}paper", f"{BASE}specialty"
COVER, RIGHT = f"{BASE}cover", f"{BASE}right"
PROFILES = f"{BASE}StructureDefinition:"
PATHWAY = f"{PROFILES}pathway"
MORE = f"{PROFILES}more"
WHY = f"{PROFILES}why"
SECTOR = f"{PROFILES}sector"
BANK = f"{PROFILES}bank-account"
LAW = f"{PROFILES}law"
CARD_COUNTRY = f"{PROFILES}card-country"
CARD_NUMBER, CARD_HOLDER = f"{BASE}ehic", f"{BASE}ehic-holder:"


def to_id(public_id: str) -> str:
    """Return a public id as FHIR may write it: an underscore becomes a dot."""
    return public_id.replace("_", ".")


def from_id(fhir_id: str) -> str:
    """Return the public id behind a FHIR id."""
    return fhir_id.replace(".", "_")


def money(amount: str | Decimal) -> Resource:
    """Return an amount in euros; its decimals stay as they are written."""
    return {"value": Decimal(amount), "currency": CURRENCY}


def concept(system: str, code: str, text: str = "") -> Resource:
    """Return a CodeableConcept of one code."""
    coded: Resource = {"coding": [{"system": system, "code": code}]}
    return coded | ({"text": text} if text else {})


def code_of(value: object, system: str) -> str | None:
    """Return the code of a CodeableConcept in a system, or None."""
    codings = value.get("coding") if isinstance(value, Mapping) else None
    for coding in codings if isinstance(codings, list) else []:
        if isinstance(coding, Mapping) and coding.get("system") == system:
            return str(coding.get("code"))
    return None


def extension(holder: Mapping[str, Any], url: str) -> Mapping[str, Any]:
    """Return an extension of an element, empty when it is not there."""
    found = [one for one in holder.get("extension", ()) if one.get("url") == url]
    return found[0] if found else {}


def reference_id(value: object, kind: str) -> str:
    """Return the id of a literal reference to a kind of resource, empty when it is none."""
    text = value.get("reference") if isinstance(value, Mapping) else None
    start = f"{kind}/"
    plain = str(text or "")
    return plain.removeprefix(start) if plain.startswith(start) else ""
