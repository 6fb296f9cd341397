"""I2, I6, I11 decision by decision: what each gives by care line, whether it comes out again.

No database is asked here: rows come as they are kept, whole members at a time, and one person's
lines count together. `again.py` reads them and says where this runs.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from decompte.engine.periods import periods
from decompte.portal.decisions.outcome import Told, differing

BORNE = ("amo", "local", "solidarity", "amc")
PARTS = (*BORNE, "patient")
KEPT = ("participation", "franchise")
Line = tuple[str, dict[str, Any], dict[str, Any]]


def off(kept: Sequence[Told]) -> list[str]:
    """Return what is off in decisions of whole members, in the order of the members.

    Care lines whose parts do not sum to the price, are negative, or give more than was paid; caps
    that are passed: a year's participations and franchises of a person, a day's participations of
    a person at one practitioner; decisions that come out differently.
    """
    found = [
        problem
        for _member_id, decisions in groupby(kept, key=lambda one: one.member_id)
        for problem in _of_member(_lines(decisions))
    ]
    return [*found, *(f"decisions: {one} does not come out again" for one in differing(kept))]


def _of_member(lines: Iterable[Line]) -> list[str]:
    of_year: Counter[tuple[str, str]] = Counter()
    of_day: Counter[tuple[str, str]] = Counter()
    found = []
    for public_id, asked, line in lines:
        cents = {name: _cents(line[name]) for name in ("price", *PARTS, *KEPT) if name in line}
        if why := _off(cents):
            found.append(f"decision {public_id}, care of {line['date']}: {why}")
        for name in KEPT:
            of_year[line["date"][:4], name] += cents.get(name, 0)
        at = str(asked["practitioner"].get("id", ""))
        of_day[line["date"], at] += cents.get("participation", 0)
    return [*found, *_over_year(of_year), *_over_day(of_day)]


def _lines(decisions: Iterable[Told]) -> Iterator[Line]:
    """Yield each care line of the decisions in force: as it was asked, and as it was answered."""
    for one in decisions:
        if one.is_in_force:
            asked, answered = json.loads(one.inputs)["lines"], json.loads(one.answer)["lines"]
            for was_asked, line in zip(asked, answered, strict=True):
                yield one.public_id, was_asked, line


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
