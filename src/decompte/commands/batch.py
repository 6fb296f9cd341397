"""`decompte batch IN OUT`: the amounts of a file of care lines, on this machine or on Spark."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from decompte.commands.reading import DONE, machine_day
from decompte.commands.writing import file_name, shown_progress
from decompte.errors import Problem, Refusal, Text


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    command.add_argument("source", type=Path, metavar="IN", help="Parquet, or CSV by its name")
    command.add_argument("target", type=Path, metavar="OUT", help="Parquet, or CSV by its name")
    command.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    command.add_argument("--rejects", type=Path, metavar="FILE", help="rows left out, and why")
    command.add_argument("--spark", metavar="MASTER", help="on Spark: local[2], spark://host:7077")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Settle a file of care lines into a file of amounts."""
    stream = import_module("decompte.exchange.stream")
    rejects = options.rejects or options.target.with_name(options.target.name + ".rejects.csv")
    job = stream.Job(
        source=options.source,
        target=options.target,
        rejects=rejects,
        workers=max(1, options.workers),
        today=machine_day(),
        lang=options.lang,
    )
    options.file = str(options.source)
    apart(options.source, options.target, rejects)
    if options.spark:
        partition = import_module("decompte.exchange.partition")
        print(f"law {partition.run_on_spark(job, options.spark)}", file=sys.stderr)
        return DONE
    file_name(options.target)
    file_name(rejects)
    report = stream.run(job, shown_progress())
    for name in report.unused:
        print(f"{options.source}: {name}: not a column of the format, not used", file=sys.stderr)
    told = f"{report.rows} rows: {report.kept} settled, {report.rejected} rejected ({rejects})"
    print(f"{told}; law {report.law}", file=sys.stderr)
    return DONE


def apart(source: Path, target: Path, rejects: Path) -> None:
    """Make sure that no result would take the place of the lines or of the other result.

    Raises:
        Refusal: it would.
    """
    problems = [
        Problem(
            "file.same",
            option,
            Text(f"{one} : {what.fr}", f"{one}: {what.en}"),
        )
        for option, one, other, what in (
            ("OUT", target, source, OVER_LINES),
            ("--rejects", rejects, source, OVER_LINES),
            ("--rejects", rejects, target, OVER_RESULT),
        )
        if one.absolute().resolve() == other.absolute().resolve()
    ]
    if problems:
        raise Refusal(problems)


OVER_LINES = Text("remplacerait les lignes de soins", "would take the place of the care lines")
OVER_RESULT = Text("remplacerait le résultat", "would take the place of the result")
