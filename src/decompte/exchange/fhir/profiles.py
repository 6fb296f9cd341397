"""Our StructureDefinitions: what our resources hold beyond R4, and the extensions they use.

A profile says which elements are always there and which code system or currency they are in; the
tests hold what is sent to what is published here.
"""

from typing import NamedTuple

from decompte.exchange.fhir.names import (
    ACT,
    COVER,
    CURRENCY,
    MEMBER,
    PROFILES,
    RIGHT,
    Resource,
)

FHIR = "4.0.1"
BASE = "http://hl7.org/fhir/StructureDefinition/"
DAY = "2026-11-25"


class Element(NamedTuple):
    """What a profile says of one element.

    Attributes:
        path: below the resource.
        short: in words.
        least: how often it is there at least, in each of its parents.
        fixed: kind of value and value, such as `("Uri", system)`, or none.
        kind: type of a `[x]` element, or empty.
    """

    path: str
    short: str
    least: int = 1
    fixed: tuple[str, str] | None = None
    kind: str = ""


EURO = ("Code", CURRENCY)
PERIOD = Element("period", "from the first to the last day, both included")
RESOURCES = {
    "patient": ("Patient", "A member, with the national identity number (INS) where shown"),
    "coverage": ("Coverage", "A student's mandatory cover (amo) or complementary (amc)"),
    "european-card": ("Coverage", "A European health insurance card"),
    "right": ("Coverage", "A dated right of the person, such as the solidarity cover (c2s)"),
    "claim": ("Claim", "Care lines in euros, with the pathway of each"),
    "explanation": ("ExplanationOfBenefit", "Every cent under its name, with reason and source"),
    "payment": ("PaymentReconciliation", "One payment file"),
}
ELEMENTS = {
    "patient": (
        Element("identifier", f"our number ({MEMBER}); the INS where one file is read"),
        Element("name", "as on the passport"),
        Element("birthDate", "day of birth"),
        Element("address", "in France"),
    ),
    "coverage": (
        Element("type", "amo or amc"),
        Element("type.coding.system", "our kinds of cover", fixed=("Uri", COVER)),
        Element("payor", "the agency"),
    ),
    "european-card": (
        Element("extension", "the country that issued it"),
        Element("identifier", "field 8, number of the card"),
        Element("type", "EHIC"),
        PERIOD,
        Element("period.end", "field 9"),
        Element("payor.display", "field 7, number and short name of the institution"),
    ),
    "right": (
        Element("type.coding.system", "kinds of rights of a case", fixed=("Uri", RIGHT)),
        PERIOD,
        Element("period.start", "first day"),
    ),
    "claim": (
        Element("item", "one act, delivery or box"),
        Element("item.productOrService.coding.system", "codes of acts", fixed=("Uri", ACT)),
        Element("item.serviced[x]", "day of care", kind="date"),
        Element("item.net", "the price paid"),
        Element("item.net.currency", "euros", fixed=EURO),
        Element("item.extension", "pathway, and what R4 has no element for"),
    ),
    "explanation": (
        Element("identifier", "number of the decision"),
        Element("item", "one line"),
        Element("item.productOrService.coding.system", "codes of acts", fixed=("Uri", ACT)),
        Element("item.serviced[x]", "day of care", kind="date"),
        Element("item.net.currency", "euros", fixed=EURO),
        Element("item.adjudication", "each amount under its own name; the rate in percent"),
        Element("item.adjudication.category", "the name of the amount, and R4's where it has one"),
        Element("total", "sums of the lines"),
        Element("total.amount.currency", "euros", fixed=EURO),
        Element("processNote", "one reason, with its first day, source and address", least=0),
        Element("extension", "version of the law"),
    ),
    "payment": (
        Element("identifier", "MsgId of the file"),
        Element("paymentAmount.currency", "euros", fixed=EURO),
    ),
}
EXTENSIONS = {
    "pathway": ("code", "How the patient came to the practitioner", "Claim.item"),
    "sector": ("code", "Agreement under which the practitioner charges", "Claim.careTeam"),
    "more": ("", "A value of the case format that R4 has no element for: name and JSON", "Element"),
    "why": ("", "Reason of an amount: code, first day, source and address", "Element"),
    "law": ("string", "Version of the law that answered", "Element"),
    "card-country": ("code", "Country that issued a European card", "Coverage"),
    "bank-account": ("", "Where reimbursements go: holder and iban", "Coverage"),
}
PARTS = {
    "more": (("name", "code", 1), ("json", "string", 1)),
    "why": (
        ("code", "Coding", 1),
        ("since", "date", 1),
        ("source", "string", 1),
        ("address", "url", 1),
        ("doubt", "string", 0),
    ),
    "bank-account": (("holder", "string", 1), ("iban", "string", 1)),
}


def structures() -> dict[str, Resource]:
    """Return our StructureDefinitions by id."""
    found = {
        name: _structure(name, kind, title, [_told(kind, one) for one in ELEMENTS[name]])
        for name, (kind, title) in RESOURCES.items()
    }
    for name, (value, title, context) in EXTENSIONS.items():
        url = {"id": "Extension.url", "path": "Extension.url", "fixedUri": PROFILES + name}
        inside = [_value("Extension", "value[x]", value)] if value else _parts(name)
        made = _structure(name, "Extension", title, [url, *inside])
        made["context"] = [{"type": "element", "expression": context}]
        found[name] = made
    return found


def _told(kind: str, element: Element) -> Resource:
    path = f"{kind}.{element.path}"
    told: Resource = {"id": path, "path": path, "short": element.short, "min": element.least}
    if element.fixed:
        told[f"fixed{element.fixed[0]}"] = element.fixed[1]
    return told | ({"type": [{"code": element.kind}]} if element.kind else {})


def _value(parent: str, name: str, kind: str) -> Resource:
    path = f"Extension.{name}" if parent == "Extension" else f"Extension.extension.{name}"
    return {"id": f"{parent}.{name}", "path": path, "min": 1, "type": [{"code": kind}]}


def _parts(name: str) -> list[Resource]:
    """Return the elements of an extension that has parts: each by its url, with its own type."""
    path = "Extension.extension"
    by_url = {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}
    told: list[Resource] = [{"id": path, "path": path, "slicing": by_url}]
    for part, kind, least in PARTS[name]:
        identity = f"{path}:{part}"
        told += [
            {"id": identity, "path": path, "sliceName": part, "min": least, "max": "1"},
            {"id": f"{identity}.url", "path": f"{path}.url", "fixedUri": part},
            _value(identity, "value[x]", kind),
        ]
    return told


def _structure(name: str, kind: str, title: str, elements: list[Resource]) -> Resource:
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": f"{PROFILES}{name}",
        "name": "Decompte" + "".join(part.title() for part in name.split("-")),
        "title": title,
        "status": "active",
        "date": DAY,
        "fhirVersion": FHIR,
        "kind": "complex-type" if kind == "Extension" else "resource",
        "abstract": False,
        "type": kind,
        "baseDefinition": BASE + kind,
        "derivation": "constraint",
        "differential": {"element": [{"id": kind, "path": kind, "short": title}, *elements]},
    }
