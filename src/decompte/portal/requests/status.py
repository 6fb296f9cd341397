"""Where a request is, in plain words, and the day by which the next thing happens."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from decompte.portal.people.templatetags.words import day as in_words
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import State
from decompte.procedure.deadlines import claim_until

BANK_DAYS = 5


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


def of(request: Request, care_date: date | None) -> Status:
    """Return where a request is.

    Args:
        request: the request.
        care_date: day of its first act, or None before there is one.
    """
    until = claim_until(care_date) if care_date else None
    return SAID[State(request.state)](request, until)


def _draft(_request: Request, until: date | None) -> Status:
    if until is None:
        return Status(_("This is a draft."), _("Add the visit first."), is_yours=True)
    asked = _("Add the papers and send it by %(day)s, or the care is no longer paid.")
    return Status(
        _("This is a draft: nobody has it yet."),
        asked % {"day": in_words(until)},
        until,
        is_yours=True,
    )


def _announced(_request: Request, until: date | None) -> Status:
    asked = _("Post the letter with your papers; it must arrive by %(day)s.")
    return Status(_("You send it by post."), asked % {"day": in_words(until)}, until, is_yours=True)


def _received(request: Request, _until: date | None) -> Status:
    answered = _("It answers by %(day)s; you get a mail.")
    return Status(
        _("The agency has everything and looks at it."),
        answered % {"day": in_words(request.promised_on)},
        request.promised_on,
    )


def _returned(_request: Request, until: date | None) -> Status:
    asked = _("Add what is missing and send it again by %(day)s.")
    return Status(
        _("Something is missing: the request waits for you."),
        asked % {"day": in_words(until)},
        until,
        is_yours=True,
    )


def _decided(request: Request, _until: date | None) -> Status:
    return Status(
        _("The agency decided; the payment is being made."),
        _("You get a mail when the money leaves. The statement already says how much and why."),
    )


def _paid(request: Request, _until: date | None) -> Status:
    if request.paid_at is None:
        return Status(_("It is paid."), _("The statement says how much and why."))
    there = request.paid_at.date() + timedelta(days=BANK_DAYS)
    arrives = _("It is on your account by %(day)s, as banks take a few days.")
    return Status(_("The money left."), arrives % {"day": in_words(there)}, there)


def _refused(_request: Request, _until: date | None) -> Status:
    return Status(
        _("The agency refused this request."),
        _("The statement says why. You can contest it."),
    )


def _appealed(_request: Request, _until: date | None) -> Status:
    return Status(
        _("You contested the decision: another person looks at it again."),
        _("You get a mail with the answer."),
    )


def _corrected(_request: Request, _until: date | None) -> Status:
    return Status(
        _("The agency corrected its decision; the difference is being paid."),
        _("You get a mail when the money leaves."),
    )


def _upheld(_request: Request, _until: date | None) -> Status:
    return Status(
        _("The agency looked again and confirmed its decision."),
        _("The letter says why, and where you can turn next."),
    )


SAID: dict[State, Callable[[Request, date | None], Status]] = {
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
