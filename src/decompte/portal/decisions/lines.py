"""I2 and I6 line by line: what the decisions in force give for each care line, and for each cap.

Every line of every decision is read from its answer as it was given, once, one person after
another: however many there are, one person's lines are in memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from decompte.engine.periods import periods
from decompte.portal.decisions.models import Decision

BORNE = ("amo", "local", "solidarity", "amc")
PARTS = (*BORNE, "patient")
KEPT = ("participation", "franchise")
ROWS = 1000
Told = tuple[int, str, dict[str, Any], dict[str, Any]]


def problems() -> list[str]:
    """Return care lines whose parts do not sum to the price, and caps that are passed.

    Parts are never negative, and nobody gets more than was paid. Caps: a year's participations and
    franchises of a person, a day's participations of a person at one practitioner.
    """
    return [
        problem
        for _member_id, lines in groupby(_lines(), key=itemgetter(0))
        for problem in _of_member(lines)
    ]


def _of_member(lines: Iterable[Told]) -> list[str]:
    of_year: Counter[tuple[str, str]] = Counter()
    of_day: Counter[tuple[str, str]] = Counter()
    found = []
    for _member_id, public_id, asked, line in lines:
        cents = {name: _cents(line[name]) for name in ("price", *PARTS, *KEPT) if name in line}
        if why := _off(cents):
            found.append(f"decision {public_id}, care of {line['date']}: {why}")
        for name in KEPT:
            of_year[line["date"][:4], name] += cents.get(name, 0)
        at = str(asked["practitioner"].get("id", ""))
        of_day[line["date"], at] += cents.get("participation", 0)
    return [*found, *_over_year(of_year), *_over_day(of_day)]


def _lines() -> Iterator[Told]:
    rows = Decision.objects.filter(corrected_by__isnull=True).order_by("member_id", "id")
    told = rows.values_list("member_id", "public_id", "inputs__lines", "answers__en__lines")
    for member_id, public_id, asked, answered in told.iterator(chunk_size=ROWS):
        for one, line in zip(asked or (), answered or (), strict=True):
            yield member_id, public_id, one, line


def _off(cents: dict[str, int]) -> str:
    parts = [cents.get(name, 0) for name in PARTS]
    if min(parts) < 0:
        return "a part is negative"
    if sum(parts) != cents["price"]:
        return f"its parts sum to {sum(parts)} cents of {cents['price']}"
    return ""


def _over_year(kept: Counter[tuple[str, str]]) -> list[str]:
    law = periods()
    caps = {
        "participation": law.law.participation_year_cap,
        "franchise": law.law.franchise_year_cap,
    }
    found = []
    for (year, name), cents in kept.items():
        most = caps[name][law.of(date(int(year), 12, 31))]
        if cents and cents > most:
            found.append(f"{name} of {year}: {cents} cents of one person, over the cap of {most}")
    return found


def _over_day(kept: Counter[tuple[str, str]]) -> list[str]:
    law = periods()
    found = []
    for (day, at), cents in kept.items():
        period = law.of(date.fromisoformat(day))
        acts = law.law.participation_day_cap_acts[period]
        most = acts * law.law.participation_per_act[period]
        if at and cents > most:
            found.append(f"participation of {day}: {cents} cents at one practitioner, over {most}")
    return found


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))
