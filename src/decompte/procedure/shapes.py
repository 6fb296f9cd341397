"""A student's situation, and what the procedures answer."""

from datetime import date
from typing import NamedTuple

from decompte.errors import Problem, Text


class Source(NamedTuple):
    """A page or text, cited once."""

    title: Text
    url: str


class Reason(NamedTuple):
    """Why an answer is what it is."""

    code: str
    text: Text
    sources: tuple[Source, ...]


class Situation(NamedTuple):
    """A student, their studies, their choice, and the request at hand.

    Attributes:
        birth_date: day of birth.
        nationality: two letters of ISO 3166-1.
        residence: department, such as `FR-75`.
        cards: what covers them from elsewhere: ehic, s1, se-401-q-102, se-401-q-106, private.
        has_scholarship: French or foreign government scholarship.
        work_hours_month, works_whole_year: paid work.
        parents_scheme: general, agricultural, independent, sncf, ..., abroad.
        is_partner_covered: insured through a partner who is not a student.
        study_from, study_until: first and last day of the studies of the year.
        step: step of the online registration in which the choice is made.
        agency, complementary: what was chosen; None for nothing.
        care_date: day of the care, or None when no request is at hand.
        is_first: first request to this agency.
        is_prescribed: something was prescribed.
        has_declared_gp: a GP is registered already.
        on: day of the question.
    """

    birth_date: date
    nationality: str
    residence: str
    cards: frozenset[str]
    has_scholarship: bool
    work_hours_month: int
    works_whole_year: bool
    parents_scheme: str
    is_partner_covered: bool
    study_from: date
    study_until: date
    step: int
    agency: str | None
    complementary: str | None
    care_date: date | None
    is_first: bool
    is_prescribed: bool
    has_declared_gp: bool
    on: date


class Affiliation(NamedTuple):
    """Who covers the student, and what it costs.

    Attributes:
        status: compulsory, automatic, optional, exempt or not-eligible.
        scheme: student, general, home (the country or scheme of origin) or other.
        agencies: ids to choose from; empty when there is no choice.
        contribution_cents: owed for the year.
        since, until: first and last day of the insurance year, when affiliated.
        reasons: why.
    """

    status: str
    scheme: str
    agencies: tuple[str, ...]
    contribution_cents: int
    since: date | None
    until: date | None
    reasons: tuple[Reason, ...]


class Choice(NamedTuple):
    """Whether the choice of agency and complementary stands, and what is wrong with it."""

    is_valid: bool
    errors: tuple[Problem, ...]


class Agency(NamedTuple):
    """A body that pays.

    Attributes:
        id, name, centre: who it is; centre is None for a CPAM.
        departments: where it can be chosen; empty for everywhere.
        address: lines of the postal address, empty when unknown.
        address_from, address_until: days between which the address holds.
        office, access: where to ask in person; never on an envelope.
        phone: number to call, or None.
        has_back_office: it works in this program.
    """

    id: str
    name: Text
    centre: str | None
    departments: frozenset[str]
    address: tuple[str, ...]
    address_from: date | None
    address_until: date | None
    office: tuple[str, ...]
    access: Text | None
    phone: str | None
    has_back_office: bool
    sources: tuple[Source, ...]


class Destination(NamedTuple):
    """Where the request goes; an appointment by phone is the other way where there is one."""

    agency: Agency
    lines: tuple[str, ...]
    phone: str | None
    script: Text | None
    reasons: tuple[Reason, ...]


class RequiredPaper(NamedTuple):
    """A paper the request needs.

    Attributes:
        kind: its id.
        label, valid: what it is, what makes it valid.
        is_original: the original goes, not a copy.
        keep_copy: keep a copy of what is sent.
        reason: why it is needed.
    """

    kind: str
    label: Text
    valid: Text
    is_original: bool
    keep_copy: bool
    reason: Reason


class Deadline(NamedTuple):
    """Something to be done until a day, included; None when it depends on a later event."""

    what: Text
    code: str
    until: date | None
    reason: Reason


class Advice(NamedTuple):
    """The whole answer."""

    situation: Situation
    affiliation: Affiliation
    choice: Choice
    send_to: Destination | None
    papers: tuple[RequiredPaper, ...]
    deadlines: tuple[Deadline, ...]
