"""Where an appointment can be, and who moves it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """From the booking to the day."""

    BOOKED = "booked", _("Booked")
    KEPT = "kept", _("Took place")
    MISSED = "missed", _("Nobody came")
    MOVED = "moved", _("Moved to another time")
    CANCELLED = "cancelled", _("Cancelled")


class Way(models.TextChoices):
    """How one meets."""

    DESK = "desk", _("At the desk")
    PHONE = "phone", _("By telephone")
