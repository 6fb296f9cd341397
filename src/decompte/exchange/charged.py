"""What a line charges: a letter of the law's acts, or a code of a nomenclature."""

from datetime import date
from difflib import get_close_matches

from decompte.engine.periods import Periods
from decompte.engine.shapes import Code
from decompte.exchange.read import Fields, text
from decompte.law.nomenclature.store import Entry, history, nomenclature_of, replaced_by

SECTORS_OF_FIRST_COLUMN = ("1", "optam")
UNPRICED = ("LPP", "SDE")


def charged(
    fields: Fields, law: Periods, on: date | None, profession: str, *, suffix: str = ""
) -> tuple[Entry | None, str | None]:
    """Return the nomenclature entry of a line, or None, and the letter of the law it counts as.

    A problem is noted, and the letter is None, for what is unknown, retired, or not priced on
    that day.

    Args:
        fields: the line.
        law: the law by period.
        on: the day of care, or None when it was wrong.
        suffix: of a technical act that is not its main activity: `-4-0`.
        profession: as written in the line; the letter C means what this profession makes of it.
    """
    given = fields.take("act", text, required=True)
    if given is None:
        return None, None
    known = law.data.acts.get(given)
    if known is None:
        entry = _entry(fields, given + suffix, on, tuple(law.data.acts))
        return entry, entry.act if entry else None
    if known.free_for_students:
        offered = law.student_sessions(on) if on else 0
        fields.refuse(
            "act",
            "act.not_claimed",
            f"{known.label.fr} : gratuit pour l'étudiant et payé par l'université, {offered} par "
            "an ce jour-là ; rien à demander à l'assurance maladie",
            f"{known.label.en}: free for the student and paid by the university, {offered} a year "
            "on that day; nothing to claim from the health insurance",
        )
        return None, None
    if known.priced == "code":
        fields.refuse(
            "act",
            "act.needs_code",
            f"{given} ne suffit pas : donner le code de l'acte ou du produit",
            f"{given} is not enough: give the code of the act or product",
        )
        return None, None
    return None, known.by_others.get(profession, given)


def as_charged(entry: Entry, sector: str) -> Code:
    """Return an entry as the engine sees it, its tariff by the doctor's sector in cents."""
    other = entry.tariff_other >= 0 and sector not in SECTORS_OF_FIRST_COLUMN
    name = nomenclature_of(entry.code)
    assert name is not None, "an entry has the shape of its nomenclature"
    tariff = entry.tariff_other if other else entry.tariff
    return Code(entry.code, name, entry.label, entry.since, tariff, entry.basket)


def _entry(fields: Fields, given: str, on: date | None, letters: tuple[str, ...]) -> Entry | None:
    entries = history(given)
    if not entries:
        near = ", ".join(get_close_matches(given.upper(), letters, 5, 0.5) or letters)
        fields.refuse(
            "act",
            "act.unknown",
            f"{given!r} inconnu ; lettres proches : {near} ; pour un code, "
            "importer sa nomenclature : decompte import",
            f"{given!r} is unknown; letters like it: {near}; for a code, import its "
            "nomenclature: decompte import",
        )
        return None
    if on is None:
        return None
    past = [entry for entry in entries if entry.since <= on]
    if not past:
        first = entries[0]
        fields.refuse(
            "act",
            "code.too_early",
            f"le tarif de {given} n'est connu que depuis le {first.since} ; pour des soins plus "
            f"anciens, donner si possible la lettre {first.act} et le prix",
            f"the tariff of {given} is known since {first.since} only; for earlier care give the "
            f"letter {first.act} and the price where that is possible",
        )
        return None
    return _in_force(fields, past[-1])


def _in_force(fields: Fields, entry: Entry) -> Entry | None:
    if not entry.act:
        fields.refuse(
            "act",
            "code.retired",
            f"{entry.code} n'est plus dans la nomenclature depuis le {entry.since}"
            + (f" ; remplacé par : {by}" if (by := ", ".join(replaced_by(entry.code))) else ""),
            f"{entry.code} left the nomenclature on {entry.since}"
            + (f"; replaced by: {by}" if by else ""),
        )
        return None
    if entry.act in UNPRICED and entry.tariff < 0:
        fields.refuse(
            "act",
            "code.no_price",
            f"{entry.code} ({entry.label}) est connu, son tarif ce jour-là ne l'est pas ici",
            f"{entry.code} ({entry.label}) is known, its tariff on that day is not known here",
        )
        return None
    return entry
