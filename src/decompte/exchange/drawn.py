"""One block of a synthetic year: students drawn by chance, their care, as a table in order.

A block depends on the seed and on its first student alone: blocks can be drawn side by side.
"""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from decompte.law.tables import day_number

SECTORS = ("1", "2")
PATHWAYS = ("declared-gp", "referred", "out-of-pathway", "not-concerned")
FORMULAS = ("example-formula-2013",)
SCHEMES = ("general", "alsace-moselle")
DOCTORS = 50_000
MOST_LINES = 1000
CHANCES = 1 << 16
DAY_BITS = 9
EURO = 100
FEW = ("date", "price_cents", "birth_date", "covers", "related")  # columns of few distinct values
NOT_ALWAYS = ("coefficient", "declared_gp_since", "formula")  # columns that some lines leave out
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Market(NamedTuple):
    """What acts cost in the year.

    Attributes:
        acts: their letters.
        weights: share of the lines.
        prices: `[act][sector][day of the year]`, cents in sector 1 and base in sector 2.
        coefficients: 0 where the act has none.
        has_pathway, is_specialist: flags.
    """

    acts: tuple[str, ...]
    weights: npt.NDArray[np.float64]
    prices: npt.NDArray[np.int32]
    coefficients: npt.NDArray[np.float64]
    has_pathway: Flags
    is_specialist: Flags


class Year(NamedTuple):
    """What every block is drawn from.

    Attributes:
        seed, year: of the whole.
        known: the assumptions, by name.
        market: what acts cost.
        days: by chance, the day of the year.
        acts: by chance, the position of the act.
    """

    seed: int
    year: int
    known: dict[str, Any]
    market: Market
    days: npt.NDArray[np.int32]
    acts: npt.NDArray[np.int8]


def prepared(seed: int, year: int, known: dict[str, Any], market: Market) -> Year:
    """Return a year ready to be drawn from; shares are counted in 65 536ths."""
    months = [day_number(date(year, month, 1)) for month in range(1, 13)]
    lengths = np.diff([*months, day_number(date(year + 1, 1, 1))])
    by_day = np.repeat(np.array(known["season"]) / lengths, lengths)
    return Year(seed, year, known, market, _by_chance(by_day), _by_chance(market.weights))


def _by_chance(shares: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    ends = np.cumsum(shares) / shares.sum() * CHANCES
    kind = np.int32 if len(shares) > np.iinfo(np.int8).max else np.int8
    return (
        np.searchsorted(ends, np.arange(CHANCES), side="right").clip(0, len(ends) - 1).astype(kind)
    )


def drawn(year: Year, start: int, students: int) -> pa.Table:
    """Return the care of a block of students, in order of student, date and line.

    Args:
        year: what is drawn from.
        start: number of the first student.
        students: how many.
    """
    chance = np.random.Generator(np.random.Philox(key=[year.seed, start]))
    known, market = year.known, year.market
    each = np.minimum(chance.poisson(known["lines_per_student"], students), MOST_LINES)
    owner = np.repeat(np.arange(students, dtype=np.int32), each)
    lines = len(owner)
    by_day = year.days[chance.integers(0, CHANCES, lines, dtype=np.uint16)]
    day = np.sort((owner << DAY_BITS) | by_day) & ((1 << DAY_BITS) - 1)
    act = year.acts[chance.integers(0, CHANCES, lines, dtype=np.uint16)]
    is_2 = market.is_specialist[act] & _some(chance, lines, known["sector_2"])
    person = start + np.arange(students, dtype=np.int64)
    first = day_number(date(year.year, 1, 1))
    nth = np.arange(lines) - np.repeat(np.cumsum(each) - each, each)
    coefficient = market.coefficients[act]
    columns = [
        pa.array(np.repeat(person, each)),
        pa.array(np.repeat(person * MOST_LINES, each) + nth),
        pa.array(day + np.int32(first)).cast(pa.date32()),
        _named(act, market.acts),
        pa.array(_prices(chance, year, act, is_2, day)),
        pa.array(coefficient, mask=coefficient == 0),
        pa.array(chance.integers(1, DOCTORS, lines, dtype=np.int32).astype(np.int64)),
        _named(is_2.view(np.int8), SECTORS),
        _named(_pathways(chance, year, act), PATHWAYS),
        *_facts(chance, year, students, each),
        pa.array(_some(chance, lines, known["third_party"])),
    ]
    return pa.Table.from_arrays(columns, schema=schema())


def _some(chance: np.random.Generator, count: int, share: float) -> Flags:
    """Return flags of which a share is set, counted in 65 536ths."""
    return chance.integers(0, CHANCES, count, dtype=np.uint16) < round(share * CHANCES)


def _prices(
    chance: np.random.Generator,
    year: Year,
    act: npt.NDArray[np.int8],
    is_2: Flags,
    day: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    """Return what was paid: the tariff, and in sector 2 an overcharge in whole euros above it."""
    _acts, sectors, days = year.market.prices.shape
    tariffs = year.market.prices.ravel()
    prices: npt.NDArray[np.int32] = tariffs[(act.astype(np.int32) * sectors + is_2) * days + day]
    dear = np.flatnonzero(is_2)
    extra = 1 + year.known["overcharge"] * chance.standard_exponential(len(dear))
    charged = (prices[dear] * extra).astype(np.int32) // EURO * EURO
    prices[dear] = np.maximum(prices[dear], charged)
    return prices


def _pathways(
    chance: np.random.Generator, year: Year, act: npt.NDArray[np.int8]
) -> npt.NDArray[np.int8]:
    inside = year.market.is_specialist.astype(np.int8)
    usual = np.where(year.market.has_pathway, inside, np.int8(3))
    outside = np.where(year.market.has_pathway, np.int8(2), np.int8(3))
    out = _some(chance, len(act), year.known["out_of_pathway"])
    ways: npt.NDArray[np.int8] = np.where(out, outside[act], usual[act])
    return ways


def _facts(chance: np.random.Generator, year: Year, students: int, each: Ints) -> list[pa.Array]:
    """Return the columns that follow from the person, from the birth to the formula."""
    known = year.known
    youngest, oldest = known["ages"]
    born = [day_number(date(year.year - age, 1, 1)) for age in (oldest, youngest)]
    birth = chance.integers(born[0], born[1], students, dtype=np.int32)
    has_gp, local = (_some(chance, students, known[name]) for name in ("declared_gp", "local"))
    ald, c2s = (_some(chance, students, known[name]) for name in ("ald", "c2s"))
    insured = _some(chance, students, known["formula"]) & ~c2s
    lines = int(each.sum())
    gp_since = np.full(lines, day_number(date(year.year - 1, 9, 1)), np.int32)
    related = np.repeat(ald, each) & _some(chance, lines, 1 / 2)
    return [
        pa.array(np.repeat(birth, each)).cast(pa.date32()),
        pa.array(gp_since, mask=np.repeat(~has_gp, each)).cast(pa.date32()),
        _named(np.repeat(local.view(np.int8), each), SCHEMES),
        pa.array(np.repeat((ald + 4 * c2s).astype(np.int32), each)),
        pa.array(related.astype(np.int32)),
        _named(np.zeros(lines, np.int8), FORMULAS, mask=np.repeat(~insured, each)),
    ]


def _named(
    places: npt.NDArray[Any], names: tuple[str, ...], mask: Flags | None = None
) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=mask), pa.array(names))


def schema() -> pa.Schema:
    """Return the columns of a synthetic year."""
    name = pa.dictionary(pa.int8(), pa.string())
    kinds = {
        "beneficiary": pa.int64(),
        "line": pa.int64(),
        "date": pa.date32(),
        "act": name,
        "price_cents": pa.int32(),
        "coefficient": pa.float64(),
        "practitioner": pa.int64(),
        "sector": name,
        "pathway": name,
        "birth_date": pa.date32(),
        "declared_gp_since": pa.date32(),
        "scheme": name,
        "covers": pa.int32(),
        "related": pa.int32(),
        "formula": name,
        "third_party_payment": pa.bool_(),
    }
    return pa.schema(
        [pa.field(name, kind, nullable=name in NOT_ALWAYS) for name, kind in kinds.items()]
    )
