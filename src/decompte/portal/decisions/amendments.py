"""Decisions that a person proposes instead of the engine's, or of one that stands: four eyes.

One agent proposes: care lines as they should be, amounts set by hand, a reason. Another person with
the power to adjudicate reads what it comes to and approves it or turns it down. Approved, it is a
decision like any other: computed anew, kept for ever, and bearing the mark of what was set.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.decisions import outcome, services
from decompte.portal.decisions.models import Amendment, AmendmentKind, Decision
from decompte.portal.requests import answers, review, transitions
from decompte.portal.requests import services as requests
from decompte.portal.requests.states import REVIEWED, State, ways

LINE_FIELDS = (
    "care_date",
    "act",
    "price_cents",
    "quantity",
    "practitioner_name",
    "practitioner_number",
    "specialty",
    "sector",
    "pathway",
    "is_third_party_payment",
    "is_ald_related",
    "has_prescription",
)


class Proposal(NamedTuple):
    """What somebody proposes.

    Attributes:
        lines: each care line as it should be, in order, by `LINE_FIELDS`.
        by_hand: lines whose amounts are set.
        reason, words: why; the words are for the member, in their language.
    """

    lines: Sequence[Mapping[str, Any]]
    by_hand: tuple[outcome.ByHand, ...]
    reason: str
    words: str


def kind_of(request: Any) -> AmendmentKind | None:
    """Return what can be proposed for a request in its state, or None."""
    if request.state in REVIEWED:
        return AmendmentKind.OVERRIDE
    if request.state in {way.before for way in ways("correct")}:
        return AmendmentKind.CORRECTION
    return None


def propose(request: Any, proposal: Proposal, user: Any, version: int | None) -> Amendment:
    """Propose a decision; it waits for a second person.

    Raises:
        Refusal: the request is in no state for it, changed since it was shown, or has an open
            proposal; no reason is given; or the amounts do not come out.
    """
    kind = kind_of(request)
    if kind is None:
        raise transitions.refusal(
            "request",
            "amendment.no_way",
            "cette demande n'est dans aucun état où elle se corrige",
            "this request is in no state in which it can be corrected",
        )
    if not proposal.words.strip():
        raise transitions.refusal(
            "words",
            "field.missing",
            "dites pourquoi, en mots pour l'assuré",
            "say why, in words for the member",
        )
    _check_proposal(kind, proposal)
    if open_of(request.pk) is not None:
        raise transitions.refusal(
            "request",
            "amendment.open",
            "une proposition attend déjà une deuxième personne",
            "a proposal already waits for a second person",
        )
    with transaction.atomic():
        transitions.seen(request, version)
        made: Amendment = Amendment.objects.create(
            request=request,
            member_id=request.member_id,
            agency=request.agency,
            kind=kind,
            version=request.version,
            lines=[_stored(line) for line in proposal.lines],
            by_hand=outcome.stored(proposal.by_hand),
            reason=proposal.reason,
            words=proposal.words.strip(),
            proposed_by=user,
            proposed_at=clock.now(),
        )
        services.made(request, ruling(made, ""))
        _tell(made, "decision.proposed", user, {"reason": proposal.reason})
    return made


def approve(found: Amendment, user: Any, shown_cents: int) -> Decision | None:
    """Approve a proposal as its second person and take the decision; None when it was answered.

    Args:
        found: the proposal.
        user: who approves.
        shown_cents: what the page said it comes to; somebody may have paid other care since.

    Raises:
        Refusal: the same person proposed it, or decided what is contested; the request changed
            since; or it no longer comes to what was shown.
    """
    request = found.request
    _check_second_person(found, request, user)
    with transaction.atomic():
        if not _answer(found, user, is_approved=True):
            return None
        transitions.seen(request, found.version)
        for position, line in enumerate(lines_of(found), start=1):
            requests.write_line(request, line, position)
        settled = services.keep(request, ruling(found, user.public_id))
        if settled.payable_cents != shown_cents:
            raise transitions.changed_meanwhile()
        _move(request, settled, user.public_id)
    return settled


def turn_down(found: Amendment, user: Any, answer: str) -> bool:
    """Turn a proposal down, or take one's own back; False when it was answered before."""
    with transaction.atomic():
        moved = _answer(found, user, is_approved=False, answer=answer.strip())
        if moved:
            _tell(found, "decision.turned_down", user, {"reason": found.reason})
    return moved


def ruling(found: Amendment, decided_by: str) -> services.Ruling:
    """Return what a proposal would decide now."""
    request = found.request
    lines = [
        requests.unsaved_line(request, line, position)
        for position, line in enumerate(lines_of(found), start=1)
    ]
    return services.Ruling(
        inputs=services.case_document(request, lines),
        decided_by=decided_by,
        by_hand=tuple(outcome.read(found.by_hand)),
        reason=found.reason,
        words=found.words,
        proposed_by=found.proposed_by.public_id,
        corrects=services.of_request(request.pk),
    )


def lines_of(found: Amendment) -> list[dict[str, Any]]:
    """Return the care lines of a proposal as the visit form gives them."""
    return [{**line, "care_date": date.fromisoformat(line["care_date"])} for line in found.lines]


def written(line: Any) -> dict[str, Any]:
    """Return a care line by the fields of a proposal."""
    return {name: getattr(line, name) for name in LINE_FIELDS}


def find(public_id: str) -> Amendment | None:
    """Return a proposal within the scope, or None."""
    found: Amendment | None = (
        Amendment.objects.filter(public_id=public_id)
        .select_related("request__member__user", "proposed_by", "decided_by")
        .first()
    )
    return found


def open_of(request_id: int) -> Amendment | None:
    """Return the proposal that waits about a request, or None."""
    found: Amendment | None = Amendment.objects.filter(
        request_id=request_id, decided_by__isnull=True
    ).first()
    return found


def waiting() -> list[Amendment]:
    """Return the proposals of the scope that wait for a second person, oldest first."""
    rows = Amendment.objects.filter(decided_by__isnull=True).order_by("proposed_at", "id")
    return list(rows.select_related("request__member", "proposed_by"))


def how_many() -> int:
    """Return how many proposals of the scope wait for a second person."""
    return Amendment.objects.filter(decided_by__isnull=True).count()


def of_request(request_id: int) -> list[Amendment]:
    """Return what was ever proposed about a request, oldest first."""
    found = Amendment.objects.filter(request_id=request_id)
    return list(found.select_related("proposed_by", "decided_by"))


def _check_proposal(kind: str, proposal: Proposal) -> None:
    if kind == AmendmentKind.OVERRIDE and not proposal.by_hand:
        raise transitions.refusal(
            "by_hand",
            "amendment.nothing_set",
            "fixez le montant d'une ligne au moins ; une saisie fausse se corrige sur le dossier",
            "set the amount of one line at least; what was keyed wrongly is put right on the file",
        )


def _check_second_person(found: Amendment, request: Any, user: Any) -> None:
    if found.proposed_by_id == user.pk:
        raise transitions.refusal(
            "decided_by",
            "amendment.same_person",
            "une deuxième personne doit décider",
            "a second person must decide",
        )
    if request.state == State.APPEALED and user.public_id in answers.deciders(request):
        raise transitions.refusal(
            "decided_by",
            "appeal.same_person",
            "une autre personne que celle qui a décidé doit répondre à une contestation",
            "another person than the one who decided must answer an appeal",
        )


def _move(request: Any, settled: Decision, actor: str) -> None:
    """Take the request where its new decision brings it; a defect when it has no such way."""
    if request.state in REVIEWED:
        review.accept_papers(request, actor)
        moved = requests.mark_decided(request, actor, services.outcome_name(settled))
    else:
        moved = requests.mark_decided(request, actor, "correct")
    assert moved, "a request that was seen in this state can leave it"


def _answer(found: Amendment, user: Any, *, is_approved: bool, answer: str = "") -> bool:
    changed = Amendment.objects.filter(pk=found.pk, decided_by__isnull=True).update(
        decided_by=user, decided_at=clock.now(), is_approved=is_approved, answer=answer
    )
    return bool(changed)


def _stored(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "care_date": line["care_date"].isoformat()}


def _tell(found: Amendment, code: str, user: Any, detail: dict[str, object]) -> None:
    audit.record(
        code,
        f"request:{found.request.public_id}",
        actor=user.public_id,
        agency=found.agency,
        detail=detail,
    )
