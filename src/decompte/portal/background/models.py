"""Jobs: work that an agency asked for and need not wait for. The queue holds their names only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Kind(models.TextChoices):
    """What a job does."""

    REMINDERS = "reminders", _("Reminders to members")
    RECOMPUTATION = "recomputation", _("Recomputation of decisions")
    WEEKS = "weeks", _("Count of the closed weeks")


class Job(models.Model):
    """One job of an agency, and how far it is. A step of it and its mark are one transaction.

    Attributes:
        key: made by who asks; the same key twice at an agency is the same job.
        asked: what was asked, such as the days of a period.
        asked_by: public id of an account, or `system`.
        turn: id of its newest place on the queue; the queue itself says how that one stands.
        mark: where the next step begins.
        count: things done so far.
        found: what was found on the way; public ids and amounts, never names.
        found_count: how many were found; `found` keeps the first thousand.
        stops: workers that died at it since its last step.
        done_at: when its last step was made; empty before.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=80)
    asked = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    turn = models.UUIDField(null=True)
    mark = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)
    found_count = models.PositiveIntegerField(default=0)
    stops = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(member=None)

    class Meta:
        """Newest first; one job a key."""

        base_manager_name = "objects"
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("agency", "key"), name="one_job_a_key"),)
