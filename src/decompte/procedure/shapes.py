"""A student's situation, and what the procedures answer."""

from datetime import date
from typing import NamedTuple

from decompte.errors import Problem, Text


class Source(NamedTuple):
    """A page or text, cited once."""

    title: Text
    url: str


class Reason(NamedTuple):
    """Why an answer is what it is.

    Attributes:
        code: stable name: table, then row.
        text: the sentence.
        sources: what it rests on, at least one.
        doubt: what is not sure and whom to ask; None when nothing is.
        confidence: high, medium or low.
    """

    code: str
    text: Text
    sources: tuple[Source, ...]
    doubt: Text | None = None
    confidence: str = "high"


class Situation(NamedTuple):
    """A student, their studies, their choice, and the request at hand.

    Attributes:
        birth_date: day of birth.
        nationality: two letters of ISO 3166-1.
        residence: department, such as `FR-75`.
        cards: what covers them from elsewhere: ehic, s1, se-401-q-102, se-401-q-106, andorra,
            ghic, private.
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
        said: paths of the fields that were told, such as `person.cards`; the rest is assumed.
        is_insured_in_france: in a French scheme before these studies; None when not told.
        territory: overseas collectivity one comes from (pf, pm, nc, wf), or empty.
        is_born_abroad: French, born abroad and not insured in France.
        card_until, card_country: expiry and country of the European card, when told.
        visa: long-stay, short-stay, or empty.
        work_hours_quarter, work_hours_year: paid work counted otherwise.
        is_work_broken: the work contract ended during the year.
        interruption_months: studies interrupted by illness, accident or maternity.
        did_national_service, is_disabled, doctorate_since: what moves the age limit.
        kind: degree, exchange, doctorate, health, internship, apprenticeship, hospital-student,
            trainee-civil-servant, trainee, gap-registered or gap-unregistered.
        before: in the year before: first, continuing, stopped, returning; empty when not told.
        is_approved: the school is agreed for the student scheme.
        is_paid_elsewhere: the contribution was paid at another school.
        is_abroad_year: the year is spent abroad, registered in France.
        establishment: the school's id, or empty.
        agency_before: the agency of the year before.
        account: own, foreign, or other (somebody else's account).
        is_patient_insured: the care is the insured person's own.
        certificate_language: language of the birth certificate, ISO 639-1, or empty.
        sent_on, decision_on, appeal_on: what was done with this request, when.
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
    said: frozenset[str] = frozenset()
    is_insured_in_france: bool | None = None
    territory: str = ""
    is_born_abroad: bool = False
    card_until: date | None = None
    card_country: str = ""
    visa: str = ""
    work_hours_quarter: int = 0
    work_hours_year: int = 0
    is_work_broken: bool = False
    interruption_months: int = 0
    did_national_service: bool = False
    is_disabled: bool = False
    doctorate_since: date | None = None
    kind: str = "degree"
    before: str = ""
    is_approved: bool = True
    is_paid_elsewhere: bool = False
    is_abroad_year: bool = False
    establishment: str = ""
    agency_before: str | None = None
    account: str = "own"
    is_patient_insured: bool = True
    certificate_language: str = ""
    sent_on: date | None = None
    decision_on: date | None = None
    appeal_on: date | None = None


class YearDue(NamedTuple):
    """What one insurance year costs.

    Attributes:
        year: the year in which it begins.
        since, until: its first and last day.
        amount_cents: what is owed; None when the year's amount is not known here.
        least_cents, most_cents: bounds of an amount that is not known.
        reason: why.
    """

    year: int
    since: date
    until: date
    amount_cents: int | None
    least_cents: int
    most_cents: int
    reason: Reason


class Affiliation(NamedTuple):
    """Who covers the student, and what it costs.

    Attributes:
        status: compulsory, automatic, optional, exempt or not-eligible.
        scheme: student, general, home (the country or scheme of origin), unchanged (the one
            before), agricultural, special, depends or other.
        agencies: ids to choose from; empty when there is no choice.
        contribution_cents: owed for the year; None when the year's amount is not known here.
        since, until: first and last day of the insurance year, when affiliated.
        reasons: why.
        years: each insurance year that the stay touches, with what it costs.
        must_register: the student registers on the site for foreign students.
    """

    status: str
    scheme: str
    agencies: tuple[str, ...]
    contribution_cents: int | None
    since: date | None
    until: date | None
    reasons: tuple[Reason, ...]
    years: tuple[YearDue, ...] = ()
    must_register: bool = False


class Choice(NamedTuple):
    """Whether the choice of agency and complementary stands, and what is wrong with it."""

    is_valid: bool
    errors: tuple[Problem, ...]


class Address(NamedTuple):
    """A postal address or an office of an agency.

    Attributes:
        lines: as they go on the envelope.
        since, until: first and last day on which it is known to hold; None when unknown.
        doubtful_before: before that day nobody saw it printed; None when it is known since ever.
        access, hours: how to get there and when, for an office.
        reason: where it was printed, and what is not sure about it.
    """

    lines: tuple[str, ...]
    since: date | None
    until: date | None
    doubtful_before: date | None
    access: Text | None
    hours: Text | None
    reason: Reason

    def is_alive(self, day: date) -> bool:
        """Return whether nothing says that the address did not exist on a day."""
        return (self.since or day) <= day <= (self.until or day)


class Phone(NamedTuple):
    """A number to call: from where, on which days, and what to say."""

    number: str
    use: Text
    since: date | None
    until: date | None
    is_from_abroad: bool
    sources: tuple[Source, ...]


class Agency(NamedTuple):
    """A body that pays.

    Attributes:
        id, name, centre: who it is; centre is None for a CPAM.
        departments: where it can be chosen; empty for everywhere.
        until: last day on which it handled mandatory cover; None when it still does.
        addresses: where requests go, by period.
        offices: where to ask in person; never on an envelope.
        phone: number to call for an appointment, or None.
        has_back_office: it works in this program.
    """

    id: str
    name: Text
    centre: str | None
    departments: frozenset[str]
    until: date | None
    addresses: tuple[Address, ...]
    offices: tuple[Address, ...]
    phone: str | None
    has_back_office: bool
    sources: tuple[Source, ...]

    @property
    def address(self) -> tuple[str, ...]:
        """The lines of its postal address for requests, empty when unknown."""
        return self.addresses[0].lines if self.addresses else ()

    @property
    def office(self) -> tuple[str, ...]:
        """The lines of its nearest office, empty when unknown."""
        return self.offices[0].lines if self.offices else ()

    @property
    def access(self) -> Text | None:
        """How to get to its nearest office."""
        return self.offices[0].access if self.offices else None


class Destination(NamedTuple):
    """Where the request goes; an appointment by phone is the other way where there is one.

    Attributes:
        agency: who takes it.
        lines: the address; empty when it is not known here.
        phone, script: the call, and what to say.
        bring: what to have at hand for the appointment.
        reasons: why there.
        asks: whom to ask for what is not known here; None when nothing is missing.
    """

    agency: Agency
    lines: tuple[str, ...]
    phone: str | None
    script: Text | None
    reasons: tuple[Reason, ...]
    bring: tuple[Text, ...] = ()
    asks: Text | None = None


class RequiredPaper(NamedTuple):
    """A paper the request needs.

    Attributes:
        kind: its id.
        label, valid: what it is, what makes it valid.
        is_original: the original goes, not a copy.
        keep_copy: keep a copy of what is sent.
        reason: why it is needed.
        checks: what to look at before sending, one by one.
        sent_back: why an agency sends it back.
        use: what it is for: the request, or the registration with the scheme.
    """

    kind: str
    label: Text
    valid: Text
    is_original: bool
    keep_copy: bool
    reason: Reason
    checks: tuple[Text, ...] = ()
    sent_back: tuple[Text, ...] = ()
    use: str = "request"


class Deadline(NamedTuple):
    """Something to be done until a day, included; None when it depends on a later event."""

    what: Text
    code: str
    until: date | None
    reason: Reason


class OpenQuestion(NamedTuple):
    """A field that was not told and could change the answer, and the question that asks for it."""

    field: str
    question: Text


class Advice(NamedTuple):
    """The whole answer."""

    situation: Situation
    affiliation: Affiliation
    choice: Choice
    send_to: Destination | None
    papers: tuple[RequiredPaper, ...]
    deadlines: tuple[Deadline, ...]
    no_destination: Reason | None = None
    untold: tuple[OpenQuestion, ...] = ()
