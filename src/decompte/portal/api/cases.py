"""The case and the situation as programs see them: the words of the files, with their choices.

These shapes describe; they do not check. What is sent is read by `exchange`, as the command line
does, so that both refuse the same things in the same words.
"""

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, GetJsonSchemaHandler, RootModel
from pydantic_core import CoreSchema

Day = date
Amount = Field(pattern=r"^\d{1,7}(\.\d{1,2})?$", examples=["23.00"])
Pathway = Literal[
    "declared-gp",
    "new-gp",
    "gp-replaced",
    "referred",
    "direct-access",
    "emergency",
    "away-from-home",
    "out-of-pathway",
    "not-concerned",
]
Sector = Literal["1", "2", "optam", "none"]
Place = Literal["mainland", "guadeloupe", "martinique", "guyane", "reunion", "mayotte"]


class Closed(Schema):
    """A mapping that holds nothing else."""

    model_config = ConfigDict(extra="forbid")


class CoverIn(Closed):
    """A dated right that changes the computation."""

    kind: str = Field(examples=["ald", "maternity", "c2s"])
    from_: Day = Field(alias="from")
    until: Day | None = None


class RightsIn(Closed):
    """Days on which the person is covered at all."""

    from_: Day = Field(alias="from")
    until: Day | None = None


class FormulaIn(Closed):
    """A formula of complementary insurance and its first day."""

    formula: str = Field(examples=["example-student"])
    from_: Day | None = Field(None, alias="from")


class UsedIn(Closed):
    """Amounts already kept back, or paid in flat sums, in a year, in euros."""

    participation: str = Field("0.00", pattern=r"^\d{1,7}(\.\d{1,2})?$")
    franchise: str = Field("0.00", pattern=r"^\d{1,7}(\.\d{1,2})?$")
    flat_sums: str = Field("0.00", pattern=r"^\d{1,7}(\.\d{1,2})?$")
    sessions: int = Field(0, ge=0, le=366)


class UsedDayIn(Closed):
    """Participation already kept back on a day from one practitioner's acts, in euros."""

    date: Day
    practitioner: str
    participation: str = Amount


class PersonIn(Closed):
    """Whose care it is."""

    birth_date: Day = Field(examples=["1993-06-15"])
    scheme: Literal["general", "alsace-moselle"] = "general"
    declared_gp_since: Day | None = None
    covers: list[CoverIn] = []
    rights: list[RightsIn] | None = None
    used: dict[str, UsedIn] = {}
    used_day: list[UsedDayIn] = []


class PractitionerIn(Closed):
    """Who gave the care."""

    specialty: str | None = Field(default=None, max_length=40, examples=["general-practice"])
    sector: Sector = "1"
    place: Place = "mainland"
    id: str | None = Field(default=None, max_length=11, examples=["10001234567"])


class LineIn(Closed):
    """One act, delivery or box, in euros."""

    id: str | None = Field(None, examples=["form-7/1"])
    date: Day = Field(examples=["2014-03-12"])
    act: str = Field(examples=["G"])
    price: str = Amount
    quantity: int = Field(1, ge=1, le=99)
    coefficient: str | None = None
    practitioner: PractitionerIn | None = None
    pathway: Pathway
    ald_related: bool = False
    related_to: list[str] = []
    third_party_payment: bool = False
    prevention: str | None = None
    activity: int | None = Field(None, examples=[1])
    phase: int | None = Field(None, examples=[0])
    modifiers: str | None = Field(None, examples=["MU"])
    association: str | None = Field(None, examples=["1"])
    reference_tariff: str | None = Field(None, examples=["18.00"])
    generic_refused: bool = False
    generic_price: str | None = Field(None, examples=["3.26"])
    generic_since: Day | None = None


class CaseShape(Schema):
    """A case file: whose care, which lines."""

    person: PersonIn
    complementary: str | FormulaIn | None = Field(None, examples=["example-formula-2013"])
    claimed_on: Day | None = None
    lines: list[LineIn] = Field(min_length=1, max_length=10_000)


class WorkIn(Closed):
    """Paid work beside the studies."""

    hours_per_month: int = Field(default=0, ge=0, le=744)
    hours_per_quarter: int = Field(default=0, ge=0, le=2232)
    hours_per_year: int = Field(default=0, ge=0, le=8784)
    whole_year: bool = False
    broken: bool = False


class ParentsIn(Closed):
    """Under which scheme the parents are."""

    scheme: str = Field(default="none", examples=["abroad", "general"])


class SituationCardIn(Closed):
    """The European card, or the day of a provisional certificate, when there is one."""

    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", examples=["ES"])
    expires_on: Day | None = None
    provisional_from: Day | None = None


class SaidIn(Closed):
    """What a student says of themselves, beside who they are."""

    cards: list[str] = Field(default=[], max_length=8, examples=[["ehic"]])
    scholarship: bool = False
    work: WorkIn = Field(default_factory=WorkIn)
    parents: ParentsIn = Field(default_factory=ParentsIn)
    partner_covered: bool = False
    insured_in_france: bool | None = None
    born_abroad: bool = False
    territory: str | None = Field(default=None, examples=["pf"])
    visa: str | None = Field(default=None, examples=["long-stay"])
    birth_certificate: str | None = Field(default=None, pattern="^[a-z]{2}$", examples=["de"])
    national_service: bool = False
    disabled: bool = False
    interruption_months: int = Field(default=0, ge=0, le=120)


class StudentIn(SaidIn):
    """The student."""

    birth_date: Day = Field(examples=["1993-05-02"])
    nationality: str = Field(pattern="^[A-Z]{2}$", examples=["ES"])
    residence: str = Field(pattern="^FR-[0-9AB]{2,3}$", examples=["FR-75"])
    card: SituationCardIn = Field(default_factory=SituationCardIn)


class StudiesIn(Closed):
    """The studies of one academic year."""

    from_: Day = Field(alias="from", examples=["2013-09-02"])
    to: Day = Field(examples=["2014-06-30"])
    establishment: str | None = None
    kind: str = Field(default="degree", examples=["doctorate"])
    before: str | None = Field(default=None, examples=["continuing"])
    approved: bool = True
    paid_elsewhere: bool = False
    abroad: bool = False
    doctorate_since: Day | None = None


class StudyIn(StudiesIn):
    """The studies, and the step of the registration that is asked about."""

    step: int = Field(2, ge=1, le=9)


class SituationChoiceIn(Closed):
    """The agency and the complementary chosen in step 2."""

    agency: str | None = None
    complementary: str | None = None
    before: str | None = None


class AskedIn(Closed):
    """The request for reimbursement that is asked about."""

    care_date: Day | None = None
    first: bool = True
    prescribed: bool = False
    declared_gp: bool = False
    account: str = Field(default="own", examples=["own"])
    own_care: bool = True
    sent_on: Day | None = None
    decision_on: Day | None = None
    appeal_on: Day | None = None
    on: Day | None = None


class SituationShape(Closed):
    """A situation file: who, studying when, choosing what, asking for what."""

    person: StudentIn
    study: StudyIn
    choice: SituationChoiceIn = Field(default_factory=SituationChoiceIn)
    request: AskedIn = Field(default_factory=AskedIn)


class CaseDocument(RootModel[Any]):
    """A case as it was sent, described as `CaseShape`."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the shape of a case."""
        return handler(CaseShape.__pydantic_core_schema__)


class SituationDocument(RootModel[Any]):
    """A situation as it was sent, described as `SituationShape`."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the shape of a situation."""
        return handler(SituationShape.__pydantic_core_schema__)


class SourceOut(Schema):
    """The text or page an answer rests on."""

    title: str
    url: str


class ReasonOut(Schema):
    """Why an amount is what it is, with the source in force on the day of care."""

    code: str
    text: str
    since: Day
    source: SourceOut
    doubt: str | None = None


class LineOut(Schema):
    """What one line comes to, in euros; `rate` in percent."""

    model_config = ConfigDict(extra="allow")

    date: Day
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
    reasons: list[ReasonOut]


class TotalsOut(Schema):
    """The sums of the lines, in euros."""

    model_config = ConfigDict(extra="allow")

    price: str
    amo: str
    local: str
    solidarity: str
    amc: str
    patient: str
    deferred: str


class SettlementOut(Schema):
    """What is paid and why; `law` is the version of the law that answered."""

    law: str
    lines: list[LineOut]
    totals: TotalsOut
