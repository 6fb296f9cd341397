"""The people of the portal: accounts, staff roles, members, their GP and bank details."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.roles import Role
from decompte.portal.people.scope import ScopedManager

SESSION_SALT = "decompte.portal.people.session"


class UserManager(BaseUserManager["User"]):
    """Makes accounts by mail address."""

    def create_user(self, email: str, password: str | None = None) -> "User":
        """Return a new account; the address is kept in lower case."""
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: somebody who can sign in. What they may do comes from a Member or StaffRoles.

    Attributes:
        closed_at: when its holder closed it; what the law keeps stays until it is due.
        warned_at: when its holder was told that it would be closed for want of use.
        session_stamp: sessions are good for this stamp only; a new one ends them all.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(_("Email address"), unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(
        max_length=2, default="en", choices=(("fr", "Français"), ("en", "English"))
    )
    joined_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    session_stamp = models.CharField(max_length=22, default=new_public_id, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        """Return the public id: names and addresses stay out of logs."""
        return self.public_id

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry: it changes with the password and with the stamp."""
        return self._get_session_auth_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same under the secrets that were in force before."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._get_session_auth_hash(secret=secret)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        kept = self.password + self.session_stamp
        return salted_hmac(SESSION_SALT, kept, secret=secret, algorithm="sha256").hexdigest()


class StaffRole(models.Model):
    """What an account may do at one agency. One role an account: unique by constraint.

    A role that ended stays as a row, so that what its holder did keeps a name.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff_role")
    agency = models.CharField(max_length=40)
    role = models.CharField(max_length=13, choices=Role.choices)
    display_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)


class FactorReset(models.Model):
    """A colleague lost their second factor: one person asks for a new start, another confirms."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=40)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(member="user__member__pk")

    class Meta:
        """Two different people, neither of them the one it is for; one open a person."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("user"))),
                name="factor_reset_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")), name="factor_reset_by_somebody_else"
            ),
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(confirmed_by__isnull=True),
                name="one_open_factor_reset",
            ),
        )


class Member(models.Model):
    """A person insured, or about to be. `agency` is the current one, set by registration.

    The identity number is sealed; `nir_index` finds it without opening it and is unique. Once
    erased (`erased_at`), nothing is left of the person but the keys the books rest on.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="member")
    agency = models.CharField(max_length=40, blank=True)
    given_name = models.CharField(_("Given name"), max_length=80)
    family_name = models.CharField(_("Family name"), max_length=80)
    birth_date = models.DateField(_("Date of birth"))
    nationality = models.CharField(_("Nationality"), max_length=2)
    address_line = models.CharField(_("Street and number"), max_length=38)
    address_extra = models.CharField(_("Address, second line"), max_length=38, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=5)
    city = models.CharField(_("City"), max_length=32)
    nir_sealed = models.BinaryField(null=True)
    nir_index = models.BinaryField(null=True, unique=True, max_length=32)
    is_nir_provisional = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(agency="memberships__agency", member="pk", gone="erased_at")
    related = ScopedManager(agency="memberships__agency", member="pk")

    class Meta:
        """A scoped manager also serves relations: the books still lead to who was erased."""

        base_manager_name = "related"

    def __str__(self) -> str:
        """Return the public id: names stay out of logs."""
        return self.public_id

    @property
    def name(self) -> str:
        """Given name, then family name."""
        return f"{self.given_name} {self.family_name}"


class Membership(models.Model):
    """An agency that covers a member, or once did: it keeps seeing the member's own requests."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    agency = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Once an agency."""

        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=("member", "agency"), name="one_membership_an_agency"),
        )


class GPDeclaration(models.Model):
    """The declared GP from a day on. A new declaration ends the one before (until, included)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="gp_declarations")
    doctor_name = models.CharField(_("Doctor's name"), max_length=80)
    doctor_number = models.CharField(_("Doctor's number (RPPS or AM)"), max_length=11, blank=True)
    since = models.DateField(_("Signed on"))
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = ScopedManager(agency="member__memberships__agency")

    class Meta:
        """At most one declaration is open, and none ends before it begins."""

        base_manager_name = "objects"
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("member",), condition=Q(until__isnull=True), name="one_open_gp_declaration"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="gp_declaration_ends_after_it_begins",
            ),
        )


class BankAccount(models.Model):
    """Where a member's money goes. A changed account waits before it is used.

    Attributes:
        held_until: moment from which a changed account is the one in use; empty for one that is
            in use at once. Until then the account before stays open beside it.
        ended_at: when it was replaced or cancelled.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="bank_accounts")
    holder = models.CharField(_("Account holder"), max_length=70)
    iban_sealed = models.BinaryField()
    iban_index = models.BinaryField(max_length=32)
    iban_last4 = models.CharField(max_length=4)
    bic = models.CharField(max_length=11, blank=True)
    bank_name = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(agency="member__memberships__agency")

    class Meta:
        """At most one account in use, and one that waits to be."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("member",),
                condition=Q(ended_at__isnull=True, held_until__isnull=True),
                name="one_open_bank_account",
            ),
            models.UniqueConstraint(
                fields=("member",),
                condition=Q(ended_at__isnull=True, held_until__isnull=False),
                name="one_held_bank_account",
            ),
        )
        indexes = (models.Index(fields=("iban_last4", "member"), name="found_by_its_end"),)


class EuropeanCard(models.Model):
    """A European health insurance card, as its holder gives it.

    Attributes:
        institution: field 7, number and short name of the institution that issued it.
        personal_sealed: field 6, the holder's number there, sealed; empty when not told.
        number_sealed: field 8, the number of the card, sealed; empty when not told.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="european_cards")
    country = models.CharField(_("Country of the card"), max_length=2)
    expires_on = models.DateField(_("Expiry date"))
    institution = models.CharField(max_length=40, blank=True)
    personal_sealed = models.BinaryField(default=b"")
    number_sealed = models.BinaryField(default=b"")
    recorded_at = models.DateTimeField()

    objects = ScopedManager(agency="member__memberships__agency")

    class Meta:
        """The newest last."""

        base_manager_name = "objects"
        ordering = ("id",)


class Conflict(models.Model):
    """A member whom an agent is too near to: family, flat-mate, friend. Declared, never guessed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=40)
    declared_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        """Once a pair."""

        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=("user", "member"), name="one_conflict_a_pair"),
        )


class SearchWord(models.Model):
    """The beginning of one word of a member's name, for the search of an agency."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    agency = models.CharField(max_length=40)
    word = models.CharField(max_length=12)

    objects = ScopedManager()

    class Meta:
        """Found by agency and word."""

        base_manager_name = "objects"
        indexes = (models.Index(fields=("agency", "word", "member")),)


class Choice(models.Model):
    """What an account holder chose or took note of, and when; the newest of a subject counts.

    Attributes:
        subject: `mails` (a mail at each step) or `notice` (the notice on personal data was read).
        is_given: yes, or no.
        notice: day of the notice that was in force.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="choices")
    subject = models.CharField(max_length=20)
    is_given = models.BooleanField()
    notice = models.DateField()
    chosen_at = models.DateTimeField()

    class Meta:
        """Oldest first."""

        ordering = ("id",)
        indexes = (models.Index(fields=("user", "subject")),)


class Typed(models.Model):
    """A form that came after its session had ended, until its sender has signed in again.

    Attributes:
        digest: of the key in the sender's browser, without which it cannot be opened.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    content_sealed = models.BinaryField()
    kept_at = models.DateTimeField()


class IdentityNumber(models.Model):
    """An identity number a member had, from the day it was given until another replaced it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="identity_numbers")
    number_sealed = models.BinaryField()
    number_index = models.BinaryField(max_length=32)
    is_provisional = models.BooleanField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = ScopedManager(agency="member__memberships__agency")

    class Meta:
        """At most one is in use."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("member",), condition=Q(until__isnull=True), name="one_number_in_use"
            ),
        )


class SituationChange(models.Model):
    """A change of life that a member told: an event of `procedure.changes`, and its day."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="situation_changes")
    event = models.CharField(max_length=40)
    on = models.DateField()
    told_at = models.DateTimeField()

    objects = ScopedManager(agency="member__memberships__agency")

    class Meta:
        """Once an event and day."""

        base_manager_name = "objects"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("member", "event", "on"), name="one_change_a_day"),
        )
