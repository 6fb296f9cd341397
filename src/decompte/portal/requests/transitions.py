"""The one place that moves a request: state, audit row and message in one transaction.

The lock is a conditional update on the state, and on the version an agent saw: of two people who
act at once one wins, and the other is told.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import services as people
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import REVIEWED, ways


def move(
    request: Request,
    name: str,
    actor: str,
    told: dict[str, object] | None = None,
    **changes: Any,
) -> bool:
    """Take a request along a listed transition; False when its state has no such way.

    Args:
        request: as it was read; it is read again when it moved.
        name: of a transition in `states.TRANSITIONS`.
        actor: public id of the account, or `system`, for the audit row.
        told: what the audit row says besides.
        changes: columns that change with the state.
    """
    with transaction.atomic():
        for way in sorted(ways(name), key=lambda way: way.before != request.state):
            is_answer = way.before in REVIEWED and way.after not in REVIEWED
            answered = {"answered_at": clock.now()} if is_answer else {}
            moved = Request.objects.filter(pk=request.pk, state=way.before).update(
                state=way.after, version=F("version") + 1, **answered, **changes
            )
            if moved:
                request.refresh_from_db()
                tell(request, f"request.{name}", actor, told)
                return True
    return False


def seen(request: Request, version: int | None) -> None:
    """Lock a request for one who saw this version of it; None is the program itself.

    Raises:
        Refusal: somebody changed the request since it was shown.
    """
    if version is None:
        return
    held = Request.objects.filter(pk=request.pk, version=version).update(version=F("version") + 1)
    if not held:
        raise changed_meanwhile()
    request.refresh_from_db()


def changed_meanwhile() -> Refusal:
    """Return what the second of two people is told."""
    return refusal(
        "request",
        "request.changed",
        "quelqu'un a traité cette demande depuis que vous l'avez ouverte ; voici où elle en est, "
        "rien de ce que vous venez de faire n'a été enregistré",
        "somebody worked on this request since you opened it; here is where it stands, nothing of "
        "what you just did was kept",
    )


def tell(request: Request, code: str, actor: str, detail: dict[str, object] | None = None) -> None:
    """Write what happened to a request into the audit trail."""
    audit.record(
        code, f"request:{request.public_id}", actor=actor, agency=request.agency, detail=detail
    )


def mail(
    request: Request, what: str, subject: str, body: str, words: Mapping[str, str] | None = None
) -> None:
    """Keep a mail to the member in their language; the same `what` twice is one mail.

    Args:
        request: whose member is written to.
        what: names the occasion, once per request.
        subject: untranslated, marked with `gettext_noop`.
        body: likewise, with `{reference}`, `{day}` and the names of `words` to fill.
        words: more values; never health data, identity numbers or bank details.
    """
    user = request.member.user
    with translation.override(user.language):
        day = request.promised_on.isoformat() if request.promised_on else ""
        outbox.enqueue(
            f"request:{request.public_id}:{what}",
            recipient=user.email,
            language=user.language,
            subject=gettext(subject),
            body=gettext(body).format(reference=request.reference, day=day, **(words or {})),
        )


def notice(request: Request, what: str, subject: str, body: str) -> None:
    """Keep a mail about a step that asks nothing, if the member wants a mail at each step."""
    if people.wants_mails(request.member.user):
        mail(request, what, subject, body)


def refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    """Return a refusal of one problem."""
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
