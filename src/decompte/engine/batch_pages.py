"""Columns of whole numbers as Parquet holds them: distinct values and positions, or packed steps.

Compiled as well. Amounts of care lines have few distinct values, and identifiers go up in small
steps; a library that takes any column spends more time on them than the rules on computing them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from decompte.engine.batch_shapes import position

Integers = npt.NDArray[Any]
WORD = 32
WORD_MASK = (1 << WORD) - 1
FREE = -1
BLOCK, PARTS = 128, 4  # steps that have one least step, and parts of them that have one width
PART = BLOCK // PARTS
BYTE, BYTE_MASK = 8, 255
SEVEN, SEVEN_MASK, MORE = 7, 127, 128
MOST_STEP = 1 << 48
index: Any = np.uint64  # without a sign, it need not be asked whether it counts from the end
MOST_NUMBER = 10  # bytes of a number that is written in groups of seven bits


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


def bounds(values: Integers) -> tuple[int, int]:
    """Return the least and the most of at least one value."""
    least = most = values[0]
    for row in range(len(values)):
        least = min(least, values[row])
        most = max(most, values[row])
    return int(least), int(most)


def number_near(
    values: Integers, least: int, owners: Integers, found: Integers, places: Integers
) -> int:
    """Number the distinct values of a column that lie near each other.

    Args:
        values: of the column.
        least: of them.
        owners: by distance from the least value, `FREE`, as far as the values go.
        found: written to: the distinct values.
        places: written to: the number of every row's value.

    Returns:
        How many there are; -1 when `found` cannot hold them.
    """
    met = 0
    for row in range(len(values)):
        at = position(values[row] - least)
        if owners[at] == FREE:
            if met == len(found):
                return FREE
            owners[at] = met
            found[met] = values[row]
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


def most_bytes(rows: int) -> int:
    """Return room enough for `pack_steps`."""
    blocks = rows // BLOCK + 1
    return 4 * MOST_NUMBER + blocks * (MOST_NUMBER + PARTS + BLOCK * BYTE)


def pack_steps(values: Integers, steps: Integers, packed: Integers) -> int:
    """Write a column as its first value and packed steps: DELTA_BINARY_PACKED of Parquet.

    Args:
        values: at least one; no two of them are `MOST_STEP` apart.
        steps: room for those of a block.
        packed: written to, bytes.

    Returns:
        How many bytes.
    """
    at = write_number(packed, 0, BLOCK)
    at = write_number(packed, at, PARTS)
    at = write_number(packed, at, len(values))
    at = write_signed(packed, at, int(values[0]))
    for first in range(1, len(values), BLOCK):
        least = take_steps(values, first, steps)
        widths = write_signed(packed, at, least)
        at = widths + PARTS
        for part in range(PARTS):
            width = step_width(steps, part * PART)
            packed[widths + part] = width
            if width > 0:
                at = pack_part(steps, part * PART, width, packed, at)
    return at


def take_steps(values: Integers, first: int, steps: Integers) -> int:
    """Write what the steps of a block are above the least of them, and return that one.

    After the last row every step is the least one.
    """
    met = min(BLOCK, len(values) - first)
    before = values[first - 1]
    for place in range(met):
        value = values[index(first) + index(place)]
        steps[place] = value - before
        before = value
    least = steps[0]
    for place in range(1, met):
        least = min(least, steps[place])
    for place in range(met):
        steps[place] -= least
    for place in range(met, BLOCK):
        steps[place] = 0
    return int(least)


def step_width(steps: Integers, start: int) -> int:
    """Return how many bits hold any step of a part."""
    bits, width = 0, 0
    for place in range(PART):
        bits |= int(steps[index(start) + index(place)])
    while bits > 0:
        bits >>= 1
        width += 1
    return width


def pack_part(steps: Integers, start: int, width: int, packed: Integers, at: int) -> int:
    """Write the steps of a part one after the other, the lowest bit first."""
    bits, held = 0, 0
    for place in range(PART):
        bits |= int(steps[index(start) + index(place)]) << held
        held += width
        while held >= BYTE:
            packed[at] = bits & BYTE_MASK
            at += 1
            bits >>= BYTE
            held -= BYTE
    return at


def write_signed(packed: Integers, at: int, number: int) -> int:
    """Write a number that can be negative, its sign as the lowest bit; return where it ends."""
    return write_number(packed, at, number << 1 if number >= 0 else (-number << 1) - 1)


def write_number(packed: Integers, at: int, number: int) -> int:
    """Write a number, not negative, in groups of seven bits; return where it ends."""
    while number >= MORE:
        packed[at] = number & SEVEN_MASK | MORE
        number >>= SEVEN
        at += 1
    packed[at] = number
    return at + 1
