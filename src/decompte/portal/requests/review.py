"""What an agency's staff do to a request: take it, judge its papers, send it back, accept it.

Each verb is one transaction. `version` is what the agent saw: when somebody acted in between, the
verb refuses and nothing is overwritten. The program itself passes none.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.requests import answers, phrases, services, transitions
from decompte.portal.requests.models import Paper, Request
from decompte.portal.requests.states import REVIEWED, PaperState, State

REMINDER_DAYS = (15, 30, 60)


def take(request: Request, user: Any) -> bool:
    """Put a received request on an agent's desk; False when somebody else took it first."""
    return transitions.move(
        request, "take", user.public_id, assigned_to=user, assigned_at=clock.now()
    )


def assign(request: Request, user: Any, actor: str) -> bool:
    """Put a request on a colleague's desk, whoever has it; False when it is not under review."""
    return transitions.move(request, "assign", actor, assigned_to=user, assigned_at=clock.now())


def put_back(request: Request, actor: str) -> bool:
    """Put a request back on the list for others; False when it is not under review."""
    return transitions.move(request, "put_back", actor, assigned_to=None, assigned_at=None)


@transaction.atomic
def receive_post(request: Request, arrived: Sequence[str], actor: str) -> bool:
    """Record that a posted request arrived, with these kinds of papers in the envelope.

    What the member had added online before stands.
    """
    moved = transitions.move(
        request,
        "receive_post",
        actor,
        submitted_at=clock.now(),
        promised_on=clock.today() + timedelta(days=services.ANSWER_DAYS),
    )
    if moved:
        for kind in set(arrived) - services.current_papers(request).keys():
            Paper.objects.create(
                request=request,
                member_id=request.member_id,
                agency=request.agency,
                kind=kind,
                received_at=clock.now(),
            )
    return moved


def accept_paper(paper: Paper, actor: str, version: int | None = None) -> None:
    """Accept one paper of a request under review.

    Raises:
        Refusal: the paper still waits for the virus scanner, the request is not under review, or
            changed since it was shown.
    """
    if paper.state == PaperState.WAITING:
        raise _still_waiting()
    _judge(paper, PaperState.ACCEPTED, "", actor, version)


def refuse_paper(paper: Paper, words: str, actor: str, version: int | None = None) -> None:
    """Refuse one paper, with the words for the student.

    Raises:
        Refusal: no reason is given, the request is not under review, or changed since.
    """
    if not words.strip():
        raise transitions.refusal(
            "refusal", "field.missing", "dites ce qui ne va pas", "say what is wrong"
        )
    _judge(paper, PaperState.REFUSED, words.strip(), actor, version)


def send_back(request: Request, note: str, actor: str, version: int | None = None) -> bool:
    """Send a request back with the missing items named; False when it is not under review.

    Raises:
        Refusal: nothing is missing or refused, so that there is nothing to ask for; or the
            request changed since it was shown.
    """
    lacking = services.missing(request)
    if not lacking and not note.strip():
        raise transitions.refusal(
            "note",
            "field.missing",
            "rien ne manque : refusez une pièce ou dites ce qui manque",
            "nothing is missing: refuse a paper or say what is missing",
        )
    language = request.member.user.language
    named = [needed.label.fr if language == "fr" else needed.label.en for needed in lacking]
    with transaction.atomic():
        transitions.seen(request, version)
        moved = transitions.move(
            request,
            "send_back",
            actor,
            {"kinds": [needed.kind for needed in lacking]},
            returned_reason="\n".join([*named, note.strip()]).strip(),
            waiting_for=[needed.kind for needed in lacking],
            waiting_since=clock.today(),
            reminders_sent=0,
            remind_on=clock.today() + timedelta(days=REMINDER_DAYS[0]),
            assigned_to=None,
            assigned_at=None,
        )
        if moved:
            letter = answers.drafted(request, "missing", phrases.MISSING[0], note.strip())
            answers.keep(request, "missing", "missing", letter, actor)
            transitions.mail(
                request,
                f"returned:{request.version}",
                gettext_noop("Your request needs something"),
                gettext_noop(
                    "Something is missing in your request {reference}. Sign in to see what."
                ),
            )
    return moved


@transaction.atomic
def remind(request: Request) -> bool:
    """Remind the member of what the agency waits for; False when it no longer does, or not yet."""
    request = _locked(request)
    if request.remind_on is None or request.remind_on > clock.today():
        return False
    sent = request.reminders_sent + 1
    later = REMINDER_DAYS[sent] if sent < len(REMINDER_DAYS) else None
    since = request.waiting_since or clock.today()
    moved = transitions.move(
        request,
        "remind",
        "system",
        reminders_sent=sent,
        remind_on=since + timedelta(days=later) if later else None,
    )
    if moved:
        transitions.mail(
            request,
            f"remind:{since.isoformat()}:{sent}",
            gettext_noop("Your request still needs something"),
            gettext_noop(
                "We cannot go on with your request {reference}: something is missing. "
                "Sign in to see what."
            ),
        )
    return moved


def _locked(request: Request) -> Request:
    """Return a request as it is now, kept from others until the transaction ends."""
    rows = Request.objects.select_for_update(of=("self",)).select_related("member__user")
    held: Request = rows.get(pk=request.pk)
    return held


def agencies_to_remind() -> list[str]:
    """Return the agencies with a member whose day of a reminder has come."""
    return list(_to_remind().order_by("agency").values_list("agency", flat=True).distinct())


def remind_due(most: int = 1000) -> int:
    """Remind the scope's members whose day has come; return how many. What is left is still due.

    Args:
        most: how many at once, those who wait longest first.
    """
    due = _to_remind().order_by("remind_on", "id")
    return sum(remind(one) for one in list(due[:most]))


def _to_remind() -> QuerySet[Request]:
    due: QuerySet[Request] = Request.objects.filter(
        state=State.RETURNED, remind_on__lte=clock.today()
    )
    return due


def accept_papers(request: Request, actor: str, version: int | None = None) -> bool:
    """Accept all the papers of a request under review; False when it is not.

    Raises:
        Refusal: a paper is missing or refused, or the request changed since it was shown.
    """
    services.check_complete(request)
    if any(one.state == PaperState.WAITING for one in services.current_papers(request).values()):
        raise _still_waiting()
    with transaction.atomic():
        transitions.seen(request, version)
        moved = transitions.move(request, "accept_papers", actor)
        if moved:
            Paper.objects.filter(
                request=request, replaced_at__isnull=True, state=PaperState.RECEIVED
            ).update(state=PaperState.ACCEPTED)
    return moved


@transaction.atomic
def key_line(
    request: Request, line: Mapping[str, Any], position: int, actor: str, version: int | None = None
) -> None:
    """Write one care line as the care form shows it; position 0 adds one.

    Raises:
        Refusal: the request is not under review, changed since it was shown, has too many lines,
            or that day is another agency's.
    """
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if locked.state not in REVIEWED:
        raise _not_in_review()
    transitions.seen(locked, version)
    services.write_line(locked, line, position)
    transitions.tell(locked, "request.keyed", actor, {"position": position})


def _still_waiting() -> Refusal:
    return transitions.refusal(
        "paper",
        "paper.waiting",
        "une pièce attend encore l'antivirus : réessayez dans quelques minutes",
        "a paper still waits for the virus scanner: try again in some minutes",
    )


def _not_in_review() -> Refusal:
    return transitions.refusal(
        "request",
        "request.not_in_review",
        "cette demande n'est plus à l'étude",
        "this request is no longer under review",
    )


@transaction.atomic
def _judge(paper: Paper, state: str, words: str, actor: str, version: int | None) -> None:
    request = Request.objects.select_for_update().get(pk=paper.request_id)
    if request.state not in REVIEWED:
        raise _not_in_review()
    transitions.seen(request, version)
    if version is None:
        transitions.seen(request, request.version)
    Paper.objects.filter(pk=paper.pk).update(state=state, refusal=words)
    transitions.tell(request, f"paper.{state}", actor, {"kind": paper.kind})
