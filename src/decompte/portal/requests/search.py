"""Finds requests by words within an agency: of their doctors, of messages, and on their papers.

Words are rows compared for equality, accents and case aside, by their first letters; an index
serves them on SQLite and, behind row-level security, on PostgreSQL. Words on papers are kept as
keyed digests (`reading.py`): what they find was read by a program, and is not verified.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from django.db.models import QuerySet

from decompte.portal.people import search as names
from decompte.portal.people.scope import AgencyScope, current
from decompte.portal.requests.models import PaperWord, Request, Word
from decompte.portal.requests.reading import digests
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
    rows = Request.objects.exclude(state=State.DRAFT)
    narrowed = reduce(lambda kept, word: kept.filter(pk__in=_holding(word)), asked, rows)
    found = narrowed.select_related("member").prefetch_related("lines")
    return list(found.order_by("-id")[:MOST_FOUND])


def on_papers(text: str, requests: Sequence[Request]) -> set[int]:
    """Return the keys of those requests that hold a word of a text on one of their papers."""
    rows = _on_papers(names.words(text)).filter(request__in=requests)
    return set(rows.values_list("request_id", flat=True).distinct())


def _holding(word: str) -> QuerySet[Any]:
    """Return the keys of the scope's requests that hold a word."""
    told = Word.objects.filter(word=word).values("request_id")
    return told.union(_on_papers([word]).values("request_id"))


def _on_papers(words: Sequence[str]) -> QuerySet[PaperWord]:
    scope = current()
    if not isinstance(scope, AgencyScope):
        return PaperWord.objects.none()
    return PaperWord.objects.filter(digest__in=digests(scope.agency, words)).order_by()
