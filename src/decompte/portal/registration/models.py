"""A registration a student and year, and the list by which a school asks for it."""

from django.db import models
from django.db.models import Q

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager
from decompte.portal.registration.states import Progress, State


class Registration(models.Model):
    """A student's online registration for one academic year.

    Attributes:
        academic_year: year in which it begins (2013 for 2013-14).
        step: the furthest step reached, 1 to 4; the complementary is chosen in step 2 only.
        answers: what the student said, in the situation format of `decompte advise`; `card` adds
            country and expiry of a European card.
        agency, complementary: chosen in step 2; the complementary is the agency's own, or none
            (a database constraint).
        affiliation: the answer of `procedure` when it was confirmed, kept for ever, with reasons.
        contribution_cents: what the student owes for the year.
        certificate_code: by which anybody checks the certificate; random, made when first asked.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="registrations"
    )
    academic_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    step = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict)
    agency = models.CharField(max_length=40, blank=True)
    complementary = models.CharField(max_length=40, blank=True)
    affiliation = models.JSONField(null=True, blank=True)
    contribution_cents = models.PositiveIntegerField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    certificate_code = models.CharField(max_length=19, unique=True, null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        """One registration a year; a complementary only of the same agency."""

        base_manager_name = "objects"
        ordering = ("-academic_year",)
        constraints = (
            models.UniqueConstraint(
                fields=("member", "academic_year"), name="one_registration_a_year"
            ),
            models.CheckConstraint(
                condition=Q(complementary="") | Q(complementary=models.F("agency")),
                name="complementary_of_the_same_agency",
            ),
        )


class Enrolment(models.Model):
    """A student of a school's list for one academic year; seen by that school and the student.

    Attributes:
        school: `school:` and the id of the establishment in `procedure`.
        student_number: the school's own; with school and year it names the row (a constraint).
        state: how far the registration has come; follows the registration once there is one.
        step: the furthest step of the registration, 0 before it began.
        user: the account that took the invitation.
        left_on: day on which a newer list no longer had the student; such a row is kept.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    school = models.CharField(max_length=40)
    academic_year = models.PositiveSmallIntegerField()
    student_number = models.CharField(max_length=20)
    given_name = models.CharField(max_length=38)
    family_name = models.CharField(max_length=38)
    birth_date = models.DateField()
    email = models.EmailField()
    state = models.CharField(max_length=12, choices=Progress.choices, default=Progress.LISTED)
    step = models.PositiveSmallIntegerField(default=0)
    listed_at = models.DateTimeField()
    left_on = models.DateField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    messages_sent = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ScopedManager(agency="school", member="registration__member_id")

    class Meta:
        """Once a list and year; by name; an account stands for one student a school and year."""

        base_manager_name = "objects"
        ordering = ("family_name", "given_name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "academic_year", "student_number"), name="one_enrolment_a_number"
            ),
            models.UniqueConstraint(
                fields=("school", "academic_year", "user"), name="one_enrolment_an_account"
            ),
        )
        indexes = (models.Index(fields=("school", "academic_year", "state")),)


class ListReport(models.Model):
    """What became of the newest list a school gave for a year: counts, and the rows not taken.

    Attributes:
        counts: new, changed, same, repeated, wrong, left.
        wrong_sealed: head of the table and the rows not taken, with what is wrong; sealed JSON.
    """

    school = models.CharField(max_length=40)
    academic_year = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=100)
    counts = models.JSONField(default=dict)
    wrong_sealed = models.BinaryField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)

    objects = ScopedManager(agency="school", member=None)

    class Meta:
        """The newest only."""

        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=("school", "academic_year"), name="one_report_a_year"),
        )
