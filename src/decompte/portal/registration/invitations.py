"""Verbs of a school about invitations: invite, remind; and the student's: take the invitation.

An invitation is a signed address; whoever opens it with an account of theirs stands for that
student from then on.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from decompte.errors import LANGS, Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration.enrolments import ROWS_AT_ONCE, follow, of_this_year, school_of
from decompte.portal.registration.models import Enrolment, Registration
from decompte.portal.registration.states import Progress
from decompte.procedure.years import academic_year

SALT = "decompte.invitation"
BETWEEN_MESSAGES = timedelta(days=7)
MOST_MESSAGES = 4
MESSAGES_AT_ONCE = 2_000
OPEN = (Progress.INVITED, Progress.BEGUN)
Link = Callable[[str], str]


def to_invite(school: str) -> int:
    """Return how many students wait to be invited."""
    return of_this_year(school).filter(state=Progress.LISTED, left_on__isnull=True).count()


def to_remind(school: str) -> int:
    """Return how many students may be reminded today."""
    return _remindable(school).count()


@transaction.atomic
def invite(school: str, link: Link, actor: str) -> int:
    """Invite the students who are on the list only; return how many, 2,000 at most at once."""
    waiting = of_this_year(school).filter(state=Progress.LISTED, left_on__isnull=True)
    chosen = list(waiting[:MESSAGES_AT_ONCE])
    _write(chosen, link, is_reminder=False)
    Enrolment.objects.filter(pk__in=[one.pk for one in chosen], state=Progress.LISTED).update(
        state=Progress.INVITED
    )
    return _told("school.invited", school, actor, len(chosen))


@transaction.atomic
def remind(school: str, link: Link, actor: str) -> int:
    """Remind those who have not finished, once a week and three times at most; return how many."""
    chosen = list(_remindable(school)[:MESSAGES_AT_ONCE])
    _write(chosen, link, is_reminder=True)
    return _told("school.reminded", school, actor, len(chosen))


def token(enrolment: Enrolment) -> str:
    """Return the signed name by which an invitation is opened."""
    return signing.Signer(salt=SALT).sign(enrolment.public_id)


def invited_by(signed: str) -> Enrolment | None:
    """Return the student an invitation is for; None for one that was changed or is over."""
    try:
        public_id = signing.Signer(salt=SALT).unsign(signed)
    except signing.BadSignature:
        return None
    with system("somebody opens an invitation"):
        found: Enrolment | None = Enrolment.objects.filter(
            public_id=public_id, academic_year=academic_year(clock.today()), left_on__isnull=True
        ).first()
    return found


def accept(signed: str, user: Any) -> Enrolment:
    """Let an account stand for the student an invitation is for; the same account twice is once.

    Raises:
        Refusal: the invitation is not good, or another account took it, or this account stands for
            another student of that school.
    """
    enrolment = invited_by(signed)
    if enrolment is None:
        raise _refusal(
            "invitation.wrong",
            "cette invitation n'est pas valable, ou plus : demandez-en une autre à votre école",
            "this invitation is not good, or no longer: ask your school for another",
        )
    with system("an invitation is taken"), transaction.atomic():
        rows = Enrolment.objects.filter(school=enrolment.school, user_id=user.pk)
        if rows.filter(academic_year=enrolment.academic_year).exclude(pk=enrolment.pk).exists():
            raise _refusal(
                "invitation.other",
                "ce compte est celui d'un autre étudiant de cette école",
                "this account belongs to another student of that school",
            )
        taken = Enrolment.objects.filter(pk=enrolment.pk, user__isnull=True).update(user=user)
        enrolment.refresh_from_db()
        if enrolment.user_id != user.pk:
            raise _refusal(
                "invitation.taken",
                "cette invitation a déjà servi avec un autre compte : connectez-vous avec celui-ci",
                "this invitation was used with another account: sign in with that one",
            )
        if taken:
            audit.record(
                "school.invitation_taken",
                f"enrolment:{enrolment.public_id}",
                actor=user.public_id,
                agency=enrolment.school,
            )
            _follow_known(enrolment, user)
    return enrolment


def _remindable(school: str) -> QuerySet[Enrolment]:
    return of_this_year(school).filter(
        state__in=OPEN,
        left_on__isnull=True,
        contacted_at__lte=clock.now() - BETWEEN_MESSAGES,
        messages_sent__lt=MOST_MESSAGES,
    )


def _write(chosen: Sequence[Enrolment], link: Link, *, is_reminder: bool) -> None:
    """Put a message to each student into the outbox: first in French, then in English."""
    for one in chosen:
        address = link(token(one))
        school = school_of(one.school)
        bodies, subject = [], ""
        for lang in LANGS:
            with translation.override(lang):
                said = school.name.to(lang) if school else ""
                subject = subject or _("Register for your health insurance: %(school)s") % {
                    "school": said
                }
                opening = (
                    _("Your registration with %(school)s is not finished yet.")
                    if is_reminder
                    else _("%(school)s asks you to register for this academic year.")
                )
                bodies.append(
                    opening % {"school": said}
                    + " "
                    + _("It takes five minutes: you can stop at any time and go on later.")
                )
        outbox.enqueue(
            f"school:{one.pk}:{one.messages_sent + 1}",
            recipient=one.email,
            language="fr",
            subject=subject,
            body="\n\n".join([*bodies, address]),
        )
        one.contacted_at = clock.now()
        one.messages_sent += 1
    Enrolment.objects.bulk_update(
        chosen, ["contacted_at", "messages_sent"], batch_size=ROWS_AT_ONCE
    )


def _told(code: str, school: str, actor: str, count: int) -> int:
    if count:
        audit.record(code, school, actor=actor, agency=school, detail={"count": count})
    return count


def _follow_known(enrolment: Enrolment, user: Any) -> None:
    """Follow a registration that was begun before its invitation was taken."""
    begun = Registration.objects.filter(
        member_id=people.member_id_of(user), academic_year=enrolment.academic_year
    ).first()
    if begun:
        follow(begun)


def _refusal(code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, "invitation", Text(fr=fr, en=en))])
