"""The characters banks let through: names and words for SEPA messages, made or refused.

Latin letters without accents, digits, space and `/ - ? : ( ) . , ' +`; no slash at an end, no two
slashes. Other writing is turned into Latin letters where that can be done.
"""

import re
import unicodedata

from text_unidecode import unidecode

ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+", re.ASCII)
OTHER = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+", re.ASCII)
LETTER = re.compile(r"[A-Za-z0-9]", re.ASCII)
IDENTITY = re.compile(r"[A-Za-z0-9\-?:().,'+]{1,35}", re.ASCII)
LONGEST_NAME, LONGEST_WORDS = 70, 140


def name(text: str) -> str:
    """Return a name as banks take it, at most 70 characters; empty when nothing legible is left."""
    return _let_through(text, LONGEST_NAME)


def words(text: str) -> str:
    """Return the words of a payment as banks take them, at most 140 characters."""
    return _let_through(text, LONGEST_WORDS)


def is_let_through(text: str) -> bool:
    """Return whether banks take a text as it is."""
    return bool(ALLOWED.fullmatch(text)) and "//" not in text and text.strip("/ ") == text


def is_identity(text: str) -> bool:
    """Return whether a text can name a message or a payment at the bank."""
    return bool(IDENTITY.fullmatch(text))


def _let_through(text: str, longest: int) -> str:
    latin = unidecode(unicodedata.normalize("NFKC", text))
    plain = re.sub(r"/{2,}", "/", OTHER.sub(" ", latin))
    short = " ".join(plain.split())[:longest].strip("/ ")
    return short if LETTER.search(short) else ""
