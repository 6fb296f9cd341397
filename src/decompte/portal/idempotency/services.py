"""The same thing sent twice has one effect, and the same answer.

The key comes with what is sent: a form (`forms.py`) or a program's call (`api/once.py`). Key,
effect and answer are written in one transaction. A crash between them leaves nothing, so that
sending again is always right; a second one with the same key waits for the first one's commit and
gets its answer. What had no effect leaves no key: correct it and send it again. The same key with
another content is refused. Answers are kept ninety days.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.http import HttpResponse

from decompte.portal import clock
from decompte.portal.idempotency.models import Answer
from decompte.portal.people import sealing
from decompte.portal.people.scope import system

CONTEXT = "idempotency"
KEPT = timedelta(days=90)
AGAIN = "Idempotent-Replayed"
Work = Callable[[], HttpResponse]


class Sent(NamedTuple):
    """What was sent, and by whom.

    Attributes:
        caller: an account or a program, by a name that nobody else has.
        user_id: the account behind it, or None.
        agency: in whose name, or empty.
        key: made by who sends it.
        fingerprint: digest of where it was sent and what it said.
    """

    caller: str
    user_id: int | None
    agency: str
    key: str
    fingerprint: str


class OtherContentError(Exception):
    """The key was used for something else.

    Attributes:
        location: where that led.
    """

    def __init__(self, location: str) -> None:
        """Keep where the first one led."""
        super().__init__(location)
        self.location = location


def once(sent: Sent, work: Work, has_effect: Callable[[HttpResponse], bool]) -> HttpResponse:
    """Return the answer to what was sent: made now, or the one given before.

    Args:
        sent: what was sent.
        work: does it and answers.
        has_effect: whether an answer means that something was done; if not, it is rolled back.

    Raises:
        OtherContentError: the key was used for something else.
    """
    if before := given(sent):
        return before
    try:
        with transaction.atomic():
            row = _begin(sent)
            response = work()
            if has_effect(response):
                _finish(row, response)
            else:
                transaction.set_rollback(True)
    except IntegrityError:
        before = given(sent)
        if before is None:
            raise
        return before
    return response


def given(sent: Sent) -> HttpResponse | None:
    """Return the answer that was given before, or None.

    Raises:
        OtherContentError: the key was used for something else.
    """
    with _by_its_caller():
        row = Answer.objects.filter(caller=sent.caller, agency=sent.agency, key=sent.key).first()
    if row is None:
        return None
    if row.fingerprint != sent.fingerprint:
        raise OtherContentError(row.location)
    body = sealing.open_sealed(row.body_sealed, CONTEXT) if row.body_sealed else b""
    headers = {AGAIN: "true", **({"Location": row.location} if row.location else {})}
    return HttpResponse(body, status=row.status, content_type=row.content_type, headers=headers)


def keep(sent: Sent, response: HttpResponse) -> HttpResponse:
    """Keep the answer of what committed by itself, and return it; or the one kept meanwhile."""
    try:
        with transaction.atomic():
            _finish(_begin(sent), response)
    except IntegrityError:
        return given(sent) or response
    return response


def forget() -> int:
    """Forget the answers that are older than they need be kept; return how many.

    Whoever sends a key after that begins anew, as with a new key.
    """
    count, _kinds = Answer.objects.filter(at__lt=clock.now() - KEPT).delete()
    return count


def _begin(sent: Sent) -> Answer:
    with _by_its_caller():
        row: Answer = Answer.objects.create(**sent._asdict(), at=clock.now())
    return row


def _finish(row: Answer, response: HttpResponse) -> None:
    row.status = response.status_code
    row.content_type = response.headers.get("Content-Type", "")
    row.location = response.headers.get("Location", "")
    row.body_sealed = sealing.seal(response.content, CONTEXT)
    with _by_its_caller():
        row.save()


def _by_its_caller() -> AbstractContextManager[None]:
    """Reach the answers whatever the scope: the caller's name alone finds one."""
    return system("an answer is found by the name of its caller")
