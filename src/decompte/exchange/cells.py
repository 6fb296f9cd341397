"""Cells of a table that a spreadsheet will open: none of them runs, and each can be read back.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula.
Such a text is written with an apostrophe before it, which spreadsheets show as text; reading the
table takes exactly that apostrophe away again.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

STARTS = "=+\\-@\t\r\n＝＋－＠"
RUNS = re.compile(f"'*[{STARTS}]")
NEUTRAL = re.compile(f"'+[{STARTS}]")


def neutral(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs."""
    return f"'{text}" if RUNS.match(text) else text


def original(cell: str) -> str:
    """Return the text of which `neutral` made this cell; any other cell as it is."""
    return cell[1:] if NEUTRAL.match(cell) else cell


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file as spreadsheets of French offices open it: UTF-8, semicolons, CRLF."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([neutral("" if cell is None else str(cell)) for cell in row])
    return written.getvalue().encode("utf-8-sig")
