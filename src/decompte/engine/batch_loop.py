"""The loop of the batch, compiled with the rules; plain integers and arrays only.

Everything is written so that Numba can compile it and Python can run it as it stands.
"""

from collections.abc import Sequence

import numpy as np

from decompte.engine.batch_shapes import (
    NO_BOUND,
    NO_COEFFICIENT,
    NOTHING_SPECIAL,
    Amounts,
    Calendar,
    Charges,
    Numbers,
    Positions,
    Rows,
    Slots,
    Special,
    Together,
    position,
    wide,
)
from decompte.engine.memory import (
    Memory,
    begin_day,
    begin_person,
    franchise_slot_of,
    recall,
    remember,
    slot_of,
)
from decompte.engine.rejections import (
    BENEFICIARY_MISSING,
    BIRTH_RANGE,
    COEFFICIENT_MISSING,
    COEFFICIENT_NONE,
    COEFFICIENT_OF_ACT,
    COMPLEMENTARY_TWO,
    COVER_ABSENT,
    COVER_CONTRADICTION,
    COVER_NOT_MODELLED,
    DATE_BEFORE_BIRTH,
    DATE_FUTURE,
    DATE_MISSING,
    DATE_NOT_MODELLED,
    LINE_MISSING,
    LOCAL_NOT_MODELLED,
    PRICE_RANGE,
    QUANTITY_OF_ACT,
    QUANTITY_RANGE,
)
from decompte.rules import settle as rules_settle
from decompte.rules.shapes import Law, Line

MOST_CENTS = 100_000_000
MOST_ACTS = 99
FIRST_BIRTH = -719_162  # 0001-01-01, the first day a case file can name
KEY_MISSING = BENEFICIARY_MISSING | LINE_MISSING | DATE_MISSING
settle = rules_settle.settle
NOTHING = rules_settle.Amounts(*(0,) * 13)
FIRST_OF_YEAR = 101
ITS_PERIOD = 0  # of the law of one period


def civil(day: int) -> int:
    """Return a day since 1970-01-01 as the number YYYYMMDD, in the Gregorian calendar."""
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted_month = (5 * of_year + 2) // 153
    of_month = of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9  # noqa: PLR2004
    after = 1 if month <= 2 else 0  # noqa: PLR2004
    return (year + era * 400 + after) * 10_000 + month * 100 + of_month


def age(birth_year: int, birth_of_year: int, year: int, of_year: int) -> int:
    """Return whole years lived on a day. Born on 29 February: older on 1 March.

    Args:
        birth_year: of the day of birth.
        birth_of_year: the day of birth as the number MMDD.
        year: of the day.
        of_year: the day of the year as the number MMDD.
    """
    is_before = 1 if of_year < birth_of_year else 0
    return year - birth_year - is_before


def span_of(charges: Charges, charge: int, day: int, years: int) -> int:
    """Return the span of a charge in which a day and an age fall."""
    first: int = charges.first[position(charge)]
    span: int = charges.last[position(charge)]
    while span > first and charges.since[position(span)] > day:
        span -= 1
    while span > first and charges.from_age[position(span)] > years:
        span -= 1
    return span


def check_rows(calendar: Calendar, rows: Rows, problems: Numbers) -> None:
    """Add what is wrong with the numbers of every row that has its keys."""
    for row in range(len(problems)):
        if problems[row] & KEY_MISSING == 0:
            problems[row] |= row_problems(calendar, rows, row)


def row_problems(calendar: Calendar, rows: Rows, row: int) -> int:
    """Return what is wrong with the numbers of a row."""
    day, birth = rows.day[row], rows.birth[row]
    found = 0
    if day < calendar.first:
        found |= DATE_NOT_MODELLED
    if day > calendar.last:
        found |= DATE_FUTURE
    if day < birth:
        found |= DATE_BEFORE_BIRTH
    if birth < FIRST_BIRTH or birth > calendar.last:
        found |= BIRTH_RANGE
    if rows.price[row] < 0 or rows.price[row] > MOST_CENTS:
        found |= PRICE_RANGE
    if rows.quantity[row] < 1 or rows.quantity[row] > MOST_ACTS:
        found |= QUANTITY_RANGE
    return found


def charge_problems(charged: np.record, rows: Rows, row: int) -> int:
    """Return what is wrong with what a row charges on its day.

    Args:
        charged: the span of its charge.
        rows: the columns.
        row: position of the row.
    """
    found: int = charged.problems
    given = rows.coefficient[row]
    if charged.needs_coefficient == 1:
        if given == NO_COEFFICIENT:
            found |= COEFFICIENT_MISSING
    elif given not in (NO_COEFFICIENT, charged.coefficient):
        found |= COEFFICIENT_NONE
    if NO_BOUND < charged.most_coefficient < given:
        found |= COEFFICIENT_OF_ACT
    if NO_BOUND < charged.most_quantity < rows.quantity[row]:
        found |= QUANTITY_OF_ACT
    if rows.is_local[row] == 1 and charged.has_local_rate != 1:
        found |= LOCAL_NOT_MODELLED
    covers = rows.covers[row]
    if covers != 0:
        refused = charged.refused_covers | charged.refused_related & rows.related[row]
        if covers & refused != 0:
            found |= COVER_NOT_MODELLED
    return found


def cover_problems(together: Together, rows: Rows, row: int) -> int:
    """Return what is wrong with the covers of a row."""
    covers, has_formula = rows.covers[row], rows.formula[row] >= 0
    found = 0
    for pair in range(len(together.contradictions)):
        if covers & together.contradictions[pair] == together.contradictions[pair]:
            found |= COVER_CONTRADICTION
    if has_formula and covers & together.c2s != 0:
        found |= COMPLEMENTARY_TWO
    if covers & together.ame != 0 and (has_formula or rows.is_local[row] == 1):
        found |= COVER_CONTRADICTION
    if rows.related[row] & together.related & ~covers != 0:
        found |= COVER_ABSENT
    return found


def special_of(law: Law, charged: np.record, rows: Rows, row: int) -> Special:
    """Return what is special about a row, whose charge has this span."""
    related = wide(rows.related[row])
    return Special(
        covers=wide(rows.covers[row]),
        is_ald_related=(related >> law.ald) & 1,
        related=related & ~(1 << law.ald),
        prevention=charged.prevention,
        modifiers=charged.modifiers,
        association=charged.association,
        insured_days=charged.insured_days,
        refused=charged.refused,
        basket=charged.basket,
        ceiling=charged.ceiling,
        place=wide(charged.place),
        reference_tariff=charged.reference_tariff,
        generic_price=charged.generic_price,
    )


def line_of(
    charged: np.record, rows: Rows, row: int, ages: tuple[int, int], special: Special
) -> Line:
    """Return a row as the rules see it. A house test says when `Line` has more than this fills."""
    given = rows.coefficient[row]
    coefficient = charged.coefficient if given == NO_COEFFICIENT else given
    has_gp = 1 if rows.gp_since[row] <= rows.day[row] else 0
    return Line(
        act=charged.act,
        sector=charged.sector,
        specialty=charged.specialty,
        pathway=position(rows.pathway[row]),
        formula=int(rows.formula[row]),
        price=rows.price[row],
        code_tariff=charged.code_tariff,
        quantity=rows.quantity[row],
        coefficient=coefficient,
        age=ages[0],
        age_on_1_january=ages[1],
        has_gp=has_gp,
        covers=special.covers,
        is_ald_related=special.is_ald_related,
        is_local=int(rows.is_local[row]),
        is_third_party_payment=int(rows.is_third_party_payment[row]),
        related=special.related,
        prevention=special.prevention,
        modifiers=special.modifiers,
        association=special.association,
        insured_days=special.insured_days,
        refused=special.refused,
        basket=special.basket,
        ceiling=special.ceiling,
        place=position(special.place),
        reference_tariff=special.reference_tariff,
        generic_price=special.generic_price,
    )


def memory_of(once: np.record, slots: Slots) -> Memory:
    """Return the memory whose single places are fields of one record.

    A record has one address: what is in it is found without looking up where it stands.
    """
    return Memory(
        day=once.day,
        year=once.year,
        kept_this_year=once.kept_this_year,
        franchise_this_year=once.franchise_this_year,
        flat_sums_this_year=once.flat_sums_this_year,
        sessions_this_year=once.sessions_this_year,
        met=once.met,
        counted=once.counted,
        practitioner=slots.practitioner,
        kept_today=slots.kept_today,
        penalty_of_act=slots.penalty_of_act,
        franchise_kind=slots.franchise_kind,
        franchise_of=slots.franchise_of,
        franchise_today=slots.franchise_today,
    )


def settle_rows(
    laws: Sequence[Law],
    calendar: Calendar,
    together: Together,
    charges: Charges,
    rows: Rows,
    order: Positions,
    once: np.record,
    slots: Slots,
    amounts: Amounts,
) -> None:
    """Write what every row comes to, in the order given: person after person, day after day.

    The laws are by period, each the figures of that period alone.
    """
    memory = memory_of(once, slots)
    birth, birth_year, birth_of_year = FIRST_BIRTH - 1, 0, 0
    person = 0
    for place in range(len(order)):
        row = order[place]
        if place == 0 or rows.person[row] != person:
            person = rows.person[row]
            begin_person(memory)
        problems = amounts.problems[row]
        if rows.covers[row] | rows.related[row] != 0:
            problems |= cover_problems(together, rows, row)
        if problems != 0:
            refuse(amounts, row, problems)
            continue
        if rows.birth[row] != birth:
            birth = int(rows.birth[row])
            birth_year, birth_of_year = divided(civil(birth))
        day = position(rows.day[row] - calendar.first)
        year = int(calendar.year[day])
        years = age(birth_year, birth_of_year, year, int(calendar.of_year[day]))
        charged = charges.spans[position(span_of(charges, rows.charge[row], rows.day[row], years))]
        problems = charge_problems(charged, rows, row)
        if problems != 0:
            refuse(amounts, row, problems)
            continue
        if rows.day[row] != memory.day[0]:
            begin_day(memory, int(rows.day[row]), year)
        ages = (years, age(birth_year, birth_of_year, year, FIRST_OF_YEAR))
        settle_row(laws[calendar.period[day]], charged, ages, memory, rows, amounts, row)


def divided(day: int) -> tuple[int, int]:
    """Return the year of a day YYYYMMDD, and the rest of it as the number MMDD."""
    return day // 10_000, day % 10_000


def refuse(amounts: Amounts, row: int, problems: int) -> None:
    """Write why a row is not computed; it comes to nothing."""
    amounts.problems[row] = problems
    write(amounts, row, NOTHING)


def settle_row(
    law: Law,
    charged: np.record,
    ages: tuple[int, int],
    memory: Memory,
    rows: Rows,
    amounts: Amounts,
    row: int,
) -> None:
    """Write what one row comes to, and remember.

    The rules are compiled twice: for rows about which something is special, and for all others,
    where what need not be asked is left out.
    """
    if charged.is_special == 1 or rows.covers[row] | rows.related[row] != 0:
        line = line_of(charged, rows, row, ages, special_of(law, charged, rows, row))
        settle_line(law, line, rows.practitioner[row], memory, amounts, row)
    else:
        line = line_of(charged, rows, row, ages, NOTHING_SPECIAL)
        settle_line(law, line, rows.practitioner[row], memory, amounts, row)


def settle_line(
    law: Law,
    line: Line,
    practitioner: int,
    memory: Memory,
    amounts: Amounts,
    row: int,
) -> None:
    """Write what one line comes to in its row, and remember."""
    slot = position(slot_of(memory, practitioner))
    franchise_slot = position(franchise_slot_of(memory, law, ITS_PERIOD, line, practitioner))
    settled, after = settle(law, ITS_PERIOD, line, recall(memory, slot, franchise_slot))
    remember(memory, slot, franchise_slot, after)
    write(amounts, row, settled)


def write(amounts: Amounts, row: int, settled: rules_settle.Amounts) -> None:
    """Write the amounts of a row."""
    amounts.base[row] = settled.base
    amounts.gross[row] = settled.gross
    amounts.penalty[row] = settled.penalty
    amounts.participation[row] = settled.participation
    amounts.franchise[row] = settled.franchise
    amounts.amo[row] = settled.amo
    amounts.local[row] = settled.local
    amounts.solidarity[row] = settled.solidarity
    amounts.amc[row] = settled.amc
    amounts.patient[row] = settled.patient
    amounts.deferred[row] = settled.deferred
    amounts.rate_bp[row] = settled.rate
    amounts.reasons[row] = settled.reasons
