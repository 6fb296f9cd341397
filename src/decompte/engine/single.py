"""One person's lines, in order: reads like a statement."""

from collections.abc import Mapping
from datetime import date

from decompte.engine.periods import Periods, periods
from decompte.engine.shapes import CareLine, Case, LineAmounts, Person, Settlement
from decompte.law.age import age_on
from decompte.law.tables import ABSENT
from decompte.rules import shapes
from decompte.rules.base import base
from decompte.rules.complementary import complementary
from decompte.rules.deferral import deferred
from decompte.rules.franchise import franchise
from decompte.rules.heavy import gross
from decompte.rules.local import local
from decompte.rules.participation import participation
from decompte.rules.pathway import penalty
from decompte.rules.rate import rate
from decompte.rules.solidarity import solidarity

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
    law, period = periods.law, periods.of(care.date)
    line = as_rules_see_it(periods, case, care)
    base_cents, why_base = base(law, period, line)
    rate_bp, why_rate = rate(law, period, line)
    gross_cents, why_gross = gross(law, period, line, base_cents, rate_bp)
    penalty_cents, why_penalty, state = penalty(law, period, line, base_cents, gross_cents, state)
    left = gross_cents - penalty_cents
    kept_cents, why_kept, after = participation(law, period, line, left, state)
    left -= kept_cents
    franchise_cents, why_franchise, after = franchise(law, period, line, left, after)
    amo_cents = left - franchise_cents
    local_cents, why_local = local(law, period, line, base_cents, gross_cents)
    copayment = base_cents - gross_cents - local_cents
    solidarity_cents, why_solidarity = solidarity(law, period, line, copayment)
    unpaid, kept_back = copayment - solidarity_cents, gross_cents - amo_cents
    amc_cents, why_amc = complementary(law, period, line, base_cents, unpaid, kept_back)
    deferred_cents, why_deferred = deferred(law, period, line, kept_back)
    return LineAmounts(
        line=care,
        base_cents=base_cents,
        rate_bp=rate_bp,
        gross_cents=gross_cents,
        penalty_cents=penalty_cents,
        participation_cents=kept_cents,
        franchise_cents=franchise_cents,
        amo_cents=amo_cents,
        local_cents=local_cents,
        solidarity_cents=solidarity_cents,
        amc_cents=amc_cents,
        patient_cents=care.price_cents - amo_cents - local_cents - solidarity_cents - amc_cents,
        deferred_cents=deferred_cents,
        reasons=why_base
        | why_rate
        | why_gross
        | why_penalty
        | why_kept
        | why_franchise
        | why_local
        | why_solidarity
        | why_amc
        | why_deferred,
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
