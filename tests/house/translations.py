"""`make docs`: the catalogue of French, brought up to the program's words and compiled.

Babel reads, updates and writes catalogues in Python, so no gettext tools are needed.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from decompte.errors import spaced

PORTAL = Path(__file__).resolve().parents[2] / "src" / "decompte" / "portal"
FRENCH = PORTAL / "locale" / "fr" / "LC_MESSAGES" / "django.po"
NO_DAY = datetime.fromtimestamp(0, UTC)  # the same words compile to the same bytes
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def said() -> Catalog:
    """Return every text of the portal that asks for a translation."""
    words = Catalog(locale="fr", charset="utf-8")
    for path in sorted(PORTAL.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"}:
            continue
        text = path.read_text()
        source = text if path.suffix == ".py" else templatize(text)
        for _, message, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            words.add(message, context=context)
    return words


def french() -> Catalog:
    """Return the French as written."""
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def compiled() -> Catalog:
    """Return the French that the program reads."""
    with FRENCH.with_suffix(".mo").open("rb") as file:
        return read_mo(file)


def strings(words: Catalog) -> dict[object, object]:
    """Return what stands for what, plural forms as tuples: a compiled catalogue reads lists."""
    return {_fixed(one.id): _fixed(one.string) for one in words if one.id}


def _fixed(text: object) -> object:
    return tuple(text) if isinstance(text, list) else text


def update() -> list[str]:
    """Bring the French up to the program's words, compile it, and return what it lacks."""
    words = french()
    words.update(said(), no_fuzzy_matching=True)
    words.obsolete.clear()
    for one in words:
        one.string = _spaced(one.string) if one.string else ""
    words.header_comment = "# French of Décompte."
    body = BytesIO()
    write_po(body, words, sort_output=True, omit_header=True, width=0)
    head = (
        '# French of Décompte.\nmsgid ""\nmsgstr ""\n"Language: fr\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    )
    FRENCH.write_text(head + body.getvalue().decode())
    written = french()
    written.creation_date = written.revision_date = NO_DAY
    with FRENCH.with_suffix(".mo").open("wb") as file:
        write_mo(file, written)
    return [str(one.id) for one in french() if one.id and not one.string]


def _spaced(french: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return a message, or its plural forms, with the spaces of printed French."""
    if isinstance(french, str):
        return spaced(french)
    return tuple(spaced(form) for form in french)


if __name__ == "__main__":
    lacks = update()
    sys.exit("Not in French yet:\n" + "\n".join(lacks) if lacks else 0)
