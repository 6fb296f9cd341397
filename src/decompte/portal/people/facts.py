"""What is known of a member beside their identity, read at once: GP, account in use, cards.

A page that asks several rooms about one member reads these once and hands them on.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from decompte.portal import clock
from decompte.portal.people.models import GPDeclaration, Member
from decompte.portal.people.sealing import index
from decompte.portal.people.services import IBAN_CONTEXT


class Doctor(NamedTuple):
    """The declared GP in force."""

    doctor_name: str
    doctor_number: str
    since: date


class Account(NamedTuple):
    """The bank account in use, without its number."""

    key: int
    holder: str
    iban_last4: str
    bank_name: str
    iban_index: bytes
    recorded_at: datetime
    held_until: datetime | None

    def is_of(self, iban: str) -> bool:
        """Return whether an IBAN is this account's."""
        return index(iban, IBAN_CONTEXT) == self.iban_index


class Card(NamedTuple):
    """A European health insurance card."""

    key: int
    country: str
    expires_on: date
    recorded_at: datetime


class Facts(NamedTuple):
    """What is known of a member.

    Attributes:
        first_gp_on: since when a GP was declared without a break, or None.
        gp: the declaration in force, or None.
        account: the one in use, or None: a changed one once its 72 hours are over.
        held: a changed one that is not in use yet, or None.
        cards: oldest first.
    """

    first_gp_on: date | None = None
    gp: Doctor | None = None
    account: Account | None = None
    held: Account | None = None
    cards: tuple[Card, ...] = ()

    def gp_since(self, day: date) -> date | None:
        """Return since when a GP was declared, as it stood on a day."""
        return self.first_gp_on if self.first_gp_on and self.first_gp_on <= day else None

    def card_on(self, day: date) -> Card | None:
        """Return the newest card that covers a day, or None."""
        return next((one for one in reversed(self.cards) if one.expires_on >= day), None)


def facts(member_id: int) -> Facts:
    """Return what is known of a member within the scope, by one query."""
    declared = GPDeclaration.objects.filter(member_id=OuterRef("pk")).order_by("since")
    now = declared.filter(until__isnull=True)
    rows = list(
        Member.objects.filter(pk=member_id)
        .annotate(
            first_gp_on=Subquery(declared.values("since")[:1]),
            gp_name=Subquery(now.values("doctor_name")[:1]),
            gp_number=Subquery(now.values("doctor_number")[:1]),
            gp_on=Subquery(now.values("since")[:1]),
            account=FilteredRelation(
                "bank_accounts", condition=Q(bank_accounts__ended_at__isnull=True)
            ),
        )
        .order_by()
        .values(
            "first_gp_on",
            "gp_name",
            "gp_number",
            "gp_on",
            *(f"account__{name}" for name in ("pk", *Account._fields[1:])),
            *(f"european_cards__{name}" for name in ("pk", *Card._fields[1:])),
        )
    )
    return _facts(rows) if rows else Facts()


def _facts(rows: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a member from the rows that join their open accounts and cards."""
    one = rows[0]
    accounts = {_account(row) for row in rows if row["account__pk"] is not None}
    used = {one for one in accounts if one.held_until is None or one.held_until <= clock.now()}
    cards = {_card(row) for row in rows if row["european_cards__pk"]}
    return Facts(
        first_gp_on=one["first_gp_on"],
        gp=_doctor(one),
        account=max(used, default=None),
        held=min(accounts - used, default=None),
        cards=tuple(sorted(cards)),
    )


def _doctor(row: Mapping[str, Any]) -> Doctor | None:
    if row["gp_name"] is None:
        return None
    return Doctor(row["gp_name"], row["gp_number"], row["gp_on"])


def _account(row: Mapping[str, Any]) -> Account:
    found = Account(*(row[f"account__{name}"] for name in ("pk", *Account._fields[1:])))
    return found._replace(iban_index=bytes(found.iban_index))


def _card(row: Mapping[str, Any]) -> Card:
    return Card(*(row[f"european_cards__{name}"] for name in ("pk", *Card._fields[1:])))
