"""I5: what the books say and what happened, added up by person and by agency.

Each tally is one question for each side: the ledger on one, orders, debts, dues, statements and the
bank's lines on the other.
"""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Concat

from decompte.portal.decisions import services as decisions
from decompte.portal.payments.models import (
    Account,
    BankLine,
    Collection,
    Debt,
    Due,
    Entry,
    PaymentOrder,
    Posting,
    Taking,
)
from decompte.portal.payments.states import UNPAID, WITH_THE_BANK, How, LineState, OrderState

UNSENT = (OrderState.ORDERED, OrderState.HELD, OrderState.BATCHED)
OWED = ("decision.owed", "decision.corrected")
PAID = ("payment.released", "payment.rejected", "payment.returned")


def accounts_agree() -> list[str]:
    """I5: what is owed to each member is what still waits; bank and open lines are in the books."""
    owed = _by_member(Account.MEMBERS)
    waits = _sums(PaymentOrder.objects.filter(state__in=UNSENT), "member_id", "amount_cents")
    due = _by_member(Account.RECOVERIES)
    left = _sums(Debt.objects.filter(left_cents__gt=0), "member_id", "left_cents")
    dues = _by_member(Account.DUES)
    unpaid = _sums(Due.objects.filter(state__in=UNPAID), "member_id", "amount_cents")
    bank = _by_agency(Account.BANK)
    moved = _sums(BankLine.objects.filter(is_movement=True), "agency", "amount_cents")
    suspense = _by_agency(Account.SUSPENSE)
    unexplained = _sums(
        BankLine.objects.filter(is_movement=True, state=LineState.OPEN), "agency", "amount_cents"
    )
    return [
        *_differences("owed to member", owed, {key: -cents for key, cents in waits.items()}),
        *_differences("owed by member", due, left),
        *_differences("contributions of member", dues, unpaid),
        *_differences("bank of", bank, moved),
        *_differences("unexplained at", suspense, {k: -v for k, v in unexplained.items()}),
    ]


def transit_agrees() -> list[str]:
    """I5: what is with the bank is what left, less what the bank moved and what came back."""
    gone = _sums(_with_the_bank(PaymentOrder), "agency", "amount_cents")
    asked = _sums(_with_the_bank(Collection), "agency", "amount_cents")
    moved = BankLine.objects.filter(is_movement=True)
    booked = _sums(moved.filter(state=LineState.BOOKED), "agency", "amount_cents")
    whole = Coalesce("order__amount_cents", "collection__amount_cents")
    matched = moved.filter(
        Q(order__isnull=False) | Q(collection__isnull=False), state=LineState.EXPLAINED
    ).annotate(whole=Case(When(amount_cents__gt=0, then=whole), default=-whole))
    told = _sums(matched, "agency", "whole")
    facts = {
        agency: asked.get(agency, 0)
        - gone.get(agency, 0)
        - booked.get(agency, 0)
        - told.get(agency, 0)
        for agency in {*gone, *asked, *booked, *told}
    }
    found = _by_agency(Account.TRANSIT)
    return _differences("with the bank of", found, {k: v for k, v in facts.items() if v})


def statements_agree() -> list[str]:
    """I5: statements, ledger and payments tell each person the same: owed, kept back and paid."""
    booked = Entry.objects.filter(key=Concat(Value("owed:"), OuterRef("public_id")))
    in_force = decisions.in_force().filter(Exists(booked))
    owed = _sums(in_force, "member_id", "payable_cents")
    kept = _sums(
        Taking.objects.filter(how=How.TAKEN, decision__isnull=False), "member_id", "amount_cents"
    )
    paid = _sums(_with_the_bank(PaymentOrder), "member_id", "amount_cents")
    members = Posting.objects.filter(account=Account.MEMBERS)
    lowered = members.filter(entry__code="debt.lowered")
    return [
        *_differences(
            "owed by decisions to member",
            _sums(members.filter(entry__code__in=OWED), "member_id", "amount_cents"),
            {key: -cents for key, cents in owed.items()},
        ),
        *_differences("kept back from member", _sums(lowered, "member_id", "amount_cents"), kept),
        *_differences(
            "paid to member",
            _sums(members.filter(entry__code__in=PAID), "member_id", "amount_cents"),
            paid,
        ),
    ]


def _with_the_bank(kind: Any) -> Any:
    return kind.objects.filter(state__in=WITH_THE_BANK)


def _by_member(account: str) -> dict[Any, int]:
    return _sums(Posting.objects.filter(account=account), "member_id", "amount_cents")


def _by_agency(account: str) -> dict[Any, int]:
    return _sums(Posting.objects.filter(account=account), "agency", "amount_cents")


def _sums(rows: Any, key: str, field: str) -> dict[Any, int]:
    grouped = rows.order_by().values_list(key).annotate(total=Sum(field))
    return {one: total for one, total in grouped if total}


def _differences(about: str, books_: dict[Any, int], facts: dict[Any, int]) -> list[str]:
    return [
        f"{about} {key}: {books_.get(key, 0)} in the books, {facts.get(key, 0)} in fact"
        for key in sorted(books_.keys() | facts.keys(), key=str)
        if books_.get(key, 0) != facts.get(key, 0)
    ]
