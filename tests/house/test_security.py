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
