"""What the security pages promise is proved by tests that exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "security" / name for name in ("rules.md", "threats.md")]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


def rows():
    """Return page, first cell and last cell of each row of a table."""
    for page in PAGES:
        for line in page.read_text().splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("| ") and len(cells) > 2 and set(cells[0]) != {"-"}:
                yield page.name, cells[0], cells[-1]


def test_every_promise_and_threat_names_a_test_that_exists():
    names = {
        node.name
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    files = {path.name for path in TESTS}
    untold = []
    for page, about, proof in rows():
        asked = re.findall(r"`(?:tests/[a-z/]*)?(test_\w+(?:\.py)?)`", proof)
        if proof not in {"Test", "Proof"} and not (asked and set(asked) <= names | files):
            untold.append(f"{page}: {about}: {proof}")
    assert untold == []


SOURCES = sorted((ROOT / "src").rglob("*.py"))
MONEY = ("payments", "decisions")
BARE = {"mark_safe", "RawSQL", "eval", "exec"}


def test_a13_what_the_linter_does_not_know_is_held_here():
    wrong = [found for path in SOURCES for found in unsafe(path, ast.parse(path.read_text()))]
    wrong += [
        f"{path.name}: {line.strip()}"
        for path in SOURCES
        for line in path.read_text().splitlines()
        if re.search(r"# noqa: S\d", line) and not re.search(r"# noqa: [^(]*\(\w", line)
    ]
    assert wrong == []


def unsafe(path, tree):
    """Yield what is in a file that no reason makes safe."""
    for node in ast.walk(tree):
        name = getattr(node, "id", getattr(node, "attr", ""))
        if name in BARE or (name == "csrf_exempt" and "api" not in path.parts):
            yield f"{path.name}:{node.lineno}: {name}"
        if set(MONEY) & set(path.parts) and is_of_floats(node):
            yield f"{path.name}:{node.lineno}: money is whole cents"
        if isinstance(node, ast.Call):
            yield from unsafe_call(path, node)


def is_of_floats(node):
    is_one = isinstance(node, ast.Constant) and isinstance(node.value, float)
    is_shared = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return is_one or (is_shared and not is_path(node))


def is_path(node):
    """Return whether a slash joins the parts of a path."""
    return isinstance(node.right, ast.JoinedStr) or isinstance(
        getattr(node.right, "value", None), str
    )


def unsafe_call(path, node):
    """Yield what a call does: parse with entities, or log what is not a fixed text."""
    called = ast.unparse(node.func)
    given = {one.arg: ast.unparse(one.value) for one in node.keywords}
    if called.endswith("XMLParser") and given.get("resolve_entities") != "False":
        yield f"{path.name}:{node.lineno}: a parser that follows entities"
    said = node.args[1:2] if called == "LOG.log" else node.args[:1]
    if called.startswith("LOG.") and not isinstance(said[0], ast.Constant):
        yield f"{path.name}:{node.lineno}: a log line that is not a fixed text"
