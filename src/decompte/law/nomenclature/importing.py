"""Imports an official file: what was read, what is new, what was left out and why."""

import csv
import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from decompte.errors import FiguresError
from decompte.law.nomenclature import store
from decompte.law.nomenclature.generics import generics
from decompte.law.nomenclature.names import cog, prs_nat
from decompte.law.nomenclature.official import Reader, Rejected, bdpm, ccam, lpp, nabm

READERS: dict[str, Reader] = {
    "bdpm": bdpm,
    "ccam": ccam,
    "nabm": nabm,
    "lpp": lpp,
    "cog": cog,
    "prs-nat": prs_nat,
    "generics": generics,
}


class Report(NamedTuple):
    """What an import did.

    Attributes:
        name: the nomenclature.
        digest: SHA-256 of the official file, in hexadecimal.
        kept: entries that were understood.
        added: periods that were not known before.
        rejected: rows left out, by reason.
    """

    name: str
    digest: str
    kept: int
    added: int
    rejected: Mapping[str, int]


def import_file(
    name: str, path: Path, since: date | None, rejects: Path | None, folder: Path | None = None
) -> Report:
    """Read an official file and keep what it says beside what is known.

    Args:
        name: bdpm, ccam, nabm, lpp, cog, prs-nat or generics.
        path: the file as published.
        since: first day of its prices, for files that do not say it.
        rejects: where the rows left out are written as CSV, or None.
        folder: where the nomenclatures are kept; that of this machine when None.

    Raises:
        FiguresError: the file is not what its name says; nothing was changed.
    """
    if not path.is_file():
        raise FiguresError(f"{path}: no such file")
    try:
        rows = list(READERS[name](path, since))
    except (KeyError, IndexError, ValueError) as error:
        raise FiguresError(f"{path}: not a file of {name}: {error!r}") from error
    entries = [row for row in rows if not isinstance(row, Rejected)]
    rejected = [row for row in rows if isinstance(row, Rejected)]
    if not entries:
        raise FiguresError(f"{path}: nothing of {name} was understood in it")
    known = store.read(name)
    added = store.merged(known, entries)
    if rejects:
        with rejects.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(Rejected._fields)
            writer.writerows(rejected)
    store.write(name, known, folder or store.installed())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Report(name, digest, len(entries), added, Counter(row.why for row in rejected))
