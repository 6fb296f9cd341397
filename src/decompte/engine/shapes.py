"""A case and its settlement: what the engine is asked, and what it answers. Amounts in cents."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple


class Cover(NamedTuple):
    """A dated right that changes the computation.

    Attributes:
        kind: one of `engine.periods.COVERS`.
        since: first day.
        until: last day, included; None while it lasts.
    """

    kind: str
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Return whether the right is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Span(NamedTuple):
    """Days on which a person is covered at all.

    Attributes:
        since: first day.
        until: last day, included; None while it lasts.
    """

    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Return whether the person is covered on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class KeptToday(NamedTuple):
    """Participation that another settlement kept on a day from one practitioner's acts."""

    date: date
    practitioner: str
    participation_cents: int


class Person(NamedTuple):
    """Whose care it is.

    Attributes:
        birth_date: day of birth.
        is_local_scheme: belongs to the local scheme of Alsace-Moselle.
        declared_gp_since: day from which a GP is declared, or None.
        covers: dated rights.
        participation_used_cents: participation already kept by other settlements, by year of care.
        franchise_used_cents: franchise already kept by other settlements, by year of care.
        kept_today: participation already kept by other settlements, by day and practitioner.
        flat_sums_used_cents: flat sums of the formula paid by other settlements, by year of care.
        rights: days on which the person is covered; None where the case does not tell.
        sessions_used: sessions with a psychologist that other settlements reimbursed, by year of
            care.
    """

    birth_date: date
    is_local_scheme: bool
    declared_gp_since: date | None
    covers: tuple[Cover, ...]
    participation_used_cents: Mapping[int, int]
    franchise_used_cents: Mapping[int, int]
    kept_today: tuple[KeptToday, ...]
    flat_sums_used_cents: Mapping[int, int] = MappingProxyType({})
    rights: tuple[Span, ...] | None = None
    sessions_used: Mapping[int, int] = MappingProxyType({})


class Code(NamedTuple):
    """An entry of a nomenclature, as it stands on a day of care.

    Attributes:
        code: CIP13, code of the CCAM, of the NABM or of the LPP.
        nomenclature: bdpm, ccam, nabm or lpp; also the id of its source.
        label: what it is, in French as published.
        since: first day of its tariff.
        tariff_cents: for one; -1 where the act's letter has the tariff.
        basket: of dental prostheses and devices: 100-sante, controlled or free; else empty.
    """

    code: str
    nomenclature: str
    label: str
    since: date
    tariff_cents: int
    basket: str = ""


class CareLine(NamedTuple):
    """One act, as the care form says it.

    Attributes:
        date: day of care.
        act: letter of the act.
        price_cents: paid for the whole quantity.
        quantity: number of acts.
        specialty, sector: of the practitioner.
        practitioner: identity of the practitioner; empty when unknown.
        pathway: how the patient came.
        is_ald_related: what the doctor ticked.
        is_third_party_payment: the doctor was paid by the insurance.
        coefficient: of one act, in ten-thousandths; 10 000 where the act has none.
        code: the nomenclature entry charged, or None; `act` is then the letter it counts as.
        related_to: covers, other than a long illness, that the care is related to.
        prevention: name of the prevention scheme it is for, or empty.
        modifiers: keys of the modifiers of a technical act.
        association: code of technical acts charged together, "1" to "5"; empty for none.
        id: what names this line among all claimed, or empty; the same twice is one line.
        place: where the practitioner works.
        reference_tariff_cents: for one box of a medicine under a reference tariff, or None.
        generic_price_cents: for one box of the dearest generic, where one was refused, or None.
    """

    date: date
    act: str
    price_cents: int
    quantity: int
    specialty: str
    sector: str
    practitioner: str
    pathway: str
    is_ald_related: bool
    is_third_party_payment: bool
    coefficient: int = 10_000
    code: Code | None = None
    related_to: tuple[str, ...] = ()
    prevention: str = ""
    modifiers: tuple[str, ...] = ()
    association: str = ""
    id: str = ""
    place: str = "mainland"
    reference_tariff_cents: int | None = None
    generic_price_cents: int | None = None

    @property
    def charged(self) -> str:
        """Return what the bill says: the code, or the letter."""
        return self.code.code if self.code else self.act


class Case(NamedTuple):
    """One person's lines, and what is known of the claim.

    Attributes:
        person: whose care it is.
        complementary: the formula of their complementary insurance, or None.
        lines: care lines, in the order asked.
        complementary_since: first day of the complementary, or None where the case does not tell.
        claimed_on: day on which the claim arrived, or None where the case does not tell.
    """

    person: Person
    complementary: str | None
    lines: tuple[CareLine, ...]
    complementary_since: date | None = None
    claimed_on: date | None = None


class LineAmounts(NamedTuple):
    """What one line comes to.

    Attributes:
        line: the line as asked.
        base_cents: tariff the rate applies to.
        rate_bp: rate in basis points.
        gross_cents: base times rate.
        penalty_cents: taken away for being out of the pathway.
        participation_cents, franchise_cents: flat amounts kept back.
        amo_cents: mandatory part.
        local_cents, solidarity_cents, amc_cents: local scheme, solidarity cover, complementary.
        patient_cents: what remains to the patient.
        deferred_cents: share of it recovered later, because the doctor was paid directly.
        reasons: mask of `rules.reasons`.
    """

    line: CareLine
    base_cents: int
    rate_bp: int
    gross_cents: int
    penalty_cents: int
    participation_cents: int
    franchise_cents: int
    amo_cents: int
    local_cents: int
    solidarity_cents: int
    amc_cents: int
    patient_cents: int
    deferred_cents: int
    reasons: int


class Settlement(NamedTuple):
    """The answer to a case: amounts line by line, in the order asked, and the law's version."""

    case: Case
    lines: tuple[LineAmounts, ...]
    law_version: str

    def total_cents(self, field: str) -> int:
        """Return the sum of a field over the lines, such as `amo_cents`."""
        return sum(getattr(line, field) for line in self.lines)
