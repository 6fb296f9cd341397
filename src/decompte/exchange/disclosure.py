"""Which cells of a table may leave the house, so that nobody can be read out of it.

A cell is safe when at least `LEAST` people are in it, and each of its amounts, and each change of
one, comes from nobody at all or from at least `LEAST` people of whom none has more than
`MOST_SHARE`. Cells that are not safe are added up into one, with further ones until that one is
safe too. So the rows of a table always add up to its total, and subtracting some from it yields a
sum of safe cells, never a small one.
"""

import numpy as np

from decompte.engine.tally import Cells, chosen, together

LEAST = 10
MOST_SHARE = 85
HUNDRED = 100
OTHER = "*"


def is_safe(cells: Cells, cell: int) -> bool:
    """Return whether a cell may be published."""
    parts = cells.contributors[cell]
    dominated = cells.largest[cell] * HUNDRED > cells.sizes[cell] * MOST_SHARE
    few = (parts > 0) & ((parts < LEAST) | dominated)
    return bool(cells.people[cell] >= LEAST) and not few.any()


def published(cells: Cells) -> Cells | None:
    """Return the safe cells, the others added up under `OTHER`; None when none may be published."""
    places = [place for place in range(len(cells.names)) if cells.people[place] > 0]
    safe = [place for place in places if is_safe(cells, place)]
    small = [place for place in places if place not in set(safe)]
    if not small:
        return chosen(cells, safe) if safe else None
    waiting = sorted(safe, key=lambda place: int(cells.people[place]))
    other = _merged(cells, small)
    while not is_safe(other, 0):
        if not waiting:
            return None
        small.append(waiting.pop(0))
        other = _merged(cells, small)
    kept = [place for place in safe if place not in set(small)]
    return together([chosen(cells, kept), other])


def unsafe(cells: Cells) -> list[str]:
    """Return the names of the cells that may not be published."""
    return [
        name
        for place, name in enumerate(cells.names)
        if cells.people[place] > 0 and not is_safe(cells, place)
    ]


def _merged(cells: Cells, places: list[int]) -> Cells:
    """Return several cells as one.

    A person may be in some of them: the people of the whole are at least those of the largest, and
    nobody's part of it is larger than the largest parts together.
    """
    some = chosen(cells, places)
    return Cells(
        (OTHER,),
        cells.measures,
        some.lines.sum(keepdims=True),
        some.people.max(keepdims=True),
        some.sums.sum(axis=0, keepdims=True),
        some.sizes.sum(axis=0, keepdims=True),
        some.largest.sum(axis=0, keepdims=True),
        np.max(some.contributors, axis=0, keepdims=True),
    )


def coarser(bands: Cells) -> Cells | None:
    """Return bands of people that may be published; None when all of them together may not.

    A band that is not safe joins its neighbour towards the middle, so that nobody who gains is
    shown among those who lose as long as there are enough of either. Every person is in one band.
    """
    places = [place for place in range(len(bands.names)) if bands.people[place] > 0]
    rest = [chosen(bands, [place]) for place in places]
    while unsafe := [place for place, one in enumerate(rest) if not is_safe(one, 0)]:
        if len(rest) == 1:
            return None
        place = max(unsafe, key=lambda at: abs(_middle(rest[at])))
        neighbour = place + 1 if _middle(rest[place]) < 0 or place == 0 else place - 1
        if neighbour == len(rest):
            neighbour = place - 1
        first, last = sorted((place, neighbour))
        rest[first : last + 1] = [_joined(rest[first], rest[last])]
    return together(rest) if rest else None


def _middle(band: Cells) -> int:
    """Return how far a band lies from the middle, in cents; below 0 for a gain."""
    first, _, last = band.names[0].partition(":")
    return int(first or last) if not last or int(last) > 0 else int(last)


def _joined(one: Cells, other: Cells) -> Cells:
    name = f"{one.names[0].partition(':')[0]}:{other.names[0].partition(':')[2]}"
    same = [cells._replace(names=(name,)) for cells in (one, other)]
    return together(same)
