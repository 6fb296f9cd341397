"""Reads the nomenclatures that only name things: places, and the national fund's natures of care.

A name ends with an entry without label on the day after its last one.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from decompte.errors import FiguresError
from decompte.law.nomenclature.official import Rejected, Row, text_of, tidy
from decompte.law.nomenclature.store import NO_TARIFF, ONE, Entry

COG_STARTS = date(1943, 1, 1)
NATURES_START = date(2005, 1, 1)
LETTER = re.compile(r"[A-Z][A-Z0-9]{0,2}[+-]?")
CLOSED = re.compile(r"(?:(\S+)\s*:\s*)?ferm[ée] le (\d\d/\d\d/\d{4})")
ONE_DAY = timedelta(days=1)


def cog(path: Path, since: date | None) -> Iterator[Row]:
    """Yield the communes and countries of the official geographical code, as names by code.

    Delegated and associated communes have the code of the commune they belong to: the first row
    of a code and day is the one that counts.

    Raises:
        FiguresError: the file has no column of codes, or no days and none was given.
    """
    rows = list(csv.DictReader(io.StringIO(text_of(path))))
    key = next((name for name in ("COM", "COG") if rows and name in rows[0]), None)
    if key is None:
        raise FiguresError("cog: neither a column COM nor a column COG")
    if "DATE_DEBUT" not in rows[0] and since is None:
        raise FiguresError("cog: the file does not say its day; give it with --since")
    starts = {(row[key], row.get("DATE_DEBUT")) for row in rows}
    seen = set()
    for number, row in enumerate(rows, start=2):
        code, label = row[key], row.get("LIBELLE") or row.get("LIBCOG") or ""
        began, ended = row.get("DATE_DEBUT"), row.get("DATE_FIN")
        first_day = date.fromisoformat(began) if began else since or COG_STARTS
        if not code or (code, first_day) in seen:
            yield Rejected(number, code, "no code of its own")
            continue
        seen.add((code, first_day))
        yield _named(code, first_day, label)
        if ended and (code, ended) not in starts:
            yield _named(code, date.fromisoformat(ended), "")


def prs_nat(path: Path, since: date | None) -> Iterator[Row]:
    """Yield the national fund's natures of care with the letters that bills use.

    One letter stands for several natures, so the nature is the key. Several letters may share a
    cell, between strokes or blanks, some with a sign or a word that is no letter; one of them, or
    the nature itself, may be closed by a remark.

    Raises:
        FiguresError: the file is not the table of natures and letters.
    """
    rows = csv.DictReader(io.StringIO(text_of(path)))
    if "prs_nat" not in (rows.fieldnames or []):
        raise FiguresError("prs-nat: no column prs_nat")
    for number, row in enumerate(rows, start=2):
        words = re.split(r"[/\s]+", re.sub(r"\s+([+-])", r"\1", row["b2_codes"].strip()))
        letters = [word for word in words if LETTER.fullmatch(word)]
        if not letters:
            yield Rejected(number, row["prs_nat"], "no letter")
            continue
        yield from _nature(row, letters, since or NATURES_START)


def _nature(row: dict[str, str], letters: list[str], first_day: date) -> Iterator[Entry]:
    name = tidy(row["label"])
    open_letters = dict.fromkeys(letters)
    periods = {first_day: f"{' '.join(letters)}: {name}"}
    for letter, day in sorted(CLOSED.findall(row["note"] or ""), key=lambda found: _day(found[1])):
        closed = max(_day(day) + ONE_DAY, first_day)
        if letter:
            open_letters.pop(letter, None)
        if not letter or not open_letters:
            periods[closed] = ""
            break
        periods[closed] = f"{' '.join(open_letters)}: {name}"
    yield from (_named(row["prs_nat"], day, label) for day, label in periods.items())


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  (a day)


def _named(code: str, since: date, label: str) -> Entry:
    return Entry(code, since, "", ONE, NO_TARIFF, NO_TARIFF, label)
