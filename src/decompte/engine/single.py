"""One person's lines, in order: reads like a statement."""

from collections.abc import Mapping, Sequence
from datetime import date

from decompte.engine.claims import refusals
from decompte.engine.memory import (
    NONE_YET,
    Memory,
    begin_day,
    franchise_slot_of,
    recall,
    remember,
    sizes,
    slot_of,
)
from decompte.engine.periods import BASKETS, Periods, periods
from decompte.engine.shapes import CareLine, Case, LineAmounts, Person, Settlement
from decompte.law.age import age_on
from decompte.law.load import ASSOCIATIONS, PREVENTIONS
from decompte.law.tables import ABSENT, day_number
from decompte.rules import shapes
from decompte.rules.reasons import NONE
from decompte.rules.settle import Amounts
from decompte.rules.settle import settle as rules_settle


def law_version() -> str:
    """Return what names the law that answers: a digest of its figures and its rules."""
    return periods().version


def settle(case: Case, law: Periods | None = None) -> Settlement:
    """Return what is paid for a case, line by line, in the order of the case.

    Lines are taken by date of care, then by their order in the case; caps count in that order.

    Args:
        case: a case whose lines were checked at the border (`exchange.case.read`).
        law: the law that answers; that in force where left out.

    Returns:
        The settlement; amounts in cents.
    """
    law = law or periods()
    person = case.person
    slots = len(case.lines) + len(person.kept_today)
    memory = Memory(*([NONE_YET] * size for size in sizes(slots)))
    practitioners: dict[str, int] = {}
    settled: dict[int, LineAmounts] = {}
    refused = refusals(law, case)
    for number, care in sorted(enumerate(case.lines), key=lambda item: (item[1].date, item[0])):
        if day_number(care.date) != memory.day[0]:
            _begin(memory, person, care.date, practitioners)
        line, period = as_rules_see_it(law, case, care, refused[number]), law.of(care.date)
        practitioner = practitioners.setdefault(care.practitioner, len(practitioners))
        slot = slot_of(memory, practitioner)
        franchise = franchise_slot_of(memory, law.law, period, line, practitioner)
        amounts, after = rules_settle(law.law, period, line, recall(memory, slot, franchise))
        remember(memory, slot, franchise, after)
        settled[number] = _told(care, amounts)
    lines = tuple(settled[number] for number in range(len(case.lines)))
    return Settlement(case, lines, law.version)


def _begin(memory: Memory, person: Person, day: date, practitioners: dict[str, int]) -> None:
    """Begin a day; what other settlements kept counts from the start."""
    begins_year = day.year != memory.year[0]
    begin_day(memory, day_number(day), day.year)
    if begins_year:
        memory.kept_this_year[0] = person.participation_used_cents.get(day.year, 0)
        memory.franchise_this_year[0] = person.franchise_used_cents.get(day.year, 0)
        memory.flat_sums_this_year[0] = person.flat_sums_used_cents.get(day.year, 0)
        memory.sessions_this_year[0] = person.sessions_used.get(day.year, 0)
    for kept in person.kept_today:
        if kept.date == day:
            practitioner = practitioners.setdefault(kept.practitioner, len(practitioners))
            memory.kept_today[slot_of(memory, practitioner)] = kept.participation_cents


def _told(care: CareLine, amounts: Amounts) -> LineAmounts:
    return LineAmounts(
        line=care,
        base_cents=amounts.base,
        rate_bp=amounts.rate,
        gross_cents=amounts.gross,
        penalty_cents=amounts.penalty,
        participation_cents=amounts.participation,
        franchise_cents=amounts.franchise,
        amo_cents=amounts.amo,
        local_cents=amounts.local,
        solidarity_cents=amounts.solidarity,
        amc_cents=amounts.amc,
        patient_cents=amounts.patient,
        deferred_cents=amounts.deferred,
        reasons=amounts.reasons,
    )


def as_rules_see_it(
    periods: Periods, case: Case, care: CareLine, refused: int = NONE
) -> shapes.Line:
    """Return a care line as integers: facts of the day of care, names as positions.

    Args:
        periods: the law by period.
        case: whose care it is, and the complementary.
        care: the line.
        refused: reasons for which nothing is paid, from `engine.claims.refusals`.
    """
    index, person = periods.names, case.person
    gp_since = person.declared_gp_since
    return shapes.Line(
        act=index.act[care.act],
        sector=index.sector[care.sector],
        specialty=index.specialty[care.specialty],
        pathway=index.pathway[care.pathway],
        formula=_formula(case, care, index.formula),
        price=care.price_cents,
        code_tariff=care.code.tariff_cents if care.code else ABSENT,
        quantity=care.quantity,
        coefficient=care.coefficient,
        age=age_on(person.birth_date, care.date),
        age_on_1_january=age_on(person.birth_date, date(care.date.year, 1, 1)),
        has_gp=int(gp_since is not None and gp_since <= care.date),
        covers=_covers_on(person, care.date, index.cover),
        is_ald_related=int(care.is_ald_related),
        is_local=int(person.is_local_scheme),
        is_third_party_payment=int(care.is_third_party_payment),
        related=_mask(care.related_to, index.cover),
        prevention=PREVENTIONS.index(care.prevention) if care.prevention else ABSENT,
        basket=BASKETS.index(care.code.basket) if care.code and care.code.basket else ABSENT,
        ceiling=index.ceiling.get(care.code.code, ABSENT) if care.code else ABSENT,
        modifiers=_mask(care.modifiers, index.modifier),
        association=ASSOCIATIONS.index(care.association) if care.association else ABSENT,
        insured_days=_insured_days(case, care),
        refused=refused,
        place=index.place[care.place],
        reference_tariff=_cents(care.reference_tariff_cents),
        generic_price=_cents(care.generic_price_cents),
    )


def _cents(amount: int | None) -> int:
    return ABSENT if amount is None else amount


def _formula(case: Case, care: CareLine, positions: Mapping[str, int]) -> int:
    since = case.complementary_since
    if case.complementary is None or (since is not None and care.date < since):
        return ABSENT
    return positions[case.complementary]


def _insured_days(case: Case, care: CareLine) -> int:
    if case.complementary_since is None:
        return ABSENT
    return (care.date - case.complementary_since).days


def _mask(names: Sequence[str], positions: Mapping[str, int]) -> int:
    mask = 0
    for name in names:
        mask |= 1 << positions[name]
    return mask


def _covers_on(person: Person, day: date, positions: Mapping[str, int]) -> int:
    mask = 0
    for cover in person.covers:
        if cover.holds_on(day):
            mask |= 1 << positions[cover.kind]
    return mask
