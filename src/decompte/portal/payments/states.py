"""States of payments, of their files, of debts, dues and bank lines, and who may move them."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    """From the decision to the bank, and sometimes back."""

    ORDERED = "ordered", _("To be paid")
    HELD = "held", _("Waiting for a working account")
    BATCHED = "batched", _("In a payment file")
    RELEASED = "released", _("Sent to the bank")
    SETTLED = "settled", _("Paid by the bank")
    REJECTED = "rejected", _("Rejected by the bank")
    RETURNED = "returned", _("Came back from the bank")
    CANCELLED = "cancelled", _("Cancelled")


DEAD = (OrderState.REJECTED, OrderState.RETURNED, OrderState.CANCELLED)
WITH_THE_BANK = (OrderState.RELEASED, OrderState.SETTLED)


class DueState(models.TextChoices):
    """A contribution, from the registration to the bank's credit."""

    OPEN = "open", _("To be collected")
    COLLECTING = "collecting", _("In a direct debit file")
    COLLECTED = "collected", _("Asked of the bank")
    HELD = "held", _("Sent back by the bank: somebody looks at it")
    PAID = "paid", _("Paid otherwise")
    WAIVED = "waived", _("No longer owed")


UNPAID = (DueState.OPEN, DueState.COLLECTING, DueState.HELD)


class BatchState(models.TextChoices):
    """Made by one finance officer, released or discarded by another."""

    PREPARED = "prepared", _("Waiting for a second person")
    RELEASED = "released", _("Released")
    DISCARDED = "discarded", _("Discarded")


class LineState(models.TextChoices):
    """What became of one thing the bank told us."""

    BOOKED = "booked", _("Booked")
    NOTED = "noted", _("Noted")
    OPEN = "open", _("To be explained")
    EXPLAINED = "explained", _("Explained by a person")


class DebtKind(models.TextChoices):
    """Why a member owes the agency something. The order of the list is the order of taking."""

    PARTICIPATION = "participation", _("Flat participation, the doctor having been paid directly")
    FRANCHISE = "franchise", _("Medical franchise, the bill having been paid directly")
    PENALTY = "penalty", _("Out-of-pathway penalty, the doctor having been paid directly")
    OVERPAYMENT = "overpayment", _("Paid too much by an earlier decision")


class How(models.TextChoices):
    """How a debt, or a part of it, went away."""

    TAKEN = "taken", _("Kept back from a payment")
    COLLECTED = "collected", _("Paid back by the member")
    FORGIVEN = "forgiven", _("Given up by the agency")
    EXPIRED = "expired", _("Cancelled: the time to take it had passed")
    UNDONE = "undone", _("Never owed: an earlier decision was corrected")


class Transition(NamedTuple):
    """A way from one state to another, and who may take it."""

    name: str
    before: str
    after: str
    who: str


ORDER_TRANSITIONS = (
    Transition("prepare", OrderState.ORDERED, OrderState.BATCHED, "finance"),
    Transition("discard", OrderState.BATCHED, OrderState.ORDERED, "finance"),
    Transition("release", OrderState.BATCHED, OrderState.RELEASED, "second finance"),
    Transition("settle", OrderState.RELEASED, OrderState.SETTLED, "bank"),
    Transition("reject", OrderState.RELEASED, OrderState.REJECTED, "bank"),
    Transition("give back", OrderState.RELEASED, OrderState.RETURNED, "bank"),
    Transition("give back", OrderState.SETTLED, OrderState.RETURNED, "bank"),
    Transition("hold", OrderState.ORDERED, OrderState.HELD, "finance"),
    Transition("resume", OrderState.HELD, OrderState.ORDERED, "finance, or a new account"),
    Transition("cancel", OrderState.ORDERED, OrderState.CANCELLED, "agency, by a correction"),
    Transition("cancel", OrderState.HELD, OrderState.CANCELLED, "agency, by a correction"),
)
COLLECTION_TRANSITIONS = (
    Transition("release", OrderState.BATCHED, OrderState.RELEASED, "second finance"),
    Transition("discard", OrderState.BATCHED, OrderState.CANCELLED, "finance"),
    Transition("settle", OrderState.RELEASED, OrderState.SETTLED, "bank"),
    Transition("reject", OrderState.RELEASED, OrderState.REJECTED, "bank"),
    Transition("give back", OrderState.RELEASED, OrderState.RETURNED, "bank"),
    Transition("give back", OrderState.SETTLED, OrderState.RETURNED, "bank"),
)
DUE_TRANSITIONS = (
    Transition("prepare", DueState.OPEN, DueState.COLLECTING, "finance"),
    Transition("discard", DueState.COLLECTING, DueState.OPEN, "finance"),
    Transition("release", DueState.COLLECTING, DueState.COLLECTED, "second finance"),
    Transition("come back", DueState.COLLECTED, DueState.HELD, "bank"),
    Transition("collect again", DueState.HELD, DueState.OPEN, "finance, or a new mandate"),
    Transition("pay otherwise", DueState.OPEN, DueState.PAID, "finance"),
    Transition("pay otherwise", DueState.HELD, DueState.PAID, "finance"),
    Transition("waive", DueState.OPEN, DueState.WAIVED, "finance"),
    Transition("waive", DueState.HELD, DueState.WAIVED, "finance"),
)
BATCH_TRANSITIONS = (
    Transition("release", BatchState.PREPARED, BatchState.RELEASED, "second finance"),
    Transition("discard", BatchState.PREPARED, BatchState.DISCARDED, "finance"),
)
LINE_TRANSITIONS = (
    Transition("match", LineState.OPEN, LineState.EXPLAINED, "finance"),
    Transition("explain", LineState.OPEN, LineState.EXPLAINED, "finance"),
)
