"""`decompte compare BASE REFORM LINES`: what a change of the law would do to care lines."""

import argparse
import json
import os
from datetime import date
from importlib import import_module
from pathlib import Path

from decompte.commands.reading import DONE, machine_day, parsed, unreadable
from decompte.commands.writing import free, shown_progress, unwritable
from decompte.engine.periods import Periods, compiled, periods, periods_known_on
from decompte.law.load import FOLDER
from decompte.law.reform import Reform, reformed

CURRENT = "current"
ENDINGS = (".yaml", ".yml", ".json", ".toml")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    command.add_argument(
        "base", metavar="BASE", help=f"`{CURRENT}`, a day (the law known then), or figures"
    )
    command.add_argument("reform", metavar="REFORM", help="figures laid over it: YAML, a folder")
    command.add_argument("lines", type=Path, metavar="LINES", help="Parquet, or CSV by its name")
    command.add_argument(
        "--out", type=Path, metavar="FOLDER", help="a page, plots, the cells as CSV and Parquet"
    )
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.add_argument(
        "--all-cells", action="store_true", help="small cells too: for your eyes, not to publish"
    )
    command.add_argument(
        "--hold-prices", action="store_true", help="prices stay even where a tariff moves"
    )
    command.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare and show; nothing is written before everything is computed."""
    comparing = import_module("decompte.exchange.compare")
    told = import_module("decompte.exchange.compared")
    files = import_module("decompte.exchange.compared_files")
    options.file = options.base
    base = base_law(options.base)
    options.file = options.reform
    reform = reformed(base.data, documents(Path(options.reform)))
    after = compiled(reform.law)
    options.file = str(options.lines)
    if options.out:
        free(options.out)
    question = comparing.Question(
        base=base,
        reform=after,
        changed=reform.changed,
        today=machine_day(),
        holds_prices=options.hold_prices,
        workers=max(1, options.workers),
    )
    found = comparing.compare(options.lines, question, shown_progress())
    if not options.all_cells:
        found = comparing.public(found)
    heading = heading_of(reform, base, after)
    if options.out:
        try:
            files.write(options.out, heading, found, options.lang)
        except OSError as error:
            options.file = str(options.out)
            raise unwritable(error) from None
    if options.json:
        print(json.dumps(told.document(heading, found, options.lang), ensure_ascii=False, indent=2))
    else:
        print("\n".join(told.lines(heading, found, options.lang)))
    return DONE


def heading_of(reform: Reform, base: Periods, after: Periods) -> object:
    """Return what the comparison is about, for those who show it."""
    heading = import_module("decompte.exchange.compared").Heading
    versions = (base.version, after.version)
    laws = {"base": base.data, "reform": after.data}
    return heading(
        title=reform.title, since=reform.since, changed=reform.changed, versions=versions, **laws
    )


def base_law(named: str) -> Periods:
    """Return the law that a reform is laid over.

    Args:
        named: `current`, a day on which the law was known, or a path of figures laid over it.

    Raises:
        Refusal: it is none of these.
    """
    if named == CURRENT:
        return periods()
    try:
        return periods_known_on(date.fromisoformat(named))
    except ValueError:
        pass
    if not Path(named).exists():
        raise unreadable(
            f"ni `{CURRENT}`, ni un jour (2014-03-12), ni un fichier de chiffres",
            f"neither `{CURRENT}`, nor a day (2014-03-12), nor a file of figures",
        )
    return compiled(reformed(periods().data, documents(Path(named))).law)


def documents(path: Path) -> dict[str, object]:
    """Return what the files of a reform hold, by name; of a folder all that can hold figures.

    Raises:
        Refusal: a file cannot be read, or a folder holds none.
    """
    if not path.is_dir():
        return {_name(path, path.parent): parsed(str(path))}
    found = sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS)
    if not found:
        raise unreadable("aucun fichier de chiffres ici", "no file of figures in this folder")
    return {_name(one, path): parsed(str(one)) for one in found}


def _name(path: Path, folder: Path) -> str:
    """Return a file's name as the law's own files have it: copies of them are understood."""
    law = FOLDER / "figures" / "tariffs" / path.name
    return f"tariffs/{path.name}" if law.exists() else path.relative_to(folder).as_posix()
