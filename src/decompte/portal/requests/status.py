"""Where a request is, in plain words, and the day by which the next thing happens."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from decompte.portal import clock
from decompte.portal.people.templatetags.words import day as in_words
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import State
from decompte.procedure.deadlines import appeal_until, claim_until

PAYMENT_DAYS = 10
BANK_DAYS = 5
SECOND_LOOK_DAYS = 30


class Status(NamedTuple):
    """A request's state as the member reads it.

    Attributes:
        now: what is the case.
        next: what happens next, with its day in words.
        day: that day, or None when nothing more happens.
        is_yours: the next step is the member's.
    """

    now: str
    next: str
    day: date | None = None
    is_yours: bool = False


def of(request: Request, care_date: date | None, moved_on: date | None = None) -> Status:
    """Return where a request is.

    Args:
        request: the request.
        care_date: day of its first act, or None before there is one.
        moved_on: day of its last step, or None where only the day of the answer is known.
    """
    until = claim_until(care_date) if care_date else None
    answered = request.answered_at.date() if request.answered_at else None
    return SAID[State(request.state)](request, until, moved_on or answered)


def _draft(_request: Request, until: date | None, _moved: date | None) -> Status:
    if until is None:
        return Status(_("This is a draft."), _("Add the visit first."), is_yours=True)
    asked = _("Add the papers and send it by %(day)s, or the care is no longer paid.")
    return Status(
        _("This is a draft: nobody has it yet."),
        asked % {"day": in_words(until)},
        until,
        is_yours=True,
    )


def _announced(_request: Request, until: date | None, _moved: date | None) -> Status:
    asked = _("Post the letter with your papers; it must arrive by %(day)s.")
    return Status(_("You send it by post."), asked % {"day": in_words(until)}, until, is_yours=True)


def _received(request: Request, _until: date | None, _moved: date | None) -> Status:
    now, by = _("The agency has everything and looks at it."), request.promised_on
    if by and by < clock.today():
        late = _("It promised an answer by %(day)s and is late: you may write to it.")
        return Status(now, late % {"day": in_words(by)})
    answered = _("It answers by %(day)s; you get an email.")
    return Status(now, answered % {"day": in_words(by)}, by)


def _returned(_request: Request, until: date | None, _moved: date | None) -> Status:
    asked = _("Add what is missing and send it again by %(day)s.")
    return Status(
        _("Something is missing: the request waits for you."),
        asked % {"day": in_words(until)},
        until,
        is_yours=True,
    )


def _decided(_request: Request, _until: date | None, moved: date | None) -> Status:
    now = _("The agency decided; the payment is being made.")
    return _leaving(now, _("The statement already says how much and why."), moved)


def _corrected(_request: Request, _until: date | None, moved: date | None) -> Status:
    now = _("The agency corrected its decision; the difference is being paid.")
    return _leaving(now, _("The letter says what changed."), moved)


def _leaving(now: str, where: str, moved: date | None) -> Status:
    """Return the status of a request whose money has not left yet."""
    if moved is None:
        told = _("You get an email when the money leaves.")
        return Status(now, f"{told} {where}")
    by = moved + timedelta(days=PAYMENT_DAYS)
    if by < clock.today():
        late = _("The money should have left by %(day)s: you may write to the agency.")
        return Status(now, f"{late % {'day': in_words(by)}} {where}")
    leaves = _("The money leaves by %(day)s; you get an email.")
    return Status(now, f"{leaves % {'day': in_words(by)}} {where}", by)


def _paid(request: Request, _until: date | None, _moved: date | None) -> Status:
    if request.paid_at is None:
        return Status(_("It is paid."), _("The statement says how much and why."))
    there = request.paid_at.date() + timedelta(days=BANK_DAYS)
    arrives = _("It is on your account by %(day)s, as banks take a few days.")
    return Status(_("The money left."), arrives % {"day": in_words(there)}, there)


def _refused(_request: Request, _until: date | None, moved: date | None) -> Status:
    now = _("The agency refused this request.")
    if moved is None:
        return Status(now, _("The statement says why. You can contest it."))
    until = appeal_until(moved)
    contest = _("The letter says why. You can contest it until %(day)s.")
    return Status(now, contest % {"day": in_words(until)}, until)


def _appealed(request: Request, _until: date | None, moved: date | None) -> Status:
    begun = request.appealed_at.date() if request.appealed_at else moved
    now = _("You contested the decision: another person looks at it again.")
    if begun is None:
        return Status(now, _("You get an email with the answer."))
    by = begun + timedelta(days=SECOND_LOOK_DAYS)
    if by < clock.today():
        late = _("It promised an answer by %(day)s and is late: you may write to it.")
        return Status(now, late % {"day": in_words(by)})
    return Status(now, _("It answers by %(day)s; you get an email.") % {"day": in_words(by)}, by)


def _upheld(_request: Request, _until: date | None, moved: date | None) -> Status:
    now = _("The agency looked again and confirmed its decision.")
    if moved is None:
        return Status(now, _("The letter says why, and where you can turn next."))
    until = appeal_until(moved)
    turn = _("The letter says why, and where you can turn next until %(day)s.")
    return Status(now, turn % {"day": in_words(until)}, until)


SAID: dict[State, Callable[[Request, date | None, date | None], Status]] = {
    State.DRAFT: _draft,
    State.ANNOUNCED: _announced,
    State.SUBMITTED: _received,
    State.IN_REVIEW: _received,
    State.RETURNED: _returned,
    State.ACCEPTED: _decided,
    State.DECIDED: _decided,
    State.PARTLY: _decided,
    State.REFUSED: _refused,
    State.PAID: _paid,
    State.APPEALED: _appealed,
    State.CORRECTED: _corrected,
    State.UPHELD: _upheld,
}
