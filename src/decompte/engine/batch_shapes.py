"""What the loop of the batch works on: columns of care lines, what they charge, what comes out."""

from collections.abc import MutableSequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

NO_COEFFICIENT = 0
NO_BOUND = -1
Numbers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.uint32]
wide: Any = np.int64  # one kind of number, so that what takes it is compiled once
position: Any = np.uint32  # without a sign, it need not be asked whether it counts from the end


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
        spans: by span, a record of `SPAN`: what follows from the charge.
    """

    first: Numbers
    last: Numbers
    since: Numbers
    from_age: Numbers
    spans: Any


INDEXES = ("act", "sector", "specialty", "place")
CHARGED = (
    *INDEXES,
    "code_tariff",
    "coefficient",
    "prevention",
    "modifiers",
    "association",
    "basket",
    "ceiling",
    "insured_days",
    "refused",
    "reference_tariff",
    "generic_price",
)  # fields of a line that follow from the charge
CHECKED = (
    "needs_coefficient",  # flag: the row has to give it
    "problems",  # mask of `rejections` that any row has
    "refused_covers",  # mask of covers under which the amount is not known here
    "refused_related",  # the same, when the care is related to them
    "has_local_rate",  # flag: the local scheme's share is known
    "most_coefficient",  # the most a row can give, in ten-thousandths, or `NO_BOUND`
    "most_quantity",  # the most a row can give, or `NO_BOUND`
    "is_special",  # flag: a field of `Special` is not that of `NOTHING_SPECIAL`
)
SPAN = np.dtype(
    [(name, np.uint32 if name in INDEXES else np.int64) for name in (*CHARGED, *CHECKED)],
    align=True,
)


class Special(NamedTuple):
    """Fields of `rules.shapes.Line` that few lines fill."""

    covers: int
    is_ald_related: int
    related: int
    prevention: int
    modifiers: int
    association: int
    insured_days: int
    refused: int
    basket: int
    ceiling: int
    place: int
    reference_tariff: int
    generic_price: int


NOTHING_SPECIAL = Special(0, 0, 0, -1, 0, -1, -1, 0, -1, -1, 0, -1, -1)


class Slots(NamedTuple):
    """What `memory.Memory` holds of the slots of a day, each sequence as long as a day can ask."""

    practitioner: MutableSequence[int]
    kept_today: MutableSequence[int]
    penalty_of_act: MutableSequence[int]
    franchise_kind: MutableSequence[int]
    franchise_of: MutableSequence[int]
    franchise_today: MutableSequence[int]


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
