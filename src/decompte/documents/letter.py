"""A letter for a window envelope, as PDF/UA."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from decompte.documents.typeset import typeset
from decompte.documents.words import WORDS, day_in_words, words
from decompte.errors import Lang, Problem, Refusal, Text

ADDRESS_LINES, ADDRESS_WIDTH = 6, 38


class Letter(NamedTuple):
    """A letter for a window envelope.

    Attributes:
        sender, recipient: address lines, at most six of 38 characters.
        place, day: where and when.
        subject, reference: what it is about.
        paragraphs: the text.
        enclosures: what goes with it.
        closing, signature: how it ends.
    """

    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    place: str
    day: date
    subject: str
    reference: str
    paragraphs: tuple[str, ...]
    enclosures: tuple[str, ...]
    closing: str
    signature: str


def letter_pdf(letter: Letter, *, lang: Lang) -> bytes:
    """Return a letter as PDF/UA, its address where an envelope's window is."""
    return typeset("letter", letter_data(letter, lang) | {"checklist": []}, day=letter.day)


def letter_data(letter: Letter, lang: Lang) -> dict[str, object]:
    """Return a letter as its template wants it.

    Raises:
        Refusal: the address does not fit the window.
    """
    check_address(letter.recipient)
    return {
        "lang": lang,
        "title": letter.subject,
        "words": words(lang),
        "footer": letter.reference,
        "letter": {
            "lang": lang,
            "sender": letter.sender,
            "recipient": letter.recipient,
            "place_day": ", ".join(
                part for part in (letter.place, day_in_words(letter.day, lang)) if part
            ),
            "subject": letter.subject,
            "reference": letter.reference,
            "paragraphs": letter.paragraphs,
            "enclosures": letter.enclosures,
            "enclosures_title": WORDS["enclosures"].to(lang),
            "closing": letter.closing,
            "signature": letter.signature,
        },
    }


def check_address(lines: Sequence[str]) -> None:
    """Refuse an address that does not fit the window of an envelope.

    Raises:
        Refusal: too many lines, or one too long.
    """
    if len(lines) > ADDRESS_LINES or any(len(line) > ADDRESS_WIDTH for line in lines):
        raise Refusal(
            [
                Problem(
                    "address.too_long",
                    "recipient",
                    Text(
                        fr=f"au plus {ADDRESS_LINES} lignes de {ADDRESS_WIDTH} caractères",
                        en=f"at most {ADDRESS_LINES} lines of {ADDRESS_WIDTH} characters",
                    ),
                )
            ]
        )
