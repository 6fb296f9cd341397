"""Broken and hostile files of others: let in or refused, never a fault, never a hang."""

import os

import pytest

from decompte.errors import Refusal
from decompte.exchange import paid_text
from decompte.intake.door import examine, sheets, text_of

SAMPLE = 24
ENDINGS = {".pdf": ".pdf", ".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png", ".heic": ".heic"}


@pytest.fixture
def corpus(shared):
    """Some files of each kind, spread over the corpus; all of them with `DECOMPTE_TIER=1`."""
    files = sorted(path for path in (shared / "hostile").rglob("*") if path.is_file())
    if os.environ.get("DECOMPTE_TIER") == "1":
        return files
    documents = [path for path in files if path.suffix.lower() in ENDINGS]
    others = [path for path in files if path.suffix.lower() not in ENDINGS]
    return documents[:: max(len(documents) // SAMPLE, 1)] + others[:: len(others) // 6]


def name_of(path):
    return f"file{ENDINGS.get(path.suffix.lower(), '.pdf')}"


def drawn(data, name):
    """Examine a file; what staff see of one let in is JPEG and nothing else."""
    assert all(page.startswith(b"\xff\xd8") for page in examine(data, name).pages)


def outcome(read, *given):
    try:
        read(*given)
    except Refusal as refusal:
        return {problem.field for problem in refusal.problems}.pop()
    return "let in"


def whole_stack(data, name):
    return list(sheets(data, name))


@pytest.mark.parametrize("read", [drawn, text_of, whole_stack])
def test_every_file_is_let_in_or_refused(corpus, read):
    outcomes = {outcome(read, path.read_bytes(), name_of(path)) for path in corpus}
    assert "file" in outcomes
    assert outcomes <= {"let in", "file"}


@pytest.mark.parametrize("read", [paid_text.from_text, paid_text.from_csv])
def test_every_text_is_read_as_a_statement_or_refused(corpus, read):
    texts = [path.read_bytes()[:400_000].decode("utf-8", errors="replace") for path in corpus]
    texts += ['date;act;price;paid\n"' + "x" * 200_000, "date;act;price;paid\n\0;\0;\0;\0"]
    assert {outcome(read, text) for text in texts} <= {"let in", "table"}
