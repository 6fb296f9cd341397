"""One person's lines, in order: reads like a statement."""

from collections.abc import Mapping
from datetime import date

from decompte.engine.periods import Periods, periods
from decompte.engine.shapes import CareLine, Case, LineAmounts, Person, Settlement
from decompte.law.age import age_on
from decompte.law.tables import ABSENT
from decompte.rules import shapes
from decompte.rules.settle import settle as rules_settle

Kept = dict[tuple[date, str], int]


def law_version() -> str:
    """Return what names the law that answers: a digest of its figures and its rules."""
    return periods().version


def settle(case: Case) -> Settlement:
    """Return what is paid for a case, line by line, in the order of the case.

    Lines are taken by date of care, then by their order in the case; caps count in that order.

    Args:
        case: a case whose lines were checked at the border (`exchange.case.read`).

    Returns:
        The settlement; amounts in cents.
    """
    law = periods()
    kept_by_day = {
        (kept.date, kept.practitioner): kept.participation_cents for kept in case.person.kept_today
    }
    kept_by_year = dict(case.person.participation_used_cents)
    penalty_by_day: Kept = {}
    franchise_by_day: dict[tuple[date, str, str], int] = {}
    franchise_by_year = dict(case.person.franchise_used_cents)
    settled: dict[int, LineAmounts] = {}
    for number, line in sorted(enumerate(case.lines), key=lambda item: (item[1].date, item[0])):
        day, year = (line.date, line.practitioner), line.date.year
        franchise_day = _franchise_day(law, line)
        before = shapes.State(
            kept_by_day.get(day, 0),
            kept_by_year.get(year, 0),
            penalty_by_day.get(day, 0),
            franchise_by_day.get(franchise_day, 0),
            franchise_by_year.get(year, 0),
        )
        settled[number], after = settle_line(law, case, line, before)
        kept_by_day[day], kept_by_year[year] = after.kept_today, after.kept_this_year
        penalty_by_day[day] = after.penalty_of_act
        franchise_by_day[franchise_day] = after.franchise_today
        franchise_by_year[year] = after.franchise_this_year
    lines = tuple(settled[number] for number in range(len(case.lines)))
    return Settlement(case, lines, law.version)


def settle_line(
    periods: Periods, case: Case, care: CareLine, state: shapes.State
) -> tuple[LineAmounts, shapes.State]:
    """Return what one line comes to, and what is to be remembered for the next.

    Args:
        periods: the law by period.
        case: whose care it is, and the complementary.
        care: the line.
        state: what earlier lines of that day and year left to remember, in cents.
    """
    line = as_rules_see_it(periods, case, care)
    amounts, after = rules_settle(periods.law, periods.of(care.date), line, state)
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
    ), after


def as_rules_see_it(periods: Periods, case: Case, care: CareLine) -> shapes.Line:
    """Return a care line as integers: facts of the day of care, names as positions."""
    index, person = periods.names, case.person
    gp_since = person.declared_gp_since
    return shapes.Line(
        act=index.act[care.act],
        sector=index.sector[care.sector],
        specialty=index.specialty[care.specialty],
        pathway=index.pathway[care.pathway],
        formula=index.formula[case.complementary] if case.complementary else -1,
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
    )


def _franchise_day(periods: Periods, care: CareLine) -> tuple[date, str, str]:
    apart = periods.counts_a_practitioner_apart(care.date)
    kind = periods.data.acts[care.act].franchise
    return care.date, kind, care.practitioner if apart else ""


def _covers_on(person: Person, day: date, positions: Mapping[str, int]) -> int:
    mask = 0
    for cover in person.covers:
        if cover.holds_on(day):
            mask |= 1 << positions[cover.kind]
    return mask
