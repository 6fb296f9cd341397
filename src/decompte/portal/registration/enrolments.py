"""Verbs of a school about its students: take its list in, follow, give back.

A list is taken in as often as one likes: the same list changes nothing. A student whom a newer list
no longer has is kept and marked.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from decompte.errors import Lang, Text
from decompte.exchange import cells, school_list
from decompte.exchange.school_list import SchoolList, Student, WrongRow
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people import sealing
from decompte.portal.people.roles import SCHOOL
from decompte.portal.people.scope import system
from decompte.portal.registration.models import Enrolment, ListReport, Registration
from decompte.portal.registration.states import Progress, State
from decompte.procedure.establishments import ANY, Establishment, establishments
from decompte.procedure.years import academic_year

CONTEXT = "school-list"
ROWS_AT_ONCE = 1_000


class Tally(NamedTuple):
    """How many students of a school are how far."""

    state: str
    label: str
    number: int


class Followed(NamedTuple):
    """A student of the list, with what the school may know of the registration."""

    enrolment: Enrolment
    registration: str
    status: str
    agency: str
    contribution_cents: int | None


def school_of(name: str) -> Establishment | None:
    """Return the establishment that a registrar works for, by the place of their role."""
    known = establishments().get(name.removeprefix(SCHOOL))
    return known if known and name.startswith(SCHOOL) and known.id != ANY else None


@transaction.atomic
def take_list(school: str, data: bytes, filename: str, actor: str) -> ListReport:
    """Take a school's list of this academic year in; rows that cannot be read hold up no others.

    Raises:
        Refusal: it is no table, or a column is missing.
    """
    today = clock.today()
    read = school_list.read(data, today=today)
    year = academic_year(today)
    known = {
        one.student_number: one
        for one in Enrolment.objects.filter(school=school, academic_year=year)
    }
    changed = [one for one in read.students if _is_changed(known, one)]
    new = [one for one in read.students if one.student_number not in known]
    Enrolment.objects.bulk_create(
        [
            Enrolment(school=school, academic_year=year, listed_at=clock.now(), **one._asdict())
            for one in new
        ],
        batch_size=ROWS_AT_ONCE,
    )
    for one in changed:
        _change(known[one.student_number], one)
    counts = {
        "new": len(new),
        "changed": len(changed),
        "same": len(read.students) - len(new) - len(changed),
        "repeated": read.repeated,
        "wrong": len(read.wrong),
        "left": _leave(known, read),
    }
    report, _is_new = ListReport.objects.update_or_create(
        school=school,
        academic_year=year,
        defaults={
            "file_name": filename[:100],
            "counts": counts,
            "wrong_sealed": sealing.seal(_written(read), f"{CONTEXT}:{school}"),
            "taken_at": clock.now(),
            "taken_by": actor,
        },
    )
    audit.record("school.list_taken", school, actor=actor, agency=school, detail=dict(counts))
    return report  # type: ignore[no-any-return]


def report(school: str) -> ListReport | None:
    """Return what became of the newest list of this year, or None."""
    found: ListReport | None = ListReport.objects.filter(
        school=school, academic_year=academic_year(clock.today())
    ).first()
    return found


def wrong_rows(found: ListReport) -> tuple[tuple[str, ...], list[WrongRow]]:
    """Return the head of the newest list, and its rows that were not taken."""
    kept = json.loads(sealing.open_sealed(found.wrong_sealed, f"{CONTEXT}:{found.school}"))
    rows = [
        WrongRow(
            row["row"],
            tuple(row["cells"]),
            tuple((field, Text(fr=fr, en=en)) for field, fr, en in row["problems"]),
        )
        for row in kept["rows"]
    ]
    return tuple(kept["head"]), rows


def wrong_table(found: ListReport, lang: Lang) -> bytes:
    """Return the rows that were not taken as a table to mend and give again."""
    head, rows = wrong_rows(found)
    problem = {"fr": "Problème", "en": "Problem"}[lang]
    written = []
    for row in rows:
        said = "; ".join(f"{name}: {text.to(lang)}" for name, text in row.problems)
        padded = (*row.cells, *[""] * (len(head) - len(row.cells)))
        written.append((*padded[: len(head)], said, *padded[len(head) :]))
    return cells.table((*head, problem), written)


def counts(school: str) -> list[Tally]:
    """Return how many students of this year's list are how far."""
    rows = of_this_year(school).order_by().values_list("state").annotate(Count("pk"))
    found = dict(rows)
    return [Tally(one.value, str(one.label), found.get(one.value, 0)) for one in Progress]


def students(school: str, *, state: str = "", text: str = "") -> QuerySet[Enrolment]:
    """Return the students of this year's list, by name; perhaps those of a state or name only."""
    found = of_this_year(school)
    if state:
        found = found.filter(state=state)
    for word in text.split()[:4]:
        found = found.filter(
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(student_number__istartswith=word)
        )
    return found


def find(public_id: str) -> Enrolment | None:
    """Return a student of the scope's list, or None."""
    found: Enrolment | None = Enrolment.objects.filter(public_id=public_id).first()
    return found


def followed(rows: Sequence[Enrolment]) -> list[Followed]:
    """Return students with what their school may know: cover, agency, contribution; no more."""
    keys = [one.registration_id for one in rows if one.registration_id]
    with system("a school sees how far its own students' registrations are"):
        known = {
            one["pk"]: one
            for one in Registration.objects.filter(pk__in=keys, state=State.CONFIRMED).values(
                "pk", "public_id", "agency", "contribution_cents", "affiliation"
            )
        }
    return [_followed(one, known.get(one.registration_id or 0)) for one in rows]


def known_of(user: Any) -> Mapping[str, Any]:
    """Return what a school's list says of an account's student, to be corrected in step 1."""
    with system("step 1 begins with what the school said"):
        row = (
            Enrolment.objects.filter(user_id=user.pk, academic_year=academic_year(clock.today()))
            .values("given_name", "family_name", "birth_date")
            .first()
        )
    return row or {}


def follow(registration: Registration) -> None:
    """Show a student's school how far the registration has come."""
    is_confirmed = registration.state == State.CONFIRMED
    with system("a registration tells the student's school how far it is"):
        Enrolment.objects.filter(
            user_id=registration.member.user_id, academic_year=registration.academic_year
        ).update(
            registration=registration,
            step=registration.step,
            state=Progress.CONFIRMED if is_confirmed else Progress.BEGUN,
        )


def of_this_year(school: str) -> QuerySet[Enrolment]:
    """Return a school's students of the running academic year, by name."""
    found: QuerySet[Enrolment] = Enrolment.objects.filter(
        school=school, academic_year=academic_year(clock.today())
    )
    return found


def forget_lists(before: datetime) -> int:
    """Take away rows and reports of lists that are older and that no registration came of."""
    reports = ListReport.objects.filter(taken_at__lt=before).delete()[0]
    rows = Enrolment.objects.filter(listed_at__lt=before, registration__isnull=True)
    return reports + rows.delete()[0]


def _is_changed(known: Mapping[str, Enrolment], one: Student) -> bool:
    row = known.get(one.student_number)
    return row is not None and any(
        getattr(row, name) != value for name, value in one._asdict().items()
    )


def _change(row: Enrolment, one: Student) -> None:
    """Write what a newer list says; who was invited at another address is to be invited again."""
    if row.email != one.email and row.state == Progress.INVITED:
        row.state = Progress.LISTED
    for name, value in one._asdict().items():
        setattr(row, name, value)
    row.save()


def _leave(known: Mapping[str, Enrolment], read: SchoolList) -> int:
    """Mark who is no longer on the list, and unmark who is back; return how many are gone.

    A student whose row could not be read is on the list all the same.
    """
    there = {one.student_number for one in read.students}
    spelled = {cell.strip() for row in read.wrong for cell in row.cells}
    gone = [one.pk for number, one in known.items() if number not in there | spelled]
    back = [one.pk for number, one in known.items() if number in there and one.left_on]
    Enrolment.objects.filter(pk__in=gone, left_on__isnull=True).update(left_on=clock.today())
    Enrolment.objects.filter(pk__in=back).update(left_on=None)
    return len(gone)


def _written(read: SchoolList) -> bytes:
    rows = [
        {
            "row": one.row,
            "cells": one.cells,
            "problems": [(field, text.fr, text.en) for field, text in one.problems],
        }
        for one in read.wrong
    ]
    return json.dumps({"head": read.head, "rows": rows}).encode()


def _followed(one: Enrolment, known: Mapping[str, Any] | None) -> Followed:
    if known is None:
        return Followed(one, "", "", "", None)
    return Followed(
        enrolment=one,
        registration=known["public_id"],
        status=known["affiliation"]["status"],
        agency=known["agency"],
        contribution_cents=known["contribution_cents"],
    )
