"""What an agency has to do next, oldest first, and how a request is found.

Lists hold one page; only what is still open is counted, so that years of paid requests cost
nothing. Every queryset is of the scope's agency: the manager sees to it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from decompte.portal import clock
from decompte.portal.requests.models import CareLine, Message, Request
from decompte.portal.requests.states import State

PAGE = 50


class WorkList(NamedTuple):
    """Requests that wait for the same thing.

    Attributes:
        name: stable, in the address.
        label: what is to be done.
        states: which requests.
        order: oldest first, in the sense of the list.
    """

    name: str
    label: str | Promise
    states: tuple[str, ...]
    order: str = "submitted_at"


LISTS = (
    WorkList("review", _("To be reviewed"), (State.SUBMITTED, State.IN_REVIEW)),
    WorkList("appeals", _("Appeals"), (State.APPEALED,), "appealed_at"),
    WorkList("messages", _("Unread messages"), ()),
    WorkList("waiting", _("Waiting for the student"), (State.RETURNED,), "waiting_since"),
    WorkList("post", _("To arrive by post"), (State.ANNOUNCED,), "created_at"),
    WorkList("payment", _("Payment to come"), (State.DECIDED, State.PARTLY, State.CORRECTED)),
)


def listed(name: str) -> WorkList:
    """Return a work list by its name.

    Raises:
        KeyError: there is none.
    """
    return {one.name: one for one in LISTS}[name]


def work_list(
    one: WorkList,
    *,
    assigned_to: Any = None,
    channel: str = "",
    is_late: bool = False,
    page: int = 1,
) -> Sequence[Request]:
    """Return one page of a work list, longest waiting first.

    Args:
        one: the list.
        assigned_to: only what is on this account's desk.
        channel: only what came this way.
        is_late: only what should have been answered before today.
        page: from 1; a page holds `PAGE` requests.
    """
    rows = _rows(one)
    if assigned_to is not None:
        rows = rows.filter(assigned_to=assigned_to)
    if channel:
        rows = rows.filter(channel=channel)
    if is_late:
        rows = rows.filter(promised_on__lt=clock.today())
    first = (page - 1) * PAGE
    return list(
        rows.select_related("member", "assigned_to")
        .prefetch_related("lines")
        .order_by(one.order, "id")[first : first + PAGE + 1]
    )


def rows(one: WorkList) -> QuerySet[Request]:
    """Return a whole work list, longest waiting first, to be cut into pages."""
    waiting = _rows(one).select_related("member").prefetch_related("lines")
    return waiting.order_by(one.order, "id")


def everything(*, state: str = "", since: date | None = None, with_drafts: bool) -> QuerySet[Any]:
    """Return the scope's requests, newest first, to be cut into pages.

    Args:
        state: only in this state.
        since: only what was submitted on this day or later.
        with_drafts: for their member; an agency does not see what was not sent.
    """
    found = Request.objects.prefetch_related("lines").order_by("-id")
    if not with_drafts:
        found = found.exclude(state=State.DRAFT)
    if state:
        found = found.filter(state=state)
    if since:
        found = found.filter(submitted_at__date__gte=since)
    return found


def practitioners() -> list[tuple[str, str]]:
    """Return number and name of the doctors of the scope's care lines, each number once."""
    rows = CareLine.objects.exclude(practitioner_number="").exclude(request__state=State.DRAFT)
    named = rows.order_by("-id").values_list("practitioner_number", "practitioner_name")
    return sorted(dict(reversed(list(named))).items())


def counts() -> dict[str, int]:
    """Return how many requests of the scope are in each list."""
    open_states = [state for one in LISTS for state in one.states]
    found = dict(
        Request.objects.filter(state__in=open_states)
        .order_by()
        .values_list("state")
        .annotate(number=Count("id"))
    )
    counted = {one.name: sum(found.get(state, 0) for state in one.states) for one in LISTS}
    counted["messages"] = _unread().values("request_id").distinct().count()
    return counted


def by_agency_and_state() -> dict[tuple[str, str], int]:
    """Return how many requests of the scope are in each state, by agency."""
    rows = Request.objects.order_by().values_list("agency", "state").annotate(number=Count("id"))
    return {(agency, state): number for agency, state, number in rows}


def following(request_id: int, user: Any) -> Request | None:
    """Return what an agent should look at next: on their own desk first, then nobody's."""
    waiting = Request.objects.exclude(pk=request_id)
    mine = waiting.filter(state=State.IN_REVIEW, assigned_to=user)
    free = waiting.filter(state=State.SUBMITTED)
    return (
        mine.order_by("submitted_at", "id").first() or free.order_by("submitted_at", "id").first()
    )


def by_reference(reference: str) -> Request | None:
    """Return a request of the scope by its reference, as read out on the telephone."""
    wanted = "".join(reference.split()).upper()
    found: Request | None = (
        Request.objects.filter(reference=wanted).exclude(state=State.DRAFT).first()
    )
    return found


def references(public_ids: Sequence[str]) -> dict[str, str]:
    """Return what requests of the scope are called, by public id."""
    found = Request.objects.filter(public_id__in=public_ids)
    return dict(found.values_list("public_id", "reference"))


def of_member(member_id: int) -> list[Request]:
    """Return what a member sent to the scope's agency, newest first."""
    return list(
        Request.objects.filter(member_id=member_id)
        .exclude(state=State.DRAFT)
        .prefetch_related("lines")[:PAGE]
    )


def _rows(one: WorkList) -> QuerySet[Request]:
    if one.states:
        return Request.objects.filter(state__in=one.states)
    unread = _unread().filter(request_id=OuterRef("pk"))
    return Request.objects.filter(Exists(unread)).exclude(state=State.DRAFT)


def _unread() -> QuerySet[Message]:
    return Message.objects.filter(is_from_member=True, read_at__isnull=True)
