"""Finds requests by words within an agency: of their doctors, and of what was written about them.

Words are rows compared for equality, accents and case aside, by their first letters; an index
serves them on SQLite and, behind row-level security, on PostgreSQL.
"""

from functools import reduce
from typing import Any

from decompte.portal.people import search as names
from decompte.portal.requests.models import Request, Word
from decompte.portal.requests.states import State

MOST_WORDS = 400
MOST_FOUND = 50


def rows(request: Any, *texts: str) -> list[Word]:
    """Return the words of texts as rows of a request, each once."""
    found = dict.fromkeys(word for text in texts for word in names.words(text))
    return [
        Word(request=request, member_id=request.member_id, agency=request.agency, word=word)
        for word in list(found)[:MOST_WORDS]
    ]


def add(request: Any, *texts: str) -> None:
    """Make a request findable by the words of texts, besides those it has."""
    Word.objects.bulk_create(rows(request, *texts), ignore_conflicts=True)


def of_line(line: Any) -> tuple[str, str]:
    """Return what a care line is found by."""
    return line.practitioner_name, line.practitioner_number


def found(text: str) -> list[Request]:
    """Return the scope's requests that hold each word of a text, newest first."""
    asked = names.words(text)
    if not asked:
        return []
    each = [Word.objects.filter(word=word).values("request_id") for word in asked]
    rows = Request.objects.exclude(state=State.DRAFT)
    narrowed = reduce(lambda kept, one: kept.filter(pk__in=one), each, rows)
    return list(
        narrowed.select_related("member").prefetch_related("lines").order_by("-id")[:MOST_FOUND]
    )
