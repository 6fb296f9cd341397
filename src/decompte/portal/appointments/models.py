"""Appointments: the times an agency offers, and who took them."""

from django.db import models
from django.db.models import Q

from decompte.portal.appointments.states import State, Way
from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Slot(models.Model):
    """A time that an agency offers.

    Attributes:
        place: the room, or the number that is called.
        closed_at: when it was taken back; nobody can book it any more.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=5, choices=Way.choices)
    place = models.CharField(max_length=80)
    opened_by = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(member="appointments__member_id")

    class Meta:
        """In order of time; the same desk once at a time."""

        base_manager_name = "objects"
        ordering = ("starts_at", "place", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "starts_at", "place"),
                condition=Q(closed_at__isnull=True),
                name="one_open_slot_a_time_and_place",
            ),
        )


class Appointment(models.Model):
    """A slot that a member took. One live appointment a slot, and one live a request: unique.

    Attributes:
        request: what it is about.
        booked_by: public id of the member's account, or of the staff who booked it by telephone.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    request = models.ForeignKey(
        "requests.Request", on_delete=models.PROTECT, related_name="appointments"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    booked_by = models.CharField(max_length=40)
    booked_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Oldest booking first."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("slot",),
                condition=Q(state__in=["booked", "kept", "missed"]),
                name="one_live_appointment_a_slot",
            ),
            models.UniqueConstraint(
                fields=("request",),
                condition=Q(state="booked"),
                name="one_live_appointment_a_request",
            ),
        )
        indexes = (models.Index(fields=("member", "state")),)
