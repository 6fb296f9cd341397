"""Reads the official files as they are published, dirt included.

Every reader yields entries and `Rejected` rows: nothing that was not understood is lost silently.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from decompte.errors import FiguresError
from decompte.law.nomenclature.store import NO_TARIFF, ONE, Entry

CENTS = 100
CLASSES = {"100": "PH1", "65": "PH7", "35": "PH4", "30": "PH4", "15": "PH2", "": "PHN"}
CIP_COLUMNS = (12, 13)
CCAM_GROUPS = {
    "ATM": "ATM",
    "ASC": "ATM",
    "": "ATM",
    "ADC": "ADC",
    "ACO": "ACO",
    "ADA": "ADA",
    "ADI": "ADI",
    "ADE": "ADE",
}
NOT_COVERED = "Non pris en charge"
CCAM_TITLE = re.compile(r"CCAM version (\d+) applicable\s+(\d\d/\d\d/\d{4})")
CCAM_CODE = re.compile(r"[A-Z]{4}\d{3}")
CCAM_MODIFIERS = re.compile(r"\[(.*)\]")
CCAM_MAIN = ("1", "0")
BASKETS = {
    **dict.fromkeys(
        ("PF0", "CM0", "CZ0", "PA0", "PT0", "RA0", "RF0", "RS0", "SU0", "IC0", "CT0"), "100-sante"
    ),
    **dict.fromkeys(("PF1", "PA1", "RE1", "SU1", "IC1", "CT1", "BR1", "IN1"), "controlled"),
    **dict.fromkeys(("PFC", "PFM", "ICO", "INO", "PAM", "PAR", "RPN"), "free"),
}
FOR_EVER = date(9999, 12, 31)


class Rejected(NamedTuple):
    """A row that was left out.

    Attributes:
        line: its number in the file, from 1.
        code: what it was about, as far as it can be told.
        why: a short reason, the same for the same trouble.
    """

    line: int
    code: str
    why: str


class Technical(NamedTuple):
    """A row of the CCAM file, column by column; all texts."""

    code: str
    unused: str
    label: str
    activity: str
    phase: str
    tariff: str
    tariff_other: str
    conditions: str
    agreement: str
    exemption: str
    group: str


CCAM_EMPTY = ("",) * len(Technical._fields)
Row = Entry | Rejected
Reader = Callable[[Path, date | None], Iterator[Row]]


def text_of(path: Path) -> str:
    """Return the text of a file in UTF-8 or in the Windows encoding of Western Europe."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def amount(text: str) -> int | None:
    """Return a published amount in cents; None when it is not one.

    Commas or points for decimals, commas or spaces between thousands: `1,466,29`, `248, 15`.
    """
    compact = re.sub(r"[\s\u00a0\u202f€]", "", text)
    found = re.fullmatch(r"(\d{1,3}(?:[,.]?\d{3})*|\d+)(?:[,.](\d{1,2}))?", compact)
    if not found:
        return None
    whole = re.sub(r"[,.]", "", found.group(1))
    return int(whole) * CENTS + int((found.group(2) or "0").ljust(2, "0"))


def is_cip13(code: str) -> bool:
    """Return whether a code is thirteen digits whose last one is the right check digit."""
    if not re.fullmatch(r"\d{13}", code):
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code[:-1]))
    return (total + int(code[-1])) % 10 == 0


def bdpm(path: Path, since: date | None) -> Iterator[Row]:
    """Yield the presentations of the public database of medicines (`CIS_CIP_bdpm.txt`).

    The file says prices of one day and not which: the caller does. Names come from `CIS_bdpm.txt`
    when it stands beside.

    Raises:
        FiguresError: no day was given.
    """
    if since is None:
        raise FiguresError("bdpm: the file does not say its day; give it with --since")
    names = _names(path.with_name("CIS_bdpm.txt"))
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if len(cells) not in CIP_COLUMNS:
            yield Rejected(number, cells[0], "not the columns of a presentation")
            continue
        yield _presentation(number, cells, names, since)


def _presentation(number: int, cells: list[str], names: dict[str, str], since: date) -> Row:
    code, rate, price = cells[6], cells[8], cells[10] or cells[9]
    letter = CLASSES.get(re.sub(r"[\s%]", "", rate))
    if not is_cip13(code):
        return Rejected(number, code, "the check digit of the CIP13 is wrong")
    if letter is None:
        return Rejected(number, code, "unknown rate")
    cents = 0 if letter == "PHN" else amount(price)
    if cents is None:
        return Rejected(number, code, "reimbursed, but its price is missing or unreadable")
    label = ", ".join(part for part in (names.get(cells[0], ""), tidy(cells[2])) if part)
    return Entry(code, since, letter, ONE, cents, NO_TARIFF, label)


def _names(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in text_of(path).splitlines())
    return {row[0]: tidy(row[1]) for row in rows if len(row) > 1}


def tidy(text: str) -> str:
    """Return a published text on one line, its stray marks mended."""
    return re.sub(r"\s+", " ", text.replace("¿", "'").replace("<br>", " ")).strip()


def ccam(path: Path, since: date | None) -> Iterator[Row]:
    """Yield the technical acts of a CCAM file in CSV, with both tariff columns.

    An act stands on its own row; the letters of its modifiers and its further activities and
    phases (anaesthesia, ...) on rows without a code below it. What is not the main activity is
    kept under the code, the activity and the phase: `HHFA016-4-0`.

    Raises:
        FiguresError: the title row does not say version and day.
    """
    text = text_of(path)
    title = CCAM_TITLE.search(text[:500])
    if not title:
        raise FiguresError("ccam: the first row does not say `CCAM version … applicable …`")
    day = since or datetime.strptime(title.group(2), "%d/%m/%Y").date()  # noqa: DTZ007  (a day)
    rows = csv.reader(io.StringIO(text))
    block: list[tuple[int, Technical]] = []
    for cells in rows:
        row = Technical(*(cell.strip() for cell in (*cells, *CCAM_EMPTY)[: len(CCAM_EMPTY)]))
        if CCAM_CODE.fullmatch(row.code):
            yield from _acts(block, day)
            block = []
        if block or CCAM_CODE.fullmatch(row.code):
            block.append((rows.line_num, row))
    yield from _acts(block, day)


def _acts(block: list[tuple[int, Technical]], day: date) -> Iterator[Row]:
    """Yield what the rows of one act say: the act, its further activities and phases."""
    if not block:
        return
    number, head = block[0]
    found = [CCAM_MODIFIERS.fullmatch(row.code) for _, row in block]
    letters = "".join(re.sub(r"[\s,]", "", match.group(1)) for match in found if match)
    priced = [(line, row) for line, row in block if row.activity.isdecimal()]
    if not priced:
        yield Rejected(number, head.code, "no price, not even by phase")
    seen = set()
    for line, row in priced:
        if (row.activity, row.phase) in seen:
            yield Rejected(line, head.code, "the same activity and phase twice")
            continue
        seen.add((row.activity, row.phase))
        yield _technical(line, head, row, letters, day)


def _technical(number: int, head: Technical, row: Technical, letters: str, day: date) -> Row:
    is_main = (row.activity, row.phase) == CCAM_MAIN
    code = head.code if is_main else f"{head.code}-{row.activity}-{row.phase}"
    label = tidy(head.label) if row is head else tidy(f"{head.label} : {row.label}")
    group = row.group or head.group
    if row.tariff == NOT_COVERED:
        return Entry(code, day, "HN", ONE, 0, NO_TARIFF, label)
    tariff, other = amount(row.tariff), amount(row.tariff_other)
    if tariff is None:
        return Rejected(number, code, "its price is missing")
    if other is None or other == tariff:
        other = NO_TARIFF
    act = CCAM_GROUPS.get(group, "SDE")
    return Entry(code, day, act, ONE, tariff, other, label, letters, BASKETS.get(group, ""))


def nabm(path: Path, since: date | None) -> Iterator[Row]:
    """Yield analyses with their dated coefficients (table `IR_BTF_R`, labels in `IR_BIO_R`).

    The table has its own days: `since` is not asked for.
    """
    del since
    names = {row["BIO_PRS_IDE"]: tidy(row["BIO_INF_LIB"]) for row in _table(path, "IR_BIO_R.csv")}
    rows = sorted(_table(path, path.name), key=lambda row: (row["BTF_PRS_IDE"], _day(row, "DTD")))
    starts = {(row["BTF_PRS_IDE"], _day(row, "DTD")) for row in rows}
    for number, row in enumerate(rows, start=2):
        code, label = row["BTF_PRS_IDE"], names.get(row["BTF_PRS_IDE"], "")
        if row["BTF_TAR_NAT"] != "B":
            yield Rejected(number, code, "not charged in B")
            continue
        coefficient = int(float(row["BTF_TAR_COF"]) * ONE)
        yield Entry(code, _day(row, "DTD"), "B", coefficient, NO_TARIFF, NO_TARIFF, label)
        end = _day(row, "DTF")
        if end < FOR_EVER and (code, end + timedelta(days=1)) not in starts:
            yield Entry(code, end + timedelta(days=1), "", ONE, NO_TARIFF, NO_TARIFF, label)


def _table(path: Path, name: str) -> list[dict[str, str]]:
    beside = path.with_name(name)
    if not beside.exists():
        return []
    return list(csv.DictReader(io.StringIO(text_of(beside)), delimiter=";"))


def _day(row: dict[str, str], column: str) -> date:
    return _day_of(row[f"BTF_HIS_{column}"])


def _day_of(text: str) -> date:
    """Return a day as the tables write it: `22SEP2004:00:00:00`."""
    return datetime.strptime(text[:9].title(), "%d%b%Y").date()  # noqa: DTZ007  (a day)


def lpp(path: Path, since: date | None) -> Iterator[Row]:
    """Yield products and devices by code (table `NT_LPP`): names only, the table has no prices.

    A product whose last day stands in the table is retired the day after.

    Raises:
        FiguresError: no day was given.
    """
    if since is None:
        raise FiguresError("lpp: the file does not say its day; give it with --since")
    for number, row in enumerate(_table(path, path.name), start=2):
        code, label = row["LPP_PRS_IDE"], tidy(row["LPP_RED_LIB"])
        if not re.fullmatch(r"\d{7}", code):
            yield Rejected(number, code, "not a code of seven digits")
            continue
        ended = row["LPP_VAL_DTF"].strip()
        last_day = _day_of(ended) if ended else FOR_EVER
        if last_day >= since:
            yield Entry(code, since, "LPP", ONE, NO_TARIFF, NO_TARIFF, label)
        if last_day < FOR_EVER:
            retired = last_day + timedelta(days=1)
            yield Entry(code, retired, "", ONE, NO_TARIFF, NO_TARIFF, label)
