"""What a line says of a technical act: activity, phase, modifiers, acts charged together."""

from collections.abc import Iterator
from typing import NamedTuple

from decompte.engine.periods import Periods
from decompte.engine.shapes import CareLine, Code
from decompte.errors import Problem, Text
from decompte.exchange.read import Fields, one_of, text, whole
from decompte.law.load import ASSOCIATIONS
from decompte.law.nomenclature.store import Entry, nomenclature_of
from decompte.law.shapes import LawData

MAIN = (1, 0)
LAST_ACTIVITY = 5
LAST_PHASE = 9
MOST_MODIFIERS = 4
ONE_OF_THESE = frozenset("FUPSO")
FIELDS = ("activity", "phase", "modifiers", "association")


class Technical(NamedTuple):
    """What a line says of a technical act.

    Attributes:
        suffix: of the code, for what is not the main activity: `-4-0`; else empty.
        letters: of the modifiers.
        association: code of acts charged together, or empty.
    """

    suffix: str
    letters: str
    association: str


def technical(fields: Fields) -> Technical:
    """Return what a line says of a technical act; empty where it says nothing."""
    activity = fields.take("activity", whole(1, LAST_ACTIVITY)) or MAIN[0]
    phase = fields.take("phase", whole(0, LAST_PHASE)) or MAIN[1]
    suffix = "" if (activity, phase) == MAIN else f"-{activity}-{phase}"
    letters = (fields.take("modifiers", text) or "").upper()
    association = fields.take("association", one_of(ASSOCIATIONS)) or ""
    return Technical(suffix, letters, association)


def check(
    fields: Fields,
    law: LawData,
    said: Technical,
    act: str | None,
    entry: Entry | None,
    quantity: int,
) -> None:
    """Note what does not fit the entry charged.

    Args:
        fields: the line.
        law: the loaded law.
        said: what it says of a technical act.
        act: letter of the act, or None when it was wrong.
        entry: the nomenclature entry charged, or None.
        quantity: number of acts.
    """
    if act is None or said == Technical("", "", ""):
        return
    if entry is None or nomenclature_of(entry.code) != "ccam":
        fields.refuse(
            "act",
            "technical.none",
            f"{', '.join(FIELDS)} : seulement pour un acte de la CCAM",
            f"{', '.join(FIELDS)}: for an act of the CCAM only",
        )
        return
    if quantity != 1:
        fields.refuse(
            "quantity",
            "technical.quantity",
            "avec un modificateur ou une association, une ligne par acte",
            "with a modifier or an association, one line an act",
        )
    if wrong := _wrong_letters(said.letters, entry.modifiers):
        allowed = ", ".join(entry.modifiers) or "-"
        fields.refuse(
            "modifiers",
            "technical.modifiers",
            f"{wrong!r} ne va pas avec {entry.code} ; permis, au plus {MOST_MODIFIERS}, une seule "
            f"urgence : {allowed}",
            f"{wrong!r} does not go with {entry.code}; allowed, at most {MOST_MODIFIERS}, one "
            f"emergency only: {allowed}",
        )
    known = {modifier.letter for modifier in law.modifiers.values()}
    if unknown := "".join(letter for letter in said.letters if letter not in known):
        fields.refuse(
            "modifiers",
            "technical.modifier_unknown",
            f"le modificateur {unknown!r} n'est pas calculé ici",
            f"the modifier {unknown!r} is not computed here",
        )


def keys(law: LawData, letters: str, specialty: str, sector: str) -> tuple[str, ...]:
    """Return the keys of the modifiers that a practitioner charges by letter."""
    found = []
    for letter in letters:
        for modifier in law.modifiers.values():
            fits_specialty = not modifier.specialties or specialty in modifier.specialties
            fits_sector = not modifier.sectors or sector in modifier.sectors
            if modifier.letter == letter and fits_specialty and fits_sector:
                found.append(modifier.key)
                break
    return tuple(found)


def not_modelled(law: Periods, lines: tuple[CareLine, ...]) -> Iterator[Problem]:
    """Yield the lines whose technical act cannot be computed here: a modifier, no convention."""
    for position, line in enumerate(lines):
        where = f"lines[{position}]"
        if _is_technical(line.code) and line.sector == "none":
            yield Problem(
                "technical.no_convention",
                f"{where}.practitioner.sector",
                Text(
                    fr="le tarif d'autorité des actes techniques n'est pas connu ici",
                    en="the authority tariff of technical acts is not known here",
                ),
            )
        for key in line.modifiers:
            if not law.has_modifier(key, line.date):
                letter = law.data.modifiers[key].letter
                yield Problem(
                    "technical.modifier_unknown",
                    f"{where}.modifiers",
                    Text(
                        fr=f"la valeur du modificateur {letter} le {line.date} n'est pas connue "
                        "ici",
                        en=f"the value of the modifier {letter} on {line.date} is not known here",
                    ),
                )


def _is_technical(code: Code | None) -> bool:
    return code is not None and code.nomenclature == "ccam"


def _wrong_letters(letters: str, allowed: str) -> str:
    if len(letters) > MOST_MODIFIERS or len(set(letters) & ONE_OF_THESE) > 1:
        return letters
    return "".join(
        letter
        for place, letter in enumerate(letters)
        if letter not in allowed or letter in letters[:place]
    )
