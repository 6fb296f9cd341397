"""The one door for files from outside: looked at in a fenced child, drawn anew, or refused."""

import hashlib
import json
import struct
import subprocess
import sys
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.intake.kinds import kind
from decompte.intake.limits import ENDINGS, MOST_BYTES, MOST_PAGES, NAME_CHARACTERS, SECONDS

PDF = "application/pdf"
ALLOWED = Text(
    fr="permis : PDF, JPEG, PNG ou HEIC, 10 Mo et 20 pages au plus",
    en="allowed: PDF, JPEG, PNG or HEIC, at most 10 MB and 20 pages",
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
        pages: its pages drawn anew, JPEG, without metadata.
    """

    name: str
    media_type: str
    sha256: str
    pages: tuple[bytes, ...]


def examine(data: bytes, filename: str) -> Examined:
    """Return a foreign file as the house may show it.

    Args:
        data: the whole file.
        filename: the name it came with.

    Raises:
        Refusal: field `file`; what is wrong and what is allowed.
    """
    name = clean_name(filename)
    media_type = _accepted_kind(data, name)
    answer, rest = _asked(data, "draw", media_type)
    pages, position = [], 0
    for size in answer["pages"]:
        pages.append(rest[position : position + size])
        position += size
    return Examined(name, media_type, hashlib.sha256(data).hexdigest(), tuple(pages))


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
    answer, _rest = _asked(data, "text", media_type)
    return str(answer["text"])


def _accepted_kind(data: bytes, name: str) -> str:
    if not data:
        raise _refusal("file.empty", Text(fr="ce fichier est vide", en="this file is empty"))
    if len(data) > MOST_BYTES:
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


def clean_name(filename: str) -> str:
    """Return a file name without folders, control or direction characters, at most 100 long."""
    last = PurePosixPath(PureWindowsPath(filename).name).name
    normal = unicodedata.normalize("NFC", last)
    kept = "".join(c for c in normal if unicodedata.category(c)[0] != "C").strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: NAME_CHARACTERS - len(ending) - 1]}{dot}{ending}"[:NAME_CHARACTERS] or "file"


def _asked(data: bytes, task: str, media_type: str) -> tuple[dict[str, Any], bytes]:
    """Return what the fenced child answers to a task, and the bytes that follow its answer."""
    try:
        child = subprocess.run(  # noqa: S603  (our own worker, by its module)
            [sys.executable, "-I", "-m", "decompte.intake.worker", task, media_type],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise _refusal("file.unreadable", REFUSALS["unreadable"]) from None
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
