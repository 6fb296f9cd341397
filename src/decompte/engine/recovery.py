"""Debts of deferred amounts against one later payment, oldest first."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from decompte.engine.periods import Periods, periods
from decompte.rules.recovery import recovery

KINDS = ("participation", "franchise", "penalty", "undue")


class Owed(NamedTuple):
    """An amount that the member owes and later payments bear.

    Attributes:
        id: what names the debt.
        kind: participation, franchise, penalty or undue.
        since: day from which it is owed: that of the payment to the doctor.
        amount_cents: what is still owed.
    """

    id: str
    kind: str
    since: date
    amount_cents: int


class Taken(NamedTuple):
    """What one payment does to one debt; amounts in cents."""

    owed: Owed
    taken_cents: int
    cancelled_cents: int

    @property
    def left_cents(self) -> int:
        """Return what is still owed afterwards."""
        return self.owed.amount_cents - self.taken_cents - self.cancelled_cents


class Recovery(NamedTuple):
    """What is left of a payment, and what it does to each debt, in the order of taking."""

    paid_cents: int
    debts: tuple[Taken, ...]


def recover(owed: Sequence[Owed], payable_cents: int, on: date) -> Recovery:
    """Return what a payment leaves once the debts are taken from it.

    The oldest debt comes first; of one day, the participation, then the franchise, the penalty and
    what was paid unduly; then by id. The texts say "from later benefits" and no order: this one is
    declared, so that the same debts and payments always give the same cents.

    Args:
        owed: debts of the member, in any order.
        payable_cents: what the payment would be without them, not negative.
        on: day of the payment; debts whose time limit has passed by then are cancelled.

    Returns:
        The payment and every debt; the payment and what was taken add up to `payable_cents`.
    """
    law = periods()
    left = payable_cents
    debts = []
    for debt in sorted(owed, key=_order):
        taken, cancelled = recovery(left, debt.amount_cents, int(_is_expired(law, debt, on)))
        debts.append(Taken(debt, taken, cancelled))
        left -= taken
    return Recovery(left, tuple(debts))


def _order(debt: Owed) -> tuple[date, int, str, int]:
    return debt.since, KINDS.index(debt.kind), debt.id, debt.amount_cents


def _is_expired(law: Periods, debt: Owed, on: date) -> bool:
    years = law.recovery_years(debt.since)
    leap = (debt.since.month, debt.since.day) == (2, 29)
    limit = debt.since.replace(year=debt.since.year + years, day=28 if leap else debt.since.day)
    return on > limit
