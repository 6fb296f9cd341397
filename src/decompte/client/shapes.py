"""What comes back from `/api/v1`, as typed mappings; amounts are decimal text in euros."""

from typing import Any, TypedDict


class Source(TypedDict):
    """The text or page an answer rests on."""

    title: str
    url: str


class Reason(TypedDict):
    """Why an amount is what it is."""

    code: str
    text: str
    since: str
    source: Source


class Line(TypedDict):
    """What one line comes to."""

    date: str
    act: str
    price: str
    base: str
    rate: str
    gross: str
    penalty: str
    participation: str
    franchise: str
    amo: str
    local: str
    solidarity: str
    amc: str
    patient: str
    deferred: str
    reasons: list[Reason]


class Settlement(TypedDict):
    """What is paid and why."""

    law: str
    lines: list[Line]
    totals: dict[str, str]


class Who(TypedDict):
    """Whom a token acts for."""

    client: str
    name: str
    kind: str
    agency: str | None
    member: str | None
    expires_at: str


class Registration(TypedDict):
    """A registration of one academic year."""

    id: str
    academic_year: int
    state: str
    step: int
    agency: str | None
    complementary: str | None
    status: str | None
    contribution: str | None


class Needed(TypedDict):
    """A paper of the checklist, and whether it is there."""

    kind: str
    label: str
    form: str
    state: str
    paper: str | None
    pages: int


class Summary(TypedDict):
    """A request in a list."""

    id: str
    reference: str
    state: str
    agency: str
    price: str
    version: int


class Request(Summary):
    """A request with its lines, papers and history."""

    member: str
    lines: list[dict[str, Any]]
    papers: list[Needed]
    history: list[dict[str, Any]]
    decision: str | None
    decisions: list[str]


class Done(TypedDict):
    """Whether a verb did something now, and how the request stands."""

    done: bool
    state: str
    version: int


class Decision(TypedDict):
    """A decision with every cent and its reason."""

    id: str
    request: str
    reference: str
    price: str
    payable: str
    in_force: bool
    corrects: str | None
    corrected_by: str | None
    law: str
    case: dict[str, Any]
    settlement: Settlement
    message: str
    reason: str | None
    words: str


class Handover(TypedDict):
    """How far a hand-over is; what was chosen is told once it is confirmed."""

    id: str
    address: str
    step: str
    agency: str | None
    has_complementary: bool | None
    contribution: str | None
