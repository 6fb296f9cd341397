"""Money: a double-entry ledger, payment orders, and the files that carry them to the bank."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from decompte.portal.payments.states import BatchState, OrderState
from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Account(models.TextChoices):
    """Accounts of an agency's books."""

    CARE_AMO = "care-amo", _("Care, mandatory part")
    CARE_LOCAL = "care-local", _("Care, local scheme")
    CARE_SOLIDARITY = "care-solidarity", _("Care, solidarity cover")
    CARE_AMC = "care-amc", _("Care, complementary part")
    MEMBERS = "members", _("Owed to members")
    BANK = "bank", _("Bank")


class Entry(models.Model):
    """One event in the books; its postings sum to zero (checked by the verb and by verify).

    Append-only: triggers. `key` makes it once: `decision:<id>` or `release:<order id>`.
    """

    key = models.CharField(max_length=80, unique=True)
    agency = models.CharField(max_length=60)
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)

    objects = ScopedManager()

    class Meta:
        """Order of writing."""

        base_manager_name = "objects"
        ordering = ("id",)


class Posting(models.Model):
    """An amount on an account: debit positive, credit negative, in cents. Append-only."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    account = models.CharField(max_length=20, choices=Account.choices)
    amount_cents = models.IntegerField()

    objects = ScopedManager()

    class Meta:
        """Order of writing; an amount of zero is no posting."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(amount_cents=0), name="posting_is_not_zero"),
        )


class Batch(models.Model):
    """A payment file (pain.001): made once from the orders, released by a second person.

    Attributes:
        msg_id: identity of the message at the bank, never used twice.
        content, sha256: the file as made; it is never made again.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=60)
    msg_id = models.CharField(max_length=35, unique=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.PREPARED)
    order_count = models.PositiveIntegerField()
    total_cents = models.PositiveBigIntegerField()
    execution_date = models.DateField()
    content_sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(member="order__member_id")

    class Meta:
        """Two different people, always."""

        base_manager_name = "objects"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("prepared_by")),
                name="released_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_by__isnull=False),
                name="released_by_somebody",
            ),
        )


class PaymentOrder(models.Model):
    """What is to be paid to a member for one decision. One live order a decision: unique.

    The account is copied when the order is made, so that a later change cannot divert it.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    decision = models.ForeignKey(
        "decisions.Decision", on_delete=models.PROTECT, related_name="orders"
    )
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="order", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.ORDERED)
    amount_cents = models.PositiveIntegerField()
    holder = models.CharField(max_length=70)
    iban_sealed = models.BinaryField()
    iban_last4 = models.CharField(max_length=4)
    bic = models.CharField(max_length=11, blank=True)
    end_to_end_id = models.CharField(max_length=35, unique=True)
    ordered_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """One payable, one live order; nothing to pay is no order."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("decision",),
                condition=~Q(state="cancelled"),
                name="one_live_order_a_decision",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="order_pays_something"),
        )
