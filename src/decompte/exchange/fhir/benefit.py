"""A settlement as the adjudication of a ClaimResponse or an ExplanationOfBenefit, and back.

Each amount is an adjudication under its own name; each reason is a process note with its
sentence, its day, its source and its address, cited by the lines it belongs to.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from decompte.exchange.fhir.names import (
    ACT,
    ADJUDICATION,
    AMOUNT,
    CLAIM_TYPE,
    DECISION,
    LAW,
    PROFILES,
    REASON,
    RELATION,
    WHY,
    Resource,
    code_of,
    concept,
    extension,
    money,
)

STANDARD = {"price": "submitted", "base": "eligible", "amo": "benefit", "deferred": "deductible"}
NOT_AMOUNTS = ("date", "act", "rate", "reasons")
RATE = "rate"
ACTIVE, REPLACED = "active", "cancelled"
COMPLETE, QUEUED = "complete", "queued"


def explanation(  # noqa: PLR0913  (a benefit cites what it rests on)
    settlement: Mapping[str, Any],
    *,
    identity: str,
    created: str,
    patient: Resource,
    insurer: Resource,
    provider: Resource,
    coverage: Resource,
    claim: Resource | None = None,
    payment: Resource | None = None,
) -> Resource:
    """Return the ExplanationOfBenefit of a settlement in the result format."""
    benefit: Resource = {
        "resourceType": "ExplanationOfBenefit",
        "id": identity,
        "meta": {"profile": [f"{PROFILES}explanation"]},
        "status": ACTIVE,
        "type": concept(CLAIM_TYPE, "professional"),
        "use": "claim",
        "patient": patient,
        "created": created,
        "insurer": insurer,
        "provider": provider,
        "outcome": COMPLETE,
        "insurance": [{"focal": True, "coverage": coverage}],
    }
    if claim:
        benefit["claim"] = claim
    items = []
    notes: list[Resource] = []
    for number, line in enumerate(settlement["lines"], start=1):
        item = _adjudicated(line, notes)
        items.append(
            {
                "sequence": number,
                "productOrService": concept(ACT, line["act"]),
                "servicedDate": line["date"],
                "net": money(line["price"]),
            }
            | item
        )
    benefit |= {"item": items, "total": _totals(settlement), "processNote": notes}
    if payment:
        benefit["payment"] = payment
    return benefit | _law(settlement)


def standing(decision: str, *, corrects: str | None, is_in_force: bool) -> Resource:
    """Return how a benefit stands: its number, whether it is in force, which one it replaces.

    Args:
        decision: public id of its decision.
        corrects: public id of the decision it replaces, or None.
        is_in_force: no later one replaces it; else it is `cancelled`.
    """
    told: Resource = {
        "identifier": [{"system": DECISION, "value": decision}],
        "status": ACTIVE if is_in_force else REPLACED,
    }
    if corrects:
        number = {"system": DECISION, "value": corrects}
        told["related"] = [{"relationship": concept(RELATION, "prior"), "reference": number}]
    return told


def response(
    settlement: Mapping[str, Any] | None,
    *,
    created: str,
    patient: Resource,
    insurer: Resource,
    use: str,
    request: Resource | None = None,
) -> Resource:
    """Return the ClaimResponse of a settlement, or of a claim that waits when there is none."""
    answer: Resource = {
        "resourceType": "ClaimResponse",
        "status": "active",
        "type": concept(CLAIM_TYPE, "professional"),
        "use": use,
        "patient": patient,
        "created": created,
        "insurer": insurer,
        "outcome": COMPLETE if settlement else QUEUED,
    }
    if request:
        answer["request"] = request
    if settlement is None:
        return answer
    notes: list[Resource] = []
    answer["item"] = [
        {"itemSequence": number} | _adjudicated(line, notes)
        for number, line in enumerate(settlement["lines"], start=1)
    ]
    return answer | {"total": _totals(settlement), "processNote": notes} | _law(settlement)


def paid(amount: str, end_to_end_id: str) -> Resource:
    """Return the payment of a benefit, by its number at the bank; the day is added once known."""
    number = {"system": "urn:iso:std:iso:20022:EndToEndId", "value": end_to_end_id}
    return {"amount": money(amount), "identifier": number}


def settlement_of(benefit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settlement of an ExplanationOfBenefit in the result format."""
    notes = {note["number"]: note for note in benefit.get("processNote", ())}
    return {
        "law": extension(benefit, LAW).get("valueString", ""),
        "lines": [_line(item, notes) for item in benefit["item"]],
        "totals": {
            str(code_of(total["category"], AMOUNT)): str(total["amount"]["value"])
            for total in benefit["total"]
        },
    }


def _adjudicated(line: Mapping[str, Any], notes: list[Resource]) -> Resource:
    """Return the adjudication of a line, and add its reasons to the notes."""
    amounts: list[Resource] = [
        {"category": _category(name), "amount": money(value)}
        for name, value in line.items()
        if name not in NOT_AMOUNTS and isinstance(value, str)
    ]
    amounts.insert(2, {"category": _category(RATE), "value": Decimal(line["rate"])})
    first = len(notes) + 1
    notes += [_note(first + place, reason) for place, reason in enumerate(line["reasons"])]
    numbers = list(range(first, len(notes) + 1))
    return {"adjudication": amounts} | ({"noteNumber": numbers} if numbers else {})


def _category(name: str) -> Resource:
    coding = [{"system": AMOUNT, "code": name}]
    if name in STANDARD:
        coding.append({"system": ADJUDICATION, "code": STANDARD[name]})
    return {"coding": coding}


def _note(number: int, reason: Mapping[str, Any]) -> Resource:
    parts: list[Resource] = [
        {"url": "code", "valueCoding": {"system": REASON, "code": reason["code"]}},
        {"url": "since", "valueDate": reason["since"]},
        {"url": "source", "valueString": reason["source"]["title"]},
        {"url": "address", "valueUrl": reason["source"]["url"]},
    ]
    if "doubt" in reason:
        parts.append({"url": "doubt", "valueString": reason["doubt"]})
    return {
        "number": number,
        "type": "display",
        "text": reason["text"],
        "extension": [{"url": WHY, "extension": parts}],
    }


def _reason(note: Mapping[str, Any]) -> dict[str, Any]:
    parts = {part["url"]: part for part in extension(note, WHY)["extension"]}
    reason: dict[str, Any] = {
        "code": parts["code"]["valueCoding"]["code"],
        "text": note["text"],
        "since": parts["since"]["valueDate"],
        "source": {
            "title": parts["source"]["valueString"],
            "url": parts["address"]["valueUrl"],
        },
    }
    return reason | ({"doubt": parts["doubt"]["valueString"]} if "doubt" in parts else {})


def _line(item: Mapping[str, Any], notes: Mapping[int, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {
        "date": item["servicedDate"],
        "act": code_of(item["productOrService"], ACT),
    }
    for one in item["adjudication"]:
        name = str(code_of(one["category"], AMOUNT))
        line[name] = str(one["value"] if name == RATE else one["amount"]["value"])
    return line | {"reasons": [_reason(notes[number]) for number in item.get("noteNumber", ())]}


def _totals(settlement: Mapping[str, Any]) -> list[Resource]:
    return [
        {"category": _category(name), "amount": money(value)}
        for name, value in settlement["totals"].items()
    ]


def _law(settlement: Mapping[str, Any]) -> Resource:
    return {"extension": [{"url": LAW, "valueString": settlement["law"]}]}
