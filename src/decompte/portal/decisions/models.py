"""Decisions: one immutable answer of the engine for each request, and what it kept back."""

from django.db import models

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Decision(models.Model):
    """What the agency owes for one request, and everything needed to compute it again.

    Never changed, never deleted: database triggers say so. One a request: unique.

    Attributes:
        inputs: the case, in the case format of `decompte reimburse`.
        answers: the result document in each language, `{"fr": …, "en": …}`, as it was given.
        law_version: digest of the figures and rules that answered.
        amo_cents … patient_cents: totals of the answer.
        payable_cents: what goes to the member's account (lines paid to the doctor left out).
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.OneToOneField(
        "requests.Request", on_delete=models.PROTECT, related_name="decision"
    )
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="decisions")
    agency = models.CharField(max_length=60)
    inputs = models.JSONField()
    answers = models.JSONField()
    law_version = models.CharField(max_length=64)
    price_cents = models.PositiveIntegerField()
    amo_cents = models.PositiveIntegerField()
    local_cents = models.PositiveIntegerField()
    solidarity_cents = models.PositiveIntegerField()
    amc_cents = models.PositiveIntegerField()
    patient_cents = models.PositiveIntegerField()
    deferred_cents = models.PositiveIntegerField()
    payable_cents = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40)

    objects = ScopedManager()

    class Meta:
        """Newest first."""

        base_manager_name = "objects"
        ordering = ("-id",)


class Kept(models.Model):
    """A flat amount kept back by a decision, by day and practitioner: later caps count it."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="kept")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    care_date = models.DateField()
    practitioner = models.CharField(max_length=80)
    acts = models.PositiveSmallIntegerField()
    participation_cents = models.PositiveIntegerField()

    objects = ScopedManager()

    class Meta:
        """Found by person and day."""

        base_manager_name = "objects"
        ordering = ("id",)
        indexes = (models.Index(fields=("member", "care_date")),)
