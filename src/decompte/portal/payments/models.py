"""Money: a double-entry ledger, payment orders, and the files that carry them to the bank."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from decompte.portal.payments.states import (
    DEAD,
    BatchState,
    DebtKind,
    DueState,
    How,
    LineState,
    OrderState,
)
from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Account(models.TextChoices):
    """Accounts of an agency's books."""

    CARE_AMO = "care-amo", _("Care, mandatory part")
    CARE_LOCAL = "care-local", _("Care, local scheme")
    CARE_SOLIDARITY = "care-solidarity", _("Care, solidarity cover")
    CARE_AMC = "care-amc", _("Care, complementary part")
    PRACTITIONERS = "practitioners", _("Paid to practitioners directly")
    MEMBERS = "members", _("Owed to members")
    RECOVERIES = "recoveries", _("Owed by members")
    FORGIVEN = "forgiven", _("Given up")
    DUES = "dues", _("Contributions to come")
    CONTRIBUTIONS = "contributions", _("Contributions")
    TRANSIT = "transit", _("With the bank, on its way")
    BANK = "bank", _("Bank")
    TILL = "till", _("Received otherwise than through the bank")
    FEES = "fees", _("Bank's fees")
    SUSPENSE = "suspense", _("Not explained yet")


class Entry(models.Model):
    """One event in the books. It is written after its postings and closes them: triggers.

    They refuse an entry whose postings do not sum to zero, a posting to an entry that is there,
    and every change. `key` makes it once: `owed:<decision>`, `released:<order>`. A correction is
    an entry that `reverses` another, once.
    """

    key = models.CharField(max_length=120, unique=True)
    agency = models.CharField(max_length=60)
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="reversed_by", null=True, blank=True
    )
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
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agency = models.CharField(max_length=60)
    account = models.CharField(max_length=20, choices=Account.choices)
    amount_cents = models.BigIntegerField()

    objects = ScopedManager()

    class Meta:
        """Order of writing; an amount of zero is no posting."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(amount_cents=0), name="posting_is_not_zero"),
        )
        indexes = (models.Index(fields=("agency", "account")),)


class Batch(models.Model):
    """A file of transfers (pain.001) or direct debits (pain.008), released by a second person.

    Attributes:
        msg_id: identity of the message at the bank, never used twice.
        version: message of the bank, such as `pain.001.001.09`; it says which of the two it is.
        execution_date: day on which the bank pays, or collects.
        content, sha256: the file as made; it is never made again.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=60)
    msg_id = models.CharField(max_length=35, unique=True)
    version = models.CharField(max_length=20, default="pain.001.001.09")
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

    @property
    def is_debit(self) -> bool:
        """Return whether the file collects money instead of paying it."""
        return self.version.startswith("pain.008")

    @property
    def sign(self) -> int:
        """Return which way the bank's account moves when the file is carried out."""
        return 1 if self.is_debit else -1

    @property
    def payments(self) -> Any:
        """Return the payments in the file: orders, or collections."""
        return self.collection if self.is_debit else self.order


class PaymentOrder(models.Model):
    """What is to be paid to a member for one decision. One live order a decision: unique.

    The account is copied when the order is made, so that a later change cannot divert it.

    Attributes:
        replaces: the rejected or returned order whose money is open again; once: unique.
        kept_cents: what was kept back from the decision's amount for debts.
        parts: cents by the payer whose money it is.
        settled_on: day of the bank's debit.
        bank_reason: ISO 20022 reason with which the bank rejected or returned it.
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
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replacement", null=True, blank=True
    )
    amount_cents = models.PositiveIntegerField()
    kept_cents = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=dict)
    holder = models.CharField(max_length=70)
    iban_sealed = models.BinaryField()
    iban_last4 = models.CharField(max_length=4)
    bic = models.CharField(max_length=11, blank=True)
    end_to_end_id = models.CharField(max_length=35, unique=True)
    ordered_at = models.DateTimeField()
    settled_on = models.DateField(null=True, blank=True)
    bank_reason = models.CharField(max_length=4, blank=True)

    objects = ScopedManager()
    sign = -1

    class Meta:
        """One payable, one live order; nothing to pay is no order."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("decision",),
                condition=~Q(state__in=[state.value for state in DEAD]),
                name="one_live_order_a_decision",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="order_pays_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["batched", "released", "settled"]) | Q(batch__isnull=False),
                name="order_with_the_bank_is_in_a_file",
            ),
        )
        indexes = (
            models.Index(fields=("agency", "state")),
            models.Index(fields=("member", "ordered_at")),
        )


class Debt(models.Model):
    """What a member owes the agency, and how much of it is left.

    `left_cents` is the lock: it goes down by a conditional update only, never below zero
    (constraint), and `verify` compares it with the takings.

    Attributes:
        key: makes it once, such as `deferred:<decision>:<line>:<kind>`.
        payer: the account whose money it is (`care-amo`, `care-amc`…).
        decision: the decision that made it.
        care_date: day of the care it comes from; the oldest goes first.
        takeable_from: day from which it may be kept back from a payment.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=15, choices=DebtKind.choices)
    payer = models.CharField(max_length=20, choices=Account.choices)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="+")
    care_date = models.DateField()
    amount_cents = models.PositiveIntegerField()
    left_cents = models.PositiveIntegerField()
    takeable_from = models.DateField()
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Oldest care first; never less than nothing left, never more than was owed."""

        base_manager_name = "objects"
        ordering = ("care_date", "id")
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="debt_is_something"),
            models.CheckConstraint(
                condition=Q(left_cents__gte=0) & Q(left_cents__lte=F("amount_cents")),
                name="debt_left_within_debt",
            ),
        )
        indexes = (models.Index(fields=("member", "left_cents")),)


class Taking(models.Model):
    """A part of a debt that went away, and how. Append-only: triggers.

    Attributes:
        decision: the decision from whose payment it was kept back, or None.
        amount_cents: positive; negative when a keeping back was undone.
        key: the ledger entry it stands in.
        reason: in words, for what a person decided.
    """

    debt = models.ForeignKey(Debt, on_delete=models.PROTECT, related_name="takings")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    decision = models.ForeignKey(
        "decisions.Decision", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    how = models.CharField(max_length=10, choices=How.choices)
    amount_cents = models.IntegerField()
    key = models.CharField(max_length=120)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Order of writing; once an entry and debt."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(amount_cents=0), name="taking_is_not_zero"),
            models.UniqueConstraint(fields=("key", "debt"), name="one_taking_an_entry_and_debt"),
        )


class Proposal(models.Model):
    """To forgive or to book as paid back a part of a debt: one proposes, another decides."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    debt = models.ForeignKey(Debt, on_delete=models.PROTECT, related_name="proposals")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    how = models.CharField(max_length=10, choices=How.choices)
    amount_cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        """Two different people, always; one open proposal a debt."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=("debt",),
                condition=Q(decided_by__isnull=True),
                name="one_open_proposal_a_debt",
            ),
        )


class Mandate(models.Model):
    """A member's leave to collect contributions from an account (SEPA core direct debit).

    The account is copied when it is signed: another account is another mandate.

    Attributes:
        reference: unique mandate reference, told to the bank with each collection.
        signed_on: day of the member's signature on the portal or on paper.
        ended_at, ended_why: when it was taken back, or ended by the bank's answer.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    reference = models.CharField(max_length=35, unique=True)
    holder = models.CharField(max_length=70)
    iban_sealed = models.BinaryField()
    iban_last4 = models.CharField(max_length=4)
    bic = models.CharField(max_length=11, blank=True)
    signed_on = models.DateField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=40, blank=True)

    objects = ScopedManager()

    class Meta:
        """One live mandate a member and agency."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("member", "agency"),
                condition=Q(ended_at__isnull=True),
                name="one_live_mandate",
            ),
        )


class Due(models.Model):
    """A contribution that a member owes for an academic year.

    Attributes:
        key: makes it once: `contribution:<registration>`.
        academic_year: year in which it begins (2013 for 2013-14).
        reason: in words, why it was paid otherwise or is no longer owed.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    academic_year = models.PositiveSmallIntegerField()
    amount_cents = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=DueState.choices, default=DueState.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """In the order they came; nothing owed is no due."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="due_is_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "waived"]) | ~Q(reason=""),
                name="due_ends_in_words",
            ),
        )
        indexes = (models.Index(fields=("agency", "state")),)


class Collection(models.Model):
    """One direct debit of a due under a mandate. One live collection a due: unique.

    Attributes:
        is_first: whether it is the first under its mandate.
        collect_on: day told to the member and to the bank.
        settled_on: day of the bank's credit.
        bank_reason: ISO 20022 reason with which the bank rejected or returned it.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="collections")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="collections")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="collection")
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.BATCHED)
    amount_cents = models.PositiveIntegerField()
    is_first = models.BooleanField()
    end_to_end_id = models.CharField(max_length=35, unique=True)
    collect_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)
    bank_reason = models.CharField(max_length=4, blank=True)

    objects = ScopedManager()
    sign = 1

    class Meta:
        """One due, one live collection."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("due",),
                condition=~Q(state__in=[state.value for state in DEAD]),
                name="one_live_collection_a_due",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="collection_is_something"),
        )
        indexes = (models.Index(fields=("agency", "state")),)


class BankFile(models.Model):
    """What the bank sent, kept as it came. The same bytes twice are the same file: unique.

    Attributes:
        kind: `pain.002`, `camt.053`, `camt.054`, `cfonb120`, `cfonb240`.
        opening_cents, closing_cents: balances of a statement of account, else None.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    message_id = models.CharField(max_length=70)
    sha256 = models.CharField(max_length=64)
    content_sealed = models.BinaryField()
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    opening_cents = models.BigIntegerField(null=True, blank=True)
    closing_cents = models.BigIntegerField(null=True, blank=True)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=40)

    objects = ScopedManager(member="line__order__member_id")

    class Meta:
        """Newest first."""

        base_manager_name = "objects"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("agency", "sha256"), name="one_reading_a_file"),
        )


class BankLine(models.Model):
    """One thing the bank told us: a movement on the account, a rejection, a notice.

    Attributes:
        identity: names the movement itself, whichever file tells of it; unique in an agency.
        amount_cents: credit positive, debit negative.
        trouble: why it is on the work list, a stable code.
        resolution: in words, what a person found out.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="line")
    agency = models.CharField(max_length=60)
    identity = models.CharField(max_length=64)
    day = models.DateField(null=True, blank=True)
    amount_cents = models.BigIntegerField()
    is_movement = models.BooleanField()
    end_to_end_id = models.CharField(max_length=35, blank=True)
    batch_id_told = models.CharField(max_length=35, blank=True)
    reason = models.CharField(max_length=4, blank=True)
    label = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=LineState.choices)
    trouble = models.CharField(max_length=30, blank=True)
    resolution = models.CharField(max_length=300, blank=True)
    order = models.ForeignKey(
        PaymentOrder, on_delete=models.PROTECT, related_name="bank_lines", null=True, blank=True
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, related_name="bank_lines", null=True, blank=True
    )
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="bank_lines", null=True, blank=True
    )
    closed_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(member="order__member_id")

    class Meta:
        """In the order of reading."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("agency", "identity"), name="one_line_an_identity"),
            models.CheckConstraint(
                condition=~Q(state="explained") | ~Q(resolution=""), name="explained_in_words"
            ),
        )
        indexes = (models.Index(fields=("agency", "state")),)
