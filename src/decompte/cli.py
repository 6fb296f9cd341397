"""The `decompte` command. One case is answered without loading the portal or its libraries."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from decompte.commands import compare as comparing
from decompte.commands import export as exporting
from decompte.commands.reading import (
    DONE,
    FOUND,
    WRONG_INPUT,
    machine_day,
    parsed,
    unreadable,
)
from decompte.engine.periods import periods, periods_known_on
from decompte.engine.single import settle
from decompte.errors import FiguresError, Problem, Refusal, Text
from decompte.exchange import case, terminal
from decompte.law import check, history
from decompte.law.load import law
from decompte.law.nomenclature.store import NAMES
from decompte.law.shapes import LawData
from decompte.law.tables import FIRST_DAY

DEFAULT_WIDTH = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 a check found something, 2 wrong."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["manage"] or given[:1] == ["serve"]:
        return portal(given)
    options = parser().parse_args(given)
    try:
        return _answered(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Refusal as refusal:
        for line in refusal.lines(options.lang):
            print(f"{options.file}: {line}", file=sys.stderr)
        return WRONG_INPUT
    except FiguresError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT


def _answered(options: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = options.run
    code = run(options)
    sys.stdout.flush()
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="decompte", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, run, many, about in (
        ("reimburse", reimburse, "+", "compute and explain what is paid for a case file"),
        ("advise", advise, "*", "who covers a student, where to send what, until when"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument(
            "files", nargs=many, metavar="FILE", help="YAML, JSON or TOML; - is stdin"
        )
        command.add_argument("--json", action="store_true", help="one JSON document on stdout")
        command.add_argument("--pdf", metavar="PDF", help="also write a PDF")
        command.set_defaults(run=run)
    commands.choices["advise"].add_argument(
        "--ask", action="store_true", help="ask only what matters, in the terminal"
    )
    commands.choices["reimburse"].add_argument(
        "--as-known-on", type=date.fromisoformat, metavar="DATE", help="the law as known that day"
    )
    _law_parser(commands.add_parser("law", help="dated figures of the law, with their sources"))
    _import_parser(commands.add_parser("import", help="read an official nomenclature file"))
    _batch_parser(commands.add_parser("batch", help="amounts of a file of care lines"))
    _generate_parser(commands.add_parser("generate", help="a synthetic year of care lines"))
    exporting.arguments(commands.add_parser("export", help="in the shape of DCIR or Open DAMIR"))
    comparing.arguments(commands.add_parser("compare", help="what a change of the law would do"))
    verify = commands.add_parser("verify", help="check the books, the audit chain, the papers")
    verify.set_defaults(run=lambda options: portal(["manage", "verify"]))
    for name in ("serve", "manage"):
        commands.add_parser(name, help=f"the portal ({name})")
    for command in commands.choices.values():
        command.add_argument("--lang", choices=("fr", "en"), default="en")
        command.set_defaults(file="decompte")
    return top


def _batch_parser(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", type=Path, metavar="IN", help="Parquet, or CSV by its name")
    command.add_argument("target", type=Path, metavar="OUT", help="Parquet, or CSV by its name")
    command.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    command.add_argument("--rejects", type=Path, metavar="FILE", help="rows left out, and why")
    command.add_argument("--spark", metavar="MASTER", help="on Spark: local[2], spark://host:7077")
    command.set_defaults(run=batch)


def _generate_parser(command: argparse.ArgumentParser) -> None:
    command.add_argument("target", type=Path, metavar="OUT", help="Parquet")
    command.add_argument("--students", type=int, required=True, metavar="N")
    command.add_argument("--year", type=int, required=True, metavar="Y")
    command.add_argument("--seed", type=int, default=1, metavar="S")
    command.set_defaults(run=generate)


def generate(options: argparse.Namespace) -> int:
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
    try:
        report = generating.generate(
            options.target,
            students=options.students,
            year=options.year,
            seed=options.seed,
            workers=os.cpu_count() or 1,
        )
    except OSError as error:
        raise unreadable(
            f"écriture impossible ({error.strerror})", f"cannot be written ({error.strerror})"
        ) from None
    print("\n".join(generating.told(report)))
    return DONE


def batch(options: argparse.Namespace) -> int:
    """Settle a file of care lines into a file of amounts."""
    stream = import_module("decompte.exchange.stream")
    options.file = str(options.source)
    rejects = options.rejects or options.target.with_name(options.target.name + ".rejects.csv")
    job = stream.Job(
        source=options.source,
        target=options.target,
        rejects=rejects,
        workers=max(1, options.workers),
        today=machine_day(),
        lang=options.lang,
    )
    if options.spark:
        partition = import_module("decompte.exchange.partition")
        print(f"law {partition.run_on_spark(job, options.spark)}", file=sys.stderr)
        return DONE
    report = stream.run(job, shown_progress if sys.stderr.isatty() else lambda _done, _rows: None)
    for name in report.unused:
        print(f"{options.source}: {name}: not a column of the format, not used", file=sys.stderr)
    told = f"{report.rows} rows: {report.kept} settled, {report.rejected} rejected ({rejects})"
    print(f"{told}; law {report.law}", file=sys.stderr)
    return DONE


def shown_progress(done: int, rows: int) -> None:
    """Show on a terminal how far a long run has come."""
    end = "\n" if done == rows else ""
    print(f"\r{done:,} of {rows:,} rows ({done * 100 // max(rows, 1)} %)", end=end, file=sys.stderr)


def _law_parser(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(required=True, metavar="WHAT")
    show = what.add_parser("show", help="a figure and its history")
    show.add_argument("id")
    show.add_argument("--on", type=date.fromisoformat, metavar="DATE")
    show.set_defaults(run=law_show)
    what.add_parser("list", help="every figure").set_defaults(run=law_list)
    what.add_parser("check", help="gaps and doubts").set_defaults(run=law_check)
    diff = what.add_parser("diff", help="a case under the law as known on another day, and now")
    diff.add_argument("path", metavar="FILE")
    diff.add_argument("--then", type=date.fromisoformat, metavar="DATE", required=True)
    diff.add_argument("--now", type=date.fromisoformat, metavar="DATE")
    diff.set_defaults(run=law_diff)
    for choice in what.choices.values():
        choice.add_argument("--lang", choices=("fr", "en"), default="en")
        choice.add_argument("--json", action="store_true")


def _import_parser(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", choices=NAMES, metavar="|".join(NAMES))
    command.add_argument("path", type=Path, metavar="FILE")
    command.add_argument("--since", type=date.fromisoformat, metavar="DATE")
    command.add_argument("--rejects", type=Path, metavar="CSV", help="rows left out, and why")
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.set_defaults(run=import_nomenclature)


def import_nomenclature(options: argparse.Namespace) -> int:
    """Import an official file and print what was kept, added and left out."""
    importing = import_module("decompte.law.nomenclature.importing")
    report = importing.import_file(options.name, options.path, options.since, options.rejects)
    if options.json:
        print_json([report._asdict()])
        return DONE
    print(f"{report.name}: {report.kept} entries understood, {report.added} periods added")
    for why, rows in sorted(report.rejected.items()):
        print(f"  left out: {rows} rows: {why}")
    print(f"  SHA-256 of the file: {report.digest}")
    return DONE


def reimburse(options: argparse.Namespace) -> int:
    """Compute case files and print what is paid and why."""
    documents = []
    known = options.as_known_on and periods_known_on(options.as_known_on)
    for file in options.files:
        options.file = file
        settlement = settle(case.read(parsed(file), today=machine_day(), law=known), known)
        documents.append(case.write(settlement, options.lang, known))
    if options.pdf:
        write_pdf("statement.case_pdf", documents, options)
    if options.json:
        print_json(documents)
        return DONE
    style = terminal_style(os.environ, is_terminal=sys.stdout.isatty())
    shown = ("\n".join(terminal.lines(document, options.lang, style)) for document in documents)
    print("\n\n".join(shown))
    return DONE


def advise(options: argparse.Namespace) -> int:
    """Advise on situation files and print who, where, what, until when."""
    situation = import_module("decompte.exchange.situation")
    result = import_module("decompte.exchange.advice")
    documents = []
    for file in options.files:
        options.file = file
        advice = situation.answer(parsed(file), today=machine_day())
        documents.append(result.write(advice, options.lang))
    if options.ask:
        documents.append(result.write(_guided(options), options.lang))
    elif not documents:
        raise unreadable("donnez un fichier, ou --ask", "give a file, or --ask")
    if options.pdf:
        write_pdf("advice.advice_pdf", documents, options)
    if options.json:
        print_json(documents)
        return DONE
    for document in documents:
        print("\n".join(result.lines(document, options.lang)))
    return DONE


def _guided(options: argparse.Namespace) -> object:
    """Return the advice of a conversation in the terminal; questions go to standard error.

    Raises:
        Refusal: the conversation ends before the answers are enough.
    """
    guided = import_module("decompte.exchange.guided")
    told, today = guided.NOTHING, machine_day()
    options.file = "--ask"
    while question := guided.next_question(told, today=today):
        print("\n".join(guided.prompt(question, options.lang)), file=sys.stderr)
        line = sys.stdin.readline()
        if not line:
            raise unreadable("réponse attendue", "an answer is expected")
        try:
            told = guided.answer(told, question, guided.typed(question, line), today=today)
        except Refusal as refusal:
            print("\n".join(refusal.lines(options.lang)), file=sys.stderr)
    return guided.advice(told, today=today)


def law_show(options: argparse.Namespace) -> int:
    """Print one figure of the law."""
    data = law()
    options.file = "law"
    figure = data.figures.get(options.id)
    if figure is None:
        raise Refusal([_unknown_figure(data, options.id)])
    if options.json:
        print_json([history.document(data, figure, options.lang, options.on)])
    else:
        print("\n".join(history.lines(data, figure, options.lang, options.on)))
    return DONE


def law_list(options: argparse.Namespace) -> int:
    """Print every figure of the law."""
    figures = law().figures.values()
    if options.json:
        labels = [{"id": f.id, "label": f.label.to(options.lang), "unit": f.unit} for f in figures]
        print(json.dumps(labels, ensure_ascii=False, indent=2))
    else:
        print("\n".join(f"{figure.id}: {figure.label.to(options.lang)}" for figure in figures))
    return DONE


def law_check(options: argparse.Namespace) -> int:
    """Print what the law of this program lacks; exit code 1 if anything."""
    found = list(check.problems(law()))
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print("\n".join(found) or f"{len(law().figures)} figures: no gap, every value has a source")
    return FOUND if found else DONE


def law_diff(options: argparse.Namespace) -> int:
    """Print what a case comes to under the law as known on two days, and why; 1 if it differs."""
    options.file = options.path
    shown = import_module("decompte.exchange.difference")
    now = periods_known_on(options.now) if options.now else periods()
    then = periods_known_on(options.then)
    found = shown.read(parsed(options.path), today=machine_day(), then=then, now=now)
    if options.json:
        print(json.dumps(shown.document(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(shown.lines(found, options.lang)))
    return FOUND if found else DONE


def portal(argv: list[str]) -> int:
    """Hand over to the portal, which alone loads Django."""
    code: int = import_module("decompte.portal.serve").main(argv)
    return code


def terminal_style(environment: Mapping[str, str], *, is_terminal: bool) -> terminal.Style:
    """Return how wide to write, and whether in colour: on a terminal only, unless NO_COLOR is set.

    Args:
        environment: of the process; an empty NO_COLOR counts as unset.
        is_terminal: standard output is one.
    """
    width = shutil.get_terminal_size((DEFAULT_WIDTH, 0)).columns
    return terminal.Style(width, is_terminal and not environment.get("NO_COLOR"))


def print_json(documents: list[dict[str, object]]) -> None:
    """Print one JSON document: the result, or the list of results of several files."""
    document = documents[0] if len(documents) == 1 else documents
    print(json.dumps(document, ensure_ascii=False, indent=2))


def write_pdf(maker: str, documents: list[dict[str, object]], options: argparse.Namespace) -> None:
    """Write results as one PDF, through a temporary file so that no half document is left."""
    module, name = maker.split(".")
    make = getattr(import_module(f"decompte.documents.{module}"), name)
    pdf: bytes = make(documents, lang=options.lang, day=machine_day())
    target = Path(options.pdf)
    partial = target.with_name(target.name + ".partial")
    try:
        partial.write_bytes(pdf)
        partial.replace(target)
    except OSError as error:
        options.file = options.pdf
        raise unreadable(
            f"écriture impossible ({error.strerror})", f"cannot be written ({error.strerror})"
        ) from None


def _unknown_figure(data: LawData, name: str) -> Problem:
    near = ", ".join(sorted(known for known in data.figures if known.split(".")[0] in name)[:8])
    return Problem(
        "figure.unknown",
        name,
        Text(
            fr=f"chiffre inconnu ; proches : {near or 'voir decompte law list'}",
            en=f"unknown figure; near ones: {near or 'see decompte law list'}",
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
