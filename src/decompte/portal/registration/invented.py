"""Invented registrations of invented members, in bulk, with the affiliation the procedures give."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.exchange import situation as situations
from decompte.portal.people.invented import Person
from decompte.portal.registration.models import Registration
from decompte.portal.registration.states import State
from decompte.procedure.affiliation import affiliation
from decompte.procedure.shapes import Situation
from decompte.procedure.years import insurance_year

LAST_STEP = 4
ROWS = 1000


class Cover(NamedTuple):
    """What the procedures answer for a year and a student."""

    kept: Mapping[str, Any]
    contribution_cents: int | None
    since: date
    until: date


def add(pairs: Sequence[tuple[Any, Person]], years: Sequence[int]) -> None:
    """Register invented members for academic years, confirmed.

    Args:
        pairs: each member with what was drawn for it.
        years: in which the academic years begin.
    """
    Registration.objects.bulk_create(
        [_registration(member, person, year) for member, person in pairs for year in years],
        batch_size=ROWS,
    )


def situation(person: Person, year: int) -> Situation:
    """Return the situation of an invented student in an academic year."""
    return _situation(person.birth_date.isoformat(), person.nationality, year)._replace(
        agency=person.agency, complementary=person.complementary or None
    )


def _registration(member: Any, person: Person, year: int) -> Registration:
    cover = _cover(person.birth_date.replace(day=1).isoformat(), person.nationality, year)
    begun = datetime.combine(date(year, 9, 2), time(10), UTC)
    return Registration(
        member_id=member.pk,
        academic_year=year,
        state=State.CONFIRMED,
        step=LAST_STEP,
        answers=_answers(person.birth_date.isoformat(), person.nationality, year),
        agency=person.agency,
        complementary=person.complementary,
        affiliation=cover.kept,
        contribution_cents=cover.contribution_cents,
        since=cover.since,
        until=cover.until,
        created_at=begun,
        confirmed_at=begun,
    )


def _answers(born: str, nationality: str, year: int) -> dict[str, Any]:
    return {
        "person": {
            "birth_date": born,
            "nationality": nationality,
            "residence": "FR-75",
            "cards": [],
            "scholarship": False,
            "work": {"hours_per_month": 0, "whole_year": False},
            "parents": {"scheme": "abroad"},
            "partner_covered": False,
        },
        "study": {"from": f"{year}-09-02", "to": f"{year + 1}-06-30"},
    }


@lru_cache(maxsize=4096)
def _situation(born: str, nationality: str, year: int) -> Situation:
    read: Situation = situations.read(_answers(born, nationality, year), today=date(year, 9, 2))
    return read


@lru_cache(maxsize=4096)
def _cover(born: str, nationality: str, year: int) -> Cover:
    answer = affiliation(_situation(born, nationality, year))
    first, last = insurance_year(year)
    reasons = [
        {"code": r.code, "fr": r.text.fr, "en": r.text.en, "url": r.sources[0].url}
        for r in answer.reasons
    ]
    return Cover(
        {"status": answer.status, "scheme": answer.scheme, "reasons": reasons},
        answer.contribution_cents,
        answer.since or first,
        answer.until or last,
    )
