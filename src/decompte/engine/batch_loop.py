"""The loop of the batch, compiled with the rules; plain integers and arrays only.

Everything is written so that Numba can compile it and Python can run it as it stands.
"""

from typing import NamedTuple

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
    BIRTH_RANGE,
    COEFFICIENT_MISSING,
    COEFFICIENT_NONE,
    COMPLEMENTARY_TWO,
    COVER_ABSENT,
    COVER_CONTRADICTION,
    COVER_NOT_MODELLED,
    DATE_BEFORE_BIRTH,
    DATE_FUTURE,
    DATE_NOT_MODELLED,
    LOCAL_NOT_MODELLED,
    PRICE_RANGE,
    QUANTITY_RANGE,
)
from decompte.rules import settle as rules_settle
from decompte.rules.shapes import Law, Line

MOST_CENTS = 100_000_000
MOST_ACTS = 99
FIRST_BIRTH = -719_162  # 0001-01-01, the first day a case file can name
NO_COEFFICIENT = 0
settle = rules_settle.settle
Numbers = npt.NDArray[np.int64]


class Calendar(NamedTuple):
    """What a day is, by its distance from the first.

    Attributes:
        first, last: days since 1970-01-01; care before or after is rejected.
        period: period of the law.
        civil: the day as the number YYYYMMDD.
    """

    first: int
    last: int
    period: Numbers
    civil: Numbers


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
    """What is charged, by distinct act, specialty and sector, from a day on.

    Attributes:
        at: by `Rows.charge`, position of the charge below.
        first: by charge, its first span below; one more at the end.
        since: by span, its first day.
        lines: `[span][field]`, what of a line follows from the charge; see `CHARGED`.
        needs_coefficient: by span, flag: the row has to give it.
        problems: by span, mask of `rejections` that any row has.
        refused_covers, refused_related: masks of covers under which the amount is not known here,
            in any case or when the care is related to them.
        has_local_rate: flag, the local scheme's share is known.
    """

    at: Numbers
    first: Numbers
    since: Numbers
    lines: Numbers
    needs_coefficient: Numbers
    problems: Numbers
    refused_covers: Numbers
    refused_related: Numbers
    has_local_rate: Numbers


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
)
ACT, SECTOR, SPECIALTY, CODE_TARIFF, COEFFICIENT, PREVENTION = range(6)
MODIFIERS, ASSOCIATION, BASKET, CEILING, INSURED_DAYS, REFUSED = range(6, 12)


class Rows(NamedTuple):
    """Columns of care lines; names are positions as in `rules.shapes.Line`.

    Attributes:
        person: equal in the rows of a person, different in the next one's.
        line: number of the line.
        day, birth, gp_since: days since 1970-01-01; no declared GP is a day that never comes.
        charge: position in `Charges.at`.
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


def age(birth: int, day: int) -> int:
    """Return whole years lived; both days as YYYYMMDD. Born on 29 February: older on 1 March."""
    years = day // 10_000 - birth // 10_000
    if day % 10_000 < birth % 10_000:
        return years - 1
    return years


def span_of(charges: Charges, charge: int, day: int) -> int:
    """Return the span of a charge in which a day falls."""
    span: int = charges.first[charge + 1] - 1
    while charges.since[span] > day and span > charges.first[charge]:
        span -= 1
    return span


def row_problems(calendar: Calendar, rows: Rows, row: int) -> int:
    """Return what is wrong with the numbers of a row."""
    day, birth = rows.day[row], rows.birth[row]
    found: int = rows.problems[row]
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
    found: int = charges.problems[span]
    given, fixed = rows.coefficient[row], charges.lines[span, COEFFICIENT]
    if charges.needs_coefficient[span] == 1:
        if given == NO_COEFFICIENT:
            found |= COEFFICIENT_MISSING
    elif given not in (NO_COEFFICIENT, fixed):
        found |= COEFFICIENT_NONE
    if rows.is_local[row] == 1 and charges.has_local_rate[span] != 1:
        found |= LOCAL_NOT_MODELLED
    covers = rows.covers[row]
    if covers != 0:
        refused = charges.refused_covers[span]
        refused |= charges.refused_related[span] & rows.related[row]
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
    law: Law, charges: Charges, span: int, rows: Rows, row: int, birth_civil: int, day_civil: int
) -> Line:
    """Return a row as the rules see it. A house test says when `Line` has more than this fills."""
    given = rows.coefficient[row]
    charged = charges.lines[span]
    coefficient = charged[COEFFICIENT] if given == NO_COEFFICIENT else given
    has_gp = 1 if rows.gp_since[row] <= rows.day[row] else 0
    related = int(rows.related[row])
    return Line(
        act=charged[ACT],
        sector=charged[SECTOR],
        specialty=charged[SPECIALTY],
        pathway=int(rows.pathway[row]),
        formula=int(rows.formula[row]),
        price=rows.price[row],
        code_tariff=charged[CODE_TARIFF],
        quantity=rows.quantity[row],
        coefficient=coefficient,
        age=age(birth_civil, day_civil),
        age_on_1_january=age(birth_civil, day_civil // 10_000 * 10_000 + 101),
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
    )


def settle_rows(
    law: Law,
    calendar: Calendar,
    together: Together,
    charges: Charges,
    rows: Rows,
    order: Numbers,
    memory: Memory,
    amounts: Amounts,
) -> None:
    """Write what every row comes to, in the order given: person after person, day after day."""
    birth, birth_civil = FIRST_BIRTH - 1, 0
    for place in range(len(order)):
        row = order[place]
        if place == 0 or rows.person[row] != rows.person[order[place - 1]]:
            begin_person(memory)
        amounts.problems[row] |= row_problems(calendar, rows, row)
        if rows.covers[row] | rows.related[row] != 0:
            amounts.problems[row] |= cover_problems(together, rows, row)
        if amounts.problems[row] != 0:
            continue
        day = int(rows.day[row])
        span = span_of(charges, charges.at[rows.charge[row]], day)
        amounts.problems[row] |= charge_problems(charges, span, rows, row)
        if amounts.problems[row] != 0:
            continue
        if rows.birth[row] != birth:
            birth = int(rows.birth[row])
            birth_civil = civil(birth)
        day_civil = calendar.civil[day - calendar.first]
        if day != memory.day[0]:
            begin_day(memory, day, day_civil // 10_000)
        line = line_of(law, charges, span, rows, row, birth_civil, day_civil)
        settle_row(
            law,
            calendar.period[day - calendar.first],
            line,
            rows.practitioner[row],
            memory,
            amounts,
            row,
        )


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
