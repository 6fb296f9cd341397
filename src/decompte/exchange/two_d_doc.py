"""What the 2D-Doc code on a French paper says: bank details, an address, the student contribution.

The code is a line of text: a head, fields with two letters each, and a signature. The head and the
fields are read; **the signature is not verified**, so a value is what the paper says, no more.
The layout is that of the specification of France Titres (version 3.3.9), as its specimens show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

MARK, NONE = "DC", "FFFF"
GROUP, RECORD, UNIT = "\x1d", "\x1e", "\x1f"
EPOCH = date(2000, 1, 1)
HEADS = {"01": 22, "02": 22, "03": 24, "04": 26}
VERSION, ISSUED, KIND = slice(2, 4), slice(12, 16), slice(20, 22)
NAME_CHARACTERS = 2
# Fields of a fixed length need no mark at their end.
FIXED = {"24": 5, "26": 2, "BK": 14, "B7": 8}
KINDS = {"00": "address", "03": "bank-details", "B1": "cvec"}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "address": {
        "10": "name",
        "20": "line_1",
        "21": "line_2",
        "22": "street",
        "23": "place",
        "24": "postal_code",
        "25": "town",
        "26": "country",
    },
    "bank-details": {"30": "holder", "31": "iban", "32": "bic"},
    "cvec": {"BK": "number", "B0": "given_names", "B2": "family_name", "B7": "birth", "BB": "ine"},
}
LONGEST = 200


class Code(NamedTuple):
    """What a code says: the kind of paper, its fields by name, and the day it was issued."""

    kind: str
    values: Mapping[str, str]
    issued_on: date | None


def read(text: str) -> Code | None:
    """Return what a code says; None for a code that is none, or of a paper not known here."""
    head = HEADS.get(text[VERSION]) if text.startswith(MARK) else None
    kind = KINDS.get(text[KIND])
    if head is None or kind is None or len(text) < head:
        return None
    said = text[head:].partition(UNIT)[0]
    names = FIELDS[kind]
    values = {
        names[name]: value[:LONGEST] for name, value in _fields(said) if value and name in names
    }
    return Code(kind, values, _day(text[ISSUED])) if values else None


def first(pages: Sequence[Sequence[str]], kind: str = "") -> Code | None:
    """Return the first known code among the texts of codes on some pages, or None.

    Args:
        pages: what the codes on each page say.
        kind: the kind of paper wanted; empty for any.
    """
    found = (read(text) for page in pages for text in page)
    return next((one for one in found if one and kind in {"", one.kind}), None)


def _fields(said: str) -> Iterator[tuple[str, str]]:
    """Yield each field of a message with its value; slashes part the words of names."""
    place = 0
    while place + NAME_CHARACTERS <= len(said):
        name = said[place : place + NAME_CHARACTERS]
        place += NAME_CHARACTERS
        marks = [at for mark in (GROUP, RECORD) if (at := said.find(mark, place)) >= 0]
        until = min(marks, default=len(said))
        if name in FIXED:
            until = min(until, place + FIXED[name])
        yield name, " ".join(said[place:until].replace("/", " ").split())
        place = until + (1 if said[until : until + 1] in {GROUP, RECORD} else 0)


def _day(written: str) -> date | None:
    if written == NONE:
        return None
    try:
        return EPOCH + timedelta(days=int(written, 16))
    except ValueError:
        return None
