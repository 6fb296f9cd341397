"""Requests for reimbursement for programs: lines, papers, sending; twice is once."""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from decompte.errors import NotModelled, Problem, Refusal, Text
from decompte.exchange import case as cases
from decompte.portal import clock
from decompte.portal.api import reading, versions
from decompte.portal.api.auth import MEMBER, PARTIES, actor, client_of, own_member
from decompte.portal.api.cases import SettlementOut
from decompte.portal.api.computing import written
from decompte.portal.api.models import Kind
from decompte.portal.api.paging import Paging, Parts, page
from decompte.portal.api.shapes import (
    CareLineIn,
    DoneOut,
    PaperIn,
    PaperOut,
    RequestOut,
    RequestPage,
)
from decompte.portal.decisions import services as decisions
from decompte.portal.people.templatetags.words import language
from decompte.portal.requests import services as requests
from decompte.portal.requests import worklists
from decompte.portal.requests.states import State

router = Router(tags=["Requests"])


class Filters(Paging):
    """Which requests: in a state, submitted since a day."""

    state: State | None = None
    since: date | None = None


@router.get("/requests", response=RequestPage, operation_id="list_requests", auth=PARTIES)
def listed(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """List the requests, newest first: a member's own, or what was sent to the agency."""
    client = client_of(request)
    rows = worklists.everything(
        state=filters.state or "",
        since=filters.since,
        with_drafts=client.kind == Kind.MEMBER,
    )
    found = page(rows, filters, summary)
    reading.opened(client, (f"request:{one['id']}" for one in found["items"]))
    return found


@router.post("/requests", response={201: RequestOut}, operation_id="begin_request", auth=MEMBER)
def begin(request: HttpRequest, line: CareLineIn) -> Status[Any]:
    """Begin a draft with its first act; the agency follows from the day of care."""
    member = own_member(request)
    return Status(201, whole(requests.begin(member, columns(member, line))))


@router.post(
    "/requests/{request_id}/lines",
    response={201: RequestOut},
    operation_id="add_line",
    auth=MEMBER,
)
def add_line(request: HttpRequest, request_id: str, line: CareLineIn) -> Status[Any]:
    """Add an act to a draft, or to a request that was sent back."""
    asked = found(request, request_id)
    requests.save_line(asked, columns(asked.member, line))
    return Status(201, whole(asked))


@router.put(
    "/requests/{request_id}/lines/{position}",
    response=RequestOut,
    operation_id="change_line",
    auth=MEMBER,
)
def change_line(
    request: HttpRequest, request_id: str, position: int, line: CareLineIn
) -> dict[str, Any]:
    """Correct an act of a draft, or of a request that was sent back."""
    asked = found(request, request_id)
    if not asked.lines.filter(position=position).exists():
        raise Http404
    requests.save_line(asked, columns(asked.member, line), position)
    return whole(asked)


@router.get(
    "/requests/{request_id}", response=RequestOut, operation_id="read_request", auth=PARTIES
)
def read(
    request: HttpRequest, response: HttpResponse, request_id: str, parts: Query[Parts]
) -> dict[str, Any]:
    """Read a request; its ETag goes into If-Match of what is done to it."""
    asked = found(request, request_id)
    response.headers["ETag"] = versions.tag(asked)
    return whole(asked)


@router.get(
    "/requests/{request_id}/estimate",
    response=SettlementOut,
    operation_id="estimate",
    auth=PARTIES,
)
def estimate(request: HttpRequest, request_id: str) -> HttpResponse:
    """Say what a request would come to if it were decided now, and why."""
    asked = found(request, request_id)
    if not asked.lines.exists():
        raise Http404
    return written(cases.write(decisions.estimate(asked), language()))


@router.post(
    "/requests/{request_id}/papers",
    response={201: PaperOut},
    operation_id="add_paper",
    auth=MEMBER,
)
def add_paper(request: HttpRequest, request_id: str, paper: PaperIn) -> Status[Any]:
    """Send a small paper in one call; one of the same kind is replaced."""
    asked = found(request, request_id)
    try:
        data = base64.b64decode(paper.content, validate=True)
    except ValueError:
        raise Refusal(
            [Problem("file.base64", "content", Text(fr="pas du base64", en="no base64"))]
        ) from None
    added = requests.add_paper(asked, paper.kind, data, paper.file_name, actor(request))
    return Status(201, paper_shown(added))


@router.post("/requests/{request_id}/submit", response=DoneOut, operation_id="submit", auth=MEMBER)
def submit(request: HttpRequest, request_id: str) -> dict[str, Any]:
    """Send a request to the agency; twice is once."""
    asked = found(request, request_id)
    with transaction.atomic():
        versions.check(request, asked)
        return done(asked, is_done=requests.submit(asked, actor(request)))


@router.post(
    "/requests/{request_id}/announce", response=DoneOut, operation_id="announce", auth=MEMBER
)
def announce(request: HttpRequest, request_id: str) -> dict[str, Any]:
    """Say that a request goes by post; twice is once."""
    asked = found(request, request_id)
    return done(asked, is_done=requests.announce(asked, actor(request)))


def found(request: HttpRequest, request_id: str) -> Any:
    """Return a request that this program may see.

    Raises:
        Http404: there is none within its scope.
    """
    asked, client = requests.find(request_id), client_of(request)
    is_member = client.kind == Kind.MEMBER
    if asked is None or (asked.state == State.DRAFT and not is_member):
        raise Http404
    reading.opened(client, [f"request:{request_id}"], code="request.opened")
    return asked


def done(asked: Any, *, is_done: bool) -> dict[str, Any]:
    """Return what a verb did, and how the request stands now."""
    asked.refresh_from_db()
    return {"done": is_done, "state": asked.state, "version": asked.version}


def columns(member: Any, line: CareLineIn) -> dict[str, Any]:
    """Return a line in integers and days, after reading it as a case is read.

    Raises:
        Refusal: the day, the act, the price or the pathway is wrong; every problem at once.
    """
    said = line.model_dump(mode="json", exclude_none=True)
    said.pop("prescription")
    said.pop("practitioner_name")
    person = {"birth_date": member.birth_date.isoformat()}
    try:
        cases.read({"person": person, "lines": [said]}, today=clock.today())
    except NotModelled:
        pass  # an agent decides; the estimate says that it cannot be computed here
    except Refusal as refusal:
        told = [p._replace(field=p.field.removeprefix("lines[0].")) for p in refusal.problems]
        raise Refusal(told) from None
    practitioner = said.get("practitioner", {})
    whole_euros, _point, decimals = line.price.partition(".")
    return {
        "care_date": line.date,
        "act": line.act,
        "price_cents": int(whole_euros) * 100 + int(decimals.ljust(2, "0")),
        "quantity": line.quantity,
        "practitioner_name": line.practitioner_name,
        "practitioner_number": practitioner.get("id", ""),
        "specialty": practitioner.get("specialty", "general-practice"),
        "sector": practitioner.get("sector", "1"),
        "pathway": line.pathway,
        "is_ald_related": line.ald_related,
        "is_third_party_payment": line.third_party_payment,
        "has_prescription": line.prescription,
    }


def summary(asked: Any) -> dict[str, Any]:
    """Return a request as it stands in a list."""
    lines: Sequence[Any] = list(asked.lines.all())
    total = sum(line.price_cents for line in lines)
    return {
        "id": asked.public_id,
        "reference": asked.reference,
        "state": asked.state,
        "channel": asked.channel,
        "agency": asked.agency,
        "care_date": lines[0].care_date if lines else None,
        "price": euros(total),
        "submitted_at": asked.submitted_at,
        "promised_on": asked.promised_on,
        "version": asked.version,
    }


def whole(asked: Any) -> dict[str, Any]:
    """Return a request with its lines, papers and history."""
    there = requests.current_papers(asked)
    taken = [decision.public_id for decision in decisions.chain(asked.pk)]
    return summary(asked) | {
        "member": asked.member.public_id,
        "returned_reason": asked.returned_reason,
        "lines": [_line(line) for line in asked.lines.all()],
        "papers": [_needed(one, there.get(one.kind)) for one in requests.required_papers(asked)],
        "history": [
            {"at": one["at"], "code": one["code"], "label": str(one["label"])}
            for one in requests.timeline(asked)
        ],
        "decision": taken[-1] if taken else None,
        "decisions": taken,
    }


def paper_shown(paper: Any) -> dict[str, Any]:
    """Return a paper as programs see it."""
    return {
        "id": paper.public_id,
        "kind": paper.kind,
        "state": paper.state,
        "media_type": paper.media_type,
        "sha256": paper.sha256,
        "pages": paper.page_count,
    }


def euros(cents: int) -> str:
    """Return an amount as the result format writes it."""
    return f"{cents // 100}.{cents % 100:02d}"


def _line(line: Any) -> dict[str, Any]:
    return {
        "position": line.position,
        "date": line.care_date,
        "act": line.act,
        "price": euros(line.price_cents),
        "quantity": line.quantity,
        "specialty": line.specialty,
        "sector": line.sector,
        "practitioner_name": line.practitioner_name,
        "practitioner_number": line.practitioner_number,
        "pathway": line.pathway,
        "ald_related": line.is_ald_related,
        "third_party_payment": line.is_third_party_payment,
        "prescription": line.has_prescription,
    }


def _needed(needed: Any, paper: Any) -> dict[str, Any]:
    return {
        "kind": needed.kind,
        "label": needed.label.to(language()),
        "form": "original" if needed.is_original else "copy",
        "state": paper.state if paper else "missing",
        "paper": paper.public_id if paper else None,
        "pages": paper.page_count if paper else 0,
        "refusal": paper.refusal or None if paper else None,
        "sha256": paper.sha256 or None if paper else None,
    }
