"""What is published shows nobody: not few people, not one who dominates, not by subtracting."""

import random

import numpy as np
import pytest

from decompte.engine.tally import PAID, Sides, tally, together
from decompte.exchange.disclosure import HUNDRED as WHOLE
from decompte.exchange.disclosure import LEAST, MOST_SHARE, OTHER, coarser, is_safe, published

MEASURES = len(PAID)
WIDTH = 14


def sides(people, amounts=None):
    """Return one row a person, everybody paying the same unless told."""
    base = np.zeros((people, WIDTH), np.int64)
    base[:, :] = 1000 if amounts is None else np.array(amounts)[:, None]
    return Sides(np.arange(people), base, base.copy())


def cells(sizes, amounts=None):
    places = np.repeat(np.arange(len(sizes)), sizes)
    return tally(sides(sum(sizes), amounts), places, [f"c{n}" for n in range(len(sizes))])


def test_ten_people_may_be_shown_and_nine_may_not():
    assert is_safe(cells([LEAST]), 0)
    assert not is_safe(cells([LEAST - 1]), 0)
    assert published(cells([LEAST - 1])) is None


def test_a_cell_that_one_person_dominates_may_not_be_shown():
    rest = 20 * 10
    most = rest * MOST_SHARE // (WHOLE - MOST_SHARE)
    assert is_safe(cells([21], [*[10] * 20, most]), 0)
    assert not is_safe(cells([21], [*[10] * 20, most + 10]), 0)


def test_an_amount_that_few_of_many_people_have_may_not_be_shown():
    assert not is_safe(cells([100], [*[0] * 95, *[10] * 5]), 0)
    assert is_safe(cells([100], [0] * 100), 0)


def test_a_change_that_concerns_few_people_may_not_be_shown():
    both = sides(100)
    both.reform[:5] += 7
    total = tally(both, np.zeros(100, np.int64), ["all"])
    assert not is_safe(total, 0)


def test_a_small_cell_is_added_to_others_until_the_sum_is_safe_and_nothing_is_lost():
    given = cells([3, 40, 25, 30])
    shown = published(given)
    assert shown.names == ("c1", "c3", OTHER)
    assert shown.sums.sum() == given.sums.sum()
    assert published(cells([30, 12])).names == ("c0", "c1")


def test_bands_join_towards_the_middle():
    bands = cells([3, 40, 25, 4])._replace(names=("-2000:-1001", "-500:-1", "0:0", "1:500"))
    assert coarser(bands).names == ("-2000:-1", "0:500")
    assert coarser(cells([3])._replace(names=("0:0",))) is None
    assert coarser(cells([30])._replace(names=("0:0",))).names == ("0:0",)


@pytest.mark.parametrize("seed", range(4))
def test_no_pair_of_queries_isolates_a_person(seed):
    """1,000 pairs of sums of published cells in all: what lies between is nobody, or ten people."""
    chance = random.Random(seed)
    count, names = 400, [f"c{n}" for n in range(30)]
    wanted = np.array([min(int(chance.expovariate(0.2)), 29) for _ in range(count)])
    paid = [int(chance.paretovariate(1.3) * 100) for _ in range(count)]
    both = sides(count, paid)
    both.reform[:] += (chance.randrange(2) * wanted % 7)[:, None]
    shown = published(tally(both, wanted, names))
    assert len(shown.names) > 5
    member = {name: set(np.flatnonzero(wanted == n)) for n, name in enumerate(names)}
    member[OTHER] = set(range(count)) - set().union(*(member[n] for n in shown.names if n != OTHER))
    for _ in range(250):
        one, other = (
            {name for name in shown.names if chance.random() < 0.5} for _query in range(2)
        )
        between = set().union(*(member[name] for name in one ^ other), set())
        assert not between or len(between) >= LEAST
        assert not between or max(paid[n] for n in between) * WHOLE <= MOST_SHARE * sum(
            paid[n] for n in between
        )


def test_people_in_several_cells_are_not_counted_twice_in_the_sum_of_small_ones():
    person = np.repeat(np.arange(8), 2)
    base = np.full((16, WIDTH), 1000, np.int64)
    both = Sides(person, base, base.copy())
    small = tally(both, np.tile([0, 1], 8), ["one", "two"])
    large = tally(sides(50), np.zeros(50, np.int64), ["three"])
    shown = published(together([small, large]))
    assert shown.names == (OTHER,)
