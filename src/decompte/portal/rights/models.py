"""What the erasure still has to take off the disk."""

from django.db import models


class Scrap(models.Model):
    """A sealed file whose row is gone: written with the erasure, removed once the file is.

    So a process killed in between leaves a name to be done again, never a file nobody knows of.
    """

    token = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()

    class Meta:
        """Oldest first."""

        ordering = ("id",)
