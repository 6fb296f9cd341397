"""`decompte generate OUT`: a synthetic year of care lines."""

import argparse
import os
from importlib import import_module
from pathlib import Path

from decompte.commands.reading import DONE, machine_day
from decompte.commands.writing import file_name, unwritable
from decompte.errors import Problem, Refusal, Text
from decompte.law.tables import FIRST_DAY


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    command.add_argument("target", type=Path, metavar="OUT", help="Parquet")
    command.add_argument("--students", type=int, required=True, metavar="N")
    command.add_argument("--year", type=int, required=True, metavar="Y")
    command.add_argument("--seed", type=int, default=1, metavar="S")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write a synthetic year of care lines and print its totals."""
    generating = import_module("decompte.exchange.generate")
    options.file = str(options.target)
    this_year = machine_day().year
    if not FIRST_DAY.year <= options.year <= this_year or options.students < 1 or options.seed < 0:
        text = Text(
            fr=f"au moins un étudiant, de {FIRST_DAY.year} à {this_year}, une graine >= 0",
            en=f"at least one student, {FIRST_DAY.year} to {this_year}, a seed >= 0",
        )
        raise Refusal([Problem("generate.range", "--students, --year, --seed", text)])
    file_name(options.target)
    try:
        report = generating.generate(
            options.target,
            students=options.students,
            year=options.year,
            seed=options.seed,
            workers=os.cpu_count() or 1,
        )
    except OSError as error:
        raise unwritable(error) from None
    print("\n".join(generating.told(report)))
    return DONE
