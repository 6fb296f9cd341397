"""`decompte generate`: a plausible year of students' care, the same for the same seed.

Students are drawn and written block by block, side by side, so memory does not grow. What it
assumes stands in `population.yaml`, each figure published or assumed.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import yaml

from decompte.engine.periods import MAINLAND, Periods, periods
from decompte.exchange.drawn import (
    FEW,
    SECTORS,
    Ints,
    Market,
    Year,
    drawn,
    prepared,
    schema,
)
from decompte.exchange.parquet_pages import encoded
from decompte.exchange.parquet_parts import MAGIC, Part, joined, read, split
from decompte.law.tables import period_of

STUDENTS = 20_000
ASSUMPTIONS = Path(__file__).parent / "population.yaml"


class Report(NamedTuple):
    """What was made: lines, cents billed, lines and cents by act, and what the year has not."""

    students: int
    lines: int
    billed_cents: int
    by_act: dict[str, tuple[int, int]]
    left_out: tuple[str, ...]


class Made(NamedTuple):
    """A block: a Parquet file of its own, lines and cents by act."""

    content: bytes
    lines: Ints
    billed: Ints


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
    parts = [Part(len(MAGIC), read(split(_encoded(schema().empty_table()))[1]))]
    with partial.open("wb") as file:
        at = file.write(MAGIC)
        for made in _in_turn(prepared(seed, year, known, market), students, workers):
            pages, footer = split(made.content)
            parts.append(Part(at, read(footer)))
            at += file.write(pages)
            lines += made.lines
            billed += made.billed
        file.write(joined(parts))
    partial.replace(target)
    by_act = {
        act: (int(count), int(cents))
        for act, count, cents in zip(market.acts, lines, billed, strict=True)
    }
    return Report(students, int(lines.sum()), int(billed.sum()), by_act, left_out)


def _in_turn(year: Year, students: int, workers: int) -> Iterator[Made]:
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, students, STUDENTS):
            count = min(STUDENTS, students - start)
            waiting.append(pool.submit(_made, year, start, count))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _made(year: Year, start: int, students: int) -> Made:
    table = drawn(year, start, students)
    acts, kinds = table["act"].chunk(0).indices.to_numpy(), len(year.market.acts)
    billed = np.bincount(acts, table["price_cents"].to_numpy(), kinds)
    return Made(_encoded(table), np.bincount(acts, minlength=kinds), billed.astype(np.int64))


def _encoded(table: pa.Table) -> bytes:
    return encoded(table, FEW)


def _market(law: Periods, acts: dict[str, Any], year: int) -> tuple[Market, tuple[str, ...]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    priced = [
        act
        for act in acts
        if act in law.data.acts
        and all(law.has_tariff(act, sector, day) for day in (first, last) for sector in SECTORS)
    ]
    days = [date.fromordinal(first.toordinal() + n) for n in range((last - first).days + 1)]
    prices = np.zeros((len(priced), len(SECTORS), len(days)), np.int32)
    for place, act in enumerate(priced):
        for column, sector in enumerate(SECTORS):
            at = {period_of(law.starts, day) for day in days}
            cents = {period: _price(law, acts[act], act, sector, period) for period in at}
            prices[place, column] = [cents[period_of(law.starts, day)] for day in days]
    shares = np.array([acts[act]["weight"] for act in priced], float)
    market = Market(
        tuple(priced),
        shares / shares.sum(),
        prices,
        np.array([float(acts[act].get("coefficient", 0)) for act in priced]),
        np.array([law.data.acts[act].has_pathway for act in priced]),
        np.array([bool(acts[act].get("specialist")) for act in priced]),
    )
    return market, tuple(act for act in acts if act not in priced)


def _price(law: Periods, about: dict[str, Any], act: str, sector: str, period: int) -> int:
    if "price" in about:
        return int(about["price"])
    by_place = law.law.tariff[period][law.names.act[act]]
    cents: int = by_place[law.names.place[MAINLAND]][law.names.sector[sector]]
    return round(cents * float(about.get("coefficient", 1)))


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
