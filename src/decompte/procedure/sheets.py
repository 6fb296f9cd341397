"""The care form and the choice-of-GP form: what each asks, who fills it in, what is missing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.fr import nir

from decompte.errors import Problem, Text
from decompte.law.age import age_on
from decompte.procedure.load import cited, data
from decompte.procedure.papers import AGE_OF_A_DECLARED_GP
from decompte.procedure.shapes import Source

PROVISIONAL = ("5", "6", "7", "8")
DIGITS = frozenset({13, 15})
SIGNATURE = "signature"
MISSING = Text(fr="manque : {label}", en="missing: {label}")
WHO: Mapping[str, Text] = {
    "patient": Text(fr="à remplir par vous", en="for you to fill in"),
    "insured": Text(fr="à remplir par vous", en="for you to fill in"),
    "doctor": Text(fr="à remplir par le médecin", en="for the doctor to fill in"),
}


class SheetField(NamedTuple):
    """One thing a form asks.

    Attributes:
        id, label: what.
        who: patient, insured or doctor.
        check: text, day, adult (a day that makes one 16), number or signature.
        is_optional: it may stay empty.
    """

    id: str
    label: Text
    who: str
    check: str
    is_optional: bool


class Sheet(NamedTuple):
    """A form as our sheet shows it, with the words that say it is not the official one."""

    id: str
    name: Text
    official: Text
    fields: tuple[SheetField, ...]
    sources: tuple[Source, ...]


def sheets() -> tuple[str, ...]:
    """Return the ids of the sheets."""
    return tuple(data("sheets"))


def sheet(sheet_id: str) -> Sheet:
    """Return a sheet by its id.

    Raises:
        KeyError: there is none; ids come from this room.
    """
    entry = data("sheets")[sheet_id]
    return Sheet(
        id=sheet_id,
        name=Text(**entry["name"]),
        official=Text(**entry["official"]),
        fields=tuple(_field(field) for field in entry["fields"]),
        sources=cited(entry, f"sheets.yaml: {sheet_id}"),
    )


def missing(sheet_id: str, told: Mapping[str, str], today: date) -> tuple[Problem, ...]:
    """Return what would have the form sent back, in the order of the form.

    Args:
        sheet_id: one of `sheets()`.
        told: what is filled in, by field id; a signature is told by any text.
        today: no day on the form lies after it.
    """
    return tuple(
        problem
        for field in sheet(sheet_id).fields
        for problem in _problems(field, told.get(field.id, "").strip(), today)
    )


def _problems(field: SheetField, value: str, today: date) -> Iterator[Problem]:
    if not value:
        if not field.is_optional:
            yield Problem(
                "sheet.missing",
                field.id,
                Text(
                    fr=MISSING.fr.format(label=field.label.fr),
                    en=MISSING.en.format(label=field.label.en),
                ),
            )
    elif field.check == "number" and not is_number(value):
        yield Problem(
            "sheet.number",
            field.id,
            Text(
                fr="ce numéro n'a pas 13 ou 15 chiffres justes ; un numéro provisoire (5 à 8) "
                "est accepté",
                en="this number has not 13 or 15 right digits; a provisional one (5 to 8) is "
                "accepted",
            ),
        )
    elif field.check in {"day", "adult"}:
        yield from _day_problems(field, value, today)


def _day_problems(field: SheetField, value: str, today: date) -> Iterator[Problem]:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        yield Problem("sheet.day", field.id, Text(fr="date impossible", en="impossible date"))
        return
    if day > today:
        yield Problem("sheet.future", field.id, Text(fr="date à venir", en="a day ahead"))
    elif field.check == "adult" and age_on(day, today) < AGE_OF_A_DECLARED_GP:
        yield Problem(
            "sheet.young",
            field.id,
            Text(
                fr="avant 16 ans aucun médecin traitant n'est demandé",
                en="under 16 no declared GP is needed",
            ),
        )


def is_number(value: str) -> bool:
    """Return whether a social security number can be right, a provisional one included."""
    digits = value.replace(" ", "").upper()
    if digits.startswith(PROVISIONAL):
        return digits.isdecimal() and len(digits) in DIGITS
    if len(digits) == min(DIGITS):
        return digits.replace("A", "").replace("B", "").isdecimal()
    try:
        nir.validate(digits)
    except ValidationError:
        return False
    return True


def _field(entry: Mapping[str, Any]) -> SheetField:
    return SheetField(
        id=entry["id"],
        label=Text(**entry["label"]),
        who=entry["who"],
        check=entry.get("check", "text"),
        is_optional=entry.get("optional", False),
    )
