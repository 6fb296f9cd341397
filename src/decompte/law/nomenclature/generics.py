"""Reads the groups of generics: for each medicine of origin the price of its dearest generic.

The base of reimbursement of a medicine whose generic was refused stops there.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from decompte.errors import FiguresError
from decompte.law.load import law
from decompte.law.nomenclature.official import Rejected, Row, bdpm, text_of, tidy
from decompte.law.nomenclature.store import Entry

ORIGIN = "0"
GENERICS = ("1", "2", "4")
GROUP_COLUMNS = 5
PRESENTATIONS = "CIS_CIP_bdpm.txt"
NOT_REIMBURSED = "PHN"
LEAP_DAY = (2, 29)


class Box(NamedTuple):
    """A presentation: its medicine, and how much is in it.

    Attributes:
        medicine: code of the medicine (CIS).
        marketed: day from which it was declared to be sold.
        size: the numbers of its label, those of 1 left out: one flask of 30 is 30 tablets.
        entry: its price and class.
    """

    medicine: str
    marketed: date
    size: tuple[str, ...]
    entry: Entry


class Member(NamedTuple):
    """A medicine's place in a group: `0` the one of origin, the others its generics."""

    group: str
    medicine: str
    role: str
    label: str


def generics(path: Path, since: date | None) -> Iterator[Row]:
    """Yield, for each box of a medicine of origin, the dearest generic of the same size.

    The file (`CIS_GENER_bdpm.txt`) holds the groups; prices are those of `CIS_CIP_bdpm.txt`, which
    has to stand beside it. A box without a generic of its size is told and left out. In a young
    group a price counts from `generic.grace_years` on; the files do not say when the first price
    was published, so the day counts on which the first generic was sold.

    Raises:
        FiguresError: no day was given, or no prices stand beside.
    """
    prices = path.with_name(PRESENTATIONS)
    if since is None or not prices.is_file():
        raise FiguresError(
            f"generics: the day of the prices (--since) and {PRESENTATIONS} beside are needed"
        )
    boxes = _boxes(prices, since)
    members: list[Member] = []
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        cells = line.split("\t")
        if len(cells) != GROUP_COLUMNS:
            yield Rejected(number, cells[0], "not the columns of a group")
            continue
        members.append(Member(cells[0], cells[2], cells[3], tidy(cells[1])))
    yield from _limits(members, boxes)


def _boxes(path: Path, since: date) -> dict[str, list[Box]]:
    """Return the boxes that are reimbursed, by medicine."""
    boxes: dict[str, list[Box]] = {}
    medicines = {cells[6]: cells for cells in _cells(path)}
    for row in bdpm(path, since):
        if isinstance(row, Entry) and row.act != NOT_REIMBURSED:
            cells = medicines[row.code]
            box = Box(cells[0], _day(cells[5]), _size(cells[2]), row)
            boxes.setdefault(box.medicine, []).append(box)
    return boxes


def _cells(path: Path) -> Iterator[list[str]]:
    for line in text_of(path).split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) > GROUP_COLUMNS + 1:
            yield cells


def _day(text: str) -> date:
    return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  (a day)


def _size(label: str) -> tuple[str, ...]:
    return tuple(number for number in re.findall(r"\d+(?:[.,]\d+)?", label) if number != "1")


def _limits(members: list[Member], boxes: dict[str, list[Box]]) -> Iterator[Row]:
    dearest: dict[tuple[str, tuple[str, ...]], int] = {}
    first: dict[str, date] = {}
    for member in members:
        if member.role in GENERICS:
            for box in boxes.get(member.medicine, ()):
                key = (member.group, box.size)
                dearest[key] = max(dearest.get(key, 0), box.entry.tariff)
                first[member.group] = min(first.get(member.group, box.marketed), box.marketed)
    found: dict[str, Entry] = {}
    for number, member in enumerate(members, start=1):
        for box in boxes.get(member.medicine, ()) if member.role == ORIGIN else ():
            price = dearest.get((member.group, box.size))
            if price is None:
                yield Rejected(number, box.entry.code, "no generic of this size is reimbursed")
            elif price > found.get(box.entry.code, box.entry._replace(tariff=-1)).tariff:
                found[box.entry.code] = box.entry._replace(
                    tariff=price,
                    label=member.label,
                    since=max(box.entry.since, _limited_from(first[member.group])),
                )
    yield from found.values()


def _limited_from(first: date) -> date:
    """Return the day from which a group limits the base, its first generic being sold on a day."""
    value = law().figures["generic.grace_years"].on(first)
    years = value.amount if value is not None and isinstance(value.amount, int) else 0
    leap = (first.month, first.day) == LEAP_DAY
    return first.replace(year=first.year + years, day=28 if leap else first.day)
