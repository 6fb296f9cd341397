"""Columns of whole numbers as Parquet holds them: distinct values, and packed positions among them.

Compiled as well. Amounts of care lines have few distinct values; a library that takes any column
spends more time on finding them than the rules on computing them.
"""

from typing import Any

import numpy.typing as npt

Integers = npt.NDArray[Any]
WORD = 32
WORD_MASK = (1 << WORD) - 1
FREE = -1


def number(
    values: Integers, keys: Integers, owners: Integers, found: Integers, places: Integers
) -> int:
    """Number the distinct values of a column in the order in which they come.

    Args:
        values: of the column.
        keys: room for values, as many as a power of two, at least twice as many as `found` holds.
        owners: `FREE` for each of `keys`; where a value stands, its number.
        found: written to: the distinct values.
        places: written to: the number of every row's value.

    Returns:
        How many there are; -1 when `found` cannot hold them.
    """
    met = 0
    last = len(keys) - 1
    for row in range(len(values)):
        value = int(values[row])
        at = (value ^ (value >> 15) ^ (value >> 31) ^ (value >> 47)) & last
        while owners[at] != FREE and keys[at] != value:
            at = (at + 1) & last
        if owners[at] == FREE:
            if met == len(found):
                return FREE
            keys[at] = value
            owners[at] = met
            found[met] = value
            met += 1
        places[row] = owners[at]
    return met


def pack(places: Integers, width: int, packed: Integers) -> None:
    """Write numbers of so many bits one after the other, the lowest bit first.

    Args:
        places: the numbers.
        width: bits of each, fewer than those of a word.
        packed: written to: words of 32 bits, enough of them.
    """
    bits, held, word = 0, 0, 0
    for row in range(len(places)):
        bits |= int(places[row]) << held
        held += width
        if held >= WORD:
            packed[word] = bits & WORD_MASK
            word += 1
            bits >>= WORD
            held -= WORD
    if held > 0:
        packed[word] = bits
