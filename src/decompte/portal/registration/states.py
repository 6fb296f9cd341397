"""States of a registration and of an enrolment, and who may move them."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Being filled in, or confirmed for the year."""

    DRAFT = "draft", _("In progress")
    CONFIRMED = "confirmed", _("Confirmed")


class Progress(models.TextChoices):
    """How far a student of a school's list has come."""

    LISTED = "listed", _("On the list")
    INVITED = "invited", _("Invited")
    BEGUN = "begun", _("Begun")
    CONFIRMED = "confirmed", _("Registered")


class Transition(NamedTuple):
    """A way from one state to another, and who may take it."""

    name: str
    before: State
    after: State
    who: str


TRANSITIONS = (Transition("confirm", State.DRAFT, State.CONFIRMED, "member"),)

ENROLMENT_TRANSITIONS = (
    ("invite", Progress.LISTED, Progress.INVITED, "registrar"),
    ("address_changed", Progress.INVITED, Progress.LISTED, "registrar"),
    ("begin", Progress.LISTED, Progress.BEGUN, "member"),
    ("begin", Progress.INVITED, Progress.BEGUN, "member"),
    ("confirm", Progress.BEGUN, Progress.CONFIRMED, "member"),
)
