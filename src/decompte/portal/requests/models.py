"""Requests for reimbursement: the dossier, its care lines, its papers, what happened to it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager
from decompte.portal.requests.states import OPEN, Channel, PaperState, Reading, State, Verdict


class Request(models.Model):
    """One demand for reimbursement. `agency` is set by the server from the day of care.

    Attributes:
        reference: what people read out on the telephone; random, unique.
        agency: id in `procedure`: `lmde`, `smerep`, or the CPAM department of card holders.
        promised_on: day by which the agency answers.
        version: one more with each change; what an agent saw is checked against it.
        assigned_to: the agent on whose desk it lies.
        returned_reason: what is missing, in the agent's choice of reasons and own words.
        waiting_for, waiting_since, remind_on: kinds of paper the member still owes, since when,
            and the day of the next reminder.
        answered_at: when the agency last answered what was sent; empty while it has not.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=14, unique=True)
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="requests")
    agency = models.CharField(max_length=60)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.ONLINE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_first_with_agency = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    assigned_to = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    waiting_for = models.JSONField(default=list, blank=True)
    waiting_since = models.DateField(null=True, blank=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    remind_on = models.DateField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(gone="forgotten_at")
    related = ScopedManager()

    class Meta:
        """Newest first; each work list is read and counted from an index of its own.

        Those of what is open stay small however many years are paid; without them the database
        would walk the index by week through all that is answered.
        """

        base_manager_name = "related"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("agency", "state", "submitted_at")),
            models.Index(
                fields=("agency", "answered_at", "submitted_at", "promised_on", "forgotten_at"),
                name="counted_by_week",
            ),
            models.Index(
                fields=("agency", "submitted_at", "id"),
                condition=Q(state__in=("submitted", "in_review")),
                name="to_be_reviewed",
            ),
            models.Index(
                fields=("agency", "submitted_at", "id"),
                condition=Q(state__in=("decided", "partly", "corrected")),
                name="to_be_paid",
            ),
            models.Index(
                fields=("agency", "state", "forgotten_at", "member", "id"),
                condition=Q(state__in=[state.value for state in OPEN]),
                name="still_open",
            ),
        )


class CareLine(models.Model):
    """One act on the care form, with its date and price."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="lines")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    care_date = models.DateField(_("Date of care"))
    act = models.CharField(_("Act"), max_length=13)
    price_cents = models.PositiveIntegerField(_("Price paid"))
    quantity = models.PositiveSmallIntegerField(default=1)
    practitioner_name = models.CharField(_("Practitioner"), max_length=80)
    practitioner_number = models.CharField(_("Practitioner's number"), max_length=11, blank=True)
    specialty = models.CharField(_("Specialty"), max_length=40)
    sector = models.CharField(_("Sector"), max_length=5)
    pathway = models.CharField(_("How you came to this doctor"), max_length=20)
    is_third_party_payment = models.BooleanField(default=False)
    is_ald_related = models.BooleanField(default=False)
    has_prescription = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        """In the order of the form."""

        base_manager_name = "objects"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("request", "position"), name="one_line_a_position"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="quantity_at_least_one"),
        )


class Paper(models.Model):
    """One paper of the checklist that was added, or arrived by post. Files are sealed on disk.

    Attributes:
        kind: id of the paper in `procedure`.
        refusal: why it must be sent again, in words for the student.
        read_sealed: what the codes on it say, read and not verified; sealed JSON.
        words_from: how its words were read for the search, not verified.
        page_count: pages that may be shown; none while the virus scanner has not answered.
        file_token: name of the sealed original in the store; empty for a paper that came by post.
        sha256: digest of the original as received.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="papers")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.RECEIVED)
    refusal = models.TextField(blank=True)
    file_name = models.CharField(max_length=100, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file_token = models.CharField(max_length=22, blank=True)
    page_count = models.PositiveSmallIntegerField(default=0)
    read_sealed = models.BinaryField(null=True)
    words_from = models.CharField(max_length=4, choices=Reading.choices, blank=True, default="")
    received_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        """One current paper of a kind in a request."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("request", "kind"),
                condition=Q(replaced_at__isnull=True),
                name="one_current_paper_a_kind",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",),
                condition=Q(words_from="", replaced_at__isnull=True, page_count__gt=0),
                name="papers_to_be_read",
            ),
        )


class Message(models.Model):
    """One message between a member and the agency about a request; kept as written.

    Attributes:
        author: public id of the account that wrote it.
        read_at: when the other side first read it.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="messages")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    is_from_member = models.BooleanField()
    author = models.CharField(max_length=40)
    text = models.TextField()
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        """Oldest first; what the agency has not read is found by index."""

        base_manager_name = "objects"
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("agency", "request"),
                condition=Q(is_from_member=True, read_at__isnull=True),
                name="unread_from_members",
            ),
        )


class Word(models.Model):
    """One word of a request, for the search of its agency: of its doctors, and of its messages."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="+")
    agency = models.CharField(max_length=60)
    word = models.CharField(max_length=12)

    objects = ScopedManager()

    class Meta:
        """Found by agency and word; once a request."""

        base_manager_name = "objects"
        constraints = (models.UniqueConstraint(fields=("request", "word"), name="one_word_once"),)
        indexes = (models.Index(fields=("agency", "word", "request"), name="found_by_word"),)


class PaperWord(models.Model):
    """One word on a paper, for the search of its agency: read by a program, not verified.

    Only a keyed digest of the word is kept, under a key of the agency: who holds the database
    reads no word of a paper, and cannot tell that two agencies have the same.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="+")
    agency = models.CharField(max_length=60)
    digest = models.BigIntegerField()

    objects = ScopedManager()

    class Meta:
        """Found by agency and digest; once a paper."""

        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=("paper", "digest"), name="one_word_once_a_paper"),
        )
        indexes = (
            models.Index(fields=("agency", "digest", "request"), name="found_by_word_on_paper"),
        )


class Letter(models.Model):
    """A letter to the member, kept as it was sent. Append-only: triggers.

    Attributes:
        kind, reason: what it answers, and why, as in `answers.py`.
        content_sealed, sha256: the PDF as sent.
        written_by: public id of the agent.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="letters")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=120)
    content_sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    written_by = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Oldest first."""

        base_manager_name = "objects"
        ordering = ("id",)


class Sample(models.Model):
    """A decided request drawn for a second look, and what that look found.

    Attributes:
        verdict: `Verdict`; empty until somebody looked.
        words: what was found, in words.
        drawn_by, looked_by: public ids.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="sample")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=40)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.CharField(max_length=40, blank=True)

    objects = ScopedManager()

    class Meta:
        """Drawn once a request; a verdict has somebody who gave it."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict="") | ~Q(looked_by=""), name="verdict_given_by_somebody"
            ),
        )


class ClosedWeek(models.Model):
    """What a closed week of an agency came to, as `weeks.close` last counted it: numbers only.

    Attributes:
        monday: its first day.
        incoming, answered, in_time, backlog, lacking: as in `steering.Week`.
    """

    agency = models.CharField(max_length=60)
    monday = models.DateField()
    incoming = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    backlog = models.JSONField()
    lacking = models.JSONField()

    objects = ScopedManager(member=None)

    class Meta:
        """Once an agency and week; who answered in time answered."""

        base_manager_name = "objects"
        ordering = ("monday",)
        constraints = (
            models.UniqueConstraint(fields=("agency", "monday"), name="one_count_a_week"),
            models.CheckConstraint(
                condition=Q(in_time__lte=models.F("answered")), name="in_time_is_answered"
            ),
        )
