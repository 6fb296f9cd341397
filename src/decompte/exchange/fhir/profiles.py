"""What to expect: our StructureDefinitions, and the CapabilityStatement of the interface."""

from decompte.exchange.fhir.names import PROFILES, Resource

FHIR = "4.0.1"
BASE = "http://hl7.org/fhir/StructureDefinition/"
DAY = "2026-11-25"
RESOURCES = {
    "patient": ("Patient", "A member, with the national identity number (INS) where shown"),
    "coverage": ("Coverage", "A student's mandatory cover (amo) or complementary (amc)"),
    "european-card": ("Coverage", "A European health insurance card"),
    "right": ("Coverage", "A dated right of the person, such as the solidarity cover (c2s)"),
    "claim": ("Claim", "Care lines in euros, with the pathway of each"),
    "explanation": ("ExplanationOfBenefit", "Every cent under its name, with reason and source"),
    "payment": ("PaymentReconciliation", "One payment file"),
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
SEARCHES = {
    "Patient": ("_id", "identifier", "family", "given", "name", "birthdate"),
    "Organization": ("_id", "identifier", "name"),
    "Practitioner": ("_id", "identifier", "name"),
    "Coverage": ("_id", "patient", "beneficiary", "type", "payor", "status"),
    "Claim": ("_id", "patient", "identifier", "insurer", "created", "status"),
    "ClaimResponse": ("_id", "patient", "request", "identifier", "outcome", "created"),
    "ExplanationOfBenefit": ("_id", "patient", "claim", "identifier", "status", "created"),
    "DocumentReference": ("_id", "patient", "subject", "related", "type", "date"),
    "PaymentReconciliation": ("_id", "identifier", "created"),
    "StructureDefinition": ("_id", "url", "name", "type"),
}
INCLUDES = {
    "Claim": ("patient", "insurer"),
    "ClaimResponse": ("patient", "request"),
    "ExplanationOfBenefit": ("patient", "claim"),
    "Coverage": ("beneficiary",),
    "DocumentReference": ("subject",),
}
KINDS_OF_SEARCH = {
    "_id": "token",
    "identifier": "token",
    "type": "token",
    "family": "string",
    "given": "string",
    "name": "string",
    "birthdate": "date",
    "created": "date",
    "date": "date",
    "status": "token",
    "outcome": "token",
    "url": "uri",
}
CREATES = ("Patient", "Coverage")


def structures() -> dict[str, Resource]:
    """Return our StructureDefinitions by id."""
    found = {
        name: _structure(name, kind, title, BASE + kind, kind)
        for name, (kind, title) in RESOURCES.items()
    }
    for name, (value, title, context) in EXTENSIONS.items():
        made = _structure(name, "Extension", title, f"{BASE}Extension", "Extension")
        made["context"] = [{"type": "element", "expression": context}]
        if value:
            made["differential"]["element"] += [
                {
                    "id": "Extension.value[x]",
                    "path": "Extension.value[x]",
                    "min": 1,
                    "type": [{"code": value}],
                }
            ]
        found[name] = made
    return found


def capability(*, address: str, lang: str) -> Resource:
    """Return what the interface can do.

    Args:
        address: where it is.
        lang: `fr` or `en`.
    """
    told = {
        "fr": "Remboursement des soins d'étudiants ; chaque centime avec sa raison et sa source.",
        "en": "Reimbursement of students' care; every cent with its reason and its source.",
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DAY,
        "kind": "instance",
        "software": {"name": "Décompte"},
        "implementation": {"description": told[lang], "url": address},
        "fhirVersion": FHIR,
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Authorization: Bearer <token>"},
                "resource": [_resource(kind) for kind in (*SEARCHES, "Binary")],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }


def _resource(kind: str) -> Resource:
    codes = ["read"] if kind == "Binary" else ["read", "search-type"]
    if kind in CREATES:
        codes.append("create")
    told: Resource = {"type": kind, "interaction": [{"code": code} for code in codes]}
    profiles = [f"{PROFILES}{name}" for name, (of, _t) in RESOURCES.items() if of == kind]
    if profiles:
        told["supportedProfile"] = profiles
    if kind in SEARCHES:
        told["searchParam"] = [
            {"name": name, "type": KINDS_OF_SEARCH.get(name, "reference")}
            for name in SEARCHES[kind]
        ]
    if kind in INCLUDES:
        told["searchInclude"] = [f"{kind}:{name}" for name in INCLUDES[kind]]
    if kind == "Claim":
        definition = "http://hl7.org/fhir/OperationDefinition/Claim-submit"
        told["operation"] = [
            {"name": "submit", "definition": definition},
            {"name": "settle", "definition": "urn:decompte:fhir:OperationDefinition:settle"},
        ]
    return told


def _structure(name: str, kind: str, title: str, base: str, path: str) -> Resource:
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
        "baseDefinition": base,
        "derivation": "constraint",
        "differential": {"element": [{"id": path, "path": path, "short": title}]},
    }
