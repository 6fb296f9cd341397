"""The one door for files from outside: looked at in a fenced child, drawn anew, or refused."""

import hashlib
import json
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.intake.kinds import kind
from decompte.intake.limits import (
    ENDINGS,
    MOST_BYTES,
    MOST_PAGES,
    NAME_CHARACTERS,
    SCAN_BYTES,
    SCAN_PAGES_AT_ONCE,
    WAIT_SECONDS,
)

PDF = "application/pdf"
ALLOWED = Text(
    fr="permis : PDF, JPEG, PNG ou HEIC, 10 Mo et 20 pages au plus",
    en="allowed: PDF, JPEG, PNG or HEIC, at most 10 MB and 20 pages",
)
BUSY = Text(
    fr="trop de fichiers arrivent à la fois : renvoyez celui-ci dans une minute",
    en="too many files arrive at once: send this one again in a minute",
)
REFUSALS = {
    "encrypted": Text(fr="ce PDF est protégé par un mot de passe", en="this PDF has a password"),
    "active": Text(
        fr="ce PDF contient un programme ou un fichier joint",
        en="this PDF holds a program or an attached file",
    ),
    "pages": Text(
        fr=f"ce fichier n'a pas entre 1 et {MOST_PAGES} pages",
        en=f"this file does not have 1 to {MOST_PAGES} pages",
    ),
    "pixels": Text(fr="cette image est trop grande", en="this picture is too large"),
    "small": Text(
        fr="cette photo est trop petite pour être lue : rapprochez-vous, ou choisissez l'original "
        "et non une miniature",
        en="this photo is too small to be read: go nearer, or choose the original and not a "
        "thumbnail",
    ),
    "dark": Text(
        fr="cette photo est trop sombre : posez la feuille près d'une fenêtre",
        en="this photo is too dark: lay the sheet near a window",
    ),
    "blank": Text(
        fr="cette page est vide : photographiez le côté écrit",
        en="this page is blank: take the written side",
    ),
    "blurred": Text(
        fr="cette photo est floue : tenez le téléphone à deux mains, bien à plat, et recommencez",
        en="this photo is blurred: hold the phone with both hands, flat above the sheet, and try "
        "again",
    ),
    "unreadable": Text(
        fr="ce fichier est abîmé ou illisible", en="this file is damaged or cannot be read"
    ),
}


class Examined(NamedTuple):
    """A file that was let in.

    Attributes:
        name: its name, cleaned.
        media_type: what it is by its content.
        sha256: digest of the original, hexadecimal.
        pages: its pages drawn anew, JPEG, without metadata; photos flattened and level.
        codes: what the QR and 2D-Doc codes on each page say: read, not verified.
    """

    name: str
    media_type: str
    sha256: str
    pages: tuple[bytes, ...]
    codes: tuple[tuple[str, ...], ...] = ()


class Sheet(NamedTuple):
    """One page of a scanned stack: drawn anew, its codes, and whether anything is written on it."""

    jpeg: bytes
    codes: tuple[str, ...]
    is_blank: bool


def examine(data: bytes, filename: str) -> Examined:
    """Return a foreign file as the house may show it.

    Args:
        data: the whole file.
        filename: the name it came with.

    Raises:
        Refusal: field `file`; what is wrong and what is allowed.
    """
    return examine_all([(data, filename)])[0]


def examine_all(files: Sequence[tuple[bytes, str]]) -> tuple[Examined, ...]:
    """Return foreign files as the house may show them, all looked at by one child.

    Args:
        files: content and name of each; together they have at most 20 pages.

    Raises:
        Refusal: field `file`; what is wrong with one of them and what is allowed.
    """
    names = [clean_name(filename) for _data, filename in files]
    kinds = [_accepted_kind(data, name) for (data, _), name in zip(files, names, strict=True)]
    contents = [data for data, _filename in files]
    answer, drawn = _asked("draw", kinds, contents)
    pages = _cut(drawn, answer["pages"])
    codes = [tuple(found) for found in answer["codes"]]
    examined, start = [], 0
    for data, name, media_type, count in zip(contents, names, kinds, answer["counts"], strict=True):
        mine = slice(start, start + count)
        digest = hashlib.sha256(data).hexdigest()
        examined.append(Examined(name, media_type, digest, tuple(pages[mine]), tuple(codes[mine])))
        start += count
    return tuple(examined)


def sheets(data: bytes, filename: str) -> Iterator[Sheet]:
    """Yield the pages of a scanned stack, a few at a time, so that a long one stays small.

    Args:
        data: the whole file, up to 200 MB and 500 pages.
        filename: the name it came with.

    Raises:
        Refusal: field `file`; what is wrong and what is allowed.
    """
    media_type = _accepted_kind(data, clean_name(filename), SCAN_BYTES)
    first, total = 0, 1
    while first < total:
        answer, drawn = _asked("scan", [media_type], [data], first, SCAN_PAGES_AT_ONCE)
        total = answer["total"]
        for jpeg, sheet in zip(_cut(drawn, answer["pages"]), answer["sheets"], strict=True):
            yield Sheet(jpeg, tuple(sheet["codes"]), sheet["is_blank"])
        first += SCAN_PAGES_AT_ONCE


def text_of(data: bytes, filename: str) -> str:
    """Return the text written in a PDF; empty when its pages are pictures.

    Args:
        data: the whole file.
        filename: the name it came with.

    Raises:
        Refusal: field `file`; it is no PDF, or one that is not let in.
    """
    media_type = _accepted_kind(data, clean_name(filename))
    if media_type != PDF:
        raise _refusal(
            "file.kind",
            Text(fr="ce fichier n'est pas un PDF", en="this file is not a PDF"),
        )
    answer, _rest = _asked("text", [media_type], [data])
    return str(answer["text"])


def words_seen(page: bytes, reader: str) -> str:
    """Return what a program reads on a page that was drawn here: read, not verified.

    Args:
        page: drawn anew (JPEG).
        reader: path of the program, Tesseract with its French data.

    Raises:
        Refusal: field `file`; it read nothing in time, or is not there.
    """
    answer, _rest = _asked("read", ["image/jpeg"], [page], reader)
    return str(answer["text"])


def _accepted_kind(data: bytes, name: str, most_bytes: int = MOST_BYTES) -> str:
    if not data:
        raise _refusal("file.empty", Text(fr="ce fichier est vide", en="this file is empty"))
    if len(data) > most_bytes:
        raise _refusal(
            "file.large", Text(fr="ce fichier est trop gros", en="this file is too large")
        )
    media_type = kind(data)
    if media_type is None:
        raise _refusal(
            "file.kind",
            Text(
                fr="ce n'est pas un fichier d'un genre accepté",
                en="this is not a file of an accepted kind",
            ),
        )
    if not name.lower().endswith(ENDINGS[media_type]):
        raise _refusal(
            "file.name",
            Text(
                fr=f"le contenu ({media_type}) n'est pas ce que dit le nom",
                en=f"the content ({media_type}) is not what the name says",
            ),
        )
    return media_type


def _cut(drawn: bytes, lengths: Sequence[int]) -> list[bytes]:
    pages, position = [], 0
    for length in lengths:
        pages.append(drawn[position : position + length])
        position += length
    return pages


def clean_name(filename: str) -> str:
    """Return a file name without folders, control or direction characters, at most 100 long."""
    last = PurePosixPath(PureWindowsPath(filename).name).name
    normal = unicodedata.normalize("NFC", last)
    kept = "".join(c for c in normal if unicodedata.category(c)[0] != "C").strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: NAME_CHARACTERS - len(ending) - 1]}{dot}{ending}"[:NAME_CHARACTERS] or "file"


def _asked(
    task: str, kinds: Sequence[str], contents: Sequence[bytes], *more: int | str
) -> tuple[dict[str, Any], bytes]:
    """Return what the fenced child answers to a task, and the bytes that follow its answer."""
    announced = [f"{one}:{len(data)}" for one, data in zip(kinds, contents, strict=True)]
    try:
        child = subprocess.run(  # noqa: S603  (our own worker, by its module)
            [
                *(sys.executable, "-I", "-m", "decompte.intake.worker", task),
                *announced,
                *(str(one) for one in more),
            ],
            input=b"".join(contents),
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise Refusal([Problem("file.busy", "file", BUSY)]) from None
    if child.returncode != 0 or len(child.stdout) < struct.calcsize(">I"):
        raise _refusal("file.unreadable", REFUSALS["unreadable"])
    (length,) = struct.unpack_from(">I", child.stdout)
    start = struct.calcsize(">I")
    answer: dict[str, Any] = json.loads(child.stdout[start : start + length])
    if refused := answer.get("refused"):
        raise _refusal(f"file.{refused}", REFUSALS[refused])
    return answer, child.stdout[start + length :]


def _refusal(code: str, what: Text) -> Refusal:
    return Refusal(
        [Problem(code, "file", Text(fr=f"{what.fr} ; {ALLOWED.fr}", en=f"{what.en}; {ALLOWED.en}"))]
    )
