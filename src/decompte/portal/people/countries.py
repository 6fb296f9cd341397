"""The countries people come from, every one of them, named in the reader's language."""

import unicodedata
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext as _

from decompte.portal.people.templatetags.words import language

Choices = list[tuple[str, str]]
# Codes of the locale data that are no country: regions, outlying areas, placeholders.
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
LETTERS = 2


def countries() -> Choices:
    """Return every country by its ISO 3166-1 code, in alphabetical order."""
    return list(_named(language()))


def countries_or_none() -> Choices:
    """Return every country, after an empty choice."""
    return [("", _("Choose")), *countries()]


@lru_cache(maxsize=2)
def _named(lang: str) -> tuple[tuple[str, str], ...]:
    known = {str(code): str(name) for code, name in Locale.parse(lang).territories.items()}
    named = [
        (code, name)
        for code, name in known.items()
        if len(code) == LETTERS and code.isalpha() and code not in NO_COUNTRIES
    ]
    return tuple(sorted(named, key=lambda one: _plain(one[1])))


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()
