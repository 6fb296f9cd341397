"""`make docs`: the pages of the documentation that are made from the program."""

from pathlib import Path

from decompte.engine.sentences import SENTENCES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reasons.md"
HEAD = """# Why: every reason an amount can have

A statement says why in sentences; an answer for programs carries the code. A reason rests on the
figure named here, with the source in force on the day of care (`decompte law show ID`).
Made by `make docs`.

| code | figure | in English | en français |
|---|---|---|---|
"""


def reasons() -> str:
    """Return the page of the reasons."""
    rows = [
        f"| `{one.code}` | `{one.figure}` | {one.text.en} | {one.text.fr} |" for one in SENTENCES
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(reasons())
