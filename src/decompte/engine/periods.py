"""Joins the tables of the law to the shapes of the rules: the only place that knows both."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from decompte.engine import memory
from decompte.law.known import as_known_on
from decompte.law.load import ASSOCIATIONS, FRANCHISES, KINDS_OF_CARE, PREVENTIONS
from decompte.law.load import law as loaded_law
from decompte.law.nomenclature.store import digest as nomenclatures
from decompte.law.shapes import Figure, LawData
from decompte.law.tables import ABSENT, EPOCH, Tables, period_of, tables
from decompte.rules import reasons
from decompte.rules.prevention import is_of_age
from decompte.rules.shapes import Law

Cube = tuple[tuple[tuple[int, ...], ...], ...]
RULES = Path(reasons.__file__).parent
MEMORY = Path(memory.__file__)
SECTORS = ("1", "2", "optam", "none")
MAINLAND = "mainland"
PATHWAYS = (
    "declared-gp",
    "new-gp",
    "gp-replaced",
    "referred",
    "direct-access",
    "emergency",
    "away-from-home",
    "out-of-pathway",
    "not-concerned",
)
BASKETS = ("100-sante", "controlled", "free")
NOT_DOCTORS = (
    "nurse",
    "physiotherapist",
    "speech-therapist",
    "orthoptist",
    "podiatrist",
    "midwife",
    "dentist",
    "pharmacist",
    "psychologist",
    "supplier",
    "carrier",
    "hospital",
)
EXCUSES = ("emergency", "away-from-home")
COVERS = ("ald", "maternity", "c2s", "acs", "ame", "military-pension", "work-accident")
RELATED_COVERS = ("ald", "work-accident")
REPLACING_COVERS = ("ame",)
RATES_OF_COVERS = {
    "ald": "rate.ald",
    "maternity": "rate.maternity",
    "ame": "rate.ame",
    "military-pension": "rate.military_pension",
    "work-accident": "rate.work_accident",
}
KIND_REASONS = {"doctor": reasons.RATE_CONSULTATION}
FREE_FEES = ("2", "none")
REGULATED = ("1", "optam")
WEAK = ("medicine_moderate", "medicine_low")
FLAT_SUMS = {
    "device": "complementary.flat_sum_device",
    "not_reimbursed": "complementary.flat_sum_not_reimbursed",
}
COVER_REASONS = {
    "ald": reasons.RATE_ALD,
    "maternity": reasons.RATE_MATERNITY,
    "ame": reasons.RATE_AME,
    "military-pension": reasons.RATE_MILITARY_PENSION,
    "work-accident": reasons.RATE_WORK_ACCIDENT,
}


class Index(NamedTuple):
    """Names to positions in the tables of the rules."""

    act: Mapping[str, int]
    sector: Mapping[str, int]
    place: Mapping[str, int]
    pathway: Mapping[str, int]
    specialty: Mapping[str, int]
    cover: Mapping[str, int]
    formula: Mapping[str, int]
    modifier: Mapping[str, int]
    ceiling: Mapping[str, int]


class Periods(NamedTuple):
    """The law as the rules see it, how to find one's way in it, and its version.

    Attributes:
        starts: first days of the periods, in days since 1970-01-01.
        law: figures by period.
        claim_years_by_period: years within which care of the period can be claimed.
        recovery_years_by_period: years within which amounts deferred in it can be recovered.
        no_third_party_by_period: flags, 1 where who refuses a generic has to advance its price.
        names: names to positions.
        data: the loaded law, for labels and sources.
        version: digest of the figures and the rules that answer.
    """

    starts: tuple[int, ...]
    law: Law
    claim_years_by_period: tuple[int, ...]
    recovery_years_by_period: tuple[int, ...]
    no_third_party_by_period: tuple[int, ...]
    names: Index
    data: LawData
    version: str

    def student_sessions(self, day: date) -> int:
        """Return how many free sessions a year the universities offer a student, 0 for none."""
        value = self.data.figures["sessions.student_a_year"].on(day)
        return value.amount if value is not None and isinstance(value.amount, int) else 0

    def of(self, day: date) -> int:
        """Return the period of a day, -1 before the first."""
        return period_of(self.starts, day)

    def tariff(self, act: str, sector: str, day: date, place: str = MAINLAND) -> int:
        """Return the tariff of an act in a sector and place on a day, in cents, or `ABSENT`."""
        by_place = self.law.tariff[self.of(day)][self.names.act[act]]
        return by_place[self.names.place[place]][self.names.sector[sector]]

    def has_tariff(self, act: str, sector: str, day: date, place: str = MAINLAND) -> bool:
        """Return whether an act charged by its letter has a tariff, or a regulated price."""
        if self.data.acts[act].priced == "price":
            return self.has_rate(act, day)
        return self.of(day) >= 0 and self.tariff(act, sector, day, place) != ABSENT

    def tariff_spans(
        self, act: str, sector: str, place: str = MAINLAND
    ) -> Iterator[tuple[date, date | None]]:
        """Yield the first and last days between which an act has a tariff in a sector and place."""
        row, where, column = self.names.act[act], self.names.place[place], self.names.sector[sector]
        first = None
        for start, period in zip(self.starts, self.law.tariff, strict=True):
            is_known = period[row][where][column] != ABSENT
            if is_known and first is None:
                first = date.fromordinal(start + EPOCH)
            if not is_known and first is not None:
                yield first, date.fromordinal(start + EPOCH) - timedelta(days=1)
                first = None
        if first is not None:
            yield first, None

    def has_rate(self, act: str, day: date) -> bool:
        """Return whether the rate of an act's kind of care is known on a day."""
        kind = self.law.act_kind[self.names.act[act]]
        return self.of(day) >= 0 and self.law.rate_of_kind[self.of(day)][kind] != ABSENT

    def has_rate_of_cover(self, cover: str, act: str, day: date) -> bool:
        """Return whether a cover's rate for an act's kind of care is known on a day."""
        kind = self.law.act_kind[self.names.act[act]]
        return self.law.rate_covered[self.of(day)][self.names.cover[cover]][kind] != ABSENT

    def concerns(self, scheme: str, act: str) -> bool:
        """Return whether a prevention scheme has ever been for acts of this kind."""
        place, kind = PREVENTIONS.index(scheme), self.law.act_kind[self.names.act[act]]
        return any(row[place][kind] != ABSENT for row in self.law.prevention_rate)

    def is_of_age(self, scheme: str, age: int, day: date) -> bool:
        """Return whether a prevention scheme is for people of an age on a day."""
        return is_of_age(self.law, self.of(day), PREVENTIONS.index(scheme), age) == 1

    def has_modifier(self, key: str, day: date) -> bool:
        """Return whether the value of a modifier of the CCAM is known on a day."""
        place, period = self.names.modifier[key], self.of(day)
        values = (self.law.modifier_amount[period][place], self.law.modifier_share[period][place])
        return values != (ABSENT, ABSENT)

    def refusing_limits_base(self, day: date) -> bool:
        """Return whether a refused generic limits the base of a medicine on a day."""
        return self.law.generic_limits_base[self.of(day)] == 1

    def grace_years(self, day: date) -> int:
        """Return the years from the price of a first generic, published on a day, to the limit."""
        value = self.data.figures["generic.grace_years"].on(day)
        return value.amount if value is not None and isinstance(value.amount, int) else 0

    def refusing_ends_third_party(self, day: date) -> bool:
        """Return whether who refuses a generic has to advance the price on a day."""
        return self.no_third_party_by_period[self.of(day)] == 1

    def claim_years(self, day: date) -> int:
        """Return the claim period for care of a day, in years."""
        return self.claim_years_by_period[self.of(day)]

    def recovery_years(self, day: date) -> int:
        """Return the years within which an amount deferred on a day can be recovered."""
        return self.recovery_years_by_period[self.of(day)]

    def has_local_rate(self, act: str, day: date) -> bool:
        """Return whether the share of the local scheme for an act is known on a day."""
        kind = self.law.act_kind[self.names.act[act]]
        return self.law.local_rate[self.of(day)][kind] != ABSENT


@lru_cache(maxsize=1)
def periods() -> Periods:
    """Return the law in force through time, compiled once.

    Raises:
        FiguresError: a figure the rules need is missing.
    """
    return compiled(loaded_law())


@lru_cache(maxsize=4)
def periods_known_on(day: date) -> Periods:
    """Return the law as it was known on a day, compiled.

    Raises:
        FiguresError: a figure the rules need was not known that day.
    """
    known = as_known_on(loaded_law(), day)
    return periods() if known is loaded_law() else compiled(known)


def compiled(data: LawData) -> Periods:
    """Return a loaded law compiled for the rules.

    Raises:
        FiguresError: a figure the rules need is missing.
    """
    table = tables(data)
    index = Index(
        act=_positions(data.acts),
        sector=_positions(SECTORS),
        place=_positions(data.places),
        pathway=_positions(PATHWAYS),
        specialty=_positions(data.specialties),
        cover=_positions(COVERS),
        formula=_positions(_keys(data, "complementary.copayment_share")),
        modifier=_positions(data.modifiers),
        ceiling=_positions(_keys(data, "basket.ceiling")),
    )
    return Periods(
        table.starts,
        _law(table, data, index),
        table.row("claim.years"),
        table.row("deferral.recovery_years"),
        table.row("generic.no_third_party"),
        index,
        data,
        version(data),
    )


def version(data: LawData) -> str:
    """Return what names the law that answers: a digest of figures, codes, rules and memory."""
    digest = hashlib.sha256(data.digest.encode() + nomenclatures().encode())
    for path in (*sorted(RULES.glob("*.py")), MEMORY):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _positions(names: Mapping[str, object] | tuple[str, ...]) -> Mapping[str, int]:
    return {name: position for position, name in enumerate(names)}


def _keys(data: LawData, figure_id: str) -> tuple[str, ...]:
    values = data.figures[figure_id].values
    return tuple(
        key for value in values[:1] if isinstance(value.amount, Mapping) for key in value.amount
    )


def _law(table: Tables, data: LawData, index: Index) -> Law:
    covers, pathways = tuple(index.cover), tuple(index.pathway)
    specialties, formulas = tuple(index.specialty), tuple(index.formula)
    return _acts(table, data, index)(
        rate_of_kind=tuple(
            zip(*(table.row(f"rate.{kind}") for kind in KINDS_OF_CARE), strict=True)
        ),
        kind_reasons=tuple(KIND_REASONS.get(kind, reasons.RATE_CARE) for kind in KINDS_OF_CARE),
        rate_covered=_covered(table),
        prevention_rate=_prevention(table),
        prevention_from_age=table.grid("prevention.from_age", PREVENTIONS),
        prevention_until_age=table.grid("prevention.until_age", PREVENTIONS),
        prevention_every=table.grid("prevention.every", PREVENTIONS),
        prevention_shared=table.grid("prevention.shared", PREVENTIONS),
        ald=index.cover["ald"],
        cover_needs_relation=tuple(int(cover in RELATED_COVERS) for cover in covers),
        cover_replaces=tuple(int(cover in REPLACING_COVERS) for cover in covers),
        cover_reasons=tuple(COVER_REASONS.get(cover, reasons.NONE) for cover in covers),
        specialty_is_doctor=tuple(int(name not in NOT_DOCTORS) for name in specialties),
        pathway_starts=table.row("pathway.starts"),
        pathway_gp_age=table.row("pathway.gp_age"),
        pathway_within=table.grid("pathway.within", pathways),
        pathway_within_without_gp=table.grid("pathway.within_without_gp", pathways),
        pathway_excuses=tuple(int(pathway in EXCUSES) for pathway in pathways),
        direct_access=index.pathway["direct-access"],
        direct_access_from_age=table.grid("pathway.direct_access_from_age", specialties),
        direct_access_until_age=table.grid("pathway.direct_access_until_age", specialties),
        penalty_points=table.row("pathway.penalty_points"),
        penalty_cap=table.row("pathway.penalty_cap"),
        penalty_exempt=table.grid("pathway.penalty_exempt", covers),
        penalty_exempt_related=table.grid("pathway.penalty_exempt_related", covers),
        participation_per_act=table.row("participation.per_act"),
        participation_day_cap_acts=table.row("participation.day_cap_acts"),
        participation_year_cap=table.row("participation.year_cap"),
        participation_minor_age=table.row("participation.minor_age"),
        participation_exempt=table.grid("participation.exempt", covers),
        participation_exempt_related=table.grid("participation.exempt_related", covers),
        franchise_per_unit=table.grid("franchise.per_unit", FRANCHISES),
        franchise_day_cap=table.grid("franchise.day_cap", FRANCHISES),
        franchise_day_by_practitioner=table.row("franchise.day_cap_by_practitioner"),
        franchise_year_cap=table.row("franchise.year_cap"),
        franchise_minor_age=table.row("franchise.minor_age"),
        franchise_exempt=table.grid("franchise.exempt", covers),
        franchise_exempt_related=table.grid("franchise.exempt_related", covers),
        local_rate=table.grid("local.total_rate", KINDS_OF_CARE),
        solidarity_share=table.grid("solidarity.copayment_share", covers),
        solidarity_pays_basket=table.grid("solidarity.pays_basket", covers),
        imposes_tariff=table.grid("solidarity.imposes_tariff", covers),
        no_convention=index.sector["none"],
        deferral_applies=table.row("deferral.applies"),
        formula_copayment=_copayments(table, formulas),
        formula_overcharge=_overcharges(table, formulas),
        formula_flat_sum=_flat_sums(table, formulas),
        formula_year_limit=table.grid("complementary.flat_sum_year_limit", formulas),
        formula_waiting=table.grid("complementary.waiting_days", formulas),
        formula_withheld=table.grid("complementary.withheld_out_of_pathway", formulas),
        formula_pays_basket=table.grid("complementary.pays_basket", formulas),
    )


def _acts(table: Tables, data: LawData, index: Index) -> partial[Law]:
    """Return the law with what it says of acts; the other figures complete it."""
    acts = tuple(data.acts.values())
    return partial(
        Law,
        tariff=_tariffs(table, data),
        act_has_participation=tuple(int(act.has_participation) for act in acts),
        act_has_pathway=tuple(int(act.has_pathway) for act in acts),
        act_is_supplement=tuple(int(act.family == "supplement") for act in acts),
        act_has_coefficient=tuple(int(act.has_coefficient) for act in acts),
        act_kind=tuple(KINDS_OF_CARE.index(act.kind) for act in acts),
        act_is_price=tuple(int(act.priced == "price") for act in acts),
        act_is_heavy=tuple(int(act.is_heavy) for act in acts),
        act_franchise=tuple(
            FRANCHISES.index(act.franchise) if act.franchise else ABSENT for act in acts
        ),
        modifier_amount=table.grid("technical.modifier_amount", tuple(index.modifier)),
        modifier_share=table.grid("technical.modifier_share", tuple(index.modifier)),
        association_share=table.grid("technical.association", ASSOCIATIONS),
        ceiling=table.grid("basket.ceiling", tuple(index.ceiling)),
        reference_tariff_applies=table.row("generic.reference_tariff"),
        generic_limits_base=table.row("generic.limits_base"),
        psychologist=KINDS_OF_CARE.index("psychologist"),
        sessions_a_year=table.row("sessions.a_year"),
        heavy_threshold=table.row("heavy.threshold"),
        heavy_flat_sum=table.row("heavy.flat_sum"),
    )


def _covered(table: Tables) -> tuple[tuple[tuple[int, ...], ...], ...]:
    rates = {name: table.grid(id_, KINDS_OF_CARE) for name, id_ in RATES_OF_COVERS.items()}
    none = ((ABSENT,) * len(KINDS_OF_CARE),) * len(table.starts)
    by_cover = [rates.get(cover, none) for cover in COVERS]
    return tuple(zip(*by_cover, strict=True))


def _prevention(table: Tables) -> tuple[tuple[tuple[int, ...], ...], ...]:
    names = (scheme.replace("-", "_") for scheme in PREVENTIONS)
    by_scheme = [table.grid(f"prevention.{name}", KINDS_OF_CARE) for name in names]
    return tuple(zip(*by_scheme, strict=True))


def _copayments(table: Tables, formulas: tuple[str, ...]) -> Cube:
    usual = table.grid("complementary.copayment_share", formulas)
    weak = table.grid("complementary.copayment_share_weak_medicine", formulas)
    return _by_formula(table, formulas, KINDS_OF_CARE, lambda kind: weak if kind in WEAK else usual)


def _overcharges(table: Tables, formulas: tuple[str, ...]) -> Cube:
    usual = table.grid("complementary.overcharge_share", formulas)
    free = table.grid("complementary.overcharge_share_without_optam", formulas)
    return _by_formula(table, formulas, SECTORS, lambda one: free if one in FREE_FEES else usual)


def _flat_sums(table: Tables, formulas: tuple[str, ...]) -> Cube:
    none = ((0,) * len(formulas),) * len(table.starts)
    sums = {kind: table.grid(id_, formulas) for kind, id_ in FLAT_SUMS.items()}
    return _by_formula(table, formulas, KINDS_OF_CARE, lambda kind: sums.get(kind, none))


def _by_formula(
    table: Tables,
    formulas: tuple[str, ...],
    keys: tuple[str, ...],
    grid_of: Callable[[str], tuple[tuple[int, ...], ...]],
) -> Cube:
    """Return `[period][formula][key]` from one grid `[period][formula]` a key."""
    grids = [grid_of(key) for key in keys]
    return tuple(
        tuple(tuple(grid[period][place] for grid in grids) for place in range(len(formulas)))
        for period in range(len(table.starts))
    )


def _by_sector(table: Tables, figure: Figure) -> tuple[tuple[int, ...], ...]:
    if figure.keys:
        return table.grid(figure.id, SECTORS)
    return tuple((cents,) * len(SECTORS) for cents in table.row(figure.id))


def _tariffs(table: Tables, data: LawData) -> tuple[Cube, ...]:
    """Return `[period][act][place][sector]`; most acts have a tariff on the mainland only."""
    none = ((ABSENT,) * len(SECTORS),) * len(table.starts)
    places = tuple(data.places)
    by_act = []
    for letter, act in data.acts.items():
        rows = none
        if act.priced == "tariff":
            rows = _by_sector(table, data.figures[f"tariff.{letter}"])
        by_act.append(_by_place(table, data.figures, letter, rows, places))
    return tuple(tuple(rows[period] for rows in by_act) for period in range(len(table.starts)))


def _by_place(
    table: Tables,
    figures: Mapping[str, Figure],
    letter: str,
    mainland: tuple[tuple[int, ...], ...],
    places: tuple[str, ...],
) -> Cube:
    """Return `[period][place][sector]` of an act.

    Overseas an act has a tariff where it has one on the mainland. A doctor's is that of regulated
    fees; any other, whose tariff knows no sector, is the same for all.
    """
    elsewhere = len(places) - 1
    if f"overseas.{letter}" not in figures:
        none = ((ABSENT,) * len(SECTORS),) * elsewhere
        return tuple((row, *none) for row in mainland)
    amounts = table.grid(f"overseas.{letter}", places[1:])
    sectors = REGULATED if figures[f"tariff.{letter}"].keys else SECTORS
    return tuple(
        (row, *(_overseas(row, cents, sectors) for cents in by_place))
        for row, by_place in zip(mainland, amounts, strict=True)
    )


@cache
def _overseas(mainland: tuple[int, ...], cents: int, sectors: tuple[str, ...]) -> tuple[int, ...]:
    """Return the tariff of an act overseas by sector, absent where the mainland has none."""
    return tuple(
        cents if sector in sectors and usual != ABSENT else ABSENT
        for sector, usual in zip(SECTORS, mainland, strict=True)
    )
