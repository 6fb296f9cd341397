"""How large the program's files and functions are: `python -m tests.house.sizes`."""

import ast
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "decompte"
BARS = {"file": (120, 350, 600), "function": (10, 28, 60)}
SHARES = (0.5, 0.9, 1)


def measured() -> dict[str, list[tuple[int, str]]]:
    """Return lines and name of each file and function, smallest first; migrations are Django's."""
    files, functions = [], []
    for path in SOURCE.rglob("*.py"):
        text, name = path.read_text(), str(path.relative_to(SOURCE))
        if path.name == "__init__.py" or path.parent.name == "migrations":
            continue
        files.append((text.count("\n"), name))
        functions += [
            (node.end_lineno - node.lineno + 1, f"{name}:{node.name}")
            for node in ast.walk(ast.parse(text))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
    return {"file": sorted(files), "function": sorted(functions)}


def marks(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the middle one, the one that nine tenths do not exceed, and the largest."""
    return [found[min(int(len(found) * share), len(found) - 1)] for share in SHARES]


if __name__ == "__main__":
    for kind, found in measured().items():
        told = " / ".join(f"{lines}" for lines, _name in marks(found))
        bars = " / ".join(map(str, BARS[kind]))
        sys.stdout.write(f"{len(found)} {kind}s, lines p50 / p90 / most: {told}; bars {bars}\n")
