"""What was answered to a form or to a call, by its key: the same sent again gets the same."""

from django.db import models

from decompte.portal.people.scope import ScopedManager


class Answer(models.Model):
    """One thing that was sent, and what came of it. Once a caller, agency and key: unique.

    It is written with its effect, in one transaction, or not at all.

    Attributes:
        caller: who sent it: an account, or a program with a token.
        user: the account behind it; None for an agency's or a school's program.
        agency: agency in whose name it was sent; empty for a member.
        fingerprint: digest of where it was sent and what it said.
        status, content_type, location, body_sealed: the answer.
    """

    caller = models.CharField(max_length=40)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    agency = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=80, blank=True)
    location = models.CharField(max_length=300, blank=True)
    body_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()

    objects = ScopedManager(member="user__member__pk")

    class Meta:
        """One answer a key."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("caller", "agency", "key"), name="one_answer_a_caller"),
        )
        indexes = (models.Index(fields=("at",)),)
