"""What has to be known of the order of the rows of a batch before the loop; compiled as well."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[Any]


class Walk(NamedTuple):
    """What one walk over the rows has found.

    Attributes:
        is_in_order: rows go by person, then day, then line number.
        is_ascending: the line numbers of every person go up: none comes twice.
        longest_day: the most rows that one person has on one day.
    """

    is_in_order: bool
    is_ascending: bool
    longest_day: int


def walk(
    person: npt.NDArray[np.int64], day: Integers, line: npt.NDArray[np.int64], order: Integers
) -> Walk:
    """Return what a walk over the rows in this order finds."""
    is_in_order, is_ascending = True, True
    longest, run = 1, 1
    for place in range(1, len(order)):
        before, row = order[place - 1], order[place]
        if person[row] != person[before]:
            run = 1
            is_in_order &= person[row] > person[before]
            continue
        is_ascending &= line[row] > line[before]
        if day[row] == day[before]:
            run += 1
            longest = max(longest, run)
            is_in_order &= line[row] >= line[before]
        else:
            run = 1
            is_in_order &= day[row] > day[before]
    return Walk(is_in_order, is_ascending, longest)
