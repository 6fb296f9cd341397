"""What every command that writes does: a name that is free, progress, a disk that is full."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from decompte.commands.reading import unreadable
from decompte.errors import Problem, Refusal, Text, cause


def free(target: Path) -> None:
    """Make sure, before anything is computed, that a name can be given to a result.

    Raises:
        Refusal: something has that name, or its parent is no folder.
    """
    if target.exists():
        taken = Text(
            "ce nom est déjà pris ; en donner un autre", "this name is taken; give another one"
        )
        raise Refusal([Problem("file.taken", target.name, taken)])
    if not target.absolute().parent.is_dir():
        nowhere = Text("le dossier parent n'existe pas", "its parent is no folder")
        raise Refusal([Problem("file.parent", target.name, nowhere)])


def file_name(target: Path) -> None:
    """Make sure, before anything is computed, that a file can take a name.

    Raises:
        Refusal: a folder has it.
    """
    if target.is_dir():
        folder = Text("c'est un dossier, un fichier est attendu", "a folder, a file is expected")
        raise Refusal([Problem("file.folder", target.name, folder)])


def unwritable(error: OSError) -> Refusal:
    """Return the refusal of a result that cannot be written."""
    why = cause(error)
    return unreadable(f"écriture impossible : {why.fr}", f"cannot be written: {why.en}")


def shown_progress() -> Callable[[int, int], None]:
    """Return what shows on a terminal how far a long run has come; elsewhere it shows nothing."""
    return partial(_show, is_shown=sys.stderr.isatty())


def _show(done: int, rows: int, *, is_shown: bool) -> None:
    if is_shown:
        end = "\n" if done == rows else ""
        share = done * 100 // max(rows, 1)
        print(f"\r{done:,} of {rows:,} rows ({share} %)", end=end, file=sys.stderr)
