"""What a page answered to a form, by the form's key: the same form sent again gets the same."""

from django.db import models

from decompte.portal.people.scope import ScopedManager


class Answer(models.Model):
    """One form that was sent, and what came of it. Once an account, agency and key: unique.

    Attributes:
        agency: agency of the scope it was sent in; empty for a member's own pages.
        body_sha256: digest of where it was sent and what it said.
        status, location: the answer; 0 while the work is going on.
    """

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=64)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = ScopedManager(member="user__member__pk")

    class Meta:
        """One answer a key."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("user", "agency", "key"), name="one_answer_a_form"),
        )
        indexes = (models.Index(fields=("at",)),)
