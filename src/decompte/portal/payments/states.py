"""States of payment orders and of their files, and who may move them."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    """From the decision to the bank."""

    ORDERED = "ordered", _("To be paid")
    BATCHED = "batched", _("In a payment file")
    RELEASED = "released", _("Sent to the bank")
    CANCELLED = "cancelled", _("Cancelled")


class BatchState(models.TextChoices):
    """Made by one finance officer, released or discarded by another."""

    PREPARED = "prepared", _("Waiting for a second person")
    RELEASED = "released", _("Released")
    DISCARDED = "discarded", _("Discarded")


class Transition(NamedTuple):
    """A way from one state to another, and who may take it."""

    name: str
    before: str
    after: str
    who: str


ORDER_TRANSITIONS = (
    Transition("prepare", OrderState.ORDERED, OrderState.BATCHED, "finance"),
    Transition("discard", OrderState.BATCHED, OrderState.ORDERED, "second finance"),
    Transition("release", OrderState.BATCHED, OrderState.RELEASED, "second finance"),
)
BATCH_TRANSITIONS = (
    Transition("release", BatchState.PREPARED, BatchState.RELEASED, "second finance"),
    Transition("discard", BatchState.PREPARED, BatchState.DISCARDED, "finance"),
)
