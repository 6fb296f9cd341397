"""Decisions: immutable answers to a request, what they kept back, and what is proposed instead."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Decision(models.Model):
    """What the agency owes for one request, and everything needed to compute it again.

    Never changed, never deleted: database triggers say so. A correction is a new decision that
    names the one it replaces; each is replaced once, and a request has one first decision (both
    unique), so that the newest is the one in force.
    Once its content is no longer to be kept, inputs, answers and words are emptied and the amounts
    stay, for the books.

    Attributes:
        corrects: the decision it replaces, or None for the first.
        by_hand: lines whose amounts a person set, as `outcome.ByHand`; the rest is the engine's.
        reason, words: why it differs from the engine or from the one before; code and own words.
        proposed_by: who proposed it, when `decided_by` is the second pair of eyes.
        inputs: the case, in the case format of `decompte reimburse`.
        answers: the result document in each language, `{"fr": …, "en": …}`, as it was given.
        law_version: digest of the figures and rules that answered.
        amo_cents … patient_cents: totals of the answer.
        payable_cents: what goes to the member's account (lines paid to the doctor left out).
        forgotten_at: when its content was emptied; the triggers allow that and nothing else.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.ForeignKey(
        "requests.Request", on_delete=models.PROTECT, related_name="decisions"
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="corrected_by", null=True, blank=True
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
    by_hand = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)
    proposed_by = models.CharField(max_length=40, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(gone="forgotten_at")
    related = ScopedManager()

    class Meta:
        """Newest first; one first decision a request; amounts set by hand have four eyes."""

        base_manager_name = "related"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("request",),
                condition=Q(corrects__isnull=True),
                name="one_first_decision_a_request",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by="") | ~Q(proposed_by=F("decided_by")),
                name="decided_by_a_second_person",
            ),
        )


class AmendmentKind(models.TextChoices):
    """What is proposed instead of the engine's answer, or of the decision that stands."""

    OVERRIDE = "override", _("Amounts set by hand")
    CORRECTION = "correction", _("Correction of a decision")


class Amendment(models.Model):
    """A decision somebody proposes; another person approves it or turns it down.

    Attributes:
        version: of the request that was seen; a request that changed since is looked at again.
        lines: the care lines as they should be, by the fields of the visit form.
        by_hand: lines whose amounts are set, as `outcome.ByHand`.
        reason, words: why; the words are for the member.
        answer: why it was turned down.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.ForeignKey(
        "requests.Request", on_delete=models.PROTECT, related_name="amendments"
    )
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=AmendmentKind.choices)
    version = models.PositiveIntegerField()
    lines = models.JSONField()
    by_hand = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=20)
    words = models.TextField()
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(default=False)
    answer = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        """Two different people approve, always; one open amendment a request."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_approved=False) | ~Q(decided_by=F("proposed_by")),
                name="amendment_approved_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=("request",),
                condition=Q(decided_by__isnull=True),
                name="one_open_amendment_a_request",
            ),
        )
        indexes = (
            models.Index(
                fields=("agency", "proposed_at"),
                condition=Q(decided_by__isnull=True),
                name="open_amendments",
            ),
        )


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
