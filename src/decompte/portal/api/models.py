"""Programs that call: who they are, what they sent before, what they opened, what they are told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Kind(models.TextChoices):
    """On whose behalf a program calls."""

    MEMBER = "member", _("A member's own application")
    SCHOOL = "school", _("A school's registration site")
    AGENT = "agent", _("An agency's system, for agents' work")
    FINANCE = "finance", _("An agency's system, reading payments")


class Client(models.Model):
    """A program with a token. Only the digest of the token is kept; it cannot be read back.

    Attributes:
        agency: for agents and finance, the only agency it sees.
        user: for a member's application, the account it acts for.
        return_addresses: for a school, the addresses a student may be sent back to.
        signing_sealed: the secret that signs redirects and webhooks, sealed.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    agency = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    is_read_only = models.BooleanField(default=False)
    return_addresses = models.JSONField(default=list)
    token_digest = models.BinaryField(max_length=32, unique=True)
    signing_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A member's application belongs to an account, an agency's to an agency."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="member", user__isnull=False, agency="")
                | models.Q(kind="school", user__isnull=True, agency="")
                | (
                    models.Q(kind__in=("agent", "finance"), user__isnull=True)
                    & ~models.Q(agency="")
                ),
                name="client_acts_for_one_party",
            ),
        )

    def __str__(self) -> str:
        """Return the public id."""
        return self.public_id


class Opened(models.Model):
    """A file that a program opened, and when it last did: the guard against mass reading."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        """Once a file."""

        constraints = (
            models.UniqueConstraint(fields=("client", "subject"), name="one_row_an_opened_file"),
        )
        indexes = (models.Index(fields=("client", "at")),)


class Handover(models.Model):
    """A registration that a school began and a student goes on with on our pages.

    Attributes:
        answers_sealed: what the school knows of the student, until the student takes it over.
        registration: public id of the registration it became, once the student agreed.
        school_state: the school's own word, given back unchanged.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    answers_sealed = models.BinaryField()
    return_address = models.URLField(max_length=400)
    school_state = models.CharField(max_length=200, blank=True)
    registration = models.CharField(max_length=22, blank=True, db_index=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)


class Upload(models.Model):
    """A paper on its way, piece by piece; the pieces lie sealed on the disk until the last one."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey("requests.Request", on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    paper = models.CharField(max_length=22, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Never more than announced."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="not_more_than_announced"
            ),
        )


class Subscription(models.Model):
    """An address that is told what happens; the operator sets it, never the program itself.

    Attributes:
        codes: prefixes of the events it wants, such as `request.`.
        after_event: events up to this one are planned already, or older than it.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="subscriptions")
    url = models.URLField(max_length=400)
    codes = models.JSONField(default=list)
    after_event = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ("id",)


class Delivery(models.Model):
    """One event to tell to one address, until it is acknowledged or given up."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="deliveries"
    )
    event = models.PositiveBigIntegerField()
    code = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True)

    class Meta:
        """Once an event and address."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("subscription", "event"), name="one_delivery_an_event"),
        )
        indexes = (models.Index(fields=("delivered_at", "due_at")),)
