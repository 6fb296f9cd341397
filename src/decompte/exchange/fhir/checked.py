"""Whether a resource is FHIR R4: the official shapes, read by `fhir.resources` (R4B)."""

from collections.abc import Mapping
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from decompte.errors import Problem, Refusal, Text

KINDS = (
    "Binary",
    "Bundle",
    "CapabilityStatement",
    "Claim",
    "ClaimResponse",
    "Coverage",
    "DocumentReference",
    "ExplanationOfBenefit",
    "OperationOutcome",
    "Organization",
    "Parameters",
    "Patient",
    "PaymentReconciliation",
    "Practitioner",
    "StructureDefinition",
)
MOST_PROBLEMS = 50


def resource(value: object, *kinds: str) -> dict[str, Any]:
    """Return a value that is a resource of one of these kinds.

    Raises:
        Refusal: it is no resource, of another kind, or not in the shape of R4; with every problem.
    """
    kind = value.get("resourceType") if isinstance(value, Mapping) else None
    if not isinstance(value, dict) or kind not in kinds:
        listed = ", ".join(kinds)
        text = Text(fr=f"une ressource {listed} est attendue", en=f"a {listed} is expected")
        raise Refusal([Problem("fhir.kind", "resourceType", text)])
    model = get_fhir_model_class(str(kind))
    try:
        model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise Refusal([_problem(str(kind), dict(one)) for one in found[:MOST_PROBLEMS]]) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        text = Text(
            fr=f"forme inattendue ({type(error).__name__})",
            en=f"unexpected shape ({type(error).__name__})",
        )
        raise Refusal([Problem("fhir.shape", str(kind), text)]) from None
    return value


def _problem(kind: str, error: Mapping[str, Any]) -> Problem:
    path = ".".join(str(part) for part in (kind, *error["loc"]) if part != kind)
    message = f"not R4: {error['type']}"
    return Problem(
        "fhir.shape",
        f"{kind}.{path}" if path else kind,
        Text(fr=f"pas du R4 : {error['type']}", en=message),
    )
