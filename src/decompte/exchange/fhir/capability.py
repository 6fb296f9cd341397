"""What the interface can do: searches, what comes along, and the CapabilityStatement."""

from decompte.exchange.fhir.names import PROFILES, Resource
from decompte.exchange.fhir.profiles import DAY, FHIR, RESOURCES

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
