"""Keeps what must leave the house with the change it tells of, and sends it afterwards."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet

from decompte.portal import clock
from decompte.portal.outbox.models import Message

LOG = logging.getLogger("decompte.outbox")
MOST_ATTEMPTS = 8
GIVEN_UP = timedelta(minutes=10)
ROWS = 500


class Mail(NamedTuple):
    """One mail to keep: see `models.Message`."""

    key: str
    recipient: str
    language: str
    subject: str
    body: str


def enqueue(key: str, *, recipient: str, language: str, subject: str, body: str) -> None:
    """Keep a message to send; the same key twice is the same message."""
    enqueue_all([Mail(key, recipient, language, subject, body)])


def enqueue_all(mails: Sequence[Mail]) -> None:
    """Keep messages to send; the same key twice is the same message.

    Who may write to the outbox may not read it, so the rows are not asked for.
    """
    now = clock.now()
    messages = [Message(**one._asdict(), created_at=now) for one in mails]
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=ROWS)


def waiting() -> int:
    """Return how many messages have not left yet, those given up included."""
    return Message.objects.filter(sent_at__isnull=True).count()


def sent_to(recipient: str) -> list[Message]:
    """Return the mails written to an address, oldest first."""
    return list(Message.objects.filter(recipient=recipient))


def forget(recipient: str) -> int:
    """Take away the mails written to an address; return how many."""
    return Message.objects.filter(recipient=recipient).delete()[0]


def forget_before(moment: datetime) -> int:
    """Take away the mails sent before a moment, and those never sent that are as old."""
    return Message.objects.filter(created_at__lt=moment).delete()[0]


def deliver(limit: int = 100) -> int:
    """Send what waits, oldest first; return how many left.

    While the mail server is away nothing counts as tried: all of it waits for the next turn. A
    mail that the server refuses is tried `MOST_ATTEMPTS` times. Of two who deliver at once, one
    takes each mail. A mail whose sender died on the way is sent again after a while, under the
    same `Message-ID`, by which mail programs drop the second.
    """
    sent = 0
    messages = list(_free().order_by("id")[:limit])
    if not messages:
        return sent
    try:
        with get_connection() as server:
            for message in messages:
                sent += _take(message) and _send(message, server)
    except OSError as error:
        LOG.warning("mail.away", exc_info=error)
    return sent


def _free() -> QuerySet[Message]:
    """Return what waits and nobody is sending."""
    waiting = Message.objects.filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    return waiting.filter(Q(taken_at__isnull=True) | Q(taken_at__lt=clock.now() - GIVEN_UP))


def _take(message: Message) -> bool:
    taken = _free().filter(pk=message.pk)
    return taken.update(taken_at=clock.now(), attempts=F("attempts") + 1) == 1


def _send(message: Message, server: BaseEmailBackend) -> bool:
    """Send one mail that was taken, and keep how it went; return whether it left.

    Raises:
        OSError: the server went away; the mail is as if nobody had taken it.
    """
    mine = Message.objects.filter(pk=message.pk)
    try:
        _mail(message, server).send()
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError) as error:
        mine.update(taken_at=None, last_error=type(error).__name__)
        return False
    except OSError:
        mine.update(taken_at=None, attempts=F("attempts") - 1)
        raise
    mine.update(taken_at=None, sent_at=clock.now())
    return True


def _mail(message: Message, server: BaseEmailBackend) -> EmailMessage:
    """Return a mail as it is sent; its name comes from its key, so that it is always the same."""
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return EmailMessage(
        message.subject,
        message.body,
        to=[message.recipient],
        headers={"Message-ID": f"<{name}@{domain}>"},
        connection=server,
    )
