"""What programs read and write about members, registrations, requests, decisions and payments."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from decompte.portal.api.cases import (
    Amount,
    Closed,
    Day,
    Pathway,
    PractitionerIn,
    SaidIn,
    SettlementOut,
    StudiesIn,
)

Text80 = Field(min_length=1, max_length=80, pattern=r"\S")


class WhoOut(Schema):
    """Whom a token acts for."""

    client: str
    name: str
    kind: str
    agency: str | None
    member: str | None
    expires_at: datetime


class IdentityIn(Closed):
    """Who a member is, as on the passport; `nir` may be left out."""

    given_name: str = Text80
    family_name: str = Text80
    birth_date: date
    nationality: str = Field(pattern="^[A-Z]{2}$")
    address_line: str = Field(min_length=1, max_length=38, pattern=r"\S")
    address_extra: str = Field(default="", max_length=38)
    postal_code: str = Field(pattern=r"^[0-9]{5}$")
    city: str = Field(min_length=1, max_length=32, pattern=r"\S")
    nir: str = Field(default="", max_length=21)


class MemberOut(Schema):
    """A member; the identity number and the bank account with their middle hidden."""

    id: str
    given_name: str
    family_name: str
    birth_date: date
    nationality: str
    address_line: str
    address_extra: str
    postal_code: str
    city: str
    agency: str | None
    nir_masked: str | None
    iban_last4: str | None
    declared_gp_since: date | None


class MemberPage(Schema):
    """A part of the members."""

    items: list[MemberOut]
    count: int


class BankAccountIn(Closed):
    """Where the money goes from now on."""

    holder: str = Field(min_length=1, max_length=70, pattern=r"\S")
    iban: str = Field(min_length=1, max_length=42)


class BankAccountOut(Schema):
    """The account in use, with its middle hidden."""

    holder: str
    iban_last4: str
    bic: str
    bank_name: str


class GPIn(Closed):
    """The doctor declared with the choice-of-GP form."""

    doctor_name: str = Text80
    doctor_number: str = Field(default="", pattern=r"^([0-9]{9}([0-9]{2})?)?$")
    since: date


class GPOut(Schema):
    """A declared GP; `until` is empty for the one in force."""

    doctor_name: str
    doctor_number: str
    since: date
    until: date | None


class CardIn(Closed):
    """A European health insurance card."""

    country: str = Field(pattern="^[A-Z]{2}$", examples=["DE"])
    expires_on: date


class WholeCardIn(CardIn):
    """A European health insurance card with the numbers on it: fields 7, 6 and 8."""

    institution: str = Field(default="", max_length=40, examples=["104212505 - AOK"])
    personal_number: str = Field(default="", max_length=20)
    card_number: str = Field(default="", pattern="^([0-9]{1,20})?$")


class CardOut(Schema):
    """A European health insurance card; its numbers by their last four signs."""

    country: str
    expires_on: date
    institution: str
    personal_number_last4: str
    card_number_last4: str


class RegistrationIn(Closed):
    """Step 1: what the student says. `card` goes with `ehic` among the cards."""

    situation: SaidIn = Field(default_factory=SaidIn)
    study: StudiesIn
    card: CardIn | None = None


class ChoiceIn(Closed):
    """Step 2: agency and complementary; both empty when no agency is to be chosen."""

    agency: str = Field(default="", max_length=40)
    complementary: str = Field(default="", max_length=40)


class AffirmedOut(Schema):
    """Why the affiliation is what it is."""

    code: str
    text: str
    url: str


class RegistrationOut(Schema):
    """A registration of one academic year."""

    id: str
    academic_year: int
    state: str
    step: int
    agency: str | None
    complementary: str | None
    status: str | None
    scheme: str | None
    contribution: str | None
    from_: date | None = Field(alias="from")
    to: date | None
    confirmed_at: datetime | None
    reasons: list[AffirmedOut]


class HandoverIn(Closed):
    """What a school knows of a student, and where the student comes back to.

    The student sees it, corrects it and agrees before anything is kept.
    """

    identity: IdentityIn
    registration: RegistrationIn
    return_address: str = Field(max_length=400, examples=["https://school.example/back"])
    state: str = Field(default="", max_length=200)


class HandoverOut(Schema):
    """How far a hand-over is. What the student chose is told once it is confirmed."""

    id: str
    address: str
    step: Literal["waiting", "accepted", "confirmed", "expired"]
    expires_at: datetime
    agency: str | None
    has_complementary: bool | None
    status: str | None
    contribution: str | None
    from_: date | None = Field(alias="from")
    to: date | None


class CareLineIn(Closed):
    """One act, as the care form says it, in euros."""

    date: Day = Field(examples=["2014-03-12"])
    act: str = Field(max_length=13, examples=["G"])
    price: str = Amount
    quantity: int = Field(default=1, ge=1, le=99)
    practitioner_name: str = Text80
    practitioner: PractitionerIn = Field(default_factory=PractitionerIn)
    pathway: Pathway
    ald_related: bool = False
    third_party_payment: bool = False
    prescription: bool = False


class CareLineOut(Schema):
    """One act of a request, in euros."""

    position: int
    date: Day
    act: str
    price: str
    quantity: int
    specialty: str
    sector: str
    practitioner_name: str
    practitioner_number: str
    pathway: str
    ald_related: bool
    third_party_payment: bool
    prescription: bool


class NeededOut(Schema):
    """A paper of the checklist, and whether it is there."""

    kind: str
    label: str
    form: Literal["original", "copy"]
    state: Literal["missing", "waiting", "received", "accepted", "refused"]
    paper: str | None
    pages: int
    refusal: str | None
    sha256: str | None


class HappenedOut(Schema):
    """What happened to a request."""

    at: datetime
    code: str
    label: str


class RequestSummary(Schema):
    """A request in a list."""

    id: str
    reference: str
    state: str
    channel: str
    agency: str
    care_date: date | None
    price: str
    submitted_at: datetime | None
    promised_on: date | None
    version: int


class RequestPage(Schema):
    """A part of the requests."""

    items: list[RequestSummary]
    count: int


class RequestOut(RequestSummary):
    """A request with its lines, its papers and its history."""

    member: str
    returned_reason: str
    lines: list[CareLineOut]
    papers: list[NeededOut]
    history: list[HappenedOut]
    decision: str | None = Field(description="the one in force")
    decisions: list[str] = Field(description="every one, the first one first")


class PaperIn(Closed):
    """A small paper in one call; larger ones are uploaded in pieces."""

    kind: str = Field(max_length=40)
    file_name: str = Field(min_length=1, max_length=100)
    content: str = Field(description="base64", max_length=2_400_000)


class PaperOut(Schema):
    """A paper that was let in."""

    id: str
    kind: str
    state: str
    media_type: str
    sha256: str
    pages: int


class UploadIn(Closed):
    """A paper that will come in pieces."""

    kind: str = Field(max_length=40)
    file_name: str = Field(min_length=1, max_length=100)
    size: int = Field(ge=1, le=10_000_000)


class UploadOut(Schema):
    """How much of a paper is here; go on from `received`. `paper` is its id once it is whole."""

    id: str
    size: int
    received: int
    paper: str | None


class SendBackIn(Closed):
    """What is missing, in the agent's words."""

    note: str = Field(default="", max_length=2000)


class ArrivedIn(Closed):
    """Which papers were in the envelope."""

    papers: list[str] = Field(default=[], max_length=20)


class VerdictIn(Closed):
    """What an agent thinks of a paper; a refusal says why."""

    accept: bool
    words: str = Field(default="", max_length=1000)


class DoneOut(Schema):
    """Whether the verb did something now (false: it was done before)."""

    done: bool
    state: str
    version: int


class DecisionSummary(Schema):
    """A decision in a list, in euros. The one that no later one corrects is in force."""

    id: str
    request: str
    reference: str
    decided_at: datetime
    price: str
    payable: str
    in_force: bool
    corrects: str | None = Field(description="the decision it replaces")
    corrected_by: str | None = Field(description="the decision that replaces it")


class DecisionPage(Schema):
    """A part of the decisions."""

    items: list[DecisionSummary]
    count: int


class DecisionOut(DecisionSummary):
    """A decision with every cent and its reason."""

    law: str
    case: dict[str, Any]
    settlement: SettlementOut
    message: str
    reason: str | None = Field(description="why a person set it otherwise, or corrected it")
    words: str


class WorkListOut(Schema):
    """A work list of the agency, and how many wait in it."""

    name: str
    label: str
    count: int


class PaymentFileOut(Schema):
    """A payment file; it is released by a second person on the agency's pages only."""

    id: str
    msg_id: str
    state: str
    orders: int
    total: str
    execution_date: date
    sha256: str


class PaymentFilePage(Schema):
    """A part of the payment files."""

    items: list[PaymentFileOut]
    count: int


class DeliveryOut(Schema):
    """One event told, or to be told, to the program's address."""

    id: str
    code: str
    subject: str
    happened_at: datetime
    attempts: int
    delivered_at: datetime | None
    last_error: str


class DeliveryPage(Schema):
    """A part of the deliveries."""

    items: list[DeliveryOut]
    count: int
