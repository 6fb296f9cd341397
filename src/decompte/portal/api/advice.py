"""The advice as programs see it: who covers a student, where to send what, until when."""

from datetime import date

from ninja import Schema
from pydantic import Field

from decompte.portal.api.cases import SourceOut


class BecauseOut(Schema):
    """Why an answer is given, with its source."""

    code: str
    text: str
    source: SourceOut
    sources: list[SourceOut]
    confidence: str
    doubt: str


class OfferedOut(Schema):
    """An agency the student may choose."""

    id: str
    name: str
    centre: str | None


class YearOut(Schema):
    """What one insurance year costs, in euros; bounds where the amount is not known."""

    year: int
    from_: date = Field(alias="from")
    to: date
    contribution: str | None
    contribution_between: list[str] | None
    reasons: list[BecauseOut]


class AffiliationOut(Schema):
    """Who covers the student, from when to when, and the contribution in euros."""

    status: str
    scheme: str | None
    agencies: list[OfferedOut]
    contribution: str | None
    contribution_between: list[str] | None
    register_: bool = Field(alias="register")
    years: list[YearOut]
    from_: date | None = Field(alias="from")
    to: date | None
    reasons: list[BecauseOut]


class ErrorOut(Schema):
    """What does not stand in a choice."""

    field: str
    code: str
    message: str


class ChoiceOut(Schema):
    """Whether the choice of step 2 stands."""

    valid: bool
    errors: list[ErrorOut]


class AppointmentOut(Schema):
    """The other way: by telephone, and what to say."""

    phone: str
    script: str
    bring: list[str]


class SendToOut(Schema):
    """Where the request goes."""

    agency: str
    name: str
    centre: str | None
    lines: list[str]
    ask: str
    appointment: AppointmentOut | None
    reasons: list[BecauseOut]


class NeededPaperOut(Schema):
    """A paper the request needs, original or copy."""

    kind: str
    label: str
    required: bool
    form: str
    keep_copy: bool
    valid: str
    use: str
    checks: list[str]
    sent_back: list[str]
    reasons: list[BecauseOut]


class DeadlineOut(Schema):
    """Something to be done until a day, included."""

    what: str
    code: str
    until: date | None
    reasons: list[BecauseOut]


class LevyOut(Schema):
    """The campus-life levy of the year, in euros; it insures nobody."""

    amount: str
    reasons: list[BecauseOut]


class UntoldOut(Schema):
    """A field that was left out and could change the answer."""

    field: str
    question: str


class AdviceOut(Schema):
    """The whole advice."""

    affiliation: AffiliationOut
    levy: LevyOut | None
    choice: ChoiceOut
    send_to: SendToOut | None
    not_sent: BecauseOut | None
    documents: list[NeededPaperOut]
    deadlines: list[DeadlineOut]
    untold: list[UntoldOut]
