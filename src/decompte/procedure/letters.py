"""Letters ready to sign, from the reminder to the court, in both languages."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from decompte.errors import Text
from decompte.procedure.load import data

TASS_UNTIL, TGI_UNTIL = date(2018, 12, 31), date(2019, 12, 31)
BLANK = "…………………"


class Draft(NamedTuple):
    """The words of a letter, with what the sender has not told left as dots.

    Attributes:
        kind, name: which letter it is.
        to: who gets it: agency, cpam, doctor, mediator, commission, court or urssaf.
        subject, paragraphs, enclosures: its words.
    """

    kind: str
    name: Text
    to: str
    subject: Text
    paragraphs: tuple[Text, ...]
    enclosures: tuple[Text, ...]


class _Told(dict[str, object]):
    """What the sender told; the rest reads as dots to fill in by hand."""

    def __missing__(self, name: str) -> str:
        return BLANK


def kinds() -> Mapping[str, Text]:
    """Return every letter by kind, with its name."""
    return {kind: Text(**entry["name"]) for kind, entry in data("letters")["letters"].items()}


def draft(kind: str, told: Mapping[str, Text]) -> Draft:
    """Return a letter with what was told filled in.

    Args:
        kind: one of `kinds()`.
        told: values for the names in braces, in both languages; what is missing becomes dots.

    Raises:
        KeyError: there is no such letter; kinds come from this room.
    """
    entry = data("letters")["letters"][kind]
    return Draft(
        kind=kind,
        name=Text(**entry["name"]),
        to=entry["to"],
        subject=_filled(entry["subject"], told),
        paragraphs=tuple(_filled(one, told) for one in entry["paragraphs"]),
        enclosures=tuple(_filled(one, told) for one in entry["enclosures"]),
    )


def recipient(to: str, day: date, told: Mapping[str, Text]) -> tuple[str, ...]:
    """Return the first lines of the address of somebody who is no agency, in French.

    Args:
        to: doctor, mediator, commission, court or urssaf.
        day: day of the letter; it decides which court.
        told: doctor and fund, where a line names them.
    """
    lines = data("letters")["recipients"][_court_on(day) if to == "court" else to]
    named = _Told({name: value.fr for name, value in told.items()})
    return tuple(line.format_map(named) for line in lines)


def _court_on(day: date) -> str:
    if day <= TASS_UNTIL:
        return "court_tass"
    return "court_tgi" if day <= TGI_UNTIL else "court_tj"


def _filled(entry: Mapping[str, str], told: Mapping[str, Text]) -> Text:
    fr = _Told({name: value.fr for name, value in told.items()})
    en = _Told({name: value.en for name, value in told.items()})
    return Text(fr=entry["fr"].format_map(fr), en=entry["en"].format_map(en))
