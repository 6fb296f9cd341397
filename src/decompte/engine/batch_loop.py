"""The loop of the batch, compiled with the rules; plain integers and arrays only.

Everything is written so that Numba can compile it and Python can run it as it stands.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

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
NO_COEFFICIENT = 0
NO_BOUND = -1
KEY_MISSING = BENEFICIARY_MISSING | LINE_MISSING | DATE_MISSING
settle = rules_settle.settle
NOTHING = rules_settle.Amounts(*(0,) * 13)
Numbers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.uint32]
position: Any = np.uint32  # without a sign, it need not be asked whether it counts from the end
FIRST_OF_YEAR = 101


class Calendar(NamedTuple):
    """What a day is, by its distance from the first.

    Attributes:
        first, last: days since 1970-01-01; care before or after is rejected.
        period: period of the law.
        year: of the day.
        of_year: the day of the year as the number MMDD.
    """

    first: int
    last: int
    period: npt.NDArray[np.uint32]
    year: npt.NDArray[np.int32]
    of_year: npt.NDArray[np.int32]


class Together(NamedTuple):
    """Which covers can be held together.

    Attributes:
        contradictions: masks of covers that cannot all be in force on a day.
        c2s: mask of the cover that excludes a formula.
        ame: mask of the cover for those who are not insured.
        related: mask of the covers that care has to hold when it says it is related to them.
    """

    contradictions: Numbers
    c2s: int
    ame: int
    related: int


class Charges(NamedTuple):
    """What is charged, by distinct act, specialty, sector and place, from a day and an age on.

    Attributes:
        first, last: by `Rows.charge`, its first and its last span below.
        since: by span, its first day.
        from_age: by span, the first age it is for, in whole years; of the spans of one day, the
            first is for every age from 0.
        spans: `[span][field]`, what follows from the charge, by the positions below.
    """

    first: Numbers
    last: Numbers
    since: Numbers
    from_age: Numbers
    spans: npt.NDArray[np.int64]


CHARGED = (
    "act",
    "sector",
    "specialty",
    "code_tariff",
    "coefficient",
    "prevention",
    "modifiers",
    "association",
    "basket",
    "ceiling",
    "insured_days",
    "refused",
    "place",
    "reference_tariff",
    "generic_price",
)  # fields of a line that follow from the charge
ACT, SECTOR, SPECIALTY, CODE_TARIFF, COEFFICIENT, PREVENTION = range(6)
MODIFIERS, ASSOCIATION, BASKET, CEILING, INSURED_DAYS, REFUSED, PLACE = range(6, 13)
REFERENCE_TARIFF, GENERIC_PRICE = range(13, 15)
CHECKED = (
    "needs_coefficient",  # flag: the row has to give it
    "problems",  # mask of `rejections` that any row has
    "refused_covers",  # mask of covers under which the amount is not known here
    "refused_related",  # the same, when the care is related to them
    "has_local_rate",  # flag: the local scheme's share is known
    "most_coefficient",  # the most a row can give, in ten-thousandths, or `NO_BOUND`
    "most_quantity",  # the most a row can give, or `NO_BOUND`
)
NEEDS_COEFFICIENT, PROBLEMS, REFUSED_COVERS, REFUSED_RELATED, HAS_LOCAL_RATE = range(15, 20)
MOST_COEFFICIENT, MOST_QUANTITY = range(20, 22)


class Rows(NamedTuple):
    """Columns of care lines; names are positions as in `rules.shapes.Line`.

    Attributes:
        person: equal in the rows of a person, different in the next one's.
        line: number of the line.
        day, birth, gp_since: days since 1970-01-01; no declared GP is a day that never comes.
        charge: position in `Charges.first`.
        price: cents.
        quantity, pathway, formula: as in a line.
        coefficient: in ten-thousandths, or `NO_COEFFICIENT`.
        practitioner: equal for the same practitioner.
        covers: mask of covers in force on the day of care.
        related: mask of covers that the care is related to, the long illness among them.
        is_local, is_third_party_payment: flags.
        problems: mask of `rejections` that reading the row has found.
    """

    person: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    day: npt.NDArray[np.int32]
    birth: npt.NDArray[np.int32]
    gp_since: npt.NDArray[np.int32]
    charge: npt.NDArray[np.int32]
    price: npt.NDArray[np.int64]
    quantity: npt.NDArray[np.int64]
    pathway: npt.NDArray[np.int32]
    formula: npt.NDArray[np.int32]
    coefficient: npt.NDArray[np.int64]
    practitioner: npt.NDArray[np.int64]
    covers: npt.NDArray[np.int32]
    related: npt.NDArray[np.int32]
    is_local: npt.NDArray[np.uint8]
    is_third_party_payment: npt.NDArray[np.uint8]
    problems: npt.NDArray[np.int64]


class Amounts(NamedTuple):
    """Columns of results: cents, a rate in basis points, the masks of reasons and of problems."""

    base: npt.NDArray[np.int32]
    gross: npt.NDArray[np.int32]
    penalty: npt.NDArray[np.int32]
    participation: npt.NDArray[np.int32]
    franchise: npt.NDArray[np.int32]
    amo: npt.NDArray[np.int32]
    local: npt.NDArray[np.int32]
    solidarity: npt.NDArray[np.int32]
    amc: npt.NDArray[np.int32]
    patient: npt.NDArray[np.int32]
    deferred: npt.NDArray[np.int32]
    rate_bp: npt.NDArray[np.int16]
    reasons: npt.NDArray[np.int64]
    problems: npt.NDArray[np.int64]


AMOUNT_TYPES = (*((np.int32,) * 11), np.int16, np.int64, np.int64)


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


def charge_problems(charges: Charges, span: int, rows: Rows, row: int) -> int:
    """Return what is wrong with what a row charges on its day."""
    charged = charges.spans[span]
    found: int = charged[PROBLEMS]
    given = rows.coefficient[row]
    if charged[NEEDS_COEFFICIENT] == 1:
        if given == NO_COEFFICIENT:
            found |= COEFFICIENT_MISSING
    elif given not in (NO_COEFFICIENT, charged[COEFFICIENT]):
        found |= COEFFICIENT_NONE
    if NO_BOUND < charged[MOST_COEFFICIENT] < given:
        found |= COEFFICIENT_OF_ACT
    if NO_BOUND < charged[MOST_QUANTITY] < rows.quantity[row]:
        found |= QUANTITY_OF_ACT
    if rows.is_local[row] == 1 and charged[HAS_LOCAL_RATE] != 1:
        found |= LOCAL_NOT_MODELLED
    covers = rows.covers[row]
    if covers != 0:
        refused = charged[REFUSED_COVERS] | charged[REFUSED_RELATED] & rows.related[row]
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


def line_of(
    law: Law,
    charges: Charges,
    span: int,
    rows: Rows,
    row: int,
    years: int,
    on_1_january: int,
) -> Line:
    """Return a row as the rules see it. A house test says when `Line` has more than this fills."""
    given = rows.coefficient[row]
    charged = charges.spans[span]
    coefficient = charged[COEFFICIENT] if given == NO_COEFFICIENT else given
    has_gp = 1 if rows.gp_since[row] <= rows.day[row] else 0
    related = int(rows.related[row])
    return Line(
        act=position(charged[ACT]),
        sector=position(charged[SECTOR]),
        specialty=position(charged[SPECIALTY]),
        pathway=position(rows.pathway[row]),
        formula=int(rows.formula[row]),
        price=rows.price[row],
        code_tariff=charged[CODE_TARIFF],
        quantity=rows.quantity[row],
        coefficient=coefficient,
        age=years,
        age_on_1_january=on_1_january,
        has_gp=has_gp,
        covers=int(rows.covers[row]),
        is_ald_related=(related >> law.ald) & 1,
        is_local=int(rows.is_local[row]),
        is_third_party_payment=int(rows.is_third_party_payment[row]),
        related=related & ~(1 << law.ald),
        prevention=charged[PREVENTION],
        modifiers=charged[MODIFIERS],
        association=charged[ASSOCIATION],
        insured_days=charged[INSURED_DAYS],
        refused=charged[REFUSED],
        basket=charged[BASKET],
        ceiling=charged[CEILING],
        place=position(charged[PLACE]),
        reference_tariff=charged[REFERENCE_TARIFF],
        generic_price=charged[GENERIC_PRICE],
    )


def settle_rows(
    law: Law,
    calendar: Calendar,
    together: Together,
    charges: Charges,
    rows: Rows,
    order: Positions,
    memory: Memory,
    amounts: Amounts,
) -> None:
    """Write what every row comes to, in the order given: person after person, day after day."""
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
        span = position(span_of(charges, rows.charge[row], rows.day[row], years))
        problems = charge_problems(charges, span, rows, row)
        if problems != 0:
            refuse(amounts, row, problems)
            continue
        if rows.day[row] != memory.day[0]:
            begin_day(memory, int(rows.day[row]), year)
        on_1_january = age(birth_year, birth_of_year, year, FIRST_OF_YEAR)
        line = line_of(law, charges, span, rows, row, years, on_1_january)
        settle_row(law, calendar.period[day], line, rows.practitioner[row], memory, amounts, row)


def divided(day: int) -> tuple[int, int]:
    """Return the year of a day YYYYMMDD, and the rest of it as the number MMDD."""
    return day // 10_000, day % 10_000


def refuse(amounts: Amounts, row: int, problems: int) -> None:
    """Write why a row is not computed; it comes to nothing."""
    amounts.problems[row] = problems
    write(amounts, row, NOTHING)


def settle_row(
    law: Law,
    period: int,
    line: Line,
    practitioner: int,
    memory: Memory,
    amounts: Amounts,
    row: int,
) -> None:
    """Write what one line comes to, and remember."""
    slot = slot_of(memory, practitioner)
    franchise_slot = franchise_slot_of(memory, law, period, line, practitioner)
    settled, after = settle(law, period, line, recall(memory, slot, franchise_slot))
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
