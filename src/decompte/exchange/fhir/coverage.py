"""Coverages: the mandatory one, the complementary, a European card; and a registration asked for.

The European card follows the shape of HL7 Europe: the period ends with the card, the payor is
the country's institution.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from decompte.exchange.fhir.names import BANK, COVER, PROFILES, Resource, concept, extension

MANDATORY, COMPLEMENTARY, CARD = "amo", "amc", "ehic"
ACTIVE, DRAFT = "active", "draft"


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


def of_card(*, identity: str, patient: Resource, country: str, expires_on: date) -> Resource:
    """Return a European health insurance card."""
    return {
        "resourceType": "Coverage",
        "id": identity,
        "meta": {"profile": [f"{PROFILES}european-card"]},
        "status": ACTIVE,
        "type": concept(COVER, CARD),
        "beneficiary": patient,
        "period": {"end": expires_on.isoformat()},
        "payor": [{"display": country}],
    }


def bank_account(resource: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the bank account that a coverage carries, or None."""
    parts = {one["url"]: one for one in extension(resource, BANK).get("extension", ())}
    if not parts:
        return None
    return {name: str(parts.get(name, {}).get("valueString", "")) for name in ("holder", "iban")}
