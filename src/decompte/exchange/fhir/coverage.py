"""Coverages: the mandatory one, the complementary, a European card; and a registration asked for.

The European card follows the shape of HL7 Europe (a draft): its number is the identifier, the
period ends with the card, the payor is the institution that issued it.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from decompte.exchange.fhir.names import (
    ABSENT,
    BANK,
    CARD_COUNTRY,
    CARD_NUMBER,
    COVER,
    EUROPE_CARD,
    EUROPE_TYPES,
    PROFILES,
    RIGHT,
    Resource,
    code_of,
    concept,
    extension,
)

MANDATORY, COMPLEMENTARY, CARD = "amo", "amc", "ehic"
ACTIVE, DRAFT = "active", "draft"
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)


class Card(NamedTuple):
    """A European health insurance card, by the fields on it.

    Attributes:
        country: that issued it, ISO 3166-1 alpha-2; HL7 Europe has no element for it.
        expires_on: field 9, a day as text.
        institution: field 7, number and short name; empty when not told.
        number: field 8; empty when not told.
    """

    country: str
    expires_on: str
    institution: str = ""
    number: str = ""


def of_registration(  # noqa: PLR0913  (a cover says whose, whom, since when)
    kind: str,
    *,
    identity: str,
    patient: Resource,
    payor: Resource,
    since: str | None,
    until: str | None,
    is_confirmed: bool,
) -> Resource:
    """Return the mandatory cover or the complementary that a registration gives."""
    period = {name: day for name, day in (("start", since), ("end", until)) if day}
    return {
        "resourceType": "Coverage",
        "id": identity,
        "meta": {"profile": [f"{PROFILES}coverage"]},
        "status": ACTIVE if is_confirmed else DRAFT,
        "type": concept(COVER, kind),
        "beneficiary": patient,
        "payor": [payor],
    } | ({"period": period} if period else {})


def of_card(*, identity: str, patient: Resource, card: Card) -> Resource:
    """Return a European health insurance card; it claims the profile once it says all of it."""
    number: Resource = {"system": CARD_NUMBER, "value": card.number}
    if not card.number:
        absent = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
        number = {"system": CARD_NUMBER, "_value": absent}
    europe = [EUROPE_CARD] if card.number and card.institution else []
    coding = [{"system": EUROPE_TYPES, "code": "EHIC"}, {"system": COVER, "code": CARD}]
    return {
        "resourceType": "Coverage",
        "id": identity,
        "meta": {"profile": [f"{PROFILES}european-card", *europe]},
        "extension": [{"url": CARD_COUNTRY, "valueCode": card.country}],
        "identifier": [number],
        "status": ACTIVE,
        "type": {"coding": coding},
        "beneficiary": patient,
        "period": {"end": card.expires_on},
        "payor": [{"type": "Organization", "display": card.institution or card.country}],
    }


def is_card(resource: Mapping[str, Any]) -> bool:
    """Return whether a coverage is a European card: by the code of HL7 Europe, or by ours."""
    told = resource.get("type")
    return bool(code_of(told, EUROPE_TYPES)) or code_of(told, COVER) == CARD


def card_of(resource: Mapping[str, Any]) -> Card:
    """Return the card that a coverage is; what it does not say is empty."""
    country = str(extension(resource, CARD_COUNTRY).get("valueCode", ""))
    told = str((resource.get("payor") or [{}])[0].get("display", ""))
    return Card(
        country=country,
        expires_on=str((resource.get("period") or {}).get("end", "")),
        institution="" if told == country else told,
        number=str((resource.get("identifier") or [{}])[0].get("value", "")),
    )


def can_say(cover: object) -> bool:
    """Return whether a cover of the case format is a kind, a first day and perhaps a last one."""
    if not isinstance(cover, Mapping):
        return False
    days = [cover.get(name) for name in ("from", "until") if name in cover]
    is_known = set(cover) <= {"kind", "from", "until"} and isinstance(cover.get("kind"), str)
    return is_known and "from" in cover and all(_is_day(day) for day in days)


def of_right(identity: str, patient: Resource, cover: Mapping[str, Any]) -> Resource:
    """Return a dated right of a case as a Coverage: C2S, long illness, maternity and the like."""
    period = {"start": str(cover["from"])}
    if "until" in cover:
        period["end"] = str(cover["until"])
    return {
        "resourceType": "Coverage",
        "id": identity,
        "meta": {"profile": [f"{PROFILES}right"]},
        "status": ACTIVE,
        "type": concept(RIGHT, cover["kind"]),
        "beneficiary": patient,
        "payor": [{"display": "assurance maladie"}],
        "period": period,
    }


def is_right(resource: Mapping[str, Any]) -> bool:
    """Return whether a resource is a Coverage of a dated right."""
    is_coverage = resource.get("resourceType") == "Coverage"
    return is_coverage and code_of(resource.get("type"), RIGHT) is not None


def right_of(resource: Mapping[str, Any]) -> dict[str, str]:
    """Return the dated right that a Coverage is, in the case format."""
    period = resource.get("period") or {}
    days = {"from": period.get("start"), "until": period.get("end")}
    found = {"kind": str(code_of(resource.get("type"), RIGHT))}
    return found | {name: str(day) for name, day in days.items() if day}


def _is_day(value: object) -> bool:
    return bool(DAY.match(str(value)))


def bank_account(resource: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the bank account that a coverage carries, or None."""
    parts = {one["url"]: one for one in extension(resource, BANK).get("extension", ())}
    if not parts:
        return None
    return {name: str(parts.get(name, {}).get("valueString", "")) for name in ("holder", "iban")}
