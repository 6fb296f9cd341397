"""What must still leave the house: written with the change it tells of, sent afterwards."""

from django.db import models


class Message(models.Model):
    """One mail to send, kept as sent.

    Attributes:
        key: made by the sender of the message; the same key twice is the same message.
        recipient: mail address.
        language: `fr` or `en`.
        subject, body: neutral words; never health data, identity numbers or bank details.
        attempts, sent_at, last_error: how the delivery goes.
        taken_at: when somebody began to send it; empty while nobody does.
    """

    key = models.CharField(max_length=120, unique=True)
    recipient = models.EmailField()
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ("id",)
        indexes = (models.Index(fields=("sent_at", "id")),)
