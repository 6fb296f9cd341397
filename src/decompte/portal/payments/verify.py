"""The invariants of money, I1 to I12, each a question to the database that must find nothing.

`books` is asked before a file is released, `everything` each night and by `decompte verify`.
They are asked within the scope that is in force: an agency asks about its own books.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce, Concat

from decompte.exchange import sepa
from decompte.portal.audit import services as audit
from decompte.portal.decisions import again
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import answers, guards, matching, register, sending, tallies
from decompte.portal.payments.models import (
    Account,
    BankFile,
    BankLine,
    Batch,
    Debt,
    Entry,
    PaymentOrder,
    Posting,
)
from decompte.portal.payments.states import DEAD, BatchState, OrderState
from decompte.portal.requests import services as requests

Check = Callable[[], list[str]]
CAME_BACK = (OrderState.REJECTED, OrderState.RETURNED)
OF_A_FILE = Q(order__isnull=True, collection__isnull=True, batch__isnull=False)
MOMENT = {
    "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "sqlite": "SELECT 1",
}
APPEND_ONLY = ("audit_event", "audit_seal", "decisions_decision")


def books() -> list[str]:
    """Return what is off in the books, by the quick checks: nothing leaves unless it is empty."""
    with _one_moment():
        return _ask(BOOKS)


def everything() -> list[str]:
    """Return everything that is off: books, files, bank, decisions, audit chain, papers."""
    return [*books(), *_ask(SLOW)]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read as things stood at one moment: somebody else may be paying meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(MOMENT[connection.vendor])
        yield


def entries_sum_to_zero() -> list[str]:
    """I1: every entry sums to zero and has two postings at least; every posting has its entry."""
    rows = Posting.objects.order_by().values("entry_id")
    sums = rows.annotate(total=Sum("amount_cents"), rows=Count("id"))
    found = sums.filter(~Q(total=0) | Q(rows__lt=2)).values_list("entry_id", "total")
    empty = Entry.objects.filter(postings__isnull=True).values_list("key", flat=True)
    return [
        *(f"entry {entry_id} sums to {total}" for entry_id, total in found),
        *(f"entry {key} has no posting" for key in empty),
    ]


def parts_sum_to_the_price() -> list[str]:
    """I2: the parts of a decision are never negative and sum to the price paid."""
    return decisions.unbalanced()


def one_live_order() -> list[str]:
    """I3: one payable has one live order at most, and it pays what was decided less what is kept.

    A correction pays the difference only; its orders are asked by I5.
    """
    live = PaymentOrder.objects.exclude(state__in=DEAD)
    twice = live.order_by().values("decision_id").annotate(n=Count("id")).filter(n__gt=1)
    return [f"decision {row['decision_id']} has {row['n']} live orders" for row in twice]


def files_hold_their_orders() -> list[str]:
    """I4: a file's count and sum, read from its bytes, are its orders' and the ledger's."""
    found = []
    for batch in Batch.objects.exclude(state=BatchState.DISCARDED).iterator(chunk_size=1):
        found += file_problems(batch)
    return found


def file_problems(batch: Batch) -> list[str]:
    """Return what is off in one payment file; one that need not be kept any more is empty."""
    if not batch.content_sealed:
        return []
    made = sending.content(batch)
    told = batch.payments.aggregate(n=Count("id"), total=Sum("amount_cents"))
    in_books = batch.order_count, batch.total_cents
    found = []
    if hashlib.sha256(made).hexdigest() != batch.sha256:
        found.append(f"{batch.msg_id} is not the file that was made")
    elif sepa.sums(made) != sepa.Sums(batch.msg_id, *in_books):
        found.append(f"{batch.msg_id} does not sum to its batch")
    if (told["n"], told["total"] or 0) != in_books:
        found.append(f"the orders of {batch.msg_id} do not sum to its batch")
    if batch.state == BatchState.RELEASED and _transit_of(batch) != batch.sign * batch.total_cents:
        found.append(f"the ledger does not hold what left with {batch.msg_id}")
    return found


def statements_follow() -> list[str]:
    """I5: from the first to the last statement, without a gap, the balance moved by its lines."""
    found = []
    agencies = BankFile.objects.filter(kind__in=answers.STATEMENTS).order_by()
    for agency in agencies.values_list("agency", flat=True).distinct():
        if answers.gaps(agency):
            continue
        files = BankFile.objects.filter(agency=agency, kind__in=answers.STATEMENTS)
        told = files.defer("content_sealed").order_by("last_day", "first_day", "id")
        first, last = told[0], list(told)[-1]
        moved = BankLine.objects.filter(agency=agency, is_movement=True).aggregate(
            t=Sum("amount_cents")
        )["t"]
        if (first.opening_cents or 0) + (moved or 0) != last.closing_cents:
            found.append(f"the bank's balance of {agency} is not what its lines come to")
    return found


def caps_hold() -> list[str]:
    """I6: no yearly cap is passed, and no debt is more than taken."""
    debts = Debt.objects.order_by().values("public_id", "amount_cents", "left_cents")
    lowered = debts.annotate(taken=Coalesce(Sum("takings__amount_cents"), 0)).exclude(
        amount_cents=F("left_cents") + F("taken")
    )
    return [
        *decisions.over_caps(),
        *(f"debt {debt['public_id']} and its takings do not agree" for debt in lowered),
    ]


def nothing_can_be_changed() -> list[str]:
    """I7: the database still refuses to change what is written once."""
    standing = guards.standing()
    wanted = {guard.name for guard in guards.GUARDS} | {
        f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("UPDATE", "DELETE")
    }
    known = {name.lower() for name in standing}
    return [f"guard {name} is missing" for name in sorted(wanted) if name.lower() not in known]


def moves_were_told() -> list[str]:
    """I8: what happened to orders and files stands in the audit trail."""
    orders = PaymentOrder.objects.all()
    files = Batch.objects.filter(state=BatchState.RELEASED)
    return [
        *(f"order {one} was not told" for one in audit.untold(orders, "order", "payment.ordered")),
        *(
            f"release of {one} was not told"
            for one in audit.untold(files, "batch", "batch.released")
        ),
    ]


def one_file_a_payment() -> list[str]:
    """I9: a payment's identity stands in one message only; what left is what this database says."""
    with register.opened() as known:
        owners: dict[str, str] = {}
        found = []
        for msg_id, sent in known.sent.items():
            for one in sent.end_to_end_ids:
                if owners.setdefault(one, msg_id) != msg_id:
                    found.append(f"payment {one} left with {owners[one]} and {msg_id}")
        released = Batch.objects.filter(state=BatchState.RELEASED).defer("content_sealed")
        for batch in released:
            if not sending.is_out(batch, known):
                found.append(f"{batch.msg_id} was released and is not out")
    return found


def money_opens_again_once() -> list[str]:
    """I12: what came back has one replacement and one reversing entry; nothing else has."""
    back = PaymentOrder.objects.filter(state__in=CAME_BACK)
    others = PaymentOrder.objects.exclude(state__in=CAME_BACK)
    wrong = [
        *back.filter(replacement__isnull=True).values_list("public_id", flat=True),
        *others.filter(replacement__isnull=False).values_list("public_id", flat=True),
    ]
    reversed_ = Entry.objects.filter(reverses__isnull=False, code__startswith="payment.")
    booked = set(reversed_.values_list("key", flat=True))
    told = {f"{state}:{one}" for state, one in back.values_list("state", "public_id")}
    return [
        *(f"order {one} came back and was not opened again once" for one in wrong),
        *(f"{key} is reversed or back, not both" for key in sorted(booked ^ told)),
    ]


def money_moves_once() -> list[str]:
    """I12: the bank's account moved once at most for each payment in each direction."""
    lines = matching.counted().order_by()
    abouts = {
        "order": Q(order__isnull=False),
        "collection": Q(collection__isnull=False),
        "batch": OF_A_FILE,
    }
    found = []
    for way in (Q(amount_cents__gt=0), Q(amount_cents__lt=0)):
        for name, about in abouts.items():
            moved = lines.filter(way, about).values_list(f"{name}_id").annotate(n=Count("id"))
            found += [
                f"{name} {one} moved {n} times in one direction" for one, n in moved.filter(n__gt=1)
            ]
    debited = lines.filter(OF_A_FILE, amount_cents__lt=0)
    twice = lines.filter(
        amount_cents__lt=0, order__batch_id__in=debited.values("batch_id")
    ).values_list("order_id", flat=True)
    return [*found, *(f"order {one} was debited alone and with its file" for one in twice)]


BOOKS: tuple[tuple[str, Check], ...] = (
    ("I1", entries_sum_to_zero),
    ("I2", parts_sum_to_the_price),
    ("I3", one_live_order),
    ("I5", tallies.accounts_agree),
    ("I5", tallies.transit_agrees),
    ("I5", statements_follow),
    ("I6", caps_hold),
    ("I7", nothing_can_be_changed),
    ("I8", moves_were_told),
    ("I12", money_opens_again_once),
    ("I12", money_moves_once),
)
SLOW: tuple[tuple[str, Check], ...] = (
    ("I5", tallies.statements_agree),
    ("I4", files_hold_their_orders),
    ("I9", one_file_a_payment),
    ("I10", requests.problems),
    ("I2 I6 I11", again.problems),
    ("audit", audit.problems),
)
ALL = (*BOOKS, *SLOW)


def _ask(checks: tuple[tuple[str, Check], ...]) -> list[str]:
    return [f"{name}: {problem}" for name, check in checks for problem in check()]


def _transit_of(batch: Batch) -> int:
    keys = batch.payments.annotate(key=Concat(Value("released:"), "public_id")).order_by()
    moved = Posting.objects.filter(entry__key__in=keys.values("key"), account=Account.TRANSIT)
    return moved.aggregate(t=Sum("amount_cents"))["t"] or 0
