"""Closing an account: nobody signs in any more, what serves nothing goes, the rest later.

What the law keeps is named with the day on which it goes.
"""

from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from decompte.portal import clock
from decompte.portal.api import tokens
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.people.templatetags.words import day as in_words
from decompte.portal.requests.states import State
from decompte.portal.rights import erasing
from decompte.portal.rights.holdings import HOLDINGS, Goes, holding_of
from decompte.procedure.retention import Period, ends, period

UNSENT = (State.DRAFT, State.ANNOUNCED)


class Staying(NamedTuple):
    """Something that stays after the closing.

    Attributes:
        period: what it is, why it stays, with sources.
        until: day on which it goes; None while money is under way, or for what stays.
        number: how many requests, where that is meant; 0 otherwise.
    """

    period: Period
    until: date | None
    number: int = 0


def close(user: Any) -> None:
    """Close an account at its holder's wish; twice is once."""
    _close(user, actor=user.public_id)


def close_unused(user: Any) -> None:
    """Close an account that nobody used, after its holder was warned."""
    _close(user, actor="system")


def staying(user: Any) -> list[Staying]:
    """Return what stays of an account after its closing, and until when."""
    with system("what stays after the closing"):
        member_id = people.member_id_of(user)
        if member_id is None:
            return []
        found = [*_care(member_id), *_rights(user, member_id)]
        if found:
            found.append(Staying(period("books"), None))
        return found


def kept_until(user: Any) -> date | None:
    """Return until when something of a closed account is kept; None once nothing is."""
    member_id = people.member_id_of(user)
    if member_id is None:
        return None
    if payments.is_open(member_id):
        return date.max
    days = [one.until for one in (*_care(member_id), *_rights(user, member_id))]
    latest = max((day or date.max for day in days), default=None)
    return latest if latest and latest > clock.today() else None


def _care(member_id: int) -> list[Staying]:
    """Return the requests that stay: those sent and not yet forgotten."""
    rows = holding_of("requests.Request").rows.filter(
        member_id=member_id, forgotten_at__isnull=True
    )
    sent = [one for one in rows if one.state not in UNSENT]
    if not sent:
        return []
    days = [timezone.localdate(one.paid_at or one.submitted_at or one.created_at) for one in sent]
    return [Staying(period("care"), ends("care", max(days), clock.today()), len(sent))]


def _rights(user: Any, member_id: int) -> list[Staying]:
    """Return the affiliation that stays: from its last day, or from the closing if later."""
    rows = holding_of("registration.Registration").rows
    last = [
        one
        for one in rows.filter(member_id=member_id).values_list("until", flat=True)
        if one is not None
    ]
    if not last:
        return []
    closed = timezone.localdate(user.closed_at) if user.closed_at else clock.today()
    return [Staying(period("rights"), ends("rights", max(*last, closed), clock.today()))]


def _close(user: Any, *, actor: str) -> None:
    with system("an account is closed"), transaction.atomic():
        accounts = holding_of("people.User").rows
        moved = accounts.filter(pk=user.pk, closed_at__isnull=True).update(
            closed_at=clock.now(), is_active=False
        )
        if not moved:
            return
        user.refresh_from_db()
        audit.record("account.closed", f"user:{user.public_id}", actor=actor)
        for client in tokens.clients_of(user):
            tokens.revoke(client)
        if kept_until(user) is None:
            erasing.erase(user)
            return
        member_id = people.member_id_of(user)
        assert member_id is not None, "only a member's account keeps something"
        _drop_unsent(member_id)
        _drop_settings(user.pk, member_id)
        people.end_sessions(user)
        _tell(user)


def _drop_unsent(member_id: int) -> None:
    rows = holding_of("requests.Request").rows.filter(member_id=member_id, state__in=UNSENT)
    for one in rows.filter(forgotten_at__isnull=True):
        erasing.forget_request(one.pk, one.public_id, one.agency)


def _drop_settings(user_id: int, member_id: int) -> None:
    """Take away what only served the account."""
    for holding in HOLDINGS:
        if holding.kept == "account" and isinstance(holding.end, Goes):
            key = {holding.user: user_id} if holding.user else {holding.member: member_id}
            holding.rows.filter(**key).delete()


def _tell(user: Any) -> None:
    until = kept_until(user)
    with translation.override(user.language):
        kept = _("What the law keeps is erased once its time is over.")
        if until and until < date.max:
            kept = _("What the law keeps is erased on %(day)s.") % {"day": in_words(until)}
        outbox.enqueue(
            f"account.closed:{user.public_id}",
            recipient=user.email,
            language=user.language,
            subject=_("Your account is closed"),
            body=_("Your account is closed; nobody can sign in to it any more.") + " " + kept,
        )
