"""The agency's work for its own system: lists, papers, verdicts, settling.

The verbs are those of the agents' pages. Money leaves by two people on the agency's pages only.
"""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from decompte.portal.agency import services as agency
from decompte.portal.api import reading, versions
from decompte.portal.api.auth import AGENT, FINANCE, STAFF, actor, client_of
from decompte.portal.api.care_requests import done, euros, found, summary
from decompte.portal.api.paging import Paging, page
from decompte.portal.api.shapes import (
    ArrivedIn,
    DoneOut,
    PaymentFilePage,
    RequestPage,
    SendBackIn,
    VerdictIn,
    WorkListOut,
)
from decompte.portal.audit import services as audit
from decompte.portal.payments import services as payments
from decompte.portal.requests import review, store, worklists
from decompte.portal.requests import services as requests

router = Router(tags=["Agency"])
Compared = Annotated[bool, Query(description="it is other care: a person compared the requests")]
JPEG = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/work-lists", response=list[WorkListOut], operation_id="work_lists", auth=STAFF)
def lists(request: HttpRequest) -> list[dict[str, Any]]:
    """Name the agency's work lists, and say how many requests wait in each."""
    counts = worklists.counts()
    return [
        {"name": one.name, "label": str(one.label), "count": counts[one.name]}
        for one in worklists.LISTS
    ]


@router.get("/work-lists/{name}", response=RequestPage, operation_id="work_list", auth=STAFF)
def work_list(request: HttpRequest, name: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the requests that wait, longest waiting first."""
    try:
        one = worklists.listed(name)
    except KeyError:
        raise Http404 from None
    listed = page(worklists.rows(one), paging, summary)
    reading.opened(client_of(request), (f"request:{each['id']}" for each in listed["items"]))
    return listed


@router.post("/requests/{request_id}/settle", response=DoneOut, operation_id="settle", auth=AGENT)
def settle(request: HttpRequest, request_id: str, *, compared: Compared = False) -> dict[str, Any]:
    """Accept the papers, decide, order the payment: all or nothing; twice is once.

    Care that was decided already is refused (`care.twice`) until a person compared the two.
    """
    asked = found(request, request_id)
    is_done = agency.settle_request(
        asked, actor(request), versions.seen(request), is_compared=compared
    )
    return done(asked, is_done=is_done)


@router.post(
    "/requests/{request_id}/send-back", response=DoneOut, operation_id="send_back", auth=AGENT
)
def send_back(request: HttpRequest, request_id: str, words: SendBackIn) -> dict[str, Any]:
    """Send a request back with what is missing; the student is told."""
    asked = found(request, request_id)
    is_done = review.send_back(asked, words.note, actor(request), versions.seen(request))
    return done(asked, is_done=is_done)


@router.post("/requests/{request_id}/arrived", response=DoneOut, operation_id="arrived", auth=AGENT)
def arrived(request: HttpRequest, request_id: str, envelope: ArrivedIn) -> dict[str, Any]:
    """Record that a posted request arrived, with these papers in the envelope."""
    asked = found(request, request_id)
    kinds = {needed.kind for needed in requests.required_papers(asked)}
    there = [kind for kind in dict.fromkeys(envelope.papers) if kind in kinds]
    return done(asked, is_done=review.receive_post(asked, there, actor(request)))


@router.post("/papers/{paper_id}/verdict", response=DoneOut, operation_id="judge", auth=AGENT)
def judge(request: HttpRequest, paper_id: str, verdict: VerdictIn) -> dict[str, Any]:
    """Accept one paper, or refuse it with words for the student."""
    paper = _paper(request, paper_id)
    version = versions.seen(request)
    if verdict.accept:
        review.accept_paper(paper, actor(request), version)
    else:
        review.refuse_paper(paper, verdict.words, actor(request), version)
    return done(paper.request, is_done=True)


@router.get(
    "/papers/{paper_id}/pages/{number}",
    operation_id="read_page",
    auth=STAFF,
    openapi_extra=JPEG,
)
def read_page(request: HttpRequest, paper_id: str, number: int) -> HttpResponse:
    """Give a page of a paper, drawn anew; who looked is recorded."""
    paper = _paper(request, paper_id)
    if not paper.file_token or not 0 <= number < paper.page_count:
        raise Http404
    audit.record("paper.viewed", f"paper:{paper_id}", actor=actor(request), agency=paper.agency)
    content = store.page(paper.file_token, number, paper.agency)
    return HttpResponse(content, content_type="image/jpeg")


@router.get("/payment-files", response=PaymentFilePage, operation_id="payment_files", auth=FINANCE)
def payment_files(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the payment files, newest first."""
    return page(payments.batches(), paging, _file)


def _file(batch: Any) -> dict[str, Any]:
    return {
        "id": batch.public_id,
        "msg_id": batch.msg_id,
        "state": batch.state,
        "orders": batch.order_count,
        "total": euros(batch.total_cents),
        "execution_date": batch.execution_date,
        "sha256": batch.sha256,
    }


def _paper(request: HttpRequest, public_id: str) -> Any:
    paper = requests.find_paper(public_id)
    if paper is None:
        raise Http404
    found(request, paper.request.public_id)
    return paper
