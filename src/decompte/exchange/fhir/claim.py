"""A case as a Claim, and back: the same prices, dates, codes and identifiers, exactly.

What R4 has an element for stands there: day, act, price, quantity, practitioner, patient; a dated
right such as the solidarity cover (C2S) is a Coverage. What it has none for (pathway, what was kept
before …) stands in extensions, so that nothing is lost on the way back. The patient of a case
without an account is contained, and so are the rights.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from decompte.errors import Problem, Refusal, Text
from decompte.exchange.fhir import coverage
from decompte.exchange.fhir.names import (
    ACT,
    CLAIM_TYPE,
    MORE,
    PATHWAY,
    PRIORITY,
    PROFILES,
    RPPS,
    SECTOR,
    SPECIALTY,
    Resource,
    code_of,
    concept,
    extension,
    money,
)

PATIENT, COVERAGE, RIGHT = "patient", "coverage", "right-"
NATIVE_PRACTITIONER = ("id", "specialty", "sector")
NATIVE_LINE = ("date", "act", "price", "quantity", "pathway", "practitioner")
USES = ("claim", "predetermination")


def of_case(case: Mapping[str, Any], *, created: str, use: str = "predetermination") -> Resource:
    """Return the Claim of a case in the case format.

    Args:
        case: as it was sent: amounts as text or numbers, days as text.
        created: the day of the claim.
        use: `claim`, or `predetermination` to ask what it would come to.
    """
    person = dict(case["person"])
    contained: Resource = {"resourceType": "Patient", "id": PATIENT}
    if "birth_date" in person:
        contained["birthDate"] = str(person.pop("birth_date"))
    rights = [
        coverage.of_right(f"{RIGHT}{place}", {"reference": f"#{PATIENT}"}, one)
        for place, one in enumerate(_rights(person), start=1)
    ]
    if rights:
        del person["covers"]
    _keep(contained, person)
    claim: Resource = {
        "resourceType": "Claim",
        "meta": {"profile": [f"{PROFILES}claim"]},
        "contained": [contained, _coverage(), *rights],
        "status": "active",
        "type": concept(CLAIM_TYPE, "professional"),
        "use": use,
        "patient": {"reference": f"#{PATIENT}"},
        "created": created,
        "provider": {"display": "see careTeam"},
        "priority": concept(PRIORITY, "normal"),
        "insurance": [
            {"sequence": place, "focal": place == 1, "coverage": {"reference": f"#{identity}"}}
            for place, identity in enumerate([COVERAGE, *(one["id"] for one in rights)], start=1)
        ],
        "careTeam": [],
        "item": [],
    }
    _keep(claim, {name: value for name, value in case.items() if name not in {"person", "lines"}})
    for number, line in enumerate(case["lines"], start=1):
        claim["item"].append(_item(number, line, claim["careTeam"]))
    if not claim["careTeam"]:
        del claim["careTeam"]
    return claim


def to_case(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case of a Claim, as it would have been sent.

    Raises:
        Refusal: the patient is not contained, or a line lacks an act.
    """
    patients = [one for one in claim.get("contained", ()) if one.get("resourceType") == "Patient"]
    if not patients:
        raise _refusal(
            "Claim.contained",
            "un patient contenu est attendu pour une estimation",
            "a contained patient is expected for an estimate",
        )
    person = more(patients[0])
    if "birthDate" in patients[0]:
        person = {"birth_date": str(patients[0]["birthDate"])} | person
    rights = [coverage.right_of(one) for one in claim["contained"] if coverage.is_right(one)]
    if rights:
        person["covers"] = rights
    return {"person": person, **more(claim), "lines": lines(claim)}


def lines(claim: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a Claim in the case format.

    Raises:
        Refusal: an item lacks its act.
    """
    team = {one["sequence"]: one for one in claim.get("careTeam", ())}
    return [_line(item, team, place) for place, item in enumerate(claim.get("item", ()))]


def _item(number: int, line: Mapping[str, Any], team: list[Resource]) -> Resource:
    item: Resource = {"sequence": number, "productOrService": concept(ACT, str(line.get("act")))}
    if "practitioner" in line:
        team.append(_member_of_team(len(team) + 1, line["practitioner"]))
        item["careTeamSequence"] = [len(team)]
    if "date" in line:
        item["servicedDate"] = str(line["date"])
    if "quantity" in line:
        item["quantity"] = {"value": _number(line["quantity"])}
    if "price" in line:
        item["net"] = money(str(line["price"]))
    if "pathway" in line:
        item["extension"] = [{"url": PATHWAY, "valueCode": str(line["pathway"])}]
    _keep(item, {name: value for name, value in line.items() if name not in NATIVE_LINE})
    return item


def _line(item: Mapping[str, Any], team: Mapping[int, Any], place: int) -> dict[str, Any]:
    act = code_of(item.get("productOrService"), ACT)
    if act is None:
        raise _refusal(
            f"Claim.item[{place}].productOrService",
            f"un code du système {ACT} est attendu",
            f"a code of the system {ACT} is expected",
        )
    line: dict[str, Any] = {"act": act}
    if "servicedDate" in item:
        line["date"] = str(item["servicedDate"])
    if amount := item.get("net"):
        line["price"] = str(amount["value"])
    if "quantity" in item:
        line["quantity"] = int(item["quantity"]["value"])
    if pathway := extension(item, PATHWAY):
        line["pathway"] = pathway["valueCode"]
    for sequence in item.get("careTeamSequence", ()):
        if sequence in team:
            line["practitioner"] = _practitioner(team[sequence])
    return line | more(item)


def _member_of_team(sequence: int, practitioner: Mapping[str, Any]) -> Resource:
    provider: Resource = {"display": "practitioner"}
    if "id" in practitioner:
        provider = {"identifier": {"system": RPPS, "value": str(practitioner["id"])}}
    member: Resource = {"sequence": sequence, "provider": provider}
    if "specialty" in practitioner:
        member["qualification"] = concept(SPECIALTY, str(practitioner["specialty"]))
    if "sector" in practitioner:
        member["extension"] = [{"url": SECTOR, "valueCode": str(practitioner["sector"])}]
    _keep(member, {n: value for n, value in practitioner.items() if n not in NATIVE_PRACTITIONER})
    return member


def _practitioner(member: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if specialty := code_of(member.get("qualification"), SPECIALTY):
        found["specialty"] = specialty
    if sector := extension(member, SECTOR):
        found["sector"] = sector["valueCode"]
    if identifier := member["provider"].get("identifier"):
        found["id"] = str(identifier.get("value", ""))
    return found | more(member)


def practitioner_name(claim: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    """Return the name of the practitioner of an item, as its provider is displayed."""
    team = {one["sequence"]: one for one in claim.get("careTeam", ())}
    names = [
        team[sequence]["provider"].get("display", "")
        for sequence in item.get("careTeamSequence", ())
        if sequence in team
    ]
    return str(names[0]) if names else str(claim["provider"].get("display", ""))


def _rights(person: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the dated rights of a person that a Coverage can say, all of them or none."""
    covers = person.get("covers")
    if not isinstance(covers, list):
        return []
    return covers if all(coverage.can_say(one) for one in covers) else []


def _coverage() -> Resource:
    return {
        "resourceType": "Coverage",
        "id": COVERAGE,
        "status": "active",
        "beneficiary": {"reference": f"#{PATIENT}"},
        "payor": [{"display": "assurance maladie"}],
    }


def _keep(holder: Resource, values: Mapping[str, Any]) -> None:
    """Keep values that R4 has no element for, each as its name and its JSON text."""
    for name, value in values.items():
        written = json.dumps(value, default=str)
        inner = [{"url": "name", "valueCode": name}, {"url": "json", "valueString": written}]
        holder.setdefault("extension", []).append({"url": MORE, "extension": inner})


def more(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that an element carries as name and JSON.

    Raises:
        Refusal: one cannot be read.
    """
    found = {}
    for one in holder.get("extension", ()):
        if one.get("url") == MORE:
            inner = {part.get("url"): part for part in one.get("extension", ())}
            try:
                found[str(inner["name"]["valueCode"])] = json.loads(inner["json"]["valueString"])
            except (KeyError, ValueError):
                raise _refusal(
                    "extension", f"extension {MORE} illisible", f"unreadable extension {MORE}"
                ) from None
    return found


def _number(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, str) else value


def _refusal(field: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem("fhir.claim", field, Text(fr=fr, en=en))])
