"""The books: double entry in cents, only ever added to.

An entry is written after its postings and closes them; the database refuses one that does not sum
to zero. Its key makes it once: the same key again is the same event, and a defect. What was
booked wrongly is booked again the other way round.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q, Sum

from decompte.portal import clock
from decompte.portal.payments.models import Account, Entry, Posting

Amounts = Sequence[tuple[str, int]]
ROWS = 500
NUMBERS = {
    "postgresql": "SELECT nextval(pg_get_serial_sequence('payments_entry', 'id')) "
    "FROM generate_series(1, %(count)s)",
    "sqlite": "WITH RECURSIVE places(place) AS (SELECT 1 WHERE %(count)s > 0 UNION ALL "
    "SELECT place + 1 FROM places WHERE place < %(count)s) "
    "SELECT (SELECT COALESCE(MAX(id), 0) FROM payments_entry) + place FROM places",
}


class Event(NamedTuple):
    """One event to book.

    Attributes:
        key: makes it once.
        code: what kind of event.
        agency: whose books.
        member_id: whom it is about, or None.
        amounts: account and cents, debit positive; zeros are left out.
        reverses_id: the entry it takes back, or None.
        at: the moment it is booked under; now, when left out.
    """

    key: str
    code: str
    agency: str
    member_id: int | None
    amounts: Amounts
    reverses_id: int | None = None
    at: datetime | None = None


def book(event: Event) -> Entry:
    """Book one event that moves something, and return its entry."""
    return book_all([event])[0]


def is_something(event: Event) -> bool:
    """Return whether an event moves anything: one that does not is no entry."""
    return any(cents for _account, cents in event.amounts)


def book_all(events: Iterable[Event]) -> list[Entry]:
    """Book events in one transaction and return their entries: all, or none of them."""
    wanted = [event for event in events if is_something(event)]
    with transaction.atomic():
        numbers, at = _numbers(len(wanted)), clock.now()
        entries = [
            Entry(
                pk=number,
                key=event.key,
                code=event.code,
                agency=event.agency,
                member_id=event.member_id,
                reverses_id=event.reverses_id,
                at=event.at or at,
            )
            for number, event in zip(numbers, wanted, strict=True)
        ]
        Posting.objects.bulk_create(
            [
                Posting(
                    entry_id=entry.pk,
                    agency=event.agency,
                    member_id=event.member_id,
                    account=account,
                    amount_cents=cents,
                )
                for entry, event in zip(entries, wanted, strict=True)
                for account, cents in event.amounts
                if cents
            ],
            batch_size=ROWS,
        )
        Entry.objects.bulk_create(entries, batch_size=ROWS)
    return entries


def reverse(entry: Entry, key: str, code: str) -> Entry:
    """Take an entry back with one the other way round; the database allows it once."""
    postings = entry.postings.values_list("account", "amount_cents")
    return book(
        Event(
            key=key,
            code=code,
            agency=entry.agency,
            member_id=entry.member_id,
            amounts=[(account, -cents) for account, cents in postings],
            reverses_id=entry.pk,
        )
    )


def find(key: str) -> Entry | None:
    """Return the entry with a key within the scope, or None."""
    found: Entry | None = Entry.objects.filter(key=key).first()
    return found


def balance(account: str, agency: str, member_id: int | None = None) -> int:
    """Return what stands on an account, in cents: debit positive."""
    whose = Q(agency=agency) if member_id is None else Q(agency=agency, member_id=member_id)
    total = Posting.objects.filter(whose, account=account).aggregate(t=Sum("amount_cents"))["t"]
    return total or 0


def balances(agency: str) -> list[dict[str, Any]]:
    """Return every account of an agency with its balance, in the order of the chart."""
    rows = Posting.objects.filter(agency=agency).order_by().values("account")
    found = {row["account"]: row["t"] for row in rows.annotate(t=Sum("amount_cents"))}
    return [
        {"account": one.value, "label": one.label, "cents": found[one.value]}
        for one in Account
        if one.value in found
    ]


def _numbers(count: int) -> list[int]:
    """Return as many new primary keys: an entry's postings are written before it."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS[connection.vendor], {"count": count})
        return [number for (number,) in cursor.fetchall()]
