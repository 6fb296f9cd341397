"""Contributions: what members owe for their academic year, and how it was paid.

A due is booked once, from a confirmed registration. It is collected by direct debit
(`collecting`), paid otherwise, or no longer owed; the last two in words. What the bank sends back
is owed again and waits for a person, or for another mandate.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Sum

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.payments import ledger
from decompte.portal.payments.models import Account, Due
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import UNPAID, DueState
from decompte.portal.people.scope import system
from decompte.portal.registration import services as registration


def owe(registered: Any, actor: str) -> Due | None:
    """Owe the contribution of a confirmed registration, once; None when it costs nothing."""
    if not registered.contribution_cents or not registered.agency:
        return None
    key = f"contribution:{registered.public_id}"
    if known := Due.objects.filter(key=key).first():
        return known  # type: ignore[no-any-return]
    return _owe(registered, key, actor)


def owe_all(agency: str, actor: str) -> int:
    """Owe the contributions of an agency's confirmed registrations; return how many are new."""
    before = Due.objects.filter(agency=agency).count()
    for registered in registration.contributing(agency):
        owe(registered, actor)
    return Due.objects.filter(agency=agency).count() - before


def dues_of(member_id: int) -> list[Due]:
    """Return a member's contributions, newest first, with how they were collected."""
    rows = Due.objects.filter(member_id=member_id).prefetch_related("collections")
    return list(rows.order_by("-id"))


def unpaid() -> list[Due]:
    """Return the contributions of the scope's agency that are still owed, oldest first."""
    rows = Due.objects.filter(state__in=UNPAID).select_related("member")
    return list(rows.prefetch_related("collections").order_by("id"))


def find_due(public_id: str) -> Due | None:
    """Return a contribution within the scope, or None."""
    found: Due | None = Due.objects.filter(public_id=public_id).first()
    return found


def states_of(registrations: Sequence[str]) -> dict[str, str]:
    """Return how far the contributions of registrations are, by public id, for their school."""
    keys = {f"contribution:{one}": one for one in registrations}
    with system("a school sees whether its own students' contributions are paid"):
        rows = Due.objects.filter(key__in=keys).values_list("key", "state")
        return {keys[key]: state for key, state in rows}


def unpaid_cents(member_id: int) -> int:
    """Return the contributions that a member still owes, in cents."""
    rows = Due.objects.filter(member_id=member_id, state__in=UNPAID)
    return rows.aggregate(t=Sum("amount_cents"))["t"] or 0


def paid_otherwise(due: Due, reason: str, user: Any) -> bool:
    """Book a contribution that was paid at the till or by cheque; False if it no longer waits.

    Raises:
        Refusal: no reason is given.
    """
    return _end(due, DueState.PAID, Account.TILL, reason, user)


def waive(due: Due, reason: str, user: Any) -> bool:
    """Book that a contribution is no longer owed, its booking taken back; False if not waiting.

    Raises:
        Refusal: no reason is given.
    """
    return _end(due, DueState.WAIVED, Account.CONTRIBUTIONS, reason, user)


def collect_again(due: Due, actor: str) -> bool:
    """Let the next file collect what the bank sent back; False if it does not wait for that."""
    moved = Due.objects.filter(pk=due.pk, state=DueState.HELD).update(state=DueState.OPEN)
    if moved:
        _tell(due, "due.open", actor)
    return bool(moved)


def collect_held(member_id: int, agency: str, actor: str) -> None:
    """Let the next file collect everything of a member that the bank sent back."""
    held = Due.objects.filter(member_id=member_id, agency=agency, state=DueState.HELD)
    for due in list(held):
        collect_again(due, actor)


@transaction.atomic
def _owe(registered: Any, key: str, actor: str) -> Due:
    """Owe a contribution; whoever comes second at the same moment finds what the first made."""
    due: Due
    due, is_new = Due.objects.get_or_create(
        key=key,
        defaults={
            "member_id": registered.member_id,
            "agency": registered.agency,
            "academic_year": registered.academic_year,
            "amount_cents": registered.contribution_cents,
            "made_at": clock.now(),
        },
    )
    if is_new:
        ledger.book(
            ledger.Event(
                f"due:{due.public_id}",
                "contribution.due",
                due.agency,
                due.member_id,
                [(Account.DUES, due.amount_cents), (Account.CONTRIBUTIONS, -due.amount_cents)],
            )
        )
        _tell(due, "due.made", actor)
    return due


def _end(due: Due, state: DueState, account: str, reason: str, user: Any) -> bool:
    if not reason.strip():
        raise refusal("field.missing")
    with transaction.atomic():
        moved = Due.objects.filter(pk=due.pk, state__in=[DueState.OPEN, DueState.HELD]).update(
            state=state, reason=reason.strip()[:300]
        )
        if moved:
            ledger.book(
                ledger.Event(
                    f"{state}:{due.public_id}",
                    f"contribution.{state}",
                    due.agency,
                    due.member_id,
                    [(account, due.amount_cents), (Account.DUES, -due.amount_cents)],
                )
            )
            _tell(due, f"due.{state}", user.public_id)
    return bool(moved)


def _tell(due: Due, code: str, actor: str) -> None:
    audit.record(code, f"due:{due.public_id}", actor=actor, agency=due.agency)
