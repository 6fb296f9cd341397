"""The letter that contests a statement: each line, what was taken, and the law against it.

It is in French whatever the reader's language: the agency reads French.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from decompte.documents.letter import Letter, letter_pdf
from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.engine.recheck import Rechecked
from decompte.errors import Lang

LANG: Lang = "fr"


class Contested(NamedTuple):
    """A statement to contest.

    Attributes:
        sender, recipient: address lines.
        number: identity number as on the statement, or empty.
        statement_date, statement_number: what identifies it.
        lines: the lines on which something is missing.
        day: day of the letter.
    """

    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    number: str
    statement_date: date
    statement_number: str
    lines: tuple[Rechecked, ...]
    day: date


def contest_pdf(contested: Contested) -> bytes:
    """Return the letter, ready to sign, as PDF/UA.

    Raises:
        Refusal: the address does not fit an envelope's window.
    """
    number = f" n° {contested.statement_number}" if contested.statement_number else ""
    day = day_in_words(contested.statement_date, LANG)
    subject = f"Réclamation sur le décompte{number} du {day}"
    letter = Letter(
        sender=contested.sender,
        recipient=contested.recipient,
        place="",
        day=contested.day,
        subject=subject,
        reference=f"N° de sécurité sociale : {contested.number}" if contested.number else "",
        paragraphs=tuple(_paragraphs(contested)),
        enclosures=("copie du décompte contesté",),
        closing="Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.",
        signature=contested.sender[0],
    )
    return letter_pdf(letter, lang=LANG)


def _paragraphs(contested: Contested) -> Iterator[str]:
    total = sum(one.missing_cents for one in contested.lines)
    yield "Madame, Monsieur,"
    yield (
        "Le décompte cité en objet ne correspond pas, selon mon calcul, aux textes en vigueur "
        f"le jour des soins. Il manque {euros(total, LANG)} :"
    )
    for one in contested.lines:
        yield _line(one)
    yield (
        "Je vous demande de revoir ce calcul et de me verser la différence ou, si vous le "
        "maintenez, de m'en indiquer les motifs et le texte. La présente vaut, à défaut, saisine "
        "de la commission de recours amiable dans le délai de deux mois de la notification."
    )


def _line(one: Rechecked) -> str:
    line = one.amounts.line
    said = (
        f"Soins du {day_in_words(line.date, LANG)}, acte {line.charged}, prix payé "
        f"{euros(line.price_cents, LANG)} : versé {euros(one.paid.paid_cents, LANG)}, dû "
        f"{euros(one.expected_cents, LANG)}."
    )
    for found in one.departures:
        text = found.text.to(LANG)
        said += f" {text[0].upper()}{text[1:]}"
        for reason in found.reasons:
            source = reason.source.title.to(LANG)
            said += f" {reason.text.to(LANG)} ({source}, en vigueur depuis le "
            said += f"{day_in_words(reason.since, LANG)})."
    return said.replace(".)", ")").replace(". (", " (")
