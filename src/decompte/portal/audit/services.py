"""Writes what people do, and reads it again. What is written is sealed in `chain.py`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    DateField,
    Exists,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Concat, TruncWeek

from decompte.portal import clock
from decompte.portal.audit.chain import problems, seal, unsealed
from decompte.portal.audit.models import Event

__all__ = [
    "Told",
    "by_week",
    "events_after",
    "hearing",
    "history",
    "last_event",
    "latest",
    "opened_by",
    "problems",
    "record",
    "record_all",
    "seal",
    "span",
    "subjects",
    "unsealed",
    "untold",
]
ROWS = 1000
_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


def record(
    code: str,
    subject: str,
    *,
    actor: str,
    agency: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    """Write one event in the transaction of what it tells of.

    Who may write the trail may not always read it, so the row is not asked back.
    """
    event = Event(
        at=clock.now(),
        actor=actor,
        agency=agency,
        code=code,
        subject=subject,
        detail=detail or {},
    )
    Event.objects.bulk_create([event], ignore_conflicts=True)
    if (heard := _heard.get()) is not None:
        heard.append(code)


@contextmanager
def hearing() -> Iterator[list[str]]:
    """Give the codes of what is recorded meanwhile, one after another."""
    heard: list[str] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


class Told(NamedTuple):
    """One event of the past, to be written with others: see `models.Event`."""

    at: datetime
    actor: str
    agency: str
    code: str
    subject: str
    detail: dict[str, object]


def record_all(told: Sequence[Told]) -> None:
    """Write many events of the past at once: of an import, or of an invented year."""
    Event.objects.bulk_create(
        [Event(**one._asdict()) for one in told], ignore_conflicts=True, batch_size=ROWS
    )


def history(subject: str) -> list[Event]:
    """Return what happened to one subject, oldest first."""
    return list(Event.objects.filter(subject=subject))


def last_event() -> int:
    """Return the number of the newest event, 0 before the first."""
    newest = Event.objects.order_by("-pk").first()
    return newest.pk if newest else 0


def events_after(after: int, *, agency: str, codes: Sequence[str]) -> list[Event]:
    """Return events after a number, oldest first.

    Args:
        after: number of an event.
        agency: of this agency only; empty for all.
        codes: beginnings of the codes that are wanted.
    """
    wanted = Q()
    for code in codes:
        wanted |= Q(code__startswith=code)
    found = Event.objects.filter(wanted, pk__gt=after)
    return list((found.filter(agency=agency) if agency else found).order_by("pk"))


def subjects(code: str) -> set[str]:
    """Return every subject that something of this code happened to."""
    return set(Event.objects.filter(code=code).values_list("subject", flat=True).order_by())


def untold(rows: QuerySet[Any], kind: str, code: str) -> list[str]:
    """Return the public ids of rows to which nothing of this code happened.

    Args:
        rows: what to ask about; it is asked in the database, however many there are.
        kind: what they are called in the trail, such as `order`.
        code: of what should have happened.
    """
    told = Event.objects.filter(code=code, subject=Concat(Value(f"{kind}:"), OuterRef("public_id")))
    return list(rows.filter(~Exists(told)).values_list("public_id", flat=True))


def span(subjects: Sequence[str]) -> tuple[int, int]:
    """Return the numbers of the first and the last event of some subjects."""
    found = Event.objects.filter(subject__in=subjects).aggregate(first=Min("pk"), last=Max("pk"))
    return found["first"], found["last"]


def by_week(code: str, agency: str, since: datetime) -> list[tuple[date, dict[str, Any], int]]:
    """Return how often a code was written at an agency: Monday of the week, detail, number."""
    rows = Event.objects.filter(agency=agency, code=code, at__gte=since).order_by()
    weeks = rows.values_list(TruncWeek("at", output_field=DateField()), "detail")
    return [(week, detail, number) for week, detail, number in weeks.annotate(n=Count("pk"))]


def opened_by(actor: str, codes: Sequence[str], since: datetime) -> set[str]:
    """Return the distinct subjects somebody acted on with one of some codes since a moment."""
    found = Event.objects.filter(actor=actor, code__in=codes, at__gte=since).order_by()
    return set(found.values_list("subject", flat=True))


def latest(codes: Sequence[str], limit: int = 200) -> list[Event]:
    """Return the newest events with these codes that the scope may see."""
    return list(Event.objects.filter(code__in=codes).order_by("-id")[:limit])
