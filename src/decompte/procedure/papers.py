"""Which papers a request needs, and which a registration needs, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from decompte.errors import Text
from decompte.procedure.routing import routing_facts
from decompte.procedure.shapes import Affiliation, RequiredPaper, Situation
from decompte.procedure.tables import Rule, holding, table

AGE_OF_A_DECLARED_GP = 16
CARE_FORM, ON_THE_SHEET = "care-form", "sheet"


def required(situation: Situation, covered: Affiliation) -> tuple[RequiredPaper, ...]:
    """Return the papers that the request of a situation needs, in the order of the checklist."""
    if not is_reimbursed(covered):
        return ()
    papers = _papers("papers", situation, covered, "request")
    written = [paper for paper in papers if paper.use == ON_THE_SHEET]
    return tuple(
        _with(paper, written) if paper.kind == CARE_FORM else paper
        for paper in papers
        if paper.use != ON_THE_SHEET
    )


def is_reimbursed(covered: Affiliation) -> bool:
    """Return whether some fund here reimburses, so that papers can be asked."""
    return covered.scheme != "other"


def for_registration(situation: Situation, covered: Affiliation) -> tuple[RequiredPaper, ...]:
    """Return the papers of the registration with the general scheme; none where it is not due."""
    if not covered.must_register:
        return ()
    return _papers("registration", situation, covered, "registration")


def kinds() -> tuple[str, ...]:
    """Return every kind of paper of a request, in the order of the checklist."""
    return tuple(
        dict.fromkeys(
            rule.then["kind"] for rule in table("papers") if rule.then.get("for") != ON_THE_SHEET
        )
    )


def paper(kind: str) -> RequiredPaper:
    """Return a paper of a request by its kind, as it is most often asked.

    Raises:
        StopIteration: there is none; kinds come from this room.
    """
    return _paper(next(rule for rule in table("papers") if rule.then["kind"] == kind), "request")


def _with(form: RequiredPaper, written: Sequence[RequiredPaper]) -> RequiredPaper:
    """Return the care form with what else is to be written on it, and where that is said."""
    said = [form, *written]
    reason = form.reason._replace(
        text=_joined([one.reason.text for one in said]),
        sources=tuple(source for one in said for source in one.reason.sources),
    )
    return form._replace(valid=_joined([one.valid for one in said]), reason=reason)


def _joined(texts: Sequence[Text]) -> Text:
    return Text(fr=" ".join(one.fr for one in texts), en=" ".join(one.en for one in texts))


def _papers(
    name: str, situation: Situation, covered: Affiliation, use: str
) -> tuple[RequiredPaper, ...]:
    facts = routing_facts(situation, covered)
    return tuple(_paper(rule, use) for rule in holding(name, facts, situation.on))


def _paper(rule: Rule, use: str) -> RequiredPaper:
    entry: Mapping[str, Any] = rule.then
    return RequiredPaper(
        kind=entry["kind"],
        label=Text(**entry["label"]),
        valid=Text(**entry["valid"]),
        is_original=entry["form"] == "original",
        keep_copy=True,
        reason=rule.reason,
        checks=tuple(Text(**check) for check in entry.get("checks", ())),
        sent_back=tuple(Text(**back) for back in entry.get("back", ())),
        use=entry.get("for", use),
    )
