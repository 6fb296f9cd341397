"""What the bank answers: read once, matched, booked; what cannot be explained waits for a person.

Notices (pain.002, camt.054, CFONB 240) open rejected and returned money again. Statements
(camt.053, CFONB 120) move the bank's account. Either may come first, twice, or not at all: a
payment's money opens again by a change of state that happens once, and every movement has an
identity that is booked once. A movement nobody can explain stands on the account "not explained
yet" until somebody can.
"""

import hashlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum

from decompte.exchange import bank
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.payments import failpoints, ledger, matching, recoveries
from decompte.portal.payments.models import Account, BankFile, BankLine, Collection, Debt
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import LineState, OrderState
from decompte.portal.people import sealing

FILE_CONTEXT = "bank-file"
STATEMENTS = ("camt.053", "cfonb120")
EXPLAINED_BY = (Account.FEES, Account.RECOVERIES, Account.CONTRIBUTIONS, Account.TILL)


def read(agency: str, content: bytes, actor: str) -> list[BankFile]:
    """Read a file of the bank and book what it tells; read before, nothing happens again.

    Raises:
        Refusal: the file is not readable, or about an account of somebody else.
    """
    reports = bank.read(content)
    ours = settings.DEBTORS[agency]["iban"].replace(" ", "")
    for report in reports:
        if report.account and report.account != ours:
            raise refusal("account.other")
    try:
        return _read(agency, reports, content, actor)
    except IntegrityError:
        # Somebody read the same at the same moment: what they booked is there now.
        return _read(agency, reports, content, actor)


def work_list() -> list[BankLine]:
    """Return what the bank told and nobody could explain yet, oldest first."""
    found = BankLine.objects.filter(state=LineState.OPEN)
    return list(
        found.select_related("file", "order", "collection", "batch").defer(
            "file__content_sealed", "batch__content_sealed"
        )
    )


def find_line(public_id: str) -> BankLine | None:
    """Return something the bank told, within the scope, or None."""
    found: BankLine | None = BankLine.objects.filter(public_id=public_id).first()
    return found


def bank_files() -> list[BankFile]:
    """Return the files of the bank that were read, newest first, without their bytes."""
    return list(BankFile.objects.defer("content_sealed"))


def lines_of(file: BankFile) -> list[BankLine]:
    """Return what a file told."""
    found = file.line.select_related("order", "collection", "batch")
    return list(found.defer("batch__content_sealed"))


def gaps(agency: str) -> list[tuple[BankFile, BankFile]]:
    """Return neighbouring statements whose balances do not follow: one between them is missing."""
    statements = list(
        BankFile.objects.filter(agency=agency, kind__in=STATEMENTS)
        .defer("content_sealed")
        .order_by("last_day", "first_day", "id")
    )
    return [
        (one, two) for one, two in pairwise(statements) if one.closing_cents != two.opening_cents
    ]


def match(line: BankLine, order: matching.Payment, reason: str, user: Any) -> bool:
    """Say which payment a line is about; a difference is the bank's fees. False if it was closed.

    Raises:
        Refusal: no reason is given, the payment is another agency's or never left.
    """
    _told(reason)
    with transaction.atomic():
        trouble = _claim(line, order, user.public_id) if line.state == LineState.OPEN else ""
        if trouble:
            raise refusal(f"order.{trouble}")
        if not _close(line, reason, user, order=order):
            return False
        if line.is_movement:
            sign = 1 if line.amount_cents > 0 else -1
            whole = sign * order.amount_cents
            _book_explained(
                line,
                [(Account.TRANSIT, -whole), (Account.FEES, whole - line.amount_cents)],
                order.member_id,
            )
    return True


def explain(line: BankLine, account: str, reason: str, user: Any, debt: Debt | None = None) -> bool:
    """Book a line that is about no payment where it belongs, in words. False if it was closed.

    Raises:
        Refusal: no reason is given, the account is none of those, or a debt is needed, too
            small, or not what this paid.
    """
    _told(reason)
    if account not in EXPLAINED_BY or (account == Account.RECOVERIES) != (debt is not None):
        raise refusal("account.unknown")
    if debt is not None and not (line.is_movement and line.amount_cents > 0):
        raise refusal("debt.not_paid")
    with transaction.atomic():
        if not _close(line, reason, user):
            return False
        if line.is_movement:
            member_id = debt.member_id if debt else None
            _book_explained(line, [(account, -line.amount_cents)], member_id)
        if debt is not None:
            recoveries.repaid(debt, line.amount_cents, f"explained:{line.public_id}", reason)
    return True


def unexplained_cents(agency: str) -> int:
    """Return the sum of the movements nobody has explained yet."""
    rows = BankLine.objects.filter(agency=agency, state=LineState.OPEN, is_movement=True)
    return rows.aggregate(t=Sum("amount_cents"))["t"] or 0


def _read(
    agency: str, reports: Iterable[bank.Report], content: bytes, actor: str
) -> list[BankFile]:
    kept = []
    with transaction.atomic():
        for number, report in enumerate(reports):
            digest = hashlib.sha256(content + f"#{number}".encode()).hexdigest()
            known = BankFile.objects.filter(agency=agency, sha256=digest).first()
            kept.append(known or _keep(agency, report, content, digest, actor))
        failpoints.reach("answer.done")
    return kept


def _keep(agency: str, report: bank.Report, content: bytes, digest: str, actor: str) -> BankFile:
    file: BankFile = BankFile.objects.create(
        agency=agency,
        kind=report.kind,
        message_id=report.message_id[:70],
        sha256=digest,
        content_sealed=sealing.seal(content, FILE_CONTEXT),
        first_day=report.first_day,
        last_day=report.last_day,
        opening_cents=report.opening_cents,
        closing_cents=report.closing_cents,
        read_at=clock.now(),
        read_by=actor,
    )
    failpoints.reach("answer.kept")
    for item in report.items:
        _line(file, item, actor)
        failpoints.reach("answer.line")
    audit.record(
        "bank.read",
        f"bankfile:{file.public_id}",
        actor=actor,
        agency=agency,
        detail={"kind": report.kind, "items": len(report.items)},
    )
    return file


def _line(file: BankFile, item: bank.Item, actor: str) -> None:
    identity = hashlib.sha256(item.identity.encode()).hexdigest()
    if BankLine.objects.filter(agency=file.agency, identity=identity).exists():
        return
    found = matching.match(file.agency, item, actor)
    line: BankLine = BankLine.objects.create(
        file=file,
        agency=file.agency,
        identity=identity,
        day=item.day,
        amount_cents=item.amount_cents,
        is_movement=item.is_movement,
        end_to_end_id=item.end_to_end_id,
        batch_id_told=item.batch_id,
        reason=item.reason,
        label=item.label,
        state=found.state,
        trouble=found.trouble,
        batch=found.batch,
        **_about(found.order),
    )
    if item.is_movement:
        against = Account.TRANSIT if found.state == LineState.BOOKED else Account.SUSPENSE
        ledger.book(
            ledger.Event(
                f"bank:{line.public_id}",
                "bank.moved",
                file.agency,
                found.order.member_id if found.order else None,
                [(Account.BANK, item.amount_cents), (against, -item.amount_cents)],
            )
        )


def _about(order: matching.Payment | None) -> dict[str, Any]:
    return {"collection" if isinstance(order, Collection) else "order": order}


def _claim(line: BankLine, order: matching.Payment, actor: str) -> str:
    if line.is_movement:
        return matching.claim(order, line, actor)
    is_open = matching.open_again(order, OrderState.REJECTED, line.reason, actor)
    return "" if is_open else "not-sent"


def _close(line: BankLine, reason: str, user: Any, order: matching.Payment | None = None) -> bool:
    open_lines: QuerySet[Any] = BankLine.objects.filter(pk=line.pk, state=LineState.OPEN)
    closed = open_lines.update(
        state=LineState.EXPLAINED,
        resolution=reason.strip()[:300],
        **_about(order),
        closed_by=user.public_id,
        closed_at=clock.now(),
    )
    if closed:
        audit.record(
            "bank.explained",
            f"bankline:{line.public_id}",
            actor=user.public_id,
            agency=line.agency,
        )
    return bool(closed)


def _book_explained(line: BankLine, against: list[tuple[str, int]], member_id: int | None) -> None:
    ledger.book(
        ledger.Event(
            f"explained:{line.public_id}",
            "bank.explained",
            line.agency,
            member_id,
            [(Account.SUSPENSE, line.amount_cents), *against],
        )
    )


def _told(reason: str) -> None:
    if not reason.strip():
        raise refusal("field.missing")
