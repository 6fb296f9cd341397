"""Answers of the guide that a member kept."""

from django.db import models

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class SavedAdvice(models.Model):
    """One answer of the guide, kept as it was given; no agent reads it (the manager's scope).

    Attributes:
        situation: what was told, in the situation format.
        answers: the result of that day, by language, in the result format.
        asked_on: the day of the question.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    member = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="advices")
    situation = models.JSONField()
    answers = models.JSONField()
    asked_on = models.DateField()
    created_at = models.DateTimeField()

    objects = ScopedManager(agency=None)

    class Meta:
        """The newest first; the manager of the scope is the base manager too."""

        base_manager_name = "objects"
        ordering = ("-created_at",)
