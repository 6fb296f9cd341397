"""Reads the lines of a statement out of a table (CSV) or out of the text of a PDF.

Agencies write statements in many shapes. What is understood comes back as rows of texts for the
person to check; what is not understood comes back too, line by line, and is never dropped.
"""

import csv
import re
from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import NamedTuple

from decompte.errors import Problem, Refusal, Text

Row = dict[str, str]
MOST_ROWS = 60
COLUMNS = ("date", "act", "price", "base", "rate", "paid", "participation", "pathway", "sector")
NEEDED = ("date", "act", "price", "paid")
HEADINGS: Mapping[str, str] = {
    "date des soins": "date",
    "date de soins": "date",
    "date": "date",
    "acte": "act",
    "nature": "act",
    "nature des prestations": "act",
    "nature des soins": "act",
    "prestation": "act",
    "depense": "price",
    "montant paye": "price",
    "montant depense": "price",
    "prix": "price",
    "base": "base",
    "base de remboursement": "base",
    "base du remboursement": "base",
    "tarif": "base",
    "taux": "rate",
    "rembourse": "paid",
    "montant rembourse": "paid",
    "montant verse": "paid",
    "remboursement": "paid",
    "participation forfaitaire": "participation",
    "parcours": "pathway",
    "secteur": "sector",
}
ACCENTS = str.maketrans("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc")
DAY = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
AMOUNT = re.compile(r"(?<![\d.,])-?\d{1,5}(?:[ \u202f\u00a0]\d{3})?[.,]\d{2}(?![\d.,]|\s?%)")
RATE = re.compile(r"\b(\d{1,3})(?:[.,](\d{1,2}))?\s?%")
CENTURY, THIS_CENTURY = 100, 2000
# Words of statements, and the letter they stand for; the first that matches, in this order.
WORDS = (
    (r"\b(cnpsy|psychiatr|neurolog)", "CNPSY"),
    (r"\bconsult\w* .*special|\bspecialiste\b|\bcs\b", "CS"),
    (r"\bmajoration\b.*\bmpc\b|\bmpc\b", "MPC"),
    (r"\bmajoration\b.*\bmcs\b|\bmcs\b", "MCS"),
    (r"\bvisite", "V"),
    (r"\bteleconsultation", "TCG"),
    (r"\bconsult|\bgeneraliste\b|\bomnipraticien", "G"),
)
KEPT_APART = re.compile(r"participation forfaitaire|franchise")


class ReadStatement(NamedTuple):
    """What was understood of a statement, and what was not.

    Attributes:
        rows: one a line of care, texts by column, dates ISO 8601, amounts as `23.00`.
        left: lines with a date or an amount that were not understood, as written.
    """

    rows: tuple[Row, ...]
    left: tuple[str, ...]


def from_csv(text: str) -> ReadStatement:
    """Return the rows of a table with headings, in French or English.

    Args:
        text: values separated by semicolons, commas or tabs; `date`, `act`, `price`, `paid` are
            needed, `base`, `rate`, `participation`, `pathway` and `sector` are welcome.

    Raises:
        Refusal: a needed column is missing, or there are too many rows.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    head = lines[0] if lines else ""
    separator = max(";\t,", key=head.count)
    table = csv.DictReader(StringIO("\n".join(lines)), delimiter=separator, strict=False)
    names = {heading: _column(heading) for heading in table.fieldnames or () if heading}
    if missing := [name for name in NEEDED if name not in names.values()]:
        raise _refusal(
            "table.columns",
            f"colonnes manquantes : {', '.join(missing)} ; permises : {', '.join(COLUMNS)}",
            f"missing columns: {', '.join(missing)}; allowed: {', '.join(COLUMNS)}",
        )
    try:
        records = list(table)
    except csv.Error:
        raise _refusal(
            "table.broken",
            "ce tableau est abîmé : une cellule ne se termine pas",
            "this table is damaged: a cell does not end",
        ) from None
    _check_count(len(records))
    rows = []
    for record in records:
        row = {name: (record.get(heading) or "").strip() for heading, name in names.items() if name}
        row["date"] = _iso(row["date"]) or row["date"]
        row["act"] = letter(row["act"], row["date"]) or row["act"]
        rows.append(_plain(row))
    return ReadStatement(tuple(rows), ())


def from_text(text: str) -> ReadStatement:
    """Return the rows of a statement's text, as copied from a PDF.

    A line of care has a day, words that name the act, and amounts: paid to the doctor, base where
    given, reimbursed. A line of flat participation belongs to the care of its day above it.

    Args:
        text: the whole text.

    Raises:
        Refusal: there are too many lines.
    """
    rows: list[Row] = []
    left = []
    for line in filter(None, map(str.strip, text.splitlines())):
        plain = _bare(line)
        if KEPT_APART.search(plain) and rows:
            amounts = _amounts(line)
            rows[-1]["participation"] = amounts[-1].lstrip("-") if amounts else ""
        elif row := _row(line, plain):
            rows.append(row)
        elif DAY.search(line) and AMOUNT.search(line):
            left.append(line)
        _check_count(len(rows))
    return ReadStatement(tuple(rows), tuple(left))


def letter(words: str, day: str) -> str | None:
    """Return the act's letter that a statement's words stand for, or None.

    Args:
        words: as written, such as `CONSULTATION GENERALISTE` or `G`.
        day: ISO 8601, or anything when it is not known: before 2011 a GP's consultation is C.
    """
    first_g = "2011"
    if re.fullmatch(r"[A-Z]{1,6}\d?|\d{7}|\d{13}|[A-Z]{4}\d{3}", words.strip()):
        return words.strip()
    plain = _bare(words)
    for pattern, found in WORDS:
        if re.search(pattern, plain):
            return "C" if found == "G" and day < first_g else found
    return None


def _row(line: str, plain: str) -> Row | None:
    day, amounts = _iso(line), _amounts(line)
    needed = 2
    if day is None or len(amounts) < needed:
        return None
    act = next((w for w in line.split() if re.fullmatch(r"[A-Z]{4}\d{3}|\d{13}", w)), None)
    act = act or letter(plain, day)
    if act is None:
        return None
    rate = RATE.search(line)
    row = {"date": day, "act": act, "price": amounts[0], "paid": amounts[-1]}
    if len(amounts) > needed:
        row["base"] = amounts[1]
    if rate:
        row["rate"] = rate.group(1) + (f".{rate.group(2)}" if rate.group(2) else "")
    return row


def _amounts(line: str) -> list[str]:
    return [_number(found) for found in AMOUNT.findall(DAY.sub(" ", line))]


def _number(text: str) -> str:
    return re.sub(r"[ \u202f\u00a0€]", "", text).replace(",", ".")


def _plain(row: Row) -> Row:
    amounts = ("price", "base", "paid", "rate", "participation")
    return row | {name: _number(row[name]).strip("-%") for name in amounts if name in row}


def _iso(text: str) -> str | None:
    for found in DAY.finditer(text):
        day, month, year, *iso = found.groups()
        if iso[0]:
            year, month, day = iso
        whole = int(year) + (THIS_CENTURY if int(year) < CENTURY else 0)
        try:
            return date(whole, int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None


def _column(heading: str) -> str:
    bare = _bare(heading).strip(" :.*€")
    return bare if bare in COLUMNS else HEADINGS.get(bare, "")


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().translate(ACCENTS)).strip()


def _check_count(count: int) -> None:
    if count > MOST_ROWS:
        raise _refusal("table.rows", f"au plus {MOST_ROWS} lignes", f"at most {MOST_ROWS} lines")


def _refusal(code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, "table", Text(fr=fr, en=en))])
