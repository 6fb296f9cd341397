"""Who did what: rows that are written once, in the transaction of what they tell of."""

from django.db import models


class Event(models.Model):
    """One thing somebody did. Never changed, never deleted: database triggers say so.

    Attributes:
        at: the moment by the portal's clock.
        actor: public id of the user, or `system`.
        agency: id of the agency concerned, or empty.
        code: stable name such as `request.submitted`.
        subject: `<kind>:<public id>` of what was acted on.
        detail: a few values without names, identity numbers, bank details or health data.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    agency = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        """Order of writing."""

        ordering = ("id",)
        indexes = (
            models.Index(fields=("agency", "id")),
            models.Index(fields=("subject",)),
            models.Index(fields=("actor", "code", "at")),
            models.Index(fields=("agency", "code", "at")),
        )


class Seal(models.Model):
    """The digest of one event chained to the agency's previous seal: history cannot be rewritten.

    Sealing is a step of its own, after the transaction of the event. Append-only by triggers.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    agency = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        """Order of sealing; an agency's last seal is found by index."""

        ordering = ("id",)
        indexes = (models.Index(fields=("agency", "id")),)
