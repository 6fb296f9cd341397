"""Payments of invented decisions, in bulk: the books, the orders, one file a week and agency.

A file is opened empty, filled with the orders of its week, and closed by its second person; closed,
it holds against every question of `verify`, and lies where the bank's transport would look.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from decompte.portal.audit import services as audit
from decompte.portal.payments import batches, ledger, making, orders, sending
from decompte.portal.payments.models import Account, Batch, PaymentOrder
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import BatchState, OrderState
from decompte.portal.requests.invented import Made

ROWS = 1000
ENDS = 50
Files = Mapping[tuple[str, datetime], Any]


def open_files(agency: str, moments: Sequence[datetime], preparer: Any) -> dict[Any, Batch]:
    """Return an agency's payment files by the moment of their release, made where not there.

    Raises:
        Refusal: those of these weeks were closed: a population is complete once and for all.
    """
    of_these = Batch.objects.filter(agency=agency, prepared_at__in=moments)
    if of_these.exclude(state=BatchState.PREPARED).exists():
        raise refusal("population.complete")
    there = {one.prepared_at: one for one in of_these}
    missing = [
        Batch(
            agency=agency,
            msg_id=f"DECOMPTE-{secrets.token_hex(10).upper()}",
            version=settings.DEBTORS[agency]["version"],
            order_count=0,
            total_cents=0,
            execution_date=moment.date(),
            content_sealed=b"",
            sha256="",
            prepared_by=preparer,
            prepared_at=moment,
        )
        for moment in moments
        if moment not in there
    ]
    made = Batch.objects.bulk_create(missing)
    return {
        (agency, at): one for at, one in (there | {one.prepared_at: one for one in made}).items()
    }


def ends(first_member: int, last_member: int) -> list[str]:
    """Return the subjects of the last orders of members, for the audit trail."""
    keys = PaymentOrder.objects.filter(member_id__gte=first_member, member_id__lte=last_member)
    names = keys.order_by("-pk").values_list("public_id", flat=True)[:ENDS]
    return [f"order:{one}" for one in names]


def order(decided: Sequence[tuple[Any, Made]], accounts: Mapping[int, Any], files: Files) -> None:
    """Book what decisions owe and order the payments, those of past weeks in their files."""
    events = [orders.owed(decision)._replace(at=decision.decided_at) for decision, _made in decided]
    ledger.book_all(events)
    made = PaymentOrder.objects.bulk_create(
        [
            _order(decision, one, accounts[decision.member_id], files)
            for decision, one in decided
            if decision.payable_cents
        ],
        batch_size=ROWS,
    )
    paid_at = {one.request.pk: one.asked.paid_at for _decision, one in decided}
    ledger.book_all(
        ledger.Event(
            f"released:{one.public_id}",
            "payment.released",
            one.agency,
            one.member_id,
            [(Account.MEMBERS, one.amount_cents), (Account.TRANSIT, -one.amount_cents)],
            at=paid_at[one.decision.request_id],
        )
        for one in made
        if one.state == OrderState.RELEASED
    )
    audit.record_all(
        [
            audit.Told(
                one.ordered_at,
                "system",
                one.agency,
                "payment.ordered",
                f"order:{one.public_id}",
                {},
            )
            for one in made
        ]
    )


def _order(decision: Any, made: Made, account: Any, files: Files) -> PaymentOrder:
    paid_at = made.asked.paid_at
    return PaymentOrder(
        decision=decision,
        member_id=decision.member_id,
        agency=decision.agency,
        batch=files[decision.agency, paid_at] if paid_at else None,
        state=OrderState.RELEASED if paid_at else OrderState.ORDERED,
        amount_cents=decision.payable_cents,
        holder=account.holder,
        iban_sealed=account.iban_sealed,
        iban_last4=account.iban_last4,
        end_to_end_id=f"D{made.asked.reference}",
        ordered_at=decision.decided_at,
    )


def close_files(files: Sequence[Any], releaser: Any) -> int:
    """Write the files that are still open, and put them out; return how many."""
    count = 0
    for batch in files:
        if batch.state == BatchState.PREPARED and batch.order.exists():
            _close(batch, releaser)
            count += 1
    Batch.objects.filter(pk__in=[one.pk for one in files], order__isnull=True, sha256="").delete()
    sending.put_out()
    return count


@transaction.atomic
def _close(batch: Batch, releaser: Any) -> None:
    making.keep(batch, tuple(batches.transfers(batch)), batch.prepared_by)
    Batch.objects.filter(pk=batch.pk).update(
        state=BatchState.RELEASED, released_by=releaser, released_at=batch.prepared_at
    )
    audit.record_all(
        [
            audit.Told(
                batch.prepared_at,
                releaser.public_id,
                batch.agency,
                "batch.released",
                f"batch:{batch.public_id}",
                {},
            )
        ]
    )
