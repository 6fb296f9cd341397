"""Makes a file for the bank once: its row, its bytes from the rows, its digest, in one transaction.

Transfers (`batches`) and direct debits (`collecting`) are made, kept and told alike.
"""

import hashlib
import secrets
from datetime import date
from typing import Any

from django.conf import settings

from decompte.exchange import sepa
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.payments import failpoints, sending
from decompte.portal.payments.models import Batch
from decompte.portal.people import sealing


def new_batch(agency: str, user: Any, execution_date: date, version: str) -> Batch:
    """Return the row of a file that is being made, with an identity no bank has seen."""
    created: Batch = Batch.objects.create(
        agency=agency,
        msg_id=f"DECOMPTE-{secrets.token_hex(10).upper()}",
        version=version,
        order_count=0,
        total_cents=0,
        execution_date=execution_date,
        content_sealed=b"",
        sha256="",
        prepared_by=user,
        prepared_at=clock.now(),
    )
    return created


def keep(batch: Batch, payments: tuple[Any, ...], user: Any, creditor_id: str = "") -> None:
    """Write the file of a batch, read it again from its bytes, and keep it with its digest."""
    debtor = settings.DEBTORS[batch.agency]
    file = sepa.PaymentFile(
        msg_id=batch.msg_id,
        debtor=debtor["name"],
        debtor_iban=debtor["iban"],
        debtor_bic=debtor["bic"],
        execution_date=batch.execution_date,
        created_at=batch.prepared_at,
        transfers=payments,
        version=batch.version,
        creditor_id=creditor_id,
    )
    batch.order_count = len(payments)
    batch.total_cents = sum(one.amount_cents for one in payments)
    content = sepa.write(file)
    failpoints.reach("prepare.written")
    batch.content_sealed = sealing.seal(content, sending.FILE_CONTEXT)
    batch.sha256 = hashlib.sha256(content).hexdigest()
    batch.save()
    tell(batch, "batch.prepared", user)
    failpoints.reach("prepare.kept")


def tell(batch: Batch, code: str, user: Any) -> None:
    """Write what happened to a file into the audit trail."""
    audit.record(
        code,
        f"batch:{batch.public_id}",
        actor=user.public_id,
        agency=batch.agency,
        detail={"sha256": batch.sha256, "total_cents": batch.total_cents},
    )
