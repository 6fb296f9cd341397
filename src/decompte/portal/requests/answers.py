"""What an agency answers in writing: why it refuses, why it confirms, and where to turn next.

The words are in `phrases.py`, in both languages, by reason; an agent adds their own, sees the
letter, and sends it. What was sent is kept as sent. The mail that announces it says nothing of it.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from decompte.documents.letter import ADDRESS_LINES, ADDRESS_WIDTH, letter_pdf
from decompte.documents.letter import Letter as Paper
from decompte.documents.words import day_in_words
from decompte.errors import Lang
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people import sealing
from decompte.portal.requests import services, transitions
from decompte.portal.requests.models import Letter, Request
from decompte.portal.requests.phrases import (
    APPEAL,
    CLOSING,
    GREETING,
    KINDS,
    SEND_AGAIN,
    STILL_MISSING,
    SUBJECTS,
    Reason,
)
from decompte.procedure.agencies import agency as agency_of
from decompte.procedure.deadlines import claim_until

CONTEXT = "letter"


def reason(kind: str, code: str) -> Reason | None:
    """Return a reason of a kind of answer, or None."""
    return next((one for one in KINDS[kind] if one.code == code), None)


def drafted(
    request: Request, kind: str, why: Reason, words: str, told: Sequence[str] = ()
) -> Paper:
    """Return the letter as it would be sent, in the member's language.

    Args:
        request: that it answers.
        kind: of answer, of `phrases.KINDS`.
        why: the reason.
        words: the agent's own, in the member's language.
        told: paragraphs about this request between the reason and the own words.
    """
    lang = language_of(request)
    sender = agency_of(request.agency)
    first = _first_day(request)
    day = day_in_words(first, lang) if first else ""
    own = (words,) if words else ()
    ending = () if kind == "missing" else (APPEAL.to(lang),)
    return Paper(
        sender=(sender.name.to(lang), *(sender.address[1:] if sender.address else ())),
        recipient=_address(request.member),
        place="",
        day=clock.today(),
        subject=SUBJECTS[kind].to(lang),
        reference=request.reference,
        paragraphs=(
            GREETING.to(lang),
            why.text.fill(day=day).to(lang),
            *(told or about(request, kind)),
            *own,
            *ending,
        ),
        enclosures=(),
        closing=CLOSING.to(lang),
        signature=sender.name.to(lang),
    )


def about(request: Request, kind: str) -> tuple[str, ...]:
    """Return what a kind of answer says of a request by itself: the papers that are missing."""
    if kind != "missing":
        return ()
    lang, there = language_of(request), services.current_papers(request)
    lacking = []
    for needed in services.missing(request):
        paper = there.get(needed.kind)
        why = f" ({paper.refusal})" if paper and paper.refusal else ""
        lacking.append(f"{needed.label.to(lang)}{why}")
    first = _first_day(request)
    until = day_in_words(claim_until(first), lang) if first else ""
    named = [STILL_MISSING.fill(what="; ".join(lacking)).to(lang)] if lacking else []
    return (*named, SEND_AGAIN.fill(day=until).to(lang))


def _first_day(request: Request) -> date | None:
    return min((line.care_date for line in request.lines.all()), default=None)


def language_of(request: Request) -> Lang:
    """Return the language in which a request's member is written to."""
    return "fr" if request.member.user.language == "fr" else "en"


def answer(
    request: Request, kind: str, code: str, words: str, actor: str, version: int | None = None
) -> bool:
    """Refuse a request, or confirm a contested decision: state, letter, audit and mail at once.

    Returns:
        False when the request's state has no such way: it was answered before.

    Raises:
        Refusal: no such reason, the request changed since it was shown, or who confirms is who
            decided.
    """
    why = reason(kind, code)
    if why is None:
        raise transitions.refusal(
            "reason", "field.missing", "choisissez un motif", "choose a reason"
        )
    if kind == "uphold" and actor in deciders(request):
        raise transitions.refusal(
            "request",
            "appeal.same_person",
            "une autre personne que celle qui a décidé doit répondre à une contestation",
            "another person than the one who decided must answer an appeal",
        )
    with transaction.atomic():
        transitions.seen(request, version)
        moved = transitions.move(request, kind, actor, assigned_to=None, assigned_at=None)
        if moved:
            announce(request, keep(request, kind, code, drafted(request, kind, why, words), actor))
    return moved


def deciders(request: Request) -> set[str]:
    """Return who decided a request, so that somebody else answers an appeal."""
    codes = {
        "request.refuse",
        "request.accept_papers",
        "request.uphold",
        "request.correct",
        "decision.taken",
        "decision.corrected",
    }
    return {
        event.actor
        for event in audit.history(f"request:{request.public_id}")
        if event.code in codes
    }


def letters_of(request: Request) -> list[Letter]:
    """Return the letters that were sent about a request, oldest first."""
    return list(request.letters.defer("content_sealed"))


def find_letter(public_id: str) -> Letter | None:
    """Return a letter within the scope, or None."""
    found: Letter | None = Letter.objects.filter(public_id=public_id).first()
    return found


def pdf(letter: Letter) -> bytes:
    """Return a letter as it was sent (PDF/UA)."""
    return sealing.open_sealed(letter.content_sealed, CONTEXT)


def keep(request: Request, kind: str, code: str, paper: Paper, actor: str) -> Letter:
    """Keep a letter as it is sent, and tell the audit trail; `announce` writes the mail."""
    lang = language_of(request)
    content = letter_pdf(paper, lang=lang)
    sent: Letter = Letter.objects.create(
        request=request,
        member_id=request.member_id,
        agency=request.agency,
        kind=kind,
        reason=code,
        language=lang,
        subject=paper.subject,
        content_sealed=sealing.seal(content, CONTEXT),
        sha256=hashlib.sha256(content).hexdigest(),
        written_by=actor,
        sent_at=clock.now(),
    )
    transitions.tell(request, "letter.sent", actor, {"letter": sent.public_id, "reason": code})
    return sent


def announce(request: Request, sent: Letter) -> None:
    """Tell the member by mail that there is a letter; the mail says nothing of it."""
    transitions.mail(
        request,
        f"letter:{sent.public_id}",
        gettext_noop("Your agency wrote to you"),
        gettext_noop("There is a letter about your request {reference}. Sign in to read it."),
    )


def _address(member: Any) -> tuple[str, ...]:
    """Return a member's address as lines that an envelope's window shows."""
    lines = (
        member.name,
        member.address_line,
        member.address_extra,
        f"{member.postal_code} {member.city.upper()}",
    )
    wrapped = [part for line in lines for part in wrap(line, ADDRESS_WIDTH)]
    return tuple(wrapped[:ADDRESS_LINES])


def words_of(request: Any, kind: str, code: str, words: str) -> tuple[str, ...]:
    """Return the paragraphs of a letter before it is sent, or nothing without a reason."""
    why = reason(kind, code)
    return drafted(request, kind, why, words).paragraphs if why else ()
