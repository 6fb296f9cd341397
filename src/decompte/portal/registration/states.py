"""States of a registration, and who may move it."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Being filled in, or confirmed for the year."""

    DRAFT = "draft", _("In progress")
    CONFIRMED = "confirmed", _("Confirmed")


class Transition(NamedTuple):
    """A way from one state to another, and who may take it."""

    name: str
    before: State
    after: State
    who: str


TRANSITIONS = (Transition("confirm", State.DRAFT, State.CONFIRMED, "member"),)
