"""Corrected decisions: what was owed is booked anew, and only the difference moves.

A correction is a new decision; the entry of the one before is taken back, its own is booked. Then,
payer by payer, since one payer's money never covers another's:

1. An order of an earlier decision that has not left is cancelled. One that stands in a file that
   waits for its second person stops the correction: release or discard that file first.
2. What was deferred and is no longer owed is taken off the debts; what was kept back for it comes
   back to the member.
3. What the new decision gives more than was credited first takes back an overpayment that an
   earlier correction found; the rest is paid, less what the member owes.
4. What it gives less is an overpayment: a debt, kept back once it can no longer be contested.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from decompte.portal.payments import ledger, orders, recoveries
from decompte.portal.payments.models import Account, Debt, PaymentOrder
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import WITH_THE_BANK, DebtKind, How, OrderState

BACK = {
    How.TAKEN: Account.MEMBERS,
    How.COLLECTED: Account.MEMBERS,
    How.EXPIRED: Account.FORGIVEN,
    How.FORGIVEN: Account.FORGIVEN,
}


def correct(earlier: Sequence[Any], later: Any, actor: str) -> PaymentOrder | None:
    """Book a corrected decision and pay its difference; None when nothing more is to go out.

    Args:
        earlier: all earlier decisions of the request, oldest first; the last is the one corrected.
        later: the decision that corrects them.
        actor: who asks.

    Raises:
        Refusal: a payment of an earlier decision is in a file that waits, or money is to go out
            and the member has no bank account.
    """
    with transaction.atomic():
        if ledger.find(f"owed:{later.public_id}") or ledger.find(_key(earlier[-1])):
            return orders.order_of(later.pk)
        _take_back(earlier[-1])
        ledger.book_all([orders.owed(later)])
        gone = [one for decision in earlier for one in _stopped(decision.pk, actor)]
        debts = recoveries.made_by([one.pk for one in earlier])
        credited = _credited(earlier, gone, debts)
        refunds = _redo_deferred(debts, earlier[-1], later)
        more = Counter(orders.shares(later))
        more.subtract(credited)
        more.update(refunds)
        given = _take_off(debts, +more, later)
        for payer, cents in sorted((-more).items()):
            key = f"overpaid:{later.public_id}:{payer}"
            _book(key, later, (Account.RECOVERIES, cents), (Account.MEMBERS, -cents))
            recoveries.owe_overpayment(later, payer, cents, _first_day(later))
        return orders.pay(later, given, actor)


def _take_back(decision: Any) -> None:
    """Take back the entry of the decision that is corrected; one that gave nothing has none."""
    if before := ledger.find(f"owed:{decision.public_id}"):
        ledger.reverse(before, _key(decision), "decision.corrected")
    else:
        assert not ledger.is_something(orders.owed(decision)), "a decision in force is booked"


def _stopped(decision_id: int, actor: str) -> list[PaymentOrder]:
    """Cancel what has not left for a decision; return what has.

    Raises:
        Refusal: a payment is in a file that waits for its second person.
    """
    for one in orders.orders_for(decision_id):
        if one.state == OrderState.BATCHED:
            raise refusal("payment.in_file")
        orders.cancel(one, actor)
    return [one for one in orders.orders_for(decision_id) if one.state in WITH_THE_BANK]


def _credited(
    earlier: Sequence[Any], gone: Sequence[PaymentOrder], debts: Sequence[Debt]
) -> Counter[str]:
    """Return what earlier decisions gave the member, by payer, less what was found to be too much.

    What was kept back for debts was given, too; what was paid because it had been kept back in
    vain was given for another decision.
    """
    given: Counter[str] = Counter()
    for one in gone:
        given.update(orders.parts_of(one))
    for decision in earlier:
        for taking in recoveries.takings_of(decision.pk):
            given[taking.debt.payer] += taking.amount_cents
    for debt in debts:
        if debt.kind == DebtKind.OVERPAYMENT:
            given[debt.payer] -= _owed(debt)
        given[debt.payer] -= recoveries.refunded(debt)
    return given


def _take_off(debts: Sequence[Debt], more: Counter[str], later: Any) -> dict[str, int]:
    """Take overpayments that were none off what is to be given, and return what is left of it."""
    for debt in debts:
        off = min(debt.left_cents, more[debt.payer]) if debt.kind == DebtKind.OVERPAYMENT else 0
        if off:
            key = f"undone:{later.public_id}:{debt.public_id}"
            _book(key, later, (Account.MEMBERS, off), (Account.RECOVERIES, -off))
            recoveries.undo(debt, off, key)
            more[debt.payer] -= off
    return dict(+more)


def _redo_deferred(debts: Sequence[Debt], before: Any, later: Any) -> Counter[str]:
    """Bring the deferred debts to what a decision says; return what was kept back in vain."""
    refunds: Counter[str] = Counter()
    wanted = recoveries.deferred(later)
    made: dict[tuple[int, str], list[Debt]] = {}
    for debt in debts:
        if debt.kind != DebtKind.OVERPAYMENT:
            made.setdefault(recoveries.place(debt), []).append(debt)
    for place in sorted(wanted.keys() | made.keys()):
        mine = made.get(place, [])
        day, cents = wanted.get(place, (date.min, 0))
        too_much = sum(_owed(one) for one in mine) - cents
        if too_much < 0:
            recoveries.owe_part(later, *place, day, -too_much)
        for debt in reversed(mine):
            off = min(max(too_much, 0), _owed(debt))
            too_much -= off
            refunds[debt.payer] += _lower(debt, off, before, later)
    return refunds


def _lower(debt: Debt, cents: int, before: Any, later: Any) -> int:
    """Take cents off a debt that was never owed; return what was kept back for it already."""
    if not cents:
        return 0
    back, refund = cents - debt.left_cents, 0
    for how, account in BACK.items():
        part = min(max(back, 0), recoveries.gone(debt, how))
        if part:
            key = f"refunded:{later.public_id}:{debt.public_id}:{how}"
            _book(key, later, (Account.RECOVERIES, part), (account, -part))
            recoveries.take_back(debt, part, how, key)
            refund += part if account == Account.MEMBERS else 0
            back -= part
    recoveries.undo(debt, cents, _key(before))
    return refund


def _owed(debt: Debt) -> int:
    """Return what a debt came to after the corrections so far."""
    return debt.amount_cents - recoveries.gone(debt, How.UNDONE)


def _book(key: str, decision: Any, *amounts: tuple[str, int]) -> None:
    ledger.book(ledger.Event(key, "debt.corrected", decision.agency, decision.member_id, amounts))


def _key(decision: Any) -> str:
    return f"corrected:{decision.public_id}"


def _first_day(decision: Any) -> date:
    return min(date.fromisoformat(line["date"]) for line in decision.inputs["lines"])
