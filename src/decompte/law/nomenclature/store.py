"""Keeps nomenclatures as sorted CSV files, one a nomenclature, and finds a code in them."""

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from decompte.errors import FiguresError

SHIPPED = Path(__file__).parent / "extract"
NAMES = ("bdpm", "ccam", "nabm", "lpp", "cog", "prs-nat", "generics")
SHAPES = {
    "bdpm": re.compile(r"\d{13}"),
    "ccam": re.compile(r"[A-Z]{4}\d{3}(-\d-\d)?"),
    "lpp": re.compile(r"\d{7}"),
    "nabm": re.compile(r"\d{1,4}"),
}
NO_TARIFF = -1
LABEL = 6
OPTIONAL = 7
ONE = 10_000
PRODUCT = "LPP"


class Entry(NamedTuple):
    """What a code is from a day on.

    Attributes:
        code: as the nomenclature writes it, without leading zeros for analyses.
        since: first day.
        act: letter of the law's acts it counts as; empty when the code is no longer in force.
        coefficient: of the letter, in ten-thousandths; 10 000 where it has none.
        tariff: cents for one, sector 1 or with practice option; -1 when the letter has it.
        tariff_other: cents for one, of the other doctors; -1 when it is the same.
        label: in French, as published.
        modifiers: letters that may be charged with it, when the file says them.
        basket: of dental care: 100-sante, controlled or free; empty for all else.
    """

    code: str
    since: date
    act: str
    coefficient: int
    tariff: int
    tariff_other: int
    label: str
    modifiers: str = ""
    basket: str = ""


def nomenclature_of(code: str) -> str | None:
    """Return the nomenclature that a code has the shape of, or None."""
    for name, shape in SHAPES.items():
        if shape.fullmatch(code):
            return name
    return None


def installed() -> Path:
    """Return the folder of the nomenclatures imported on this machine."""
    return Path(os.environ.get("DECOMPTE_VAR", "var")) / "nomenclatures"


def path_of(name: str) -> Path:
    """Return the file of a nomenclature: the imported one, or the extract that ships."""
    imported = installed() / f"{name}.csv"
    return imported if imported.exists() else SHIPPED / f"{name}.csv"


def history(code: str) -> tuple[Entry, ...]:
    """Return the entries of a code through time, earliest first; none when it is unknown.

    Raises:
        FiguresError: the file of the nomenclature is damaged.
    """
    name = nomenclature_of(code)
    if name is None:
        return ()
    return _of_code(code.lstrip("0") if name == "nabm" else code, name)


def generic_price(code: str, day: date) -> int | None:
    """Return the price of the dearest generic of a medicine on a day, in cents for one box.

    None where it is not known, or the medicine has no generic of the same size.

    Raises:
        FiguresError: the file of the generics is damaged.
    """
    known = [entry for entry in _of_code(code, "generics") if entry.since <= day]
    return known[-1].tariff if known and known[-1].act else None


def _of_code(key: str, name: str) -> tuple[Entry, ...]:
    text = _text(path_of(name))
    lines, start = [], text.find(f"\n{key},")
    while start >= 0:
        end = text.find("\n", start + 1)
        lines.append(text[start + 1 : end])
        start = text.find(f"\n{key},", end)
    return tuple(_entries(lines, name))


def read(name: str) -> dict[str, dict[date, Entry]]:
    """Return all that is known of a nomenclature: by code, by first day.

    Raises:
        FiguresError: the file of the nomenclature is damaged.
    """
    known: dict[str, dict[date, Entry]] = {}
    for entry in _entries(_text(path_of(name)).splitlines()[1:], name):
        known.setdefault(entry.code, {})[entry.since] = entry
    return known


def merged(known: dict[str, dict[date, Entry]], news: Iterable[Entry]) -> int:
    """Add entries to what is known and return how many periods were added.

    An entry that says what is in force already on its first day adds nothing, save modifiers and
    basket where they were not known, and its label, which the newest file says best; neither does
    one that knows no price of a product whose price is known. History is never rewritten: another
    price or class for the very same day is refused.

    Raises:
        FiguresError: another entry already begins on that day and says something else.
    """
    added = 0
    for entry in news:
        periods = known.setdefault(entry.code, {})
        same_day = periods.get(entry.since)
        if same_day is not None and not _says_no_more(entry, same_day, periods):
            raise FiguresError(
                f"{entry.code}: {entry.since} is already known and says something else"
            )
        before = max((day for day in periods if day <= entry.since), default=None)
        if before is None or not _says_no_more(entry, periods[before], periods):
            added += 1
            periods[entry.since] = entry
        elif entry.act and entry.tariff == periods[before].tariff:
            periods[before] = _named_anew(periods[before], entry)
    return added


def _named_anew(known: Entry, entry: Entry) -> Entry:
    """Return a period with the label of a newer file, and modifiers and basket if it had none."""
    if any(known[OPTIONAL:]):
        return known._replace(label=entry.label or known.label)
    return known._replace(
        label=entry.label or known.label, modifiers=entry.modifiers, basket=entry.basket
    )


def replaced_by(code: str) -> tuple[str, ...]:
    """Return the codes that replaced one that left its nomenclature, none where it is not known."""
    path = SHIPPED / "replaced.csv"
    rows = csv.reader(_text(path).splitlines()[1:])
    return tuple(other for gone, other in rows if gone == code)


def _says_no_more(entry: Entry, known: Entry, periods: Mapping[date, Entry]) -> bool:
    """Return whether an entry adds nothing to one that is known: another label is no news.

    Of what only has a name (places, natures of care), the name is all there is.
    """
    is_priced = any(one.act for one in periods.values())
    if is_priced and not entry.act and not known.act:
        return True
    if entry.act == known.act == PRODUCT and entry.tariff == NO_TARIFF < known.tariff:
        return True
    told = LABEL if is_priced else OPTIONAL
    return entry[2:told] == known[2:told]


def write(name: str, known: Mapping[str, Mapping[date, Entry]], folder: Path) -> None:
    """Write a nomenclature under its final name, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(Entry._fields)
    for code in sorted(known):
        for day in sorted(known[code]):
            writer.writerow(_written(known[code][day]))
    partial = folder / f".{name}.csv.partial"
    with partial.open("w", encoding="utf-8") as file:
        file.write(buffer.getvalue())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / f"{name}.csv")


def digest() -> str:
    """Return the SHA-256 of every nomenclature in use, in hexadecimal."""
    total = hashlib.sha256()
    for name in NAMES:
        total.update(name.encode() + b"\0" + path_of(name).read_bytes() + b"\0")
    return total.hexdigest()


@lru_cache(maxsize=len(NAMES))
def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FiguresError(f"{path.name}: cannot be read: {error.strerror}") from error


def _entries(lines: Iterable[str], name: str) -> Iterator[Entry]:
    for row in csv.reader(lines):
        try:
            code, since, act, coefficient, tariff, other, label, *more = row
            yield Entry(
                code,
                date.fromisoformat(since),
                act,
                int(coefficient or ONE),
                int(tariff or NO_TARIFF),
                int(other or NO_TARIFF),
                label,
                *more,
            )
        except (TypeError, ValueError) as error:
            raise FiguresError(f"{name}.csv: {row}: {error}") from error


def _written(entry: Entry) -> tuple[object, ...]:
    return (
        entry.code,
        entry.since.isoformat(),
        entry.act,
        "" if entry.coefficient == ONE else entry.coefficient,
        "" if entry.tariff == NO_TARIFF else entry.tariff,
        "" if entry.tariff_other == NO_TARIFF else entry.tariff_other,
        entry.label,
        entry.modifiers,
        entry.basket,
    )
