"""The gate before a member's file: too near, too many, and why this one.

- Nobody opens their own file or one of somebody near to them.
- Nobody opens a two-hundred-and-first file within an hour, unless they break the glass with a
  reason; supervisors are told at once.
- A file on no open work list, or on a colleague's desk, asks a reason, which is kept for review.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import conflicts, roles
from decompte.portal.people import services as people
from decompte.portal.requests.states import State

MOST_FILES_AN_HOUR = 200
REASON_MINUTES = 60
GLASS_MINUTES = 15
OPENED, TELEPHONE = "request.opened", "member.telephone"
PAPER, FIGURES, LISTED_OUT, PAGE = "paper.viewed", "figures.taken", "school.exported", "page.shown"
READINGS = frozenset((OPENED, TELEPHONE, PAPER, FIGURES, LISTED_OUT, PAGE))
OVERSEEN = {
    "request.wide_lookup": _("Opened off the work list"),
    "request.conflict": _("Refused: too near to who asked"),
    "reading.stopped": _("Stopped: very many files within an hour"),
    "reading.break_glass": _("Went on in an emergency"),
}
LISTED = (State.SUBMITTED, State.APPEALED, State.ANNOUNCED)


class Reason(NamedTuple):
    """Why a file outside one's work is opened."""

    code: str
    label: str | Promise


REASONS = (
    Reason("telephone", _("The member is on the telephone, or here")),
    Reason("letter", _("The member wrote")),
    Reason("payment", _("A payment is to be checked")),
    Reason("duplicate", _("A possible duplicate is to be compared")),
    Reason("control", _("A check or sample I was given")),
)
GLASS = (
    Reason("outage", _("Another system is down, and a list must be worked through")),
    Reason("danger", _("A person is in danger or without means")),
    Reason("order", _("My supervisor asked for it")),
)


def gate(request: HttpRequest, found: Any) -> HttpResponse | None:
    """Return what stops the opening of a request's file, or None after having recorded it."""
    stopped = barred(request, found)
    if stopped is None:
        opened(request, found)
    return stopped


def barred(request: HttpRequest, found: Any) -> HttpResponse | None:
    """Return what stops the opening of a request's file, or None; a file shown is `opened`."""
    if is_near(request, found):
        return stopped_as_near(request, found)
    actor, subject = people.actor(request), f"request:{found.public_id}"
    if _is_many(request, actor, subject):
        return _stopped_as_many(request, actor, subject, found.agency)
    if asks_why(request, found):
        return redirect("agency:reason", public_id=found.public_id)
    return None


def opened(request: HttpRequest, found: Any) -> None:
    """Record that a request's file is shown."""
    _record(request, OPENED, found)


def gate_member(request: HttpRequest, member: Any) -> HttpResponse | None:
    """Return what stops the opening of a member's page, or None after having recorded it."""
    role, actor = people.role_of(request), people.actor(request)
    agency = role.agency if role else ""
    subject = f"member:{member.public_id}"
    if conflicts.conflict(request.user, member):
        audit.record("request.conflict", subject, actor=actor, agency=agency)
        return render(request, "agency/stopped.html", {"why": "conflict"}, status=403)
    if _is_many(request, actor, subject):
        return _stopped_as_many(request, actor, subject, agency)
    audit.record(TELEPHONE, subject, actor=actor, agency=agency)
    return None


def _is_many(request: HttpRequest, actor: str, subject: str) -> bool:
    """Return whether this would be one file too many of the hour, members' pages counted too."""
    since = clock.now() - timedelta(hours=1)
    seen = audit.opened_by(actor, (OPENED, TELEPHONE), since)
    is_many = subject not in seen and len(seen) >= MOST_FILES_AN_HOUR
    return is_many and not _is_open(request, "glass")


def _stopped_as_many(request: HttpRequest, actor: str, subject: str, agency: str) -> HttpResponse:
    audit.record("reading.stopped", subject, actor=actor, agency=agency)
    page = {"why": "many", "most": MOST_FILES_AN_HOUR, "reasons": GLASS}
    return render(request, "agency/stopped.html", page, status=429)


def is_near(request: HttpRequest, found: Any) -> bool:
    """Return whether who asks is too near to the member of a request."""
    return conflicts.conflict(request.user, found.member)


def stopped_as_near(request: HttpRequest, found: Any) -> HttpResponse:
    """Record that somebody tried to open a file too near to them, and say that another must."""
    _record(request, "request.conflict", found)
    return render(request, "agency/stopped.html", {"why": "conflict"}, status=403)


def is_wide(request: HttpRequest, found: Any) -> bool:
    """Return whether a file lies outside the work of who asks."""
    if found.state == State.IN_REVIEW:
        return bool(found.assigned_to_id != request.user.pk)
    return found.state not in LISTED


def asks_why(request: HttpRequest, found: Any) -> bool:
    """Return whether a file lies outside the work of who asks, and no reason was given lately."""
    return is_wide(request, found) and not _is_open(request, found.public_id)


def give_reason(request: HttpRequest, found: Any, code: str) -> bool:
    """Keep why a file is opened, for an hour; False when it is no reason."""
    if code not in {reason.code for reason in REASONS}:
        return False
    _record(request, "request.wide_lookup", found, {"reason": code})
    request.session[f"open:{found.public_id}"] = _until(REASON_MINUTES)
    return True


def break_glass(request: HttpRequest, code: str) -> bool:
    """Let an agent go on for a quarter of an hour, and tell the supervisors; False: no reason."""
    role = people.role_of(request)
    if role is None or code not in {reason.code for reason in GLASS}:
        return False
    actor = people.actor(request)
    audit.record(
        "reading.break_glass",
        f"user:{actor}",
        actor=actor,
        agency=role.agency,
        detail={"reason": code},
    )
    request.session["open:glass"] = _until(GLASS_MINUTES)
    for one in people.staff_of(role.agency, roles.with_power("oversee")):
        with translation.override(one.language):
            outbox.enqueue(
                f"glass:{actor}:{clock.now().isoformat()}:{one.public_id}",
                recipient=one.email,
                language=one.language,
                subject=gettext("An agent opened more files than usual"),
                body=gettext("Sign in and look at the list of openings."),
            )
    return True


def _is_open(request: HttpRequest, name: str) -> bool:
    return bool(request.session.get(f"open:{name}", "") > clock.now().isoformat())


def _until(minutes: int) -> str:
    return (clock.now() + timedelta(minutes=minutes)).isoformat()


def _record(
    request: HttpRequest, code: str, found: Any, detail: dict[str, object] | None = None
) -> None:
    audit.record(
        code,
        f"request:{found.public_id}",
        actor=people.actor(request),
        agency=found.agency,
        detail=detail,
    )
