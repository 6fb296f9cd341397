"""`decompte import NAME FILE`: an official nomenclature file, kept beside what is known."""

import argparse
import json
from importlib import import_module
from pathlib import Path

from decompte.commands.reading import DONE, day, unreadable
from decompte.law.nomenclature.store import NAMES


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    command.add_argument("name", choices=NAMES, metavar="|".join(NAMES))
    command.add_argument("path", type=Path, metavar="FILE")
    command.add_argument("--since", type=day, metavar="DATE")
    command.add_argument("--rejects", type=Path, metavar="CSV", help="rows left out, and why")
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import an official file and print what was kept, added and left out."""
    importing = import_module("decompte.law.nomenclature.importing")
    options.file = str(options.path)
    if options.path.is_dir():
        raise unreadable("c'est un dossier, un fichier est attendu", "a folder, a file is expected")
    report = importing.import_file(options.name, options.path, options.since, options.rejects)
    if options.json:
        print(json.dumps(report._asdict(), ensure_ascii=False, indent=2))
        return DONE
    print(f"{report.name}: {report.kept} entries understood, {report.added} periods added")
    for why, rows in sorted(report.rejected.items()):
        print(f"  left out: {rows} rows: {why}")
    print(f"  SHA-256 of the file: {report.digest}")
    return DONE
