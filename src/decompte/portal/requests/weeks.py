"""Asks the database what an agency's weeks came to: the closed ones kept, the running one counted.

To count a year takes a walk through the index of all its requests. So the background queue counts
the closed weeks every night and keeps them; whatever changed one late is in the count of the night
after it. A page reads those and counts the running week alone, from what waits and what was
answered in it. Where a closed week is missing, a page counts all of them itself.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, DateField, F, QuerySet, Value, When
from django.db.models.functions import TruncWeek
from django.utils import timezone

from decompte.portal.audit import services as audit
from decompte.portal.requests.models import ClosedWeek, Request
from decompte.portal.requests.steering import Flow, Week, mondays, week

SHOWN = 53
OLDEST = timedelta(days=366)
COUNTED = ("incoming", "answered", "in_time", "backlog", "lacking")


def latest(agency: str, today: date, count: int = SHOWN) -> list[Week]:
    """Return the last weeks of the scope's agency, oldest first; the last is the running one."""
    days = mondays(today, count)
    closed = _kept(agency, days[:-1])
    if len(closed) < len(days) - 1:
        return counted(agency, today, count)
    return [*closed, _running(agency, days)]


def counted(agency: str, today: date, count: int = SHOWN) -> list[Week]:
    """Return the same, all of it counted from the requests as they stand."""
    days = mondays(today, count)
    flows = _flows(_since(days[0]))
    lacking = _lacking(agency, days[0])
    return [week(day, flows, lacking.get(day, {})) for day in days]


def close(agency: str, today: date) -> int:
    """Count the closed weeks of the scope's agency, keep what is new; return how many changed."""
    now = counted(agency, today)[:-1]
    former = {one.monday: one for one in _kept(agency, [one.monday for one in now])}
    changed = [one for one in now if former.get(one.monday) != one]
    ClosedWeek.objects.bulk_create(
        [_row(agency, one) for one in changed],
        update_conflicts=True,
        unique_fields=("agency", "monday"),
        update_fields=COUNTED,
    )
    return len(changed)


def _running(agency: str, days: Sequence[date]) -> Week:
    """Return the running week: of what waits, and of what was answered since its Monday."""
    monday, since = days[-1], _since(days[0])
    flows = [
        *_flows(since.filter(answered_at__isnull=True)),
        *_flows(since.filter(answered_at__gte=_begin(monday))),
    ]
    return week(monday, flows, _lacking(agency, monday).get(monday, {}))


def _since(monday: date) -> QuerySet[Request]:
    """Return what came in since a year before a day: older than that is not shown as waiting."""
    rows: QuerySet[Request] = Request.objects.filter(submitted_at__gte=_begin(monday - OLDEST))
    return rows


def _flows(rows: QuerySet[Request]) -> list[Flow]:
    kept = Case(
        When(answered_at__date__lte=F("promised_on"), then=Value(True)),  # noqa: FBT003
        default=Value(False),  # noqa: FBT003
        output_field=BooleanField(),
    )
    grouped = rows.order_by().values_list(
        TruncWeek("submitted_at", output_field=DateField()),
        TruncWeek("answered_at", output_field=DateField()),
        kept,
    )
    return [Flow(*row) for row in grouped.annotate(number=Count("*"))]


def _lacking(agency: str, since: date) -> dict[date, dict[str, int]]:
    """Return how often each kind of paper was asked for, by week."""
    found: dict[date, dict[str, int]] = {}
    for monday, detail, number in audit.by_week("request.send_back", agency, _begin(since)):
        of_week = found.setdefault(monday, {})
        for kind in detail.get("kinds") or [""]:
            of_week[kind] = of_week.get(kind, 0) + number
    return found


def _kept(agency: str, days: Sequence[date]) -> list[Week]:
    rows = ClosedWeek.objects.filter(agency=agency, monday__in=days).order_by("monday")
    return [
        Week(
            one.monday,
            one.incoming,
            one.answered,
            one.in_time,
            tuple(one.backlog),
            tuple(sorted(one.lacking.items())),
        )
        for one in rows
    ]


def _row(agency: str, one: Week) -> ClosedWeek:
    figures: dict[str, Any] = one._asdict() | {
        "backlog": list(one.backlog),
        "lacking": dict(one.lacking),
    }
    return ClosedWeek(agency=agency, **figures)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
