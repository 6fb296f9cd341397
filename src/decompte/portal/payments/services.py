"""What other rooms may ask of money: the verbs, by the module that holds each."""

<<<<<<< HEAD
The order of steps is what makes a crash harmless:

1. `order`: ledger entry and payment order, in the transaction of the decision. One live order a
   decision and one entry a key are database constraints, so twice is once.
2. `prepare`: the orders are taken under one transaction; the file is made from the rows, checked,
   and kept in the row of the batch. A crash before the commit leaves the orders as they were.
3. `release`, by a second person: the kept bytes are checked against their digest and their sums,
   the state moves, the ledger is written. Then the bytes, never made again, are put out.
   A crash in between is taken up by `put_out`, which only writes files that are not there yet.
"""

import hashlib
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from decompte.documents.statement import Statement
from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import Lang, Problem, Refusal, Text
from decompte.exchange import sepa
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.payments.models import Account, Batch, Entry, PaymentOrder, Posting
from decompte.portal.payments.states import BatchState, OrderState
from decompte.portal.people import sealing
from decompte.portal.people import services as people
from decompte.portal.requests import services as requests
from decompte.procedure.agencies import agency as paying_agency

FILE_CONTEXT = "payment-file"
PARTS = (
    (Account.CARE_AMO, "amo"),
    (Account.CARE_LOCAL, "local"),
    (Account.CARE_SOLIDARITY, "solidarity"),
    (Account.CARE_AMC, "amc"),
=======
from decompte.portal.payments.answers import (
    bank_files,
    explain,
    find_line,
    gaps,
    lines_of,
    match,
    unexplained_cents,
    work_list,
>>>>>>> 067ad49 (payments: Read the bank's answers, keep debts, verify every invariant)
)
from decompte.portal.payments.answers import read as read_bank_file
from decompte.portal.payments.batches import (
    batches,
    discard,
    find_batch,
    orders_of,
    prepare,
    release,
)
from decompte.portal.payments.ledger import balance, balances
from decompte.portal.payments.orders import (
    find_order,
    held,
    order,
    order_of,
    orders_for,
    resume,
    waiting,
)
from decompte.portal.payments.recoveries import (
    debts_of,
    decide,
    find_debt,
    find_proposal,
    owed_cents,
    owing,
    propose,
    takings_of,
)
from decompte.portal.payments.sending import content, outgoing, put_out
from decompte.portal.payments.statements import payment_message, statement
from decompte.portal.payments.verify import books, everything

<<<<<<< HEAD

def order(decision: Any, actor: str) -> PaymentOrder | None:
    """Owe a decision's amount to its member: ledger entry and order; None when nothing is payable.

    Raises:
        Refusal: the member has no bank account.
    """
    existing = (
        PaymentOrder.objects.filter(decision_id=decision.pk)
        .exclude(state=OrderState.CANCELLED)
        .first()
    )
    if existing:
        return existing  # type: ignore[no-any-return]
    if decision.payable_cents == 0:
        requests.mark_paid(decision.request_id, actor)
        return None
    account = people.bank_account(decision.member_id)
    if account is None:
        raise _refusal("bank", "bank.missing", "aucun compte bancaire", "no bank account")
    with transaction.atomic():
        _enter(
            f"decision:{decision.public_id}",
            "decision.owed",
            decision,
            [*_parts(decision), (Account.MEMBERS, -decision.payable_cents)],
        )
        ordered = PaymentOrder.objects.create(
            decision_id=decision.pk,
            member_id=decision.member_id,
            agency=decision.agency,
            amount_cents=decision.payable_cents,
            holder=account.holder,
            iban_sealed=account.iban_sealed,
            iban_last4=account.iban_last4,
            bic=account.bic,
            end_to_end_id=f"D{decision.request.reference}",
            ordered_at=clock.now(),
        )
        audit.record(
            "payment.ordered", f"order:{ordered.public_id}", actor=actor, agency=decision.agency
        )
    return ordered  # type: ignore[no-any-return]


def waiting() -> list[PaymentOrder]:
    """Return the orders of the scope's agency that are in no file yet, oldest first."""
    return list(
        PaymentOrder.objects.filter(state=OrderState.ORDERED)
        .select_related("decision__request", "member")
        .order_by("id")
    )


def batches() -> list[Batch]:
    """Return the payment files of the scope's agency, newest first."""
    return list(Batch.objects.select_related("prepared_by", "released_by"))


def find_batch(public_id: str) -> Batch | None:
    """Return a payment file within the scope, or None."""
    found: Batch | None = Batch.objects.filter(public_id=public_id).first()
    return found


def prepare(agency: str, user: Any, execution_date: date) -> Batch:
    """Make one payment file of all the waiting orders of an agency.

    Raises:
        Refusal: nothing waits, or the day of execution is over.
    """
    if execution_date < clock.today():
        raise _refusal("execution_date", "date.past", "cette date est passée", "this date is over")
    with transaction.atomic():
        batch = _new_batch(agency, user, execution_date)
        taken = PaymentOrder.objects.filter(
            agency=agency, state=OrderState.ORDERED, batch__isnull=True
        ).update(state=OrderState.BATCHED, batch=batch)
        if taken == 0:
            transaction.set_rollback(True)
            raise _refusal("orders", "orders.none", "aucun ordre n'attend", "no order is waiting")
        orders = list(batch.order.select_related("decision__request").order_by("id"))
        content = sepa.write(_file(batch, orders))
        batch.order_count = len(orders)
        batch.total_cents = sum(one.amount_cents for one in orders)
        batch.content_sealed = sealing.seal(content, FILE_CONTEXT)
        batch.sha256 = hashlib.sha256(content).hexdigest()
        batch.save()
        _tell(batch, "batch.prepared", user)
    return batch


def release(batch: Batch, user: Any) -> bool:
    """Release a prepared file as its second person; False when it was released before.

    Raises:
        Refusal: the same person prepared it, the books are red, or the file is not what was made.
    """
    if batch.prepared_by_id == user.pk:
        raise _refusal(
            "released_by",
            "batch.same_person",
            "une deuxième personne doit libérer ce fichier",
            "a second person must release this file",
        )
    if wrong := [*ledger_problems(), *_file_problems(batch)]:
        raise _refusal("batch", "books.red", "; ".join(wrong), "; ".join(wrong))
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            state=BatchState.RELEASED, released_by=user, released_at=clock.now()
        )
        if not moved:
            return False
        for one in batch.order.select_related("decision__request"):
            _enter(
                f"release:{one.public_id}",
                "payment.released",
                one,
                [(Account.MEMBERS, one.amount_cents), (Account.BANK, -one.amount_cents)],
            )
            requests.mark_paid(one.decision.request_id, user.public_id)
        batch.order.update(state=OrderState.RELEASED)
        _tell(batch, "batch.released", user)
    put_out()
    batch.refresh_from_db()
    return True


def discard(batch: Batch, user: Any) -> bool:
    """Discard a prepared file; its orders wait again. False when it is no longer prepared."""
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            state=BatchState.DISCARDED
        )
        if moved:
            batch.order.update(state=OrderState.ORDERED, batch=None)
            _tell(batch, "batch.discarded", user)
    return bool(moved)


def put_out() -> int:
    """Write the released files that are not out yet; return how many. Safe to repeat."""
    count = 0
    for batch in Batch.objects.filter(state=BatchState.RELEASED).order_by("pk"):
        target = outgoing() / f"{batch.msg_id}.xml"
        if not target.exists():
            _write_once(target, content(batch))
            count += 1
    return count


def content(batch: Batch) -> bytes:
    """Return the bytes of a payment file, as made."""
    return sealing.open_sealed(batch.content_sealed, FILE_CONTEXT)


def outgoing() -> Path:
    """Return the folder where released files wait for the bank's transport."""
    return Path(settings.VAR) / "outgoing"


def orders_of(batch: Batch) -> list[PaymentOrder]:
    """Return the orders in a payment file."""
    return list(batch.order.select_related("decision__request").order_by("id"))


def order_of(decision_id: int) -> PaymentOrder | None:
    """Return the live order of a decision, or None."""
    found: PaymentOrder | None = (
        PaymentOrder.objects.filter(decision_id=decision_id)
        .exclude(state=OrderState.CANCELLED)
        .select_related("batch")
        .first()
    )
    return found


def problems() -> list[str]:
    """Return everything that is off in the books and the payment files."""
    found = ledger_problems()
    for batch in Batch.objects.exclude(state=BatchState.DISCARDED):
        found += _file_problems(batch)
        if batch.state == BatchState.RELEASED and not (outgoing() / f"{batch.msg_id}.xml").exists():
            found.append(f"payments: {batch.msg_id} was released and is not out")
    return found


def ledger_problems() -> list[str]:
    """Return the entries of the scope that do not sum to zero, and orders without their entry."""
    totals = Entry.objects.annotate(total=Sum("postings__amount_cents")).exclude(total=0)
    found = [f"ledger: {entry.key} sums to {entry.total}" for entry in totals]
    keys = set(Entry.objects.values_list("key", flat=True))
    for one in PaymentOrder.objects.exclude(state=OrderState.CANCELLED).select_related("decision"):
        if f"decision:{one.decision.public_id}" not in keys:
            found.append(f"ledger: order {one.public_id} has no entry")
        if one.amount_cents != one.decision.payable_cents:
            found.append(f"ledger: order {one.public_id} is not what was decided")
    return found


def statement(decision: Any, lang: Lang) -> Statement:
    """Return the statement of a decision in a language, for its page and its PDF."""
    member, agency = decision.member, paying_agency(decision.agency)
    sender = (agency.name.to(lang), *(agency.address[1:] if agency.address else ()))
    address = [
        member.name,
        member.address_line,
        member.address_extra,
        f"{member.postal_code} {member.city.upper()}",
    ]
    facts = [(Text(fr="Demande", en="Request").to(lang), decision.request.reference)]
    if number := people.masked_nir(member):
        facts.append((Text(fr="Numéro", en="Number").to(lang), number))
    return Statement(
        document=decision.answers[lang],
        day=decision.decided_at.date(),
        sender=sender,
        recipient=tuple(line for line in address if line),
        facts=tuple(facts),
        message=payment_message(decision).to(lang),
        notes=(
            Text(
                fr="Vous pouvez contester cette décision devant la commission de recours amiable "
                "dans les deux mois.",
                en="You can appeal this decision to the amicable commission within two months.",
            ).to(lang),
        ),
    )


def payment_message(decision: Any) -> Text:
    """Return the one sentence that matters: how much comes, when, and where."""
    one = order_of(decision.pk)
    if one is None:
        return Text(
            fr="Rien n'est à verser pour cette demande.",
            en="Nothing is to be paid for this request.",
        )
    amounts = {"fr": euros(one.amount_cents, "fr"), "en": euros(one.amount_cents, "en")}
    if one.state != OrderState.RELEASED or one.batch is None:
        return Text(
            fr=f"{amounts['fr']} vous seront versés sur le compte finissant par {one.iban_last4}.",
            en=f"{amounts['en']} will be paid to your account ending in {one.iban_last4}.",
        )
    day = one.batch.execution_date
    return Text(
        fr=f"{amounts['fr']} versés le {day_in_words(day, 'fr')} sur le compte finissant par "
        f"{one.iban_last4}.",
        en=f"{amounts['en']} paid on {day_in_words(day, 'en')} to your account ending in "
        f"{one.iban_last4}.",
    )


def _parts(decision: Any) -> list[tuple[str, int]]:
    """Return what each account bears of the payable amount: lines paid to doctors left out."""
    borne = dict.fromkeys((account for account, _name in PARTS), 0)
    inputs, answered = decision.inputs["lines"], decision.answers["en"]["lines"]
    for asked, line in zip(inputs, answered, strict=True):
        if not asked["third_party_payment"]:
            for account, name in PARTS:
                borne[account] += int(line[name].replace(".", ""))
    return list(borne.items())


def _enter(key: str, code: str, about: Any, amounts: list[tuple[str, int]]) -> None:
    assert sum(amount for _account, amount in amounts) == 0, f"{key} does not balance"
    entry = Entry.objects.create(
        key=key, agency=about.agency, member_id=about.member_id, at=clock.now(), code=code
    )
    for account, amount_cents in amounts:
        if amount_cents:
            Posting.objects.create(
                entry=entry,
                agency=about.agency,
                member_id=about.member_id,
                account=account,
                amount_cents=amount_cents,
            )


def _new_batch(agency: str, user: Any, execution_date: date) -> Batch:
    created: Batch = Batch.objects.create(
        agency=agency,
        msg_id=f"DECOMPTE-{secrets.token_hex(10).upper()}",
        order_count=0,
        total_cents=0,
        execution_date=execution_date,
        content_sealed=b"",
        sha256="",
        prepared_by=user,
        prepared_at=clock.now(),
    )
    return created


def _file(batch: Batch, orders: list[PaymentOrder]) -> sepa.PaymentFile:
    debtor = settings.DEBTORS[batch.agency]
    return sepa.PaymentFile(
        msg_id=batch.msg_id,
        debtor=debtor["name"],
        debtor_iban=debtor["iban"],
        debtor_bic=debtor["bic"],
        execution_date=batch.execution_date,
        created_at=batch.prepared_at,
        transfers=tuple(
            sepa.Transfer(
                one.end_to_end_id,
                one.holder,
                sealing.open_sealed(one.iban_sealed, people.IBAN_CONTEXT).decode(),
                one.bic,
                one.amount_cents,
                f"DECOMPTE {one.decision.request.reference}",
            )
            for one in orders
        ),
    )


def _file_problems(batch: Batch) -> list[str]:
    made = content(batch)
    found = []
    if hashlib.sha256(made).hexdigest() != batch.sha256:
        found.append(f"payments: {batch.msg_id} is not the file that was made")
    if sepa.sums(made) != (batch.order_count, batch.total_cents):
        found.append(f"payments: {batch.msg_id} does not sum to its batch")
    total = batch.order.aggregate(total=Sum("amount_cents"))["total"] or 0
    if total != batch.total_cents:
        found.append(f"payments: the orders of {batch.msg_id} do not sum to its batch")
    return found


def _write_once(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _tell(batch: Batch, code: str, user: Any) -> None:
    audit.record(
        code,
        f"batch:{batch.public_id}",
        actor=user.public_id,
        agency=batch.agency,
        detail={"sha256": batch.sha256, "total_cents": batch.total_cents},
    )


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
=======
__all__ = [
    "balance",
    "balances",
    "bank_files",
    "batches",
    "books",
    "content",
    "debts_of",
    "decide",
    "discard",
    "everything",
    "explain",
    "find_batch",
    "find_debt",
    "find_line",
    "find_order",
    "find_proposal",
    "gaps",
    "held",
    "lines_of",
    "match",
    "order",
    "order_of",
    "orders_for",
    "orders_of",
    "outgoing",
    "owed_cents",
    "owing",
    "payment_message",
    "prepare",
    "propose",
    "put_out",
    "read_bank_file",
    "release",
    "resume",
    "statement",
    "takings_of",
    "unexplained_cents",
    "waiting",
    "work_list",
]
>>>>>>> 067ad49 (payments: Read the bank's answers, keep debts, verify every invariant)
