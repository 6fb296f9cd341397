"""Answers of the guide that a member kept."""

from typing import Any

from django.db import models

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import AgencyScope, ScopedManager, current


class OwnManager(ScopedManager):
    """Rows of the member alone: no agent reads what somebody asked the guide."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the member's scope; none for an agency."""
        if isinstance(current(), AgencyScope):
            return models.QuerySet(self.model, using=self._db).none()
        return super().get_queryset()


class SavedAdvice(models.Model):
    """One answer of the guide, kept as it was given.

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

    objects = OwnManager()

    class Meta:
        """The newest first; the manager of the scope is the base manager too."""

        base_manager_name = "objects"
        ordering = ("-created_at",)
