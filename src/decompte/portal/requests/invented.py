"""Invented requests of invented members, in bulk: lines, papers, messages, and what happened.

Their papers are one specimen a kind and agency, marked as such; a posted one has no picture.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.portal.audit import services as audit
from decompte.portal.people.invented import Person
from decompte.portal.registration import invented as registration
from decompte.portal.requests import search, store
from decompte.portal.requests.models import CareLine, Message, Paper, Request, Word
from decompte.portal.requests.services import ANSWER_DAYS
from decompte.portal.requests.states import Channel, PaperState, Reading, State
from decompte.procedure import papers as procedure_papers
from decompte.procedure.affiliation import affiliation
from decompte.procedure.years import academic_year

ROWS = 1000
ENDS = 50
REMIND_DAYS = 15
NOT_SENT = (State.DRAFT, State.ANNOUNCED)


class Act(NamedTuple):
    """One care line; the values of the care form."""

    act: str
    price_cents: int
    specialty: str
    sector: str
    pathway: str
    practitioner_name: str
    practitioner_number: str
    has_prescription: bool


class Asked(NamedTuple):
    """One invented request and what became of it.

    Attributes:
        lacks: whether one paper is refused or missing.
        agent: public id and key of the agent who worked on it.
        returned_at, decided_at, paid_at, appealed_at: when that happened, or None.
        message: what the student wrote, or nothing.
    """

    reference: str
    care_date: date
    acts: tuple[Act, ...]
    channel: Channel
    state: State
    created_at: datetime
    submitted_at: datetime | None
    is_first: bool
    lacks: bool
    agent: tuple[str, int]
    returned_at: datetime | None = None
    decided_at: datetime | None = None
    paid_at: datetime | None = None
    appealed_at: datetime | None = None
    message: str = ""


class Specimen(NamedTuple):
    """A kept picture that stands for papers of a kind."""

    token: str
    sha256: str


class Made(NamedTuple):
    """An invented request as it is in the database, with what it was drawn from."""

    request: Any
    asked: Asked
    person: Person
    lines: list[CareLine]


def ends(first_member: int, last_member: int) -> list[str]:
    """Return the subjects of the first and last requests of members, for the audit trail."""
    keys = Request.objects.filter(member_id__gte=first_member, member_id__lte=last_member).order_by(
        "pk"
    )
    names = list(keys.values_list("public_id", flat=True))
    return [f"request:{one}" for one in (*names[:ENDS], *names[-ENDS:])]


def specimens(pictures: Mapping[str, bytes], agency: str) -> dict[str, Specimen]:
    """Return kept pictures by kind of paper."""
    return {
        kind: Specimen(store.keep(data, (data,), agency), hashlib.sha256(data).hexdigest())
        for kind, data in pictures.items()
    }


def add(
    wanted: Sequence[tuple[Any, Person, Asked]], pictures: Mapping[str, Mapping[str, Specimen]]
) -> list[Made]:
    """Make requests as they stand after what happened to them.

    Args:
        wanted: member, student, request.
        pictures: specimens by agency and kind.
    """
    rows = Request.objects.bulk_create([_request(*one) for one in wanted], batch_size=ROWS)
    made = [
        Made(row, asked, person, _lines(row, asked))
        for row, (_member, person, asked) in zip(rows, wanted, strict=True)
    ]
    CareLine.objects.bulk_create([line for one in made for line in one.lines], batch_size=ROWS)
    Paper.objects.bulk_create(
        [paper for one in made for paper in _papers(one, pictures)], batch_size=ROWS
    )
    Message.objects.bulk_create([_message(one) for one in made if one.asked.message])
    Word.objects.bulk_create([word for one in made for word in _words(one)], batch_size=ROWS)
    audit.record_all([event for one in made for event in _events(one)])
    return made


def _words(one: Made) -> list[Word]:
    doctors = [text for line in one.lines for text in search.of_line(line)]
    return search.rows(one.request, *doctors, one.asked.message or "")


def _request(member: Any, person: Person, asked: Asked) -> Request:
    is_returned = asked.state == State.RETURNED
    waits = asked.returned_at.date() if is_returned and asked.returned_at else None
    is_mine = asked.state == State.IN_REVIEW
    needed = kinds(person, asked)
    return Request(
        reference=asked.reference,
        member_id=member.pk,
        agency=person.agency,
        channel=asked.channel,
        state=asked.state,
        answered_at=asked.decided_at or (asked.returned_at if is_returned else None),
        is_first_with_agency=asked.is_first,
        created_at=asked.created_at,
        submitted_at=asked.submitted_at,
        promised_on=asked.submitted_at.date() + timedelta(days=ANSWER_DAYS)
        if asked.submitted_at
        else None,
        assigned_to_id=asked.agent[1] if is_mine else None,
        assigned_at=asked.submitted_at if is_mine else None,
        returned_reason=procedure_papers.paper(needed[-1]).label.en if waits and needed else "",
        waiting_for=list(needed[-1:]) if waits else [],
        waiting_since=waits,
        remind_on=waits + timedelta(days=REMIND_DAYS) if waits else None,
        appealed_at=asked.appealed_at,
        paid_at=asked.paid_at,
    )


def _lines(row: Request, asked: Asked) -> list[CareLine]:
    return [
        CareLine(
            request=row,
            member_id=row.member_id,
            agency=row.agency,
            position=place,
            care_date=asked.care_date,
            **act._asdict(),
        )
        for place, act in enumerate(asked.acts, start=1)
    ]


def kinds(person: Person, asked: Asked) -> tuple[str, ...]:
    """Return the papers that a request needs."""
    anybody = person._replace(
        number=0, email="", given_name="", family_name="", address_line="", language="", nir_order=0
    )
    is_prescribed = any(act.has_prescription for act in asked.acts)
    return _kinds(anybody, asked.care_date.replace(day=1), asked.is_first, is_prescribed)


@lru_cache(maxsize=100_000)
def _kinds(
    person: Person,
    day: date,
    is_first: bool,  # noqa: FBT001  (part of the key that is remembered)
    is_prescribed: bool,  # noqa: FBT001
) -> tuple[str, ...]:
    said = registration.situation(person, academic_year(day))._replace(
        care_date=day,
        is_first=is_first,
        is_prescribed=is_prescribed,
        has_declared_gp=person.gp is not None,
        on=day,
    )
    return tuple(one.kind for one in procedure_papers.required(said, affiliation(said)))


def _papers(made: Made, pictures: Mapping[str, Mapping[str, Specimen]]) -> list[Paper]:
    row, asked = made.request, made.asked
    needed = kinds(made.person, asked)
    is_online = asked.channel == Channel.ONLINE
    if asked.state == State.ANNOUNCED or (asked.state == State.DRAFT and asked.lacks):
        return []
    there = needed[:-1] if asked.lacks and is_online and len(needed) > 1 else needed
    is_judged = asked.decided_at is not None
    found = []
    for kind in there:
        seen = pictures[row.agency][kind] if is_online else Specimen("", "")
        found.append(
            Paper(
                request=row,
                member_id=row.member_id,
                agency=row.agency,
                kind=kind,
                state=PaperState.ACCEPTED if is_judged else PaperState.RECEIVED,
                file_name=f"{kind}.jpg" if is_online else "",
                media_type="image/jpeg" if is_online else "",
                sha256=seen.sha256,
                file_token=seen.token,
                page_count=1 if is_online else 0,
                words_from=Reading.NONE,
                received_at=asked.created_at,
            )
        )
    return found


def _message(made: Made) -> Message:
    asked = made.asked
    assert asked.submitted_at is not None
    return Message(
        request=made.request,
        member_id=made.request.member_id,
        agency=made.request.agency,
        is_from_member=True,
        author="invented",
        text=asked.message,
        written_at=asked.submitted_at,
        read_at=asked.decided_at,
    )


def _events(made: Made) -> list[audit.Told]:
    """Return what the trail tells of a request: its outcome without the steps in between."""
    asked, subject = made.asked, f"request:{made.request.public_id}"
    is_refused = asked.state == State.REFUSED
    told = (
        (asked.submitted_at, "student", "request.submit"),
        (asked.returned_at, asked.agent[0], "request.send_back"),
        (asked.decided_at, asked.agent[0], "request.refuse" if is_refused else "decision.taken"),
        (asked.paid_at, "system", "request.mark_paid"),
        (asked.appealed_at, "student", "request.appeal"),
    )
    lacking: dict[str, object] = {"kinds": list(kinds(made.person, asked)[-1:])}
    return [
        audit.Told(
            at,
            actor,
            made.request.agency,
            code,
            subject,
            lacking if code == "request.send_back" else {},
        )
        for at, actor, code in told
        if at is not None
    ]
