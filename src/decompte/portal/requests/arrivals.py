"""Papers that came by post and were scanned: they join their request."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop

from decompte.portal import clock
from decompte.portal.requests import reading, services, transitions
from decompte.portal.requests.models import Paper, Request
from decompte.portal.requests.states import Channel, State

AWAITED = (State.ANNOUNCED, State.RETURNED)


class Arrived(NamedTuple):
    """One paper of an envelope: its kind, and where its scanned page lies with which digest."""

    kind: str
    token: str
    sha256: str


def is_awaited(request: Request) -> bool:
    """Return whether an envelope of this request is awaited; a second one is a question."""
    return request.state in AWAITED


@transaction.atomic
def receive(request: Any, papers: Sequence[Arrived], actor: str) -> bool:
    """Add scanned papers to their request; an awaited one moves on, and its member is told.

    Args:
        request: the request.
        papers: what was in the envelope; the first of a kind that is new replaces the old one.
        actor: public id of the account, or `system`.

    Returns:
        Whether the request moved on.
    """
    for paper in papers:
        _add(request, paper)
        transitions.tell(request, "paper.added", actor, {"kind": paper.kind})
    if not is_awaited(request):
        return False
    name = "receive_post" if request.state == State.ANNOUNCED else "submit_again"
    moved = transitions.move(
        request,
        name,
        actor,
        channel=Channel.POST,
        submitted_at=clock.now(),
        promised_on=clock.today() + timedelta(days=services.ANSWER_DAYS),
        returned_reason="",
        waiting_for=[],
        waiting_since=None,
        remind_on=None,
    )
    if moved:
        transitions.notice(
            request,
            f"arrived:{request.version}",
            gettext_noop("Your request was received"),
            gettext_noop("Your request {reference} was received. We answer by {day}."),
        )
    return moved


def _add(request: Any, arrived: Arrived) -> None:
    reading.forget(request, arrived.kind)
    Paper.objects.filter(request=request, kind=arrived.kind, replaced_at__isnull=True).update(
        replaced_at=clock.now()
    )
    Paper.objects.create(
        request=request,
        member_id=request.member_id,
        agency=request.agency,
        kind=arrived.kind,
        file_name="",
        media_type="image/jpeg",
        sha256=arrived.sha256,
        file_token=arrived.token,
        page_count=1,
        received_at=clock.now(),
    )
