"""The one place that moves a request: state, audit row and message in one transaction.

The lock is a conditional update on the state, and on the version an agent saw: of two people who
act at once one wins, and the other is told.
"""

from collections.abc import Mapping, Sequence
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
from decompte.portal.requests.states import REVIEWED, Transition, ways


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
            if _take(way, [request.pk], changes):
                request.refresh_from_db()
                tell(request, f"request.{name}", actor, told)
                return True
    return False


def move_all(request_ids: Sequence[int], name: str, actor: str, **changes: Any) -> list[Request]:
    """Take requests along a listed transition together, and return those that moved.

    Args:
        request_ids: their keys; a few hundred at most.
        name: of a transition in `states.TRANSITIONS`.
        actor: public id of the account, or `system`, for the audit rows.
        changes: columns that change with the state.

    Returns:
        The requests as they were before.
    """
    with transaction.atomic():
        known = Request.objects.select_for_update(of=("self",)).select_related("member__user")
        held, moved = list(known.filter(pk__in=request_ids).order_by("pk")), []
        for way in ways(name):
            those = [one for one in held if one.state == way.before]
            taken = _take(way, [one.pk for one in those], changes)
            assert taken == len(those), "a locked request moves"
            moved += those
        audit.record_all(
            [
                audit.Told(
                    clock.now(),
                    actor,
                    one.agency,
                    f"request.{name}",
                    f"request:{one.public_id}",
                    {},
                )
                for one in moved
            ]
        )
    return moved


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
    outbox.enqueue_all([_mail(request, what, subject, body, words or {})])


def notice(request: Request, what: str, subject: str, body: str) -> None:
    """Keep a mail about a step that asks nothing, if the member wants a mail at each step."""
    notice_all([request], what, subject, body)


def notice_all(requests: Sequence[Request], what: str, subject: str, body: str) -> None:
    """Keep mails about a step that asks nothing, to the members who want a mail at each step."""
    unwilling = people.without_mails([one.member.user_id for one in requests])
    outbox.enqueue_all(
        [
            _mail(one, what, subject, body, {})
            for one in requests
            if one.member.user_id not in unwilling
        ]
    )


def refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    """Return a refusal of one problem."""
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])


def _take(way: Transition, request_ids: Sequence[int], changes: Mapping[str, Any]) -> int:
    """Take requests along a way, those that are at its beginning; return how many."""
    is_answer = way.before in REVIEWED and way.after not in REVIEWED
    answered = {"answered_at": clock.now()} if is_answer else {}
    at_its_beginning = Request.objects.filter(pk__in=request_ids, state=way.before)
    taken: int = at_its_beginning.update(
        state=way.after, version=F("version") + 1, **answered, **changes
    )
    return taken


def _mail(
    request: Request, what: str, subject: str, body: str, words: Mapping[str, str]
) -> outbox.Mail:
    user = request.member.user
    day = request.promised_on.isoformat() if request.promised_on else ""
    with translation.override(user.language):
        return outbox.Mail(
            f"request:{request.public_id}:{what}",
            recipient=user.email,
            language=user.language,
            subject=gettext(subject),
            body=gettext(body).format(reference=request.reference, day=day, **words),
        )
