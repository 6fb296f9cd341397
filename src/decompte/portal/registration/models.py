"""One registration a student and academic year: answers, step 2, and the affiliation it gave."""

from django.db import models
from django.db.models import Q

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager
from decompte.portal.registration.states import State


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
