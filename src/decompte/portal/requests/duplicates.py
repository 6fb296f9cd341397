"""Requests that may be the same care twice: what they share, for a person to look at side by side.

A likeness refuses nothing: two visits to one doctor in a week happen. Files are compared by what
was received, so that one care form sent with two requests is seen whatever was typed. Only what is
the same in everything (day, act, price, doctor) as care that was decided already is not paid,
until a person has put the two side by side and says that they are two.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from text_unidecode import unidecode

from decompte.portal.requests import around, transitions
from decompte.portal.requests.around import CARE_PAPERS, Around
from decompte.portal.requests.models import CareLine, Paper, Request
from decompte.portal.requests.states import State

CLOSE = timedelta(days=3)
SAME = _("same day, act and price")
SAME_FILE = _("the same file")
SAME_DOCTOR = _("same doctor on the same day")
CLOSE_BY = _("same doctor, act and price within three days")
MISREAD = _("same doctor, act and price; day and month, or the year, may be misread")
MONTHS = 12
GIVEN = (
    State.ACCEPTED,
    State.DECIDED,
    State.PARTLY,
    State.PAID,
    State.APPEALED,
    State.CORRECTED,
    State.UPHELD,
)
TITLES = {"dr", "docteur", "docteure", "doctor", "pr", "prof", "professeur", "professeure"}


def alike(request: Request, known: Around | None = None) -> list[tuple[Request, str | Promise]]:
    """Return other requests the member sent that look like this one, with the closest likeness.

    Args:
        request: that is looked at.
        known: what lies around it, where it was read already.
    """
    known = known or around.read_with_alike(request)
    found: dict[int, tuple[Request, str | Promise]] = {}
    by_care = list(_by_care(request, known.other_lines(request)))
    same = [one for one in by_care if one[1] == SAME]
    by_file = _by_file(request, known.other_papers(request))
    for other, why in (*same, *by_file, *by_care):
        if other.state != State.DRAFT:
            found.setdefault(other.pk, (other, why))
    return sorted(found.values(), key=lambda one: -one[0].pk)


def given(request: Request, known: Around | None = None) -> list[Request]:
    """Return other requests of the member by which the very same care was decided already.

    Args:
        request: that is to be decided.
        known: what lies around it, where it was read already.
    """
    known = known or around.read_with_alike(request)
    mine = list(request.lines.all())
    found = {
        other.request_id: other.request
        for other in known.other_lines(request)
        if other.request.state in GIVEN and any(is_same(line, other) for line in mine)
    }
    return [found[key] for key in sorted(found)]


def stop(request: Request, actor: str, *, is_compared: bool) -> None:
    """Stop a request whose very care was decided already, unless a person compared the two.

    Raises:
        Refusal: it was, and nobody did.
    """
    twins = given(request)
    if not twins:
        return
    names = ", ".join(one.reference for one in twins)
    if not is_compared:
        raise transitions.refusal(
            "lines",
            "care.twice",
            f"ces soins ont déjà été décidés ({names}) : comparez les deux demandes, et confirmez "
            "que ce sont d'autres soins",
            f"this care was decided already ({names}): compare the two requests, and confirm that "
            "it is other care",
        )
    transitions.tell(request, "request.compared", actor, {"with": names})


def is_same(line: Any, other: Any) -> bool:
    """Return whether two lines are the same care in everything: day, act, price and doctor."""
    return likeness(line, other) == SAME and _is_same_doctor(line, other)


def _by_care(
    request: Request, others: Sequence[CareLine]
) -> Iterator[tuple[Request, str | Promise]]:
    mine = list(request.lines.all())
    for other in others:
        for line in mine:
            why = likeness(line, other)
            if why:
                yield other.request, why


def likeness(line: Any, other: Any) -> str | Promise:
    """Return what two care lines share that makes them suspect, or nothing."""
    is_alike = (line.act, line.price_cents) == (other.act, other.price_cents)
    is_same_doctor = _is_same_doctor(line, other)
    if line.care_date == other.care_date:
        if is_alike:
            return SAME
        return SAME_DOCTOR if is_same_doctor else ""
    if not (is_alike and is_same_doctor):
        return ""
    if abs(line.care_date - other.care_date) <= CLOSE:
        return CLOSE_BY
    return MISREAD if other.care_date in _misread(line.care_date) else ""


def _misread(day: date) -> set[date]:
    """Return the days as which one may be read by mistake: day for month, a year off."""
    written = {(day.year, day.day, day.month)}
    written |= {(day.year + years, day.month, day.day) for years in (-1, 1)}
    return {date(*one) for one in written if _is_day(*one)} - {day}


def _is_day(year: int, month: int, day: int) -> bool:
    return month <= MONTHS and day <= monthrange(year, month)[1]


def _is_same_doctor(line: Any, other: Any) -> bool:
    """Return whether two lines may name one doctor: by number, by name where one has none."""
    if line.practitioner_number and other.practitioner_number:
        return bool(line.practitioner_number == other.practitioner_number)
    one, two = _words(line.practitioner_name), _words(other.practitioner_name)
    return bool(one and two) and (one <= two or two <= one)


def _words(name: str) -> set[str]:
    """Return the words of a doctor's name as they are compared: no accents, no title."""
    return set(re.findall(r"[a-z]+", unidecode(name).lower())) - TITLES


def _by_file(request: Request, others: Sequence[Paper]) -> Iterator[tuple[Request, str | Promise]]:
    papers = [one for one in request.papers.all() if one.replaced_at is None]
    digests = {one.sha256 for one in papers if one.kind in CARE_PAPERS and one.sha256}
    for other in others:
        if other.kind in CARE_PAPERS and other.sha256 in digests:
            yield other.request, SAME_FILE
