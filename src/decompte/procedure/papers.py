"""Which papers a request needs, and why."""

from collections.abc import Mapping
from typing import Any

from decompte.errors import Text
from decompte.law.age import age_on
from decompte.procedure.load import cited, data
from decompte.procedure.shapes import Affiliation, Reason, RequiredPaper, Situation

GP_AGE = "of_gp_age"
AGE_OF_A_DECLARED_GP = 16


def required(situation: Situation, covered: Affiliation) -> tuple[RequiredPaper, ...]:
    """Return the papers that the request of a situation needs, in the order of the checklist."""
    holding = conditions(situation, covered)
    return tuple(
        paper(kind)
        for kind, entry in data("papers").items()
        if set(entry.get("when", ())) <= holding and not set(entry.get("unless", ())) & holding
    )


def conditions(situation: Situation, covered: Affiliation) -> frozenset[str]:
    """Return the conditions of `papers.yaml` that hold in a situation."""
    is_european = "ehic" in situation.cards
    day = situation.care_date or situation.on
    holds = {
        "first": situation.is_first,
        "prescribed": situation.is_prescribed,
        "affiliated": covered.scheme in {"student", "general"} and not is_european,
        "european": is_european,
        "gp_declared": situation.has_declared_gp,
        GP_AGE: age_on(situation.birth_date, day) >= AGE_OF_A_DECLARED_GP,
    }
    return frozenset(name for name, is_true in holds.items() if is_true)


def paper(kind: str) -> RequiredPaper:
    """Return a paper by its kind.

    Raises:
        KeyError: there is none; kinds come from this room.
    """
    entry: Mapping[str, Any] = data("papers")[kind]
    why = entry["reason"]
    return RequiredPaper(
        kind=kind,
        label=Text(**entry["label"]),
        valid=Text(**entry["valid"]),
        is_original=entry["form"] == "original",
        keep_copy=True,
        reason=Reason(
            why["code"], Text(fr=why["fr"], en=why["en"]), cited(entry, f"papers.yaml: {kind}")
        ),
    )


def kinds() -> tuple[str, ...]:
    """Return every kind of paper, in the order of the checklist."""
    return tuple(data("papers"))
