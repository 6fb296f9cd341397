"""The page of the bars of the house: what each asks, what was measured, what holds it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from decompte.law.load import law
from tests.conftest import ROOT
from tests.house import sizes

PURE = ("rules", "law", "procedure", "engine", "exchange", "documents", "intake")
NOT_WRITTEN = re.compile(r"(\.(po|mo|svg|png|csv|json)|matrix\.yaml|figures\.md|requirements/.*)$")
SMALL = 400
HEAD = """# How well does the house keep its own bars?

Bars are means: when one hurts, ask which idea is two ideas. `make docs` measures again; the tests
of `tests/house` and Ruff hold what can be held. Migrations are Django's and do not count.

| What | Bar | Measured | Held by |
|---|---|---|---|
"""
FOOT = """
**What falls short, and why.** There are fewer lines of tests for one of code than the bar asks:
many tests are tables, properties or walks (one tries every address of the portal with every role
and method, one every published example), and none was written to meet a number. Of the commits, the
first ones brought whole rooms at once; history is not rewritten for a bar.
"""


class Bar(NamedTuple):
    """One row of the page."""

    what: str
    bar: str
    measured: str
    held_by: str


def page() -> str:
    """Return the page."""
    rows = "\n".join(f"| {' | '.join(bar)} |" for bar in bars())
    return f"{HEAD}{rows}\n{FOOT}"


def bars() -> Iterator[Bar]:
    """Yield every bar with what is measured now."""
    for kind, found in sizes.measured().items():
        told = " / ".join(str(lines) for lines, _name in sizes.marks(found))
        asked = " / ".join(map(str, sizes.BARS[kind]))
        what = f"lines of {len(found):,} {kind}s: half, nine tenths, the largest"
        yield Bar(what, asked, told, "`test_house.py`")
    most, rules = complexities("src/decompte"), complexities("src/decompte/rules")
    told = f"{most[len(most) * 9 // 10]} / {most[-1]}; {rules[-1]}"
    yield Bar("complexity: nine tenths, the most; `rules`", "4 / 10; 8", told, "Ruff (C901)")
    yield Bar("public docstrings of the pure rooms", "100 %", _docstrings(), "Ruff (D)")
    yield Bar("dated values with a source", "100 %", _sourced(), "the loader refuses")
    told = f"{_lines('tests') / _lines('src'):.1f}"
    yield Bar("lines of tests for one of code", "1.2 to 2.0", told, "nothing")
    small, explained, count = _commits()
    yield Bar(f"of {count:,} commits: under {SMALL} written lines", "95 %", f"{small} %", "nothing")
    yield Bar("commits with a body", "90 %", f"{explained} %", "nothing")


def complexities(folder: str) -> Sequence[int]:
    """Return the complexity of every function of a folder, smallest first."""
    asked = ("--isolated", "--select", "C901", "--config", "lint.mccabe.max-complexity=0")
    run = (
        sys.executable,
        "-m",
        "ruff",
        "check",
        folder,
        *asked,
        "--exclude",
        "migrations",
        "--output-format",
        "concise",
    )
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return sorted(int(found) for found in re.findall(r"\((\d+) > 0\)", told))


def _docstrings() -> str:
    trees = [
        ast.parse(path.read_text()) for room in PURE for path in (sizes.SOURCE / room).rglob("*.py")
    ]
    told = [bool(ast.get_docstring(node)) for tree in trees for node in _public(tree)]
    return f"{100 * sum(told) // len(told)} % of {len(told):,}"


def _public(owner: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the public functions and classes, with their methods."""
    for node in owner.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _sourced() -> str:
    values = [value for figure in law().figures.values() for value in figure.values]
    return f"{100 * sum(bool(one.sources) for one in values) // len(values)} % of {len(values):,}"


def _lines(folder: str) -> int:
    found = (ROOT / folder).rglob("*.py")
    return sum(path.read_text().count("\n") for path in found if path.parent.name != "migrations")


def _commits() -> tuple[int, int, int]:
    """Return which percent of commits are small, which say why, and how many there are."""
    run = ("git", "log", "--no-merges", "--format=%x01%b%x02", "--numstat")
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commits = [one.split("\x02") for one in told.split("\x01")[1:]]
    small = sum(_written(numbers) < SMALL for _body, numbers in commits)
    explained = sum(bool(body.strip()) for body, _numbers in commits)
    return 100 * small // len(commits), 100 * explained // len(commits), len(commits)


def _written(numbers: str) -> int:
    """Return the lines a commit changed, save for generated and data files."""
    rows = re.findall(r"^(\d+)\t(\d+)\t(.+)$", numbers, re.MULTILINE)
    return sum(int(a) + int(b) for a, b, name in rows if not NOT_WRITTEN.search(name))
