"""The same amounts in a loop of plain Python over the rows of pandas."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas
import pyarrow as pa


def run(source: Path, target: Path, figures: pa.Table) -> None:
    """Write the amounts of a synthetic year, whose lines are in order."""
    law = defaultdict(list)
    for row in figures.to_pylist():
        law[row["act"], row["sector"]].append(row)
    lines = pandas.read_parquet(source, dtype_backend="pyarrow")
    pandas.DataFrame(settled(lines, law)).to_parquet(target, compression="snappy")


def settled(lines: pandas.DataFrame, law: dict[Any, list[Any]]) -> Iterator[dict[str, int]]:
    """Yield the amounts of every line."""
    person, acts, boxes = None, 0, 0
    acts_today: dict[Any, int] = defaultdict(int)
    boxes_today: dict[Any, int] = defaultdict(int)
    for line in lines.itertuples(index=False):
        if line.beneficiary != person:
            person, acts, boxes = line.beneficiary, 0, 0
            acts_today.clear()
            boxes_today.clear()
        spans = law[line.act, line.sector]
        f = next(one for one in spans if one["since"] <= line.date <= one["until"])
        rate, base, gross = priced(line, f)
        penalty = penalised(line, f, base, gross)
        is_c2s = line.covers & 4 == 4
        asked = 0 if is_c2s and f["c2s_no_participation"] else min(f["per_act"], gross - penalty)
        today = (line.date, line.practitioner)
        kept = min(asked, max(f["act_day_cap"] - acts_today[today], 0))
        kept = min(kept, max(f["act_year_cap"] - acts, 0))
        acts_today[today] += kept
        acts += kept
        left = gross - penalty - kept
        box = 0 if is_c2s and f["c2s_no_franchise"] else min(f["per_box"], left)
        today = (line.date, f["box"], line.practitioner if f["by_practitioner"] else None)
        if f["box_day_cap"] >= 0:
            box = min(box, max(f["box_day_cap"] - boxes_today[today], 0))
        box = min(box, max(f["box_year_cap"] - boxes, 0))
        boxes_today[today] += box
        boxes += box
        yield {
            "beneficiary": line.beneficiary,
            "line": line.line,
            "base": base,
            "gross": gross,
            "penalty": penalty,
            "participation": kept,
            "franchise": box,
            **others(line, f, base, gross, (penalty, kept, box)),
            "rate_bp": rate,
        }


def share(amount: int, points: int) -> int:
    """Return a share in basis points, half a cent upwards."""
    return (amount * points * 2 + 10_000) // 20_000


def priced(line: Any, f: dict[str, Any]) -> tuple[int, int, int]:
    """Return the rate, the base and the gross amount."""
    rate = max(f["rate"], f["rate_ald"]) if line.related & 1 else f["rate"]
    if f["is_price"]:
        base = line.price_cents
    else:
        is_given = line.coefficient is not pandas.NA
        points = round(line.coefficient * 10_000) if is_given else f["fixed_coefficient"]
        base = min(line.price_cents, share(f["tariff"], points))
    return rate, base, share(base, rate)


def penalised(line: Any, f: dict[str, Any], base: int, gross: int) -> int:
    """Return the penalty out of the pathway."""
    is_ald, is_c2s = line.related & 1 == 1, line.covers & 4 == 4
    if not f["has_pathway"] or line.pathway == "not-concerned":
        return 0
    if (is_ald and f["ald_no_penalty"]) or (is_c2s and f["c2s_no_penalty"]):
        return 0
    has_gp = line.declared_gp_since is not pandas.NA and line.declared_gp_since <= line.date
    if line.pathway != "out-of-pathway" and has_gp:
        return 0
    return min(share(base, f["penalty_points"]), gross, f["penalty_cap"])


def others(
    line: Any, f: dict[str, Any], base: int, gross: int, kept_back: tuple[int, int, int]
) -> dict[str, int]:
    """Return what the others pay, and what is left."""
    amo = gross - sum(kept_back)
    local = 0
    if line.scheme == "alsace-moselle":
        local = max(share(base, f["local_rate"]) - gross, 0)
    copayment = base - gross - local
    by_c2s = share(copayment, f["solidarity"]) if line.covers & 4 else 0
    amc = 0
    if line.formula is not pandas.NA:
        over = line.price_cents - base
        if kept_back[0] > 0 and f["withheld"] > 0:
            over = max(over - f["withheld"], 0)
        amc = share(copayment - by_c2s, f["copayment"]) + min(over, share(base, f["overcharge"]))
    patient = line.price_cents - amo - local - by_c2s - amc
    deferred = gross - amo if line.third_party_payment and f["defers"] else 0
    return {
        "amo": amo,
        "local": local,
        "solidarity": by_c2s,
        "amc": amc,
        "patient": patient,
        "deferred": deferred,
    }
