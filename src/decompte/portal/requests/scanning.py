"""What the virus scanner says of papers, where the host has one; a paper waits until it answers.

A paper that waits is kept and counted, and can be sent with its request; nobody can read it or
accept it: its pages count as none until the scanner has found it clean. What is found later is
refused with a reason for the member, and is never readable.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from decompte.errors import Refusal
from decompte.intake import scanner
from decompte.portal.requests import store, transitions
from decompte.portal.requests.models import Paper
from decompte.portal.requests.states import PaperState

INFECTED = gettext_noop(
    "The virus scanner found something in this file. Take a photo of the paper and send that."
)


def is_clean(contents: Sequence[bytes]) -> bool:
    """Return whether files are clean; False when the scanner does not answer: they wait.

    Raises:
        Refusal: field `file`; something was found in one of them.
    """
    if not settings.CLAMD:
        return True
    try:
        name = scanner.found_in(contents, settings.CLAMD, seconds=settings.CLAMD_SECONDS)
    except scanner.Unavailable:
        return False
    if name is not None:
        raise infected()
    return True


def go_on(limit: int = 500) -> dict[str, int]:
    """Ask the scanner about the papers that wait, oldest first; return how many became what."""
    counts = {"clean": 0, "infected": 0, "waiting": 0}
    rows = Paper.objects.filter(state=PaperState.WAITING).select_related("request__member")
    for paper in rows.order_by("pk")[:limit]:
        try:
            what = "clean" if is_clean(store.originals(paper.file_token, paper.agency)) else ""
        except Refusal:
            what = "infected"
        counts[what or "waiting"] += 1
        if what:
            _settle(paper, is_clean=what == "clean")
    return counts


def infected() -> Refusal:
    """Return the refusal of a file in which something was found."""
    return transitions.refusal(
        "file",
        "file.infected",
        "l'antivirus a trouvé quelque chose dans ce fichier ; photographiez la pièce et envoyez "
        "la photo",
        "the virus scanner found something in this file; take a photo of the paper and send that",
    )


@transaction.atomic
def _settle(paper: Paper, *, is_clean: bool) -> None:
    """Let a paper that waited go on, or refuse it; once, whoever asks at the same time."""
    waiting = Paper.objects.filter(pk=paper.pk, state=PaperState.WAITING)
    if is_clean:
        moved = waiting.update(
            state=PaperState.RECEIVED, page_count=store.page_count(paper.file_token)
        )
    else:
        with translation.override(paper.request.member.user.language):
            words = gettext(INFECTED)
        moved = waiting.update(state=PaperState.REFUSED, refusal=words)
    if moved:
        code = "paper.clean" if is_clean else "paper.infected"
        transitions.tell(paper.request, code, "system", {"kind": paper.kind})
