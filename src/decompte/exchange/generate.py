"""`decompte generate`: a plausible year of students' care, the same for the same seed.

Students are drawn block by block, so memory does not grow; a block depends on the seed and its own
number alone. What it assumes stands in `population.yaml`, each figure published or assumed.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from decompte.engine.periods import Periods, periods
from decompte.law.tables import day_number, period_of

ASSUMPTIONS = Path(__file__).parent / "population.yaml"
STUDENTS = 20_000
SECTORS = ("1", "2")
PATHWAYS = ("declared-gp", "referred", "out-of-pathway", "not-concerned")
FORMULAS = ("example-formula-2013",)
DOCTORS = 50_000
EURO = 100
ONE = 10_000
Ints = npt.NDArray[np.int64]


class Market(NamedTuple):
    """What acts cost in the year.

    Attributes:
        acts: their letters.
        weights: cumulated share of the lines.
        prices: `[act][sector][day of the year]`, cents in sector 1 and base in sector 2.
        coefficients: 0 where the act has none.
        has_pathway, is_specialist: flags.
    """

    acts: tuple[str, ...]
    weights: npt.NDArray[np.float64]
    prices: Ints
    coefficients: npt.NDArray[np.float64]
    has_pathway: npt.NDArray[np.bool_]
    is_specialist: npt.NDArray[np.bool_]


class Report(NamedTuple):
    """What was made: lines, cents billed, lines and cents by act, and what the year has not."""

    students: int
    lines: int
    billed_cents: int
    by_act: dict[str, tuple[int, int]]
    left_out: tuple[str, ...]


def assumptions() -> dict[str, Any]:
    """Return what the year rests on, by name."""
    document: dict[str, dict[str, Any]] = yaml.safe_load(ASSUMPTIONS.read_text(encoding="utf-8"))
    return {name: entry["value"] for name, entry in document.items()}


def generate(target: Path, *, students: int, year: int, seed: int, workers: int) -> Report:
    """Write a year of care as Parquet, in order of student, date and line.

    Args:
        target: the file; it gets its name when it is complete.
        students: how many people.
        year: of the care.
        seed: the same seed gives the same lines.
        workers: blocks drawn at the same time; they change nothing.
    """
    law, known = periods(), assumptions()
    market, left_out = _market(law, known["acts"], year)
    partial = target.with_name(target.name + ".partial")
    lines, billed = np.zeros(len(market.acts), np.int64), np.zeros(len(market.acts), np.int64)
    blocks = range(-(-students // STUDENTS))
    first_line = 0
    with pq.ParquetWriter(partial, _schema(), use_dictionary=_dictionaries()) as writer:
        for table in _in_turn(known, market, seed, year, students, blocks, workers):
            numbers = pa.array(np.arange(first_line, first_line + len(table)))
            first_line += len(table)
            writer.write_table(table.set_column(1, "line", numbers))
            acts = table["act"].chunk(0).indices.to_numpy()
            lines += np.bincount(acts, minlength=len(lines))
            prices = table["price_cents"].to_numpy()
            billed += np.bincount(acts, prices, len(lines)).astype(np.int64)
    partial.replace(target)
    by_act = {
        act: (int(count), int(cents))
        for act, count, cents in zip(market.acts, lines, billed, strict=True)
    }
    return Report(students, int(lines.sum()), int(billed.sum()), by_act, left_out)


def _in_turn(  # noqa: PLR0913  (what a block depends on)
    known: dict[str, Any],
    market: Market,
    seed: int,
    year: int,
    students: int,
    blocks: range,
    workers: int,
) -> Iterator[pa.Table]:
    waiting: deque[Future[pa.Table]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for block in blocks:
            count = min(STUDENTS, students - block * STUDENTS)
            chance = np.random.Generator(np.random.Philox(key=[seed, block]))
            start = block * STUDENTS
            waiting.append(pool.submit(_block, chance, known, market, year, (start, count)))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _market(law: Periods, acts: dict[str, Any], year: int) -> tuple[Market, tuple[str, ...]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    priced = [
        act
        for act in acts
        if act in law.data.acts
        and all(law.has_tariff(act, sector, day) for day in (first, last) for sector in SECTORS)
    ]
    days = [date.fromordinal(first.toordinal() + n) for n in range((last - first).days + 1)]
    prices = np.zeros((len(priced), len(SECTORS), len(days)), np.int64)
    for place, act in enumerate(priced):
        for column, sector in enumerate(SECTORS):
            at = {period_of(law.starts, day) for day in days}
            cents = {period: _price(law, acts[act], act, sector, period) for period in at}
            prices[place, column] = [cents[period_of(law.starts, day)] for day in days]
    shares = np.array([acts[act]["weight"] for act in priced], float)
    market = Market(
        tuple(priced),
        np.cumsum(shares / shares.sum()),
        prices,
        np.array([float(acts[act].get("coefficient", 0)) for act in priced]),
        np.array([law.data.acts[act].has_pathway for act in priced]),
        np.array([bool(acts[act].get("specialist")) for act in priced]),
    )
    return market, tuple(act for act in acts if act not in priced)


def _price(law: Periods, about: dict[str, Any], act: str, sector: str, period: int) -> int:
    if "price" in about:
        return int(about["price"])
    cents: int = law.law.tariff[period][law.names.act[act]][law.names.sector[sector]]
    return round(cents * float(about.get("coefficient", 1)))


def _block(
    chance: np.random.Generator,
    known: dict[str, Any],
    market: Market,
    year: int,
    people: tuple[int, int],
) -> pa.Table:
    """Return the care of some students; `people` is the number of the first and how many."""
    start, count = people
    each = chance.poisson(known["lines_per_student"], count)
    owner = np.repeat(np.arange(count, dtype=np.int32), each)
    lines = len(owner)
    day = _days(chance, known["season"], year, lines)
    order = np.argsort(owner.astype(np.int64) * 512 + day, kind="stable")
    day = day[order]
    act = np.minimum(
        np.searchsorted(market.weights, chance.random(lines, np.float32)), len(market.acts) - 1
    )
    is_2 = market.is_specialist[act] & (chance.random(lines, np.float32) < known["sector_2"])
    price = market.prices[act, is_2.astype(np.int8), day]
    extra = 1 + known["overcharge"] * chance.exponential(1.0, lines).astype(np.float32)
    price = np.where(
        is_2, np.maximum(price, (price * extra).astype(np.int64) // EURO * EURO), price
    )
    return _table(chance, known, market, (start, count, owner, act, is_2, price), (year, day))


def _days(chance: np.random.Generator, season: list[float], year: int, lines: int) -> Ints:
    first = day_number(date(year, 1, 1))
    starts = [day_number(date(year, month, 1)) - first for month in range(1, 13)]
    starts.append(day_number(date(year + 1, 1, 1)) - first)
    ends = np.concatenate(([0.0], np.cumsum(season) / sum(season)))
    return np.interp(chance.random(lines), ends, starts).astype(np.int64).clip(0, starts[-1] - 1)


def _table(
    chance: np.random.Generator,
    known: dict[str, Any],
    market: Market,
    drawn: tuple[int, int, npt.NDArray[np.int32], Ints, npt.NDArray[np.bool_], Ints],
    days: tuple[int, Ints],
) -> pa.Table:
    start, count, owner, act, is_2, price = drawn
    year, day = days
    youngest, oldest = known["ages"]
    born = [day_number(date(year - age, 1, 1)) for age in (oldest, youngest)]
    birth = chance.integers(born[0], born[1], count, dtype=np.int32)
    has_gp = chance.random(count) < known["declared_gp"]
    ald, c2s = chance.random(count) < known["ald"], chance.random(count) < known["c2s"]
    insured = (chance.random(count) < known["formula"]) & ~c2s
    local = chance.random(count) < known["local"]
    gp_since = pa.array(np.full(len(owner), day_number(date(year - 1, 9, 1)), np.int32))
    out = chance.random(len(owner), np.float32) < known["out_of_pathway"]
    pathway = np.where(out, 2, market.is_specialist[act])
    pathway = np.where(market.has_pathway[act], pathway, 3)
    related = ald[owner] & (chance.random(len(owner), np.float32) < 0.5)  # noqa: PLR2004
    coefficient = market.coefficients[act]
    columns = [
        pa.array(start + owner.astype(np.int64)),
        pa.nulls(len(owner), pa.int64()),
        pa.array((day_number(date(year, 1, 1)) + day).astype(np.int32)).cast(pa.date32()),
        _named(act, market.acts),
        pa.array(price.astype(np.int32)),
        pa.array(coefficient, mask=coefficient == 0),
        pa.array(chance.integers(1, DOCTORS, len(owner))),
        _named(is_2, SECTORS),
        _named(pathway, PATHWAYS),
        pa.array(birth[owner]).cast(pa.date32()),
        pa.array(gp_since.to_numpy(), mask=~has_gp[owner]).cast(pa.date32()),
        _named(local[owner], ("general", "alsace-moselle")),
        pa.array((ald + 4 * c2s).astype(np.int32)[owner]),
        pa.array(related.astype(np.int32)),
        _named(np.zeros(len(owner), np.int8), FORMULAS, mask=~insured[owner]),
        pa.array(chance.random(len(owner), np.float32) < known["third_party"]),
    ]
    return pa.Table.from_arrays(columns, schema=_schema())


def _named(
    places: npt.NDArray[Any], names: tuple[str, ...], mask: npt.NDArray[np.bool_] | None = None
) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(places.astype(np.int8), mask=mask), pa.array(names)
    )


def _schema() -> pa.Schema:
    name = pa.dictionary(pa.int8(), pa.string())
    return pa.schema(
        {
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
    )


def _dictionaries() -> list[str]:
    plain = {"beneficiary", "line", "practitioner"}
    return [name for name in _schema().names if name not in plain]


def told(report: Report) -> list[str]:
    """Return a report as lines of text, compared with what is published."""
    head = assumptions()["billed_per_head_euros"]
    ours = report.billed_cents / max(report.students, 1) / 100
    lines = [
        f"{report.students} students, {report.lines} lines, {ours:.0f} euros billed a head; "
        f"published, all care of ages 20 to 29: {head} euros"
    ]
    lines += [
        f"  {act}: {count} lines, {cents / 100:.2f} euros"
        for act, (count, cents) in report.by_act.items()
    ]
    if report.left_out:
        lines.append(f"  no tariff all year, left out: {', '.join(report.left_out)}")
    return lines
