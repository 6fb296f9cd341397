"""The guide: the page a student reads, made from the same data that decides.

It is made for an academic year and a school: for 2013-14 it says what a school of that year told
its students, for today what is true today.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from decompte.errors import Text
from decompte.procedure.affiliation import affiliation
from decompte.procedure.agencies import (
    agency,
    choosable,
    cpam_of,
    offices_on,
    phone_on,
)
from decompte.procedure.contribution import amount_of, levy
from decompte.procedure.establishments import ANY, Establishment, establishments
from decompte.procedure.load import data, sources
from decompte.procedure.papers import required
from decompte.procedure.routing import INTERNATIONAL, address
from decompte.procedure.shapes import Address, Agency, RequiredPaper, Situation, Source
from decompte.procedure.years import insurance_year

CENTS = 100
MIDDLE_DAYS = 100
ADULT_YEARS = 21


class Topic(NamedTuple):
    """One page of the guide, and the subject it stands under."""

    id: str
    title: Text
    under: Text


class Section(NamedTuple):
    """A heading and its paragraphs."""

    heading: Text
    paragraphs: tuple[Text, ...]


class Place(NamedTuple):
    """An agency as the page shows it on a day of the year.

    Attributes:
        agency: who it is.
        address: where requests go; empty when not known here.
        offices: where to ask in person, for information only.
        phone: the number for an appointment, or None.
    """

    agency: Agency
    address: tuple[str, ...]
    offices: tuple[Address, ...]
    phone: str | None


class Page(NamedTuple):
    """A topic with everything it shows.

    Attributes:
        topic: title and place.
        year: academic year it is for, by the year in which it begins.
        establishment: the school.
        sections: headings and paragraphs.
        notes: what the school adds.
        places: where requests go, and where to ask in person.
        papers: what to send, for a student of the scheme.
        european_papers: what to send with a European card.
        links: official pages.
    """

    topic: Topic
    year: int
    establishment: Establishment
    sections: tuple[Section, ...]
    notes: tuple[Text, ...]
    places: tuple[Place, ...]
    papers: tuple[RequiredPaper, ...]
    european_papers: tuple[RequiredPaper, ...]
    links: tuple[Source, ...]


UNDER = Text(
    fr="Santé des étudiants et assurance complémentaire",
    en="Student healthcare and complementary insurance",
)
REIMBURSEMENT = Topic(
    "reimbursement-procedures",
    Text(fr="Procédures de remboursement", en="Reimbursement procedures"),
    UNDER,
)


def topics() -> tuple[Topic, ...]:
    """Return the topics of the guide, in order."""
    return (REIMBURSEMENT,)


def first_year() -> int:
    """Return the earliest academic year the guide describes."""
    first: date = data("schemes")["student"]["first"]
    return first.year


def topic(name: str, *, year: int, establishment: str = ANY) -> Page | None:
    """Return a page of the guide for an academic year and a school; None when there is none."""
    school = establishments().get(establishment)
    if name != REIMBURSEMENT.id or school is None or year < first_year():
        return None
    day = insurance_year(year)[0]
    middle = day + timedelta(days=MIDDLE_DAYS)
    return Page(
        topic=REIMBURSEMENT,
        year=year,
        establishment=school,
        sections=tuple(_sections(school, year)),
        notes=tuple(note.text for note in school.notes if _is_true(note._asdict(), day)),
        places=tuple(_places(school, year, middle)),
        papers=_papers(school, year, frozenset()),
        european_papers=_papers(school, year, frozenset({"ehic"})),
        links=tuple(sources()[name] for name in data("guide")["links"]),
    )


def _sections(school: Establishment, year: int) -> Iterator[Section]:
    day = insurance_year(year)[0]
    names = _names(school, year)
    for section in data("guide")["sections"]:
        texts = tuple(
            Text(fr=one["fr"].format(**names.fr), en=one["en"].format(**names.en))
            for one in section["texts"]
            if _is_true({"since": one.get("from"), "until": one.get("until")}, day)
            and _fits(one, school)
        )
        if texts:
            yield Section(Text(**section["heading"]), texts)


class _Names(NamedTuple):
    fr: Mapping[str, object]
    en: Mapping[str, object]


def _names(school: Establishment, year: int) -> _Names:
    offered = [agency(name) for name in choosable(school.residence)]
    found = amount_of(year)
    phone = phone_on(insurance_year(year)[0])
    shared = {"step": school.step_of_complementary, "phone": phone.number if phone else ""}
    fr = ", ".join(f"{one.name.fr} (centre {one.centre})" for one in offered)
    en = ", ".join(f"{one.name.en} (centre {one.centre})" for one in offered)
    unknown = Text(fr="un montant inconnu ici", en="an amount not known here")
    euros = Text(fr=f"{found // CENTS} €", en=f"€{found // CENTS}") if found else unknown
    return _Names(
        {**shared, "agencies": fr, "amount": euros.fr},
        {**shared, "agencies": en, "amount": euros.en},
    )


def _is_true(period: Mapping[str, Any], day: date) -> bool:
    return bool((period["since"] or day) <= day <= (period["until"] or day))


def _fits(entry: Mapping[str, Any], school: Establishment) -> bool:
    has_step = school.step_of_complementary is not None
    return not (entry.get("needs") and not has_step) and not (entry.get("lacks") and has_step)


def _places(school: Establishment, year: int, day: date) -> Iterator[Place]:
    student = [agency(name) for name in choosable(school.residence)]
    known = [*student, agency(INTERNATIONAL)]
    for one in known:
        is_there = school.residence in (one.departments or {school.residence})
        if is_there and (one.until or day) >= day and any(a.is_alive(day) for a in one.addresses):
            phone = phone_on(day) if one.phone else None
            near = tuple(o for o in school.offices.get(one.id, ()) if o.is_alive(day))
            offices = near or offices_on(one.id, day)
            yield Place(one, address(one.id, day), offices, phone.number if phone else None)
    if insurance_year(year)[0] >= data("schemes")["student"]["last"]:
        phone = phone_on(day)
        yield Place(cpam_of(school.residence), (), (), phone.number if phone else None)


def _papers(school: Establishment, year: int, cards: frozenset[str]) -> tuple[RequiredPaper, ...]:
    """Return the papers of a first request with a prescription, in the middle of the year."""
    situation = _example(school, year, cards)
    return required(situation, affiliation(situation))


def _example(school: Establishment, year: int, cards: frozenset[str]) -> Situation:
    first = insurance_year(year)[0]
    day = first + timedelta(days=MIDDLE_DAYS)
    offered = choosable(school.residence)
    return Situation(
        birth_date=first.replace(year=year - ADULT_YEARS),
        nationality="ES" if cards else "US",
        residence=school.residence,
        cards=cards,
        has_scholarship=False,
        work_hours_month=0,
        works_whole_year=False,
        parents_scheme="abroad",
        is_partner_covered=False,
        study_from=first,
        study_until=first + timedelta(days=2 * MIDDLE_DAYS),
        step=2,
        agency=offered[0],
        complementary=None,
        care_date=day,
        is_first=True,
        is_prescribed=True,
        has_declared_gp=False,
        on=day,
    )


def campus_levy(year: int) -> int | None:
    """Return the campus-life levy of an academic year in cents; None before 2018 or unknown."""
    found = levy(insurance_year(year)[0], year)
    return found.amount_cents if found else None
