"""What the desk shows of a request: papers, care, amounts, warnings, conversation."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.engine.explain import explain
from decompte.errors import Refusal
from decompte.portal.agency import plausibility
from decompte.portal.agency.guard import has
from decompte.portal.decisions import amendments
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people import staff
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import around as arounds
from decompte.portal.requests import codes, duplicates, proofs, thread
from decompte.portal.requests import services as requests
from decompte.portal.requests.around import Around
from decompte.portal.requests.forms import CareLineForm
from decompte.portal.requests.states import REVIEWED, UNDECIDED, State


def show(request: HttpRequest, found: Any, problems: list[str] | None = None) -> HttpResponse:
    """Return the desk's page of a request, with what was refused."""
    around = arounds.read_with_alike(found)
    can_review = has(request, "review")
    is_mine = found.assigned_to_id in {None, request.user.pk}
    return render(
        request,
        "agency/review.html",
        {
            **sheet(found, around, _decision(found)),
            "number": people.masked_nir(found.member),
            "timeline": requests.timeline(found),
            "bank": around.cover.facts.account,
            "thread": thread.written(found),
            "problems": problems or [],
            "can_write": can_review,
            "can_judge": can_review and found.state in REVIEWED and is_mine,
            "can_take": can_review and found.state == State.SUBMITTED,
            "colleagues": _colleagues(request, found),
            "can_put_back": can_review and found.state == State.IN_REVIEW and is_mine,
            "can_uphold": has(request, "adjudicate") and found.state == State.APPEALED,
            "can_amend": can_review and amendments.kind_of(found) is not None,
            "amendments": amendments.of_request(found.pk),
            "can_receive": can_review and found.state == State.ANNOUNCED,
            "alike": duplicates.alike(found, around),
            "given": duplicates.given(found, around),
        },
        status=422 if problems else 200,
    )


def _colleagues(request: HttpRequest, found: Any) -> list[Any]:
    """Return whose desk a supervisor may put a request on."""
    can_assign = has(request, "vouch") and has(request, "review") and found.state in REVIEWED
    return staff.reviewers(found.agency) if can_assign else []


def side_by_side(found: Any, other: Any) -> list[dict[str, Any]]:
    """Return the sheets of two requests of one member."""
    around = arounds.read([found, other])
    decided = decisions.by_request([found.pk, other.pk])
    return [sheet(one, around, decided.get(one.pk)) for one in (found, other)]


def sheet_of(found: Any) -> dict[str, Any]:
    """Return a request's sheet, read for itself."""
    return sheet(found, arounds.read([found]), _decision(found))


def _decision(found: Any) -> Any:
    return None if found.state in UNDECIDED else decisions.of_request(found.pk)


def sheet(found: Any, around: Around, decision: Any) -> dict[str, Any]:
    """Return a request's care, papers, amounts and warnings.

    Args:
        found: the request.
        around: what lies around it.
        decision: the one in force, or None.
    """
    papers, proved = requests.current_papers(found), proofs.proved(found, around)
    lines, known = list(found.lines.all()), around.cover
    checklist = [
        {
            "needed": needed,
            "paper": papers.get(needed.kind),
            "proved_on": proved.get(needed.kind),
            "said": codes.said_by(papers[needed.kind], known.facts)
            if needed.kind in papers
            else [],
            "pages": range(papers[needed.kind].page_count) if needed.kind in papers else (),
        }
        for needed in requests.required_papers(found, requests.situation_of(found, known))
    ]
    return {
        "found": found,
        "lines": lines,
        "checklist": checklist,
        "warnings": plausibility.warnings(found, lines, known.facts.gp),
        **_amounts(found, known, decision),
    }


def written(found: Any, position: int) -> dict[str, Any] | None:
    """Return a care line as its form shows it, or None."""
    lines = {one.position: one for one in found.lines.all()}
    return as_typed(lines[position]) if position in lines else None


def as_typed(line: Any) -> dict[str, Any]:
    """Return a care line as people type it into its form."""
    values = {name: getattr(line, name, None) for name in CareLineForm.base_fields}
    return values | {"price_cents": f"{line.price_cents // 100},{line.price_cents % 100:02d}"}


def computed_with(found: Any, line: Mapping[str, Any], position: int) -> dict[str, Any]:
    """Return the amounts of a request as if one of its lines were this; nothing is kept."""
    lines = [one for one in found.lines.all() if one.position != position]
    tried = requests.unsaved_line(found, line, position)
    lines = sorted([*lines, tried], key=lambda one: one.position)
    gp = people.current_gp(found.member)
    shown: dict[str, Any] = {"warnings": plausibility.warnings(found, lines, gp)}
    try:
        settlement = decisions.estimate_of(found, lines)
    except Refusal as refusal:
        return shown | {"not_computed": [in_language(p.message) for p in refusal.problems]}
    return shown | _computed(settlement)


def _amounts(found: Any, known: Any, decision: Any) -> dict[str, Any]:
    """Return the decision, or else what the engine makes of the request now, or why it cannot."""
    if decision is not None:
        return {"decision": decision, "order": payments.order_of(decision.pk)}
    if not found.lines.all():
        return {}
    try:
        settlement = decisions.estimate(found, known)
    except Refusal as refusal:
        return {"not_computed": [in_language(p.message) for p in refusal.problems]}
    return _computed(settlement)


def _computed(settlement: Any) -> dict[str, Any]:
    computed = [{"amounts": line, "reasons": explain(line)} for line in settlement.lines]
    return {"computed": computed, "payable_cents": decisions.payable_cents(settlement)}
