"""Which payment the bank is talking about, and whether that can be.

A transfer moves the account down, a direct debit up (`sign`); the other way round it comes back.
"""

from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum

from decompte.exchange.bank import Item
from decompte.portal.payments import collecting, orders
from decompte.portal.payments.models import BankLine, Batch, Collection, PaymentOrder
from decompte.portal.payments.states import (
    WITH_THE_BANK,
    BatchState,
    LineState,
    OrderState,
)

CLOSED = (LineState.BOOKED, LineState.EXPLAINED)
CAME_BACK = (OrderState.REJECTED, OrderState.RETURNED)
Payment = PaymentOrder | Collection


class Match(NamedTuple):
    """What a line is about: its state, and why a person must look where one must."""

    state: str
    trouble: str = ""
    order: Payment | None = None
    batch: Batch | None = None


def counted() -> QuerySet[BankLine]:
    """Return the movements that count for a payment or a file.

    One that a person explained as neither does not, whatever the bank said of it.
    """
    closed = BankLine.objects.filter(is_movement=True, state__in=CLOSED)
    return closed.exclude(state=LineState.EXPLAINED, order__isnull=True, collection__isnull=True)


def match(agency: str, item: Item, actor: str) -> Match:
    """Return what an item of the bank is about, having moved the payments it tells of."""
    order, batch = _order(agency, item), _batch(agency, item)
    if not item.is_movement:
        return _notice(item, order, batch, actor)
    if order is not None:
        return _of_order(item, order, actor)
    if batch is not None:
        return _of_batch(item, batch)
    return Match(LineState.OPEN, "unknown")


def claim(order: Payment, line: Item | BankLine, actor: str) -> str:
    """Take a movement as a payment's, once in each direction.

    Returns:
        Why it cannot be: `not-sent`, `twice`; or nothing.
    """
    if order.state not in {*WITH_THE_BANK, *CAME_BACK}:
        return "not-sent"
    is_back = line.amount_cents * order.sign < 0
    if moved_before(order, is_back=is_back):
        return "twice"
    if is_back:
        open_again(order, OrderState.RETURNED, line.reason, actor)
    else:
        _settle(type(order).objects.filter(pk=order.pk), line)
    return ""


def open_again(order: Payment, state: str, reason: str, actor: str) -> bool:
    """Open again the money of a payment that the bank sent back; False if it was before."""
    if isinstance(order, Collection):
        return collecting.give_back(order, state, reason, actor)
    return orders.give_back(order, state, reason, actor)


def moved_before(order: Payment, *, is_back: bool) -> bool:
    """Return whether the bank's account moved for this payment before, in the same direction."""
    lines = counted()
    is_up = (order.sign > 0) != is_back
    same_way = lines.filter(amount_cents__gt=0) if is_up else lines.filter(amount_cents__lt=0)
    own = Q(collection=order) if isinstance(order, Collection) else Q(order=order)
    if same_way.filter(own).exists():
        return True
    whole = same_way.filter(batch=order.batch, order__isnull=True, collection__isnull=True)
    return not is_back and bool(whole.exists())


def _notice(item: Item, order: Payment | None, batch: Batch | None, actor: str) -> Match:
    """Return what becomes of a notice: rejections and returns open money again, the rest is noted.

    A rejection names the payment or the whole message; it has no amount.
    """
    if not item.is_return:
        return Match(LineState.NOTED, order=order, batch=batch)
    if order is None and (batch is None or item.end_to_end_id):
        return Match(LineState.OPEN, "unknown", batch=batch)
    is_rejection = item.amount_cents == 0
    if order is not None and not is_rejection and abs(item.amount_cents) != order.amount_cents:
        return Match(LineState.OPEN, "wrong-amount", order, batch)
    state = OrderState.REJECTED if is_rejection else OrderState.RETURNED
    if order is not None:
        moved = open_again(order, state, item.reason, actor)
        is_known = moved or order.state in CAME_BACK
        return (
            Match(LineState.NOTED, "", order, batch)
            if is_known
            else Match(LineState.OPEN, "not-sent", order, batch)
        )
    assert batch is not None
    for one in batch.payments.filter(state__in=WITH_THE_BANK):
        open_again(one, state, item.reason, actor)
    return Match(LineState.NOTED, "", None, batch)


def _of_order(item: Item, order: Payment, actor: str) -> Match:
    """Return what a movement about one payment is: its booking, or its return."""
    is_whole = abs(item.amount_cents) == order.amount_cents
    trouble = claim(order, item, actor) if is_whole else "wrong-amount"
    state = LineState.OPEN if trouble else LineState.BOOKED
    return Match(state, trouble, order, order.batch)


def _of_batch(item: Item, batch: Batch) -> Match:
    """Return what a movement about a whole message is: it, or rejected money going back."""
    gone = batch.payments.filter(state=OrderState.REJECTED)
    rejected = gone.aggregate(t=Sum("amount_cents"))["t"] or 0
    is_back = item.amount_cents * batch.sign < 0
    lines = counted().filter(batch=batch)
    is_up = item.amount_cents > 0
    same_way = lines.filter(amount_cents__gt=0) if is_up else lines.filter(amount_cents__lt=0)
    possible = {rejected} if is_back else {batch.total_cents, batch.total_cents - rejected}
    if batch.state != BatchState.RELEASED:
        return Match(LineState.OPEN, "not-sent", None, batch)
    if abs(item.amount_cents) not in possible - {0}:
        return Match(LineState.OPEN, "wrong-amount", None, batch)
    if same_way.exists():
        return Match(LineState.OPEN, "twice", None, batch)
    if not is_back:
        _settle(batch.payments, item)
    return Match(LineState.BOOKED, "", None, batch)


def _settle(rows: Any, item: Item | BankLine) -> None:
    rows.filter(state=OrderState.RELEASED).update(state=OrderState.SETTLED, settled_on=item.day)


def _order(agency: str, item: Item) -> Payment | None:
    if not item.end_to_end_id:
        return None
    for kind in (PaymentOrder, Collection):
        named = kind.objects.filter(agency=agency, end_to_end_id=item.end_to_end_id)
        if found := named.select_related("batch").defer("batch__content_sealed").first():
            return found  # type: ignore[no-any-return]
    return None


def _batch(agency: str, item: Item) -> Batch | None:
    if not item.batch_id:
        return None
    found: Batch | None = (
        Batch.objects.filter(agency=agency, msg_id=item.batch_id).defer("content_sealed").first()
    )
    return found
