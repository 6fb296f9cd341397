"""The `decompte` command. One case is answered without loading the portal or its libraries."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from decompte.commands import batch, compare, export, generate, nomenclature
from decompte.commands.reading import (
    DONE,
    FOUND,
    WRONG_INPUT,
    day,
    machine_day,
    parsed,
    unreadable,
)
from decompte.commands.writing import unwritable
from decompte.engine.periods import periods, periods_known_on
from decompte.engine.single import settle
from decompte.errors import FiguresError, Problem, Refusal, Text, cause
from decompte.exchange import case, terminal
from decompte.law import check, history
from decompte.law.load import law
from decompte.law.shapes import LawData

DEFAULT_WIDTH = 100
ABOUT = "Reimbursement of students' health care in France: amounts to the cent, and why."
FIRST_STEP = "To begin: decompte reimburse examples/seed-visit.yaml"
MODULES = (
    ("import", nomenclature, "read an official nomenclature file"),
    ("batch", batch, "amounts of a file of care lines"),
    ("generate", generate, "a synthetic year of care lines"),
    ("export", export, "settled lines in the shape of DCIR or Open DAMIR"),
    ("compare", compare, "what a change of the law would do to a file of care lines"),
)


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
            told = line.removeprefix(f"{Path(options.file).name}: ")
            print(f"{options.file}: {told}", file=sys.stderr)
        return WRONG_INPUT
    except FiguresError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        print(f"{error.filename or 'decompte'}: {cause(error).to(options.lang)}", file=sys.stderr)
        return WRONG_INPUT


def _answered(options: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = options.run
    code = run(options)
    sys.stdout.flush()
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="decompte", description=ABOUT, epilog=FIRST_STEP)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, run, many, about in (
        ("reimburse", reimburse, "+", "compute and explain what is paid for a case file"),
        ("advise", advise, "*", "who covers a student, where to send what, until when"),
    ):
        command = commands.add_parser(name, help=about, description=about)
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
        "--as-known-on", type=day, metavar="DATE", help="the law as known that day"
    )
    _law_parser(commands.add_parser("law", help="dated figures of the law, with their sources"))
    for name, module, about in MODULES:
        module.arguments(commands.add_parser(name, help=about, description=about))
    verify = commands.add_parser("verify", help="check the books, the audit chain, the papers")
    verify.set_defaults(run=lambda options: portal(["manage", "verify"]))
    commands.add_parser("serve", help="the portal, on 127.0.0.1:8000 or the port of PORT")
    commands.add_parser("manage", help="the portal's own commands: migrate, demonstration...")
    for command in commands.choices.values():
        command.add_argument("--lang", choices=("fr", "en"), default="en")
        command.set_defaults(file="decompte")
    return top


def _law_parser(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(required=True, metavar="WHAT")
    show = what.add_parser("show", help="a figure and its history")
    show.add_argument("id")
    show.add_argument("--on", type=day, metavar="DATE")
    show.set_defaults(run=law_show)
    what.add_parser("list", help="every figure").set_defaults(run=law_list)
    what.add_parser("check", help="gaps and doubts").set_defaults(run=law_check)
    diff = what.add_parser("diff", help="a case under the law as known on another day, and now")
    diff.add_argument("path", metavar="FILE")
    diff.add_argument("--then", type=day, metavar="DATE", required=True)
    diff.add_argument("--now", type=day, metavar="DATE")
    diff.set_defaults(run=law_diff)
    for choice in what.choices.values():
        choice.add_argument("--lang", choices=("fr", "en"), default="en")
        choice.add_argument("--json", action="store_true")


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
    found = [problem.to(options.lang) for problem in check.problems(law())]
    sound = Text(
        fr=f"{len(law().figures)} chiffres : aucun trou, chaque valeur a sa source",
        en=f"{len(law().figures)} figures: no gap, every value has a source",
    )
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print("\n".join(found) or sound.to(options.lang))
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
        raise unwritable(error) from None


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
