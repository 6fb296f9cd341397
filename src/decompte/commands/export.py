"""`decompte export dcir|damir LINES OUT`: settled lines in shapes that data people know."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from decompte.commands.reading import DONE, machine_day
from decompte.commands.writing import free, shown_progress, unwritable
from decompte.engine.periods import periods

SHAPES = ("dcir", "damir")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    command.add_argument(
        "shape", choices=SHAPES, help="dcir: ER_PRS_F and ER_ARO_F; damir: an aggregate"
    )
    command.add_argument("lines", type=Path, metavar="LINES", help="Parquet, or CSV by its name")
    command.add_argument(
        "target", type=Path, metavar="OUT", help="a folder for dcir; Parquet or CSV for damir"
    )
    command.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the export and tell on stderr what it holds."""
    exporting = import_module("decompte.exchange.snds.export")
    options.file = str(options.target)
    free(options.target)
    options.file = str(options.lines)
    write = exporting.to_dcir if options.shape == "dcir" else exporting.to_damir
    try:
        written = write(
            options.lines,
            options.target,
            periods(),
            machine_day(),
            max(1, options.workers),
            shown_progress(),
        )
    except OSError as error:
        options.file = str(options.target)
        raise unwritable(error) from None
    rows = ", ".join(f"{name}: {count} rows" for name, count in written.tables)
    told = f"{written.rows} lines, {written.apart} set apart; {rows}; law {written.law}"
    print(told, file=sys.stderr)
    for text, count in written.reasons:
        print(f"  {count}: {text.to(options.lang)}", file=sys.stderr)
    return DONE
