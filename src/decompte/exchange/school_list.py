"""A school's list of its students, as offices really write it: CSV in, students and bad rows out.

Any of the usual encodings, separators, orders of columns and ways to write a day are read; titles
above the header and empty rows are passed over. A row that cannot be read is told with its number,
column and reason, and does not hold up the others. Nothing is guessed: a day that could be two
days is a bad row.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.exchange import cells
from decompte.law.age import age_on

MOST_BYTES = 10_000_000
MOST_ROWS = 60_000
HEADER_WITHIN = 10
CELL_LINES = 3
YOUNGEST, OLDEST = 12, 100
MAIL_CHARACTERS = 254
LONGEST = {"student_number": 20, "family_name": 38, "given_name": 38}
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
SEPARATORS = ";,\t|"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "student_number": (
        "student number",
        "student id",
        "numero etudiant",
        "no etudiant",
        "n etudiant",
        "num etudiant",
        "code etudiant",
        "numero",
        "matricule",
    ),
    "family_name": (
        "family name",
        "last name",
        "surname",
        "nom",
        "nom de famille",
        "nom usuel",
        "nom etudiant",
    ),
    "given_name": ("given name", "first name", "prenom", "prenoms", "prenom etudiant"),
    "birth_date": (
        "date of birth",
        "birth date",
        "birthdate",
        "date de naissance",
        "date naissance",
        "ne le",
        "nee le",
        "ne e le",
    ),
    "email": (
        "e mail",
        "email",
        "mail",
        "e mail address",
        "email address",
        "courriel",
        "adresse mail",
        "adresse e mail",
        "adresse electronique",
        "mel",
    ),
}
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][0:]+)?", re.ASCII)
FRENCH = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[T ][0:]+)?", re.ASCII)
MAIL = re.compile(r"[^@\s<>,;:\"()\\]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}", re.ASCII)
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/\-]*", re.ASCII)
SAID = {
    "missing": Text(fr="la case est vide", en="the cell is empty"),
    "long": Text(fr="c'est trop long", en="this is too long"),
    "name": Text(
        fr="ce n'est pas un nom : aucune lettre, ou un caractère de commande",
        en="this is no name: no letter, or a control character",
    ),
    "number": Text(
        fr="un numéro d'étudiant a des chiffres et des lettres, sans espace",
        en="a student number has digits and letters, without spaces",
    ),
    "day": Text(
        fr="écrivez le jour comme 15/06/1993 ou 1993-06-15, l'année en quatre chiffres",
        en="write the day as 15/06/1993 or 1993-06-15, the year in four digits",
    ),
    "age": Text(
        fr=f"une personne de {YOUNGEST} à {OLDEST} ans est attendue",
        en=f"a person of {YOUNGEST} to {OLDEST} years is expected",
    ),
    "mail": Text(
        fr="ce n'est pas une adresse, comme noa.berg@exemple.fr",
        en="this is no address, such as noa.berg@example.org",
    ),
    "twice": Text(
        fr="ce numéro est déjà à la ligne {row}, avec d'autres données",
        en="this number is on row {row} already, with other data",
    ),
    "cells": Text(
        fr="cette ligne a {found} cases pour {wanted} colonnes",
        en="this row has {found} cells for {wanted} columns",
    ),
}


class Student(NamedTuple):
    """A student as the school knows them."""

    student_number: str
    family_name: str
    given_name: str
    birth_date: date
    email: str


class WrongRow(NamedTuple):
    """A row that was not taken: its number in the file, its cells, and what is wrong by column."""

    row: int
    cells: tuple[str, ...]
    problems: tuple[tuple[str, Text], ...]


class SchoolList(NamedTuple):
    """A list as read: its students, rows said again, rows not taken, and the columns of these."""

    students: tuple[Student, ...]
    repeated: int
    wrong: tuple[WrongRow, ...]
    head: tuple[str, ...]


def read(data: bytes, *, today: date) -> SchoolList:
    """Return the students of a list, and the rows that cannot be read.

    Args:
        data: the whole file.
        today: the day on which ages are judged.

    Raises:
        Refusal: it is no table, or a column is missing: each is named.
    """
    rows = _table(data)
    place, columns = _header(rows)
    width = len(rows[place])
    students: dict[str, Student] = {}
    seen: dict[str, int] = {}
    wrong: list[WrongRow] = []
    repeated = 0
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        if not any(cell.strip() for cell in row):
            continue
        cut = row[:width] if not any(cell.strip() for cell in row[width:]) else row
        found = _student(cut, columns, width, today)
        if isinstance(found, Student) and found.student_number in students:
            if students[found.student_number] == found:
                repeated += 1
                continue
            said = SAID["twice"].fill(row=seen[found.student_number])
            found = [("student_number", said)]
        if isinstance(found, Student):
            students[found.student_number] = found
            seen[found.student_number] = number
        else:
            wrong.append(WrongRow(number, tuple(row), tuple(found)))
    return SchoolList(tuple(students.values()), repeated, tuple(wrong), tuple(rows[place]))


def _table(data: bytes) -> list[list[str]]:
    if not data.strip():
        raise _refusal("list.empty", "ce fichier est vide", "this file is empty")
    if len(data) > MOST_BYTES:
        raise _refusal("list.large", "ce fichier dépasse 10 Mo", "this file is above 10 MB")
    text = _decoded(data)
    if "\0" in text or data.startswith((b"PK", b"\xd0\xcf", b"%PDF")):
        raise _refusal(
            "list.kind",
            "ce n'est pas un fichier CSV ; dans le tableur : Enregistrer sous, CSV",
            "this is no CSV file; in the spreadsheet: Save as, CSV",
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    top = lines[:20_000].split("\n")[:HEADER_WITHIN]
    separator = max(SEPARATORS, key=lambda one: max(line.count(one) for line in top))
    try:
        rows = list(csv.reader(StringIO(lines, newline=""), delimiter=separator))
    except csv.Error:
        raise _refusal(
            "list.kind",
            "ce tableau ne se lit pas : une case est trop longue",
            "this table cannot be read: a cell is too long",
        ) from None
    for number, row in enumerate(rows, start=1):
        if any(cell.count("\n") > CELL_LINES for cell in row):
            raise _refusal(
                "list.quote",
                f"un guillemet de la ligne {number} n'est pas fermé",
                f"a quote on row {number} is not closed",
            )
    if len(rows) > MOST_ROWS:
        raise _refusal(
            "list.large",
            f"au plus {MOST_ROWS} lignes par fichier",
            f"at most {MOST_ROWS} rows in a file",
        )
    return [[cells.original(cell) for cell in row] for row in rows]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads every byte")


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return which row names the columns, and where each column is.

    Raises:
        Refusal: no row of the first ten names them all; the missing ones of the best are named.
    """
    found = [(place, _columns(row)) for place, row in enumerate(rows[:HEADER_WITHIN])]
    place, columns = max(found, key=lambda one: len(one[1]), default=(0, {}))
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise Refusal(
            [
                Problem(
                    "list.column",
                    name,
                    Text(
                        fr=f"une colonne manque : par exemple « {_french(name)} »",
                        en=f"a column is missing: for example “{COLUMNS[name][0]}”",
                    ),
                )
                for name in missing
            ]
        )
    return place, columns


def _french(name: str) -> str:
    return {
        "student_number": "Numéro étudiant",
        "family_name": "Nom",
        "given_name": "Prénom",
        "birth_date": "Date de naissance",
        "email": "Courriel",
    }[name]


def _columns(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        word = _word(cell)
        for name, words in COLUMNS.items():
            if word in words and name not in found:
                found[name] = place
    return found


def _word(cell: str) -> str:
    bare = unicodedata.normalize("NFKD", cell).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def _student(
    row: Sequence[str], columns: Mapping[str, int], width: int, today: date
) -> Student | list[tuple[str, Text]]:
    """Return the student of a row, or what is wrong with it, by column."""
    if len(row) > width or len(row) <= max(columns.values()):
        return [("", SAID["cells"].fill(found=len(row), wanted=width))]
    said = {name: _tidy(row[place]) for name, place in columns.items()}
    said["email"] = said["email"].strip("<> ").removeprefix("mailto:").lower()
    born = day(said["birth_date"])
    if problems := list(_problems(said, born, today)):
        return problems
    assert born is not None, "a day that cannot be read is a problem"
    return Student(
        said["student_number"], said["family_name"], said["given_name"], born, said["email"]
    )


def _problems(
    said: Mapping[str, str], born: date | None, today: date
) -> Iterator[tuple[str, Text]]:
    for name in COLUMNS:
        if not said[name]:
            yield name, SAID["missing"]
        elif len(said[name]) > LONGEST.get(name, MAIL_CHARACTERS):
            yield name, SAID["long"]
        elif problem := _problem(name, said[name], born, today):
            yield name, SAID[problem]


def _problem(name: str, cell: str, born: date | None, today: date) -> str | None:
    """Return what is wrong with a cell that is neither empty nor too long."""
    match name:
        case "student_number":
            return None if NUMBER.fullmatch(cell) else "number"
        case "email":
            return None if MAIL.fullmatch(cell) else "mail"
        case "birth_date":
            if born is None:
                return "day"
            is_likely = born <= today and YOUNGEST <= age_on(born, today) <= OLDEST
            return None if is_likely else "age"
    return None if _is_name(cell) else "name"


def day(text: str) -> date | None:
    """Return the day a cell means, written as 15/06/1993 or 1993-06-15; None for anything else."""
    if found := ISO.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := FRENCH.fullmatch(text):
        number, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _is_name(text: str) -> bool:
    kinds = {unicodedata.category(letter)[0] for letter in text}
    return "L" in kinds and "C" not in kinds


def _tidy(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).replace("\u200b", "").split())


def _refusal(code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, "file", Text(fr=fr, en=en))])
