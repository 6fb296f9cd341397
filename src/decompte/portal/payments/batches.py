"""Payment files: made once from the waiting orders, released by a second person, never made again.

The order of steps is what makes a stop harmless:

1. `prepare`: the orders are taken by a conditional update; the file is made from the rows, read
   again from its bytes, and kept in the row of the batch, in one transaction. A stop before the
   commit leaves the orders as they were.
2. `release`, by a second person, who names the digest they approve: the kept bytes are summed
   again against the ledger, every invariant of the books is asked, the state moves, the ledger is
   written. Then the file is put out (`sending`); a stop in between is taken up there.
"""

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from decompte.exchange import sepa
from decompte.portal import clock
from decompte.portal.payments import (
    collecting,
    failpoints,
    ledger,
    making,
    orders,
    register,
    sending,
    verify,
)
from decompte.portal.payments.models import Account, Batch, PaymentOrder
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import BatchState, OrderState
from decompte.portal.people import sealing
from decompte.portal.people import services as people
from decompte.portal.requests import services as requests

ROWS = 2000
PORTION = 500


def batches() -> list[Batch]:
    """Return the payment files of the scope's agency, newest first, without their bytes."""
    return list(Batch.objects.defer("content_sealed").select_related("prepared_by", "released_by"))


def released_transfers() -> list[Batch]:
    """Return the released files that pay members of the scope's agency, without their bytes."""
    released = Batch.objects.filter(state=BatchState.RELEASED, version__startswith="pain.001")
    return list(released.defer("content_sealed"))


def find_batch(public_id: str) -> Batch | None:
    """Return a payment file within the scope, or None."""
    found: Batch | None = Batch.objects.filter(public_id=public_id).first()
    return found


def ordered_in(batch: Batch) -> QuerySet[PaymentOrder]:
    """Return the orders in a payment file, to be cut into pages."""
    return batch.order.select_related("decision__request").order_by("id")


def orders_of(batch: Batch) -> list[PaymentOrder]:
    """Return the orders in a payment file; those of direct debits are `collections_of`."""
    return list(ordered_in(batch))


def prepare(agency: str, user: Any, execution_date: date) -> Batch:
    """Make one payment file of the waiting orders of an agency.

    An order that no bank would take is left out and waits for somebody to look at it.

    Raises:
        Refusal: nothing waits, or the day of execution is over.
    """
    if execution_date < clock.today():
        raise refusal("date.past")
    orders.resume_changed(agency, user.public_id)
    with transaction.atomic():
        failpoints.reach("prepare.begun")
        batch = making.new_batch(agency, user, execution_date, settings.DEBTORS[agency]["version"])
        _take(batch)
        failpoints.reach("prepare.taken")
        making.keep(batch, tuple(transfers(batch)), user)
    return batch


def release(batch: Batch, user: Any, digest: str) -> bool:
    """Release a prepared file as its second person; False when it was released before.

    Args:
        batch: the file.
        user: the second person.
        digest: SHA-256 of what this person read and approves.

    Raises:
        Refusal: the same person prepared it, the digest is another, the books are red, the file is
            not what was made, members would be told too late of their direct debit, or this
            database is older than what was sent.
    """
    if batch.prepared_by_id == user.pk:
        raise refusal("batch.same_person")
    if not secrets.compare_digest(digest, batch.sha256):
        raise refusal("batch.other_digest")
    if batch.state != BatchState.PREPARED:
        return False
    if batch.is_debit:
        collecting.check_notice(batch.execution_date)
    with register.opened() as known:
        sending.check(known)
    if wrong := [*verify.books(), *verify.file_problems(batch)]:
        raise refusal("books.red", wrong="; ".join(wrong))
    failpoints.reach("release.checked")
    with transaction.atomic():
        if not _move(batch, user):
            return False
    failpoints.reach("release.committed")
    sending.put_out()
    batch.refresh_from_db()
    return True


def discard(batch: Batch, user: Any) -> bool:
    """Discard a prepared file; its orders wait again. False when it is no longer prepared."""
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            state=BatchState.DISCARDED
        )
        if moved:
            if batch.is_debit:
                collecting.let_go(batch)
            batch.order.update(state=OrderState.ORDERED, batch=None)
            making.tell(batch, "batch.discarded", user)
    return bool(moved)


def _take(batch: Batch) -> None:
    """Take the waiting orders that banks take; the conditional update is the lock."""
    waiting = PaymentOrder.objects.filter(
        agency=batch.agency, state=OrderState.ORDERED, batch__isnull=True
    )
    for one in waiting.order_by("pk").iterator(chunk_size=ROWS):
        if found := sepa.problems_of(_transfer(one)):
            PaymentOrder.objects.filter(pk=one.pk, state=OrderState.ORDERED).update(
                state=OrderState.HELD, bank_reason=found[0][:4].upper()
            )
    some = waiting.order_by("pk").values("pk")[: sepa.MOST]
    if waiting.filter(pk__in=some).update(state=OrderState.BATCHED, batch=batch) == 0:
        transaction.set_rollback(True)
        raise refusal("orders.none")


def _move(batch: Batch, user: Any) -> bool:
    """Move a file to released, and book its orders, within the caller's transaction."""
    moved = Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
        state=BatchState.RELEASED, released_by=user, released_at=clock.now()
    )
    if not moved:
        return False
    failpoints.reach("release.moved")
    if batch.is_debit:
        collecting.book(batch)
    else:
        _book(batch, user)
    making.tell(batch, "batch.released", user)
    failpoints.reach("release.booked")
    return True


def _book(batch: Batch, user: Any) -> None:
    """Book the orders of a file as gone, and tell their requests."""
    rows = batch.order.values_list("public_id", "member_id", "amount_cents").order_by("pk")
    ledger.book_all(
        ledger.Event(
            f"released:{public_id}",
            "payment.released",
            batch.agency,
            member_id,
            [(Account.MEMBERS, cents), (Account.TRANSIT, -cents)],
        )
        for public_id, member_id, cents in rows.iterator(chunk_size=ROWS)
    )
    batch.order.update(state=OrderState.RELEASED)
    paid = list(batch.order.order_by("pk").values_list("decision__request_id", flat=True))
    for start in range(0, len(paid), PORTION):
        requests.mark_paid(paid[start : start + PORTION], user.public_id)


def transfers(batch: Batch) -> Iterator[sepa.Transfer]:
    """Yield what a file pays, in the order of the orders."""
    for one in batch.order.order_by("pk").iterator(chunk_size=ROWS):
        yield _transfer(one)


def _transfer(one: PaymentOrder) -> sepa.Transfer:
    iban = sealing.open_sealed(one.iban_sealed, people.IBAN_CONTEXT).decode()
    return sepa.Transfer(
        end_to_end_id=one.end_to_end_id,
        holder=one.holder,
        iban=iban,
        bic=one.bic,
        amount_cents=one.amount_cents,
        remittance=f"DECOMPTE {one.end_to_end_id[1:]}",
        address=_address(one.member) if sepa.needs_address(iban) else None,
    )


def _address(member: Any) -> sepa.Address:
    return sepa.Address(member.address_line, member.postal_code, member.city, "FR")
