"""What this program refuses, and how it says so.

    DecompteError
    ├── Refusal        an input is wrong; carries every problem found in it
    ├── NotModelled    the question is fair, this program does not know the law for it
    └── FiguresError   the program's own dated data is wrong; it does not start

A problem says where (field), what was received, and what is allowed, in French and English.
Messages never contain an identity number, bank details or health data of a person.
"""

import errno
import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")


BEFORE_MARK = re.compile(r" (?=[:;!?»€]|%(?![(\w]))")
AFTER_MARK = re.compile("(?<=«) ")


def spaced(french: str) -> str:
    """Return French whose marks stay on the line of their word: their spaces do not break."""
    return AFTER_MARK.sub("\u00a0", BEFORE_MARK.sub("\u00a0", french))


class Text(NamedTuple):
    """A sentence in the two languages of the program."""

    fr: str
    en: str

    def to(self, lang: Lang) -> str:
        """Return the sentence in one language, as it is printed in that language."""
        return spaced(self.fr) if lang == "fr" else self.en

    def fill(self, **values: object) -> "Text":
        """Return the sentence with its `{names}` replaced, in both languages."""
        return Text(fr=self.fr.format(**values), en=self.en.format(**values))


CAUSES: Mapping[int | None, Text] = {
    errno.ENOENT: Text("ce fichier ou ce dossier n'existe pas", "no such file or folder"),
    errno.EISDIR: Text("c'est un dossier, un fichier est attendu", "a folder, a file is expected"),
    errno.ENOTDIR: Text("un fichier est sur le chemin", "a file stands in the path"),
    errno.EACCES: Text("accès refusé", "access denied"),
    errno.EPERM: Text("accès refusé", "access denied"),
    errno.EROFS: Text("disque en lecture seule", "the disk is read-only"),
    errno.ENOSPC: Text("le disque est plein", "the disk is full"),
    errno.EDQUOT: Text("le quota du disque est atteint", "the disk quota is reached"),
    errno.EFBIG: Text("fichier trop grand pour ce disque", "the file is too large for this disk"),
}


def cause(error: OSError) -> Text:
    """Return why the system refused a file, in a few words."""
    word = error.strerror or (str(error).strip().splitlines() or [type(error).__name__])[0]
    return CAUSES.get(error.errno, Text(word, word))


class Problem(NamedTuple):
    """One thing that is wrong with an input.

    Attributes:
        code: stable name of the problem, such as `amount.decimals`.
        field: path of the field, such as `lines[0].price`.
        message: what is wrong and what is allowed, in both languages.
    """

    code: str
    field: str
    message: Text


class DecompteError(Exception):
    """Root of everything this program raises on purpose."""


class Refusal(DecompteError):  # noqa: N818  (the field's word; see the glossary)
    """An input that cannot be accepted, with all its problems at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; at least one is needed."""
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.message.en}" for p in self.problems))

    def lines(self, lang: Lang) -> list[str]:
        """Return one clear line a problem: field, then message."""
        return [f"{p.field}: {p.message.to(lang)}" for p in self.problems]


class NotModelled(Refusal):
    """A question the law answers and this program cannot: refused by name, never guessed."""


class FiguresError(DecompteError):
    """Dated data of the program that is incomplete or contradictory, by file and id."""
