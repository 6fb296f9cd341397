"""When money no longer needs what is known of a person."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from decompte.portal.payments.models import BankFile, Batch, Debt, PaymentOrder
from decompte.portal.payments.states import DEAD, WITH_THE_BANK, BatchState

CLOSED = (*DEAD, *WITH_THE_BANK)


def open_decisions(decision_ids: Iterable[int]) -> set[int]:
    """Return the decisions among these of which money is still under way, or owed back."""
    ids = list(decision_ids)
    orders = PaymentOrder.objects.filter(decision_id__in=ids).exclude(state__in=CLOSED)
    debts = Debt.objects.filter(decision_id__in=ids, left_cents__gt=0)
    return {one.decision_id for rows in (orders, debts) for one in rows.only("decision_id")}


def is_open(member_id: int) -> bool:
    """Return whether money of a member is still under way, or owed back."""
    orders = PaymentOrder.objects.filter(member_id=member_id).exclude(state__in=CLOSED)
    return orders.exists() or Debt.objects.filter(member_id=member_id, left_cents__gt=0).exists()


def empty_files(before: datetime, limit: int = 100) -> int:
    """Empty the payment files and files of the bank that are older; return how many this time."""
    filled = ~Q(content_sealed=b"")
    made = Batch.objects.annotate(on=Coalesce(F("released_at"), F("prepared_at")))
    old = made.filter(filled, on__lt=before, state__in=(BatchState.RELEASED, BatchState.DISCARDED))
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    count = Batch.objects.filter(pk__in=keys).update(content_sealed=b"")
    read = BankFile.objects.filter(filled, read_at__lt=before).order_by("pk")
    keys = list(read.values_list("pk", flat=True)[:limit])
    return count + BankFile.objects.filter(pk__in=keys).update(content_sealed=b"")
