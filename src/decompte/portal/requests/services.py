"""Verbs of a member about requests: draft, papers, sending, contesting; and what other rooms ask.

Each is one transaction; `transitions.move` is the lock. An agency's verbs are in `review.py`.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_noop

from decompte.errors import Problem, Refusal, Text
from decompte.intake import door
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration import services as registration
from decompte.portal.registration.cover import Cover
from decompte.portal.requests import (
    codes,
    proofs,
    reading,
    scanning,
    search,
    store,
    thread,
    transitions,
)
from decompte.portal.requests.models import CareLine, Paper, Request
from decompte.portal.requests.states import (
    EVENTS,
    OPEN_TO_MEMBER,
    OUTCOMES,
    Channel,
    PaperState,
    State,
)
from decompte.procedure import papers as procedure_papers
from decompte.procedure import routing
from decompte.procedure.affiliation import affiliation
from decompte.procedure.shapes import Destination, RequiredPaper, Situation

ANSWER_DAYS = 15
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE_LETTERS = 10
MOST_LINES = 12
OPENED = "request.opened"
ROWS = 500


def new_request(member: Any, care_date: date) -> Request:
    """Return a new draft; the agency follows from the registration on the day of care.

    Raises:
        Refusal: no registration covers that day.
    """
    situation = registration.situation(member, care_date)
    destination = destination_of(situation)
    with transaction.atomic():
        request: Request = Request.objects.create(
            reference="".join(secrets.choice(ALPHABET) for _n in range(REFERENCE_LETTERS)),
            member_id=member.pk,
            agency=destination.agency.id,
            channel=Channel.ONLINE if destination.agency.has_back_office else Channel.POST,
            is_first_with_agency=not Request.objects.filter(
                member_id=member.pk, agency=destination.agency.id
            )
            .exclude(state=State.DRAFT)
            .exists(),
            created_at=clock.now(),
        )
        transitions.tell(request, "request.created", member.user.public_id)
    return request


def destination_of(situation: Situation) -> Destination:
    """Return where a situation's request goes.

    Raises:
        Refusal: nobody here pays it; the reason is the affiliation's own.
    """
    covered = affiliation(situation)
    destination = routing.send_to(situation, covered)
    if destination is None:
        raise Refusal([Problem("request.not_covered", "care_date", covered.reasons[0].text)])
    return destination


@transaction.atomic
def begin(member: Any, line: Mapping[str, Any]) -> Request:
    """Return a new draft with its first visit.

    Raises:
        Refusal: no registration covers that day.
    """
    request = new_request(member, line["care_date"])
    save_line(request, line)
    return request


def save_line(request: Request, line: Mapping[str, Any], position: int = 0) -> CareLine:
    """Write one care line of a draft or a returned request.

    Raises:
        Refusal: the request can no longer change, is full, or that day is another agency's.
    """
    with transaction.atomic():
        _open_to_member(request)
        return write_line(request, line, position)


def write_line(request: Request, line: Mapping[str, Any], position: int = 0) -> CareLine:
    """Write one care line, whoever may; position 0 adds one.

    Raises:
        Refusal: the request is full, or that day is another agency's.
    """
    _check_agency(request, line["care_date"])
    if position == 0:
        position = request.lines.count() + 1
    if position > MOST_LINES:
        raise transitions.refusal(
            "line",
            "lines.many",
            f"au plus {MOST_LINES} actes par demande",
            f"at most {MOST_LINES} acts in a request",
        )
    saved, _created = CareLine.objects.update_or_create(
        request=request,
        position=position,
        defaults={**line, "member_id": request.member_id, "agency": request.agency},
    )
    search.add(request, *search.of_line(saved))
    return saved  # type: ignore[no-any-return]


def add_paper(request: Request, kind: str, data: bytes, filename: str, actor: str) -> Paper:
    """Let a file in as a paper of a request; one of the same kind is replaced.

    Raises:
        Refusal: the kind is unknown, the file is refused, or the request can no longer change.
    """
    return add_photos(request, kind, [(data, filename)], actor)


def add_photos(
    request: Request, kind: str, files: Sequence[tuple[bytes, str]], actor: str
) -> Paper:
    """Let one or several files in as one paper, in their order; one of the same kind is replaced.

    The same files twice are the same paper: a double click adds nothing.

    Raises:
        Refusal: the kind is unknown, a file is refused, or the request can no longer change.
    """
    if kind not in procedure_papers.kinds():
        raise transitions.refusal("kind", "paper.unknown", "pièce inconnue", "unknown paper")
    _open_to_member(request)
    first, *others = door.examine_all(files)
    there = current_papers(request).get(kind)
    if there and not others and there.sha256 == first.sha256 and not there.refusal:
        return there
    pages = tuple(page for one in (first, *others) for page in one.pages)
    contents = tuple(data for data, _name in files)
    is_clean = scanning.is_clean(contents)
    token = store.keep(contents[0], pages, request.agency, contents[1:])
    with transaction.atomic():
        _open_to_member(request)
        reading.forget(request, kind)
        Paper.objects.filter(request=request, kind=kind, replaced_at__isnull=True).update(
            replaced_at=clock.now()
        )
        paper = Paper.objects.create(
            request=request,
            member_id=request.member_id,
            agency=request.agency,
            kind=kind,
            file_name=first.name,
            media_type=first.media_type,
            sha256=first.sha256,
            file_token=token,
            read_sealed=codes.sealed([page for one in (first, *others) for page in one.codes]),
            page_count=len(pages) if is_clean else 0,
            state=PaperState.RECEIVED if is_clean else PaperState.WAITING,
            received_at=clock.now(),
        )
        transitions.tell(request, "paper.added", actor, {"kind": kind})
    return paper  # type: ignore[no-any-return]


def situation_of(request: Request, known: Cover | None = None) -> Situation:
    """Return the situation of a request, for the procedures; `known` is its member's cover."""
    lines = list(request.lines.all())
    care_date = lines[0].care_date if lines else clock.today()
    with system("who has a request may know its situation, whoever registered the member"):
        return registration.situation(
            request.member,
            care_date,
            is_first=request.is_first_with_agency,
            is_prescribed=any(line.has_prescription for line in lines),
            known=known,
        )


def required_papers(request: Request, known: Situation | None = None) -> tuple[RequiredPaper, ...]:
    """Return the checklist of a request; `known` is its situation where it was read already."""
    situation = known or situation_of(request)
    return procedure_papers.required(situation, affiliation(situation))


def current_papers(request: Request) -> dict[str, Paper]:
    """Return the papers of a request by kind, replaced ones left out."""
    return {paper.kind: paper for paper in request.papers.all() if paper.replaced_at is None}


def missing(request: Request, known: Situation | None = None) -> list[RequiredPaper]:
    """Return the papers a request still needs: refused, or neither there nor proved before."""
    there, proved = current_papers(request), proofs.proved(request)
    return [
        needed
        for needed in required_papers(request, known)
        if (needed.kind not in there and needed.kind not in proved)
        or (needed.kind in there and there[needed.kind].state == PaperState.REFUSED)
    ]


def paper_pages(paper: Paper) -> list[bytes]:
    """Return the pages of a paper as they were drawn anew (JPEG); none for one that was posted."""
    if not paper.file_token:
        return []
    return [
        store.page(paper.file_token, number, paper.agency) for number in range(paper.page_count)
    ]


def submit(request: Request, actor: str) -> bool:
    """Send a request online; return False when it was sent before (a double click is harmless).

    Raises:
        Refusal: a line or a paper is missing, named.
    """
    if request.state not in OPEN_TO_MEMBER:
        return False
    if request.channel != Channel.ONLINE:
        raise transitions.refusal(
            "request",
            "request.by_post",
            "cette demande part par la poste",
            "this request goes by post",
        )
    check_complete(request)
    transition = "submit" if request.state == State.DRAFT else "submit_again"
    with transaction.atomic():
        moved = transitions.move(
            request,
            transition,
            actor,
            submitted_at=clock.now(),
            answered_at=None,
            promised_on=clock.today() + timedelta(days=ANSWER_DAYS),
            returned_reason="",
            waiting_for=[],
            waiting_since=None,
            remind_on=None,
        )
        if moved:
            transitions.notice(
                request,
                "submitted",
                gettext_noop("Your request was received"),
                gettext_noop("Your request {reference} was received. We answer by {day}."),
            )
    return moved


def announce(request: Request, actor: str) -> bool:
    """Say that a request goes by post; return False when it was said before.

    Raises:
        Refusal: the visit is missing.
    """
    if request.state != State.DRAFT:
        return False
    if not request.lines.exists():
        raise _no_line()
    with transaction.atomic():
        return transitions.move(request, "announce", actor, channel=Channel.POST)


def mark_decided(request: Request, actor: str, name: str = "mark_decided") -> bool:
    """Record that a decision was taken: in full, in part, refused, corrected or confirmed."""
    return transitions.move(request, name, actor, assigned_to=None, assigned_at=None)


@transaction.atomic
def appeal(request: Request, text: str, user: Any) -> bool:
    """Contest a decision, with the member's reasons; False when it is contested already.

    Raises:
        Refusal: nothing is written, or there is no decision to contest.
    """
    if request.state not in {*OUTCOMES, State.APPEALED}:
        raise transitions.refusal(
            "request",
            "appeal.nothing",
            "il n'y a pas de décision à contester",
            "there is no decision to contest",
        )
    moved = transitions.move(request, "appeal", user.public_id, appealed_at=clock.now())
    if moved:
        thread.write_as_member(request, text, user)
    return moved


def mark_paid(request_ids: Sequence[int], actor: str) -> None:
    """Record that the money left for requests, a few hundred at most; the students are told."""
    moved = transitions.move_all(request_ids, "mark_paid", actor, paid_at=clock.now())
    transitions.notice_all(
        moved,
        "paid",
        gettext_noop("Your reimbursement is on its way"),
        gettext_noop(
            "The payment for your request {reference} was sent to your bank. "
            "Sign in to read your statement."
        ),
    )


def mark_settled(request_id: int, actor: str) -> bool:
    """Record that nothing is left to pay: the request is at its end, and no money is announced."""
    return transitions.move(Request.objects.get(pk=request_id), "mark_paid", actor)


def unsaved_line(request: Request, line: Mapping[str, Any], position: int) -> CareLine:
    """Return a care line as it would be, without keeping it."""
    position = position or request.lines.count() + 1
    return CareLine(request=request, position=position, member_id=request.member_id, **line)


def labels(kinds: Sequence[str]) -> list[Text]:
    """Return what papers are called, by their kinds."""
    return [procedure_papers.paper(kind).label for kind in kinds]


def find(public_id: str) -> Request | None:
    """Return a request within the scope, or None: others' do not exist."""
    rows = Request.objects.filter(public_id=public_id).select_related("member__user")
    found: Request | None = rows.first()
    return found


def read_ahead(request: Request) -> None:
    """Read a request's lines and papers once for a page that shows them in several places."""
    prefetch_related_objects([request], "lines", "papers")


def find_paper(public_id: str) -> Paper | None:
    """Return a paper within the scope, or None."""
    found: Paper | None = Paper.objects.filter(public_id=public_id).first()
    return found


def requests_of(member_id: int) -> list[Request]:
    """Return a member's requests, newest first."""
    return list(Request.objects.filter(member_id=member_id).prefetch_related("lines"))


def timeline(request: Request) -> list[dict[str, Any]]:
    """Return what happened to a request, oldest first: moment, code, words.

    Of openings within one minute the first is told: the trail keeps each, but a file that is
    looked at often would fill its own page.
    """
    happened: list[dict[str, Any]] = []
    opened = None
    for event in audit.history(f"request:{request.public_id}"):
        minute = event.at.replace(second=0, microsecond=0) if event.code == OPENED else None
        if minute is None or minute != opened:
            label = EVENTS.get(event.code, event.code)
            happened.append({"at": event.at, "code": event.code, "label": label})
        opened = minute or opened
    return happened


def moved_on(happened: Sequence[Mapping[str, Any]]) -> date | None:
    """Return the day of the last step in a timeline, or None before the first."""
    steps = [event["at"] for event in happened if event["code"].startswith("request.")]
    return steps[-1].date() if steps else None


def twins(request: Request) -> list[Request]:
    """Return other requests of the member with the same date, act and price."""
    keys = {(line.care_date, line.act, line.price_cents) for line in request.lines.all()}
    others = CareLine.objects.filter(member_id=request.member_id).exclude(request=request)
    return [
        line.request
        for line in others.select_related("request")
        if (line.care_date, line.act, line.price_cents) in keys
    ]


def problems() -> list[str]:
    """Return stored papers that are lost or changed."""
    found = []
    for paper in Paper.objects.exclude(file_token="").order_by("pk").iterator(chunk_size=ROWS):
        try:
            data = store.original(paper.file_token, paper.agency)
        except (OSError, InvalidTag):
            found.append(f"papers: {paper.public_id} cannot be read")
            continue
        if hashlib.sha256(data).hexdigest() != paper.sha256:
            found.append(f"papers: {paper.public_id} is not what was received")
    return found


def check_complete(request: Request) -> None:
    if not request.lines.exists():
        raise _no_line()
    lacking = missing(request)
    if lacking:
        raise Refusal(
            [
                Problem(
                    "paper.missing",
                    needed.kind,
                    Text(
                        fr=f"il manque : {needed.label.fr}. {needed.reason.text.fr}",
                        en=f"missing: {needed.label.en}. {needed.reason.text.en}",
                    ),
                )
                for needed in lacking
            ]
        )
    if people.bank_account(request.member_id) is None:
        raise transitions.refusal(
            "bank",
            "bank.missing",
            "indiquez d'abord votre compte bancaire",
            "give your bank details first",
        )


def _check_agency(request: Request, care_date: date) -> None:
    """Refuse a visit of a day on which another agency covered the member."""
    situation = registration.situation(request.member, care_date)
    if destination_of(situation).agency.id != request.agency:
        raise transitions.refusal(
            "care_date",
            "request.other_agency",
            "ce jour-là un autre organisme vous couvrait : faites une autre demande",
            "another agency covered you on that day: make another request",
        )


def _open_to_member(request: Request) -> None:
    state = Request.objects.values_list("state", flat=True).get(pk=request.pk)
    if state not in OPEN_TO_MEMBER:
        raise transitions.refusal(
            "request",
            "request.sent",
            "cette demande est déjà envoyée",
            "this request was sent already",
        )


def _no_line() -> Refusal:
    return transitions.refusal(
        "line", "line.missing", "ajoutez d'abord la visite", "add the visit first"
    )
