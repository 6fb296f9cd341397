"""The conversation between a member and the agency about one request.

A message is kept as written and never changed; the mail that announces it says nothing of it.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import TextField, Value
from django.utils.translation import gettext_noop

from decompte.portal import clock
from decompte.portal.requests import search, transitions
from decompte.portal.requests.models import Letter, Message, Request

MOST_CHARACTERS = 4000


def write_as_member(request: Request, text: str, user: Any) -> Message:
    """Keep what the member writes; it waits on the agency's list of unread messages.

    Raises:
        Refusal: nothing is written, or too much.
    """
    return _write(request, text, user.public_id, is_from_member=True)


@transaction.atomic
def write_as_agency(request: Request, text: str, actor: str) -> Message:
    """Keep what the agency writes and tell the member by a neutral mail.

    Raises:
        Refusal: nothing is written, or too much.
    """
    message = _write(request, text, actor, is_from_member=False)
    transitions.mail(
        request,
        f"message:{message.pk}",
        gettext_noop("Your agency wrote to you"),
        gettext_noop("There is a message about your request {reference}. Sign in to read it."),
    )
    mark_read(request, by_member=False)
    return message


class Written(NamedTuple):
    """A message or a letter of a request, as a list shows it.

    Attributes:
        key: public id of a letter; empty for a message.
        words: what a message says, what a letter is about.
    """

    key: str
    at: datetime
    words: str
    is_from_member: bool


def written(request: Request) -> list[Written]:
    """Return the messages and letters of a request together, oldest first, by one query."""
    said = Message.objects.filter(request=request).order_by()
    sent = Letter.objects.filter(request=request).order_by()
    messages = said.values_list(Value("", TextField()), "written_at", "text", "is_from_member")
    is_theirs = Value(False)  # noqa: FBT003
    letters = sent.values_list("public_id", "sent_at", "subject", is_theirs)
    both = messages.union(letters, all=True)
    return sorted((Written(*row) for row in both), key=lambda one: one.at)


def messages_of(request: Request) -> list[Message]:
    """Return the messages of a request, oldest first."""
    return list(request.messages.all())


def mark_read(request: Request, *, by_member: bool) -> int:
    """Record that one side read what the other wrote; return how many were new."""
    waiting = Message.objects.filter(
        request=request, read_at__isnull=True, is_from_member=not by_member
    )
    return waiting.update(read_at=clock.now())


@transaction.atomic
def _write(request: Request, text: str, author: str, *, is_from_member: bool) -> Message:
    written = text.strip()
    if not written or len(written) > MOST_CHARACTERS:
        raise transitions.refusal(
            "text",
            "message.length",
            f"écrivez un message, de {MOST_CHARACTERS} caractères au plus",
            f"write a message, of {MOST_CHARACTERS} characters at most",
        )
    message: Message = Message.objects.create(
        request=request,
        member_id=request.member_id,
        agency=request.agency,
        is_from_member=is_from_member,
        author=author,
        text=written,
        written_at=clock.now(),
    )
    search.add(request, written)
    transitions.tell(
        request, "message.from_member" if is_from_member else "message.from_agency", author
    )
    return message
