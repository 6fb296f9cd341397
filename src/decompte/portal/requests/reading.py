"""Makes a request findable by the words on its papers: read by a program, not verified.

The text of a PDF is taken as it stands. Where the host names a program that reads pictures, scans
and photos are read too, as they were drawn anew. A paper is read once, after it was received: the
member does not wait for it. Neither text nor words are kept, only keyed digests (`PaperWord`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from decompte.errors import Refusal
from decompte.intake import door
from decompte.portal.people import sealing
from decompte.portal.people import search as names
from decompte.portal.requests import store
from decompte.portal.requests.models import Paper, PaperWord
from decompte.portal.requests.states import Reading

CONTEXT = "paper-word"
SHORTEST = 4
MOST_WORDS = 300
MOST_PAGES = 5
FEW_CHARACTERS = 20
DIGEST_BYTES = 8


def go_on(limit: int = 500) -> dict[str, int]:
    """Read papers that were not read yet, oldest first; return how many in which way."""
    counts = {one.value: 0 for one in (Reading.TEXT, Reading.SCAN, Reading.NONE)}
    waiting = Paper.objects.filter(
        words_from=Reading.NOT_YET, replaced_at__isnull=True, page_count__gt=0
    )
    if not settings.READER:
        waiting = waiting.filter(media_type=door.PDF)
    for paper in waiting.order_by("pk")[:limit]:
        how, text = _read(paper)
        if _keep(paper, how, text):
            counts[how.value] += 1
    return counts


def forget(request: Any, kind: str) -> None:
    """Let nothing be found any more by the paper of a kind that is about to be replaced."""
    PaperWord.objects.filter(request=request, paper__kind=kind).delete()


def digests(agency: str, words: Sequence[str]) -> list[int]:
    """Return the keyed digests of words, under a key of the agency."""
    found = (sealing.index(word, f"{CONTEXT}:{agency}")[:DIGEST_BYTES] for word in words)
    return [int.from_bytes(one, signed=True) for one in found]


def _read(paper: Paper) -> tuple[Reading, str]:
    """Return how the words of a paper were read, and its text."""
    text = "".join(_text_of(paper)) if paper.media_type == door.PDF else ""
    if len(text.strip()) >= FEW_CHARACTERS:
        return Reading.TEXT, text
    seen = "\n".join(_seen_on(paper)) if settings.READER else ""
    return (Reading.SCAN, seen) if seen.strip() else (Reading.NONE, "")


def _text_of(paper: Paper) -> Iterator[str]:
    try:
        yield door.text_of(store.original(paper.file_token, paper.agency), paper.file_name)
    except (Refusal, *store.Unreadable):
        return


def _seen_on(paper: Paper) -> Iterator[str]:
    for number in range(min(paper.page_count, MOST_PAGES)):
        try:
            page = store.page(paper.file_token, number, paper.agency)
            yield door.words_seen(page, settings.READER)
        except (Refusal, *store.Unreadable):
            continue


@transaction.atomic
def _keep(paper: Paper, how: Reading, text: str) -> bool:
    """Keep what a paper is found by; False when another run read it, or it was replaced."""
    unread = Paper.objects.filter(pk=paper.pk, words_from=Reading.NOT_YET, replaced_at__isnull=True)
    if not unread.update(words_from=how):
        return False
    words = [word for word in dict.fromkeys(names.words(text)) if len(word) >= SHORTEST]
    PaperWord.objects.bulk_create(
        PaperWord(
            paper=paper,
            request_id=paper.request_id,
            member_id=paper.member_id,
            agency=paper.agency,
            digest=digest,
        )
        for digest in dict.fromkeys(digests(paper.agency, words[:MOST_WORDS]))
    )
    return True
