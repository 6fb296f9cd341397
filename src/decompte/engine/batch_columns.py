"""What is done to every row of a column before the loop, compiled as well.

Each function goes over its rows once. What is wrong with a row is added to its mask of problems.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from decompte.engine.batch_shapes import NO_COEFFICIENT, Numbers, position
from decompte.engine.rejections import COEFFICIENT_WRONG, COVER_UNKNOWN

Integers = npt.NDArray[Any]
HUNDREDTHS = 100
HALF = 0.5
MOST_COEFFICIENT = 1000
BITS_OF_BYTE, LAST_BIT = 3, 7


def translate(codes: Integers, places: Integers, translated: Integers) -> None:
    """Write the place of every row's code."""
    for row in range(len(codes)):
        translated[row] = places[codes[row]]


def fill(given: Integers, bits: Integers, first: int, default: float, filled: Integers) -> None:
    """Write the values of a column, and a default where it has none.

    Args:
        given: the values; what stands where there is none does not matter.
        bits: bytes with a bit for each row, the lowest first: 1 where there is a value.
        first: the bit of the first row.
        default: stands where there is none.
        filled: written to.
    """
    for row in range(len(given)):
        at = position(first + row)
        is_given = bits[at >> BITS_OF_BYTE] >> (at & LAST_BIT) & 1
        filled[row] = given[row] if is_given == 1 else default


def combine(codes: Integers, other: Integers, size: int, combined: Integers) -> None:
    """Write one number for two codes, the second of which is below a size."""
    for row in range(len(codes)):
        combined[row] = codes[row] * size + other[row]


def meet(codes: Integers, met: npt.NDArray[np.bool_]) -> None:
    """Mark every code that comes."""
    for row in range(len(codes)):
        met[codes[row]] = True


def coefficients(
    given: npt.NDArray[np.float64],
    is_given: npt.NDArray[np.bool_],
    problems: Numbers,
    read: Numbers,
) -> None:
    """Write coefficients in ten-thousandths; they have at most two decimals.

    Few rows have one, and which do cannot be foreseen: so every row is computed, and the result
    chosen. What stands where there is none does not matter.
    """
    for row in range(len(given)):
        value = given[row]
        hundredths = 0
        if value > 0 and value <= MOST_COEFFICIENT:
            hundredths = int(value * HUNDREDTHS + HALF)
        is_right = (hundredths > 0) & (hundredths / HUNDREDTHS == value)
        read[row] = hundredths * HUNDREDTHS if is_given[row] & is_right else NO_COEFFICIENT
        problems[row] |= COEFFICIENT_WRONG if is_given[row] & (not is_right) else 0


def covers(given: Integers, known: int, masks: Integers, problems: Numbers, read: Integers) -> None:
    """Write masks of covers as the law orders them; a bit that is not known is a problem.

    Args:
        given: masks in the bits of the format.
        known: the bits there are.
        masks: by mask in the bits of the format, that in the law's.
        problems: written to.
        read: written to.
    """
    for row in range(len(given)):
        if given[row] & ~known != 0:
            problems[row] |= COVER_UNKNOWN
            read[row] = 0
        else:
            read[row] = masks[given[row]]
