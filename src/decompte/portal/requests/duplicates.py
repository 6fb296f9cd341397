"""Requests that may be the same care twice: what they share, for a person to look at side by side.

None of it refuses anything: two visits to one doctor in a week happen. Files are compared by what
was received, so that one care form sent with two requests is seen whatever was typed.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from decompte.portal.requests.models import CareLine, Paper, Request
from decompte.portal.requests.states import State

CLOSE = timedelta(days=3)
CARE_PAPERS = ("care-form", "prescription")
SAME = _("same day, act and price")
SAME_FILE = _("the same file")
SAME_DOCTOR = _("same doctor on the same day")
CLOSE_BY = _("same doctor, act and price within three days")


def alike(request: Request) -> list[tuple[Request, str | Promise]]:
    """Return other requests the member sent that look like this one, with the closest likeness."""
    found: dict[int, tuple[Request, str | Promise]] = {}
    for other, why in (*_by_care(request, SAME), *_by_file(request), *_by_care(request, "")):
        if other.state != State.DRAFT:
            found.setdefault(other.pk, (other, why))
    return sorted(found.values(), key=lambda one: -one[0].pk)


def _by_care(request: Request, only: str | Promise) -> Iterator[tuple[Request, str | Promise]]:
    mine = list(request.lines.all())
    days = [line.care_date for line in mine]
    if not days:
        return
    others = CareLine.objects.filter(
        member_id=request.member_id,
        care_date__gte=min(days) - CLOSE,
        care_date__lte=max(days) + CLOSE,
    ).exclude(request=request)
    for other in others.select_related("request"):
        for line in mine:
            why = likeness(line, other)
            if why and (not only or why == only):
                yield other.request, why


def likeness(line: Any, other: Any) -> str | Promise:
    """Return what two care lines share that makes them suspect, or nothing."""
    is_alike = (line.act, line.price_cents) == (other.act, other.price_cents)
    is_same_doctor = _doctor(line) == _doctor(other)
    if line.care_date == other.care_date:
        if is_alike:
            return SAME
        return SAME_DOCTOR if is_same_doctor else ""
    is_close = abs(line.care_date - other.care_date) <= CLOSE
    return CLOSE_BY if is_close and is_alike and is_same_doctor else ""


def _doctor(line: Any) -> str:
    return str(line.practitioner_number or line.practitioner_name.casefold())


def _by_file(request: Request) -> Iterator[tuple[Request, str | Promise]]:
    papers = request.papers.filter(kind__in=CARE_PAPERS, replaced_at__isnull=True)
    digests = [one.sha256 for one in papers if one.sha256]
    others = Paper.objects.filter(
        member_id=request.member_id, kind__in=CARE_PAPERS, sha256__in=digests
    )
    for other in others.exclude(request=request).select_related("request"):
        yield other.request, SAME_FILE
