"""An agency's own people: engaged, moved to another role, ended; a lost second factor.

Nobody changes their own role, and a new start without the second factor takes two people besides
the one it is for. Each change acts with the next page, since the role is read anew for each.
"""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import roles, services, sessions
from decompte.portal.people.models import FactorReset, StaffRole, User


def colleagues(agency: str) -> list[StaffRole]:
    """Return everybody who has or had a role at an agency, by name; who left comes last."""
    rows = StaffRole.objects.filter(agency=agency).select_related("user")
    return sorted(rows, key=lambda one: (one.ended_at is not None, one.display_name))


def agencies(power: str) -> list[str]:
    """Return the agencies where somebody has a power."""
    rows = StaffRole.objects.filter(role__in=roles.with_power(power), ended_at__isnull=True)
    return sorted(set(rows.values_list("agency", flat=True)))


def names(agency: str) -> dict[str, str]:
    """Return what everybody who has or had a role at an agency is called, by public id."""
    rows = StaffRole.objects.filter(agency=agency)
    return dict(rows.values_list("user__public_id", "display_name"))


def reviewers(agency: str) -> list[StaffRole]:
    """Return who reviews requests at an agency, by name."""
    rows = StaffRole.objects.filter(
        agency=agency, role__in=roles.with_power("review"), ended_at__isnull=True
    )
    return list(rows.select_related("user").order_by("display_name", "pk"))


def colleague(agency: str, public_id: str) -> StaffRole | None:
    """Return somebody's role at an agency, or None."""
    found = StaffRole.objects.filter(agency=agency, user__public_id=public_id)
    return found.select_related("user").first()


@transaction.atomic
def engage(agency: str, email: str, role: str, display_name: str, by: User | None) -> StaffRole:
    """Give a role to an account, made if there is none; a mail says how to sign in.

    Args:
        agency: its id, or a school's for its registrar.
        email: of the account.
        role: one of `roles.Role`.
        display_name: what colleagues and members read.
        by: the colleague who engages; None for the operator, who engages the first.

    Raises:
        Refusal: the account has a role already, here or elsewhere, or no agency has such a role.
    """
    _check_role(role, agency)
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = services.create_account(email, "")
        user.set_unusable_password()
        user.save()
    former = StaffRole.objects.filter(user=user).first()
    if former is not None and (former.ended_at is None or former.agency != agency):
        raise _refusal(
            "email", "staff.taken", "ce compte a déjà un rôle", "this account has a role already"
        )
    if former is None:
        former = StaffRole(user=user, agency=agency)
    former.role, former.display_name, former.ended_at = role, display_name, None
    former.save()
    _tell("staff.added", former, by, {"role": role})
    _mail(
        user,
        f"staff:{user.public_id}:{clock.now().isoformat()}",
        gettext_noop("You have a role at an agency"),
        gettext_noop(
            "Sign in to see it. If you have no password yet, ask for one on the sign-in page."
        ),
    )
    return former


@transaction.atomic
def move(held: StaffRole, role: str, display_name: str, by: User) -> None:
    """Give somebody another role or name.

    Raises:
        Refusal: it is one's own, or no agency has such a role.
    """
    _check_role(role, held.agency)
    _check_other(held, by)
    was = held.role
    held.role, held.display_name = role, display_name
    held.save()
    _tell("staff.moved", held, by, {"from": was, "role": role})


@transaction.atomic
def end(held: StaffRole, by: User) -> bool:
    """End somebody's role; False when it had ended.

    Raises:
        Refusal: it is one's own.
    """
    _check_other(held, by)
    ended = StaffRole.objects.filter(pk=held.pk, ended_at__isnull=True).update(ended_at=clock.now())
    if ended:
        sessions.end_all(held.user)
        _tell("staff.ended", held, by, {"role": held.role})
    return bool(ended)


def open_resets(agency: str) -> dict[int, FactorReset]:
    """Return the new starts that wait for a second person, by the key of the account."""
    rows = FactorReset.objects.filter(agency=agency, confirmed_by__isnull=True)
    return {one.user_id: one for one in rows}


@transaction.atomic
def ask_reset(held: StaffRole, by: User) -> FactorReset:
    """Ask that somebody may start anew without their second factor.

    Raises:
        Refusal: it is for oneself, or asked already.
    """
    _check_other(held, by)
    if FactorReset.objects.filter(user=held.user, confirmed_by__isnull=True).exists():
        raise _refusal("user", "factor.asked", "c'est déjà demandé", "this has been asked already")
    made: FactorReset = FactorReset.objects.create(
        user=held.user, agency=held.agency, asked_by=by, asked_at=clock.now()
    )
    _tell("factor.reset_asked", held, by, {})
    return made


@transaction.atomic
def confirm_reset(held: StaffRole, by: User) -> bool:
    """Confirm as the second person: the factor and the password are gone; False if none is asked.

    Raises:
        Refusal: who confirms asked for it, or it is for them.
    """
    found = FactorReset.objects.filter(user=held.user, confirmed_by__isnull=True).first()
    if found is None:
        return False
    _check_other(held, by)
    if found.asked_by_id == by.pk:
        raise _refusal(
            "confirmed_by",
            "factor.same_person",
            "une deuxième personne doit confirmer",
            "a second person must confirm",
        )
    moved = FactorReset.objects.filter(pk=found.pk, confirmed_by__isnull=True).update(
        confirmed_by=by, confirmed_at=clock.now()
    )
    if moved:
        Authenticator.objects.filter(user=held.user).delete()
        held.user.set_unusable_password()
        held.user.save()
        sessions.end_all(held.user)
        _tell("factor.reset", held, by, {"asked_by": found.asked_by.public_id})
        _mail(
            held.user,
            f"factor:{found.public_id}",
            gettext_noop("Your second factor was taken away"),
            gettext_noop(
                "Two colleagues asked for it. Choose a new password on the sign-in page, then set "
                "up a new second factor. If it was not you, tell your supervisor at once."
            ),
        )
    return bool(moved)


def _check_role(role: str, agency: str) -> None:
    known = (roles.Role.REGISTRAR,) if agency.startswith(roles.SCHOOL) else roles.AT_AN_AGENCY
    if role not in known:
        raise _refusal("role", "role.unknown", "rôle inconnu", "unknown role")


def _check_other(held: StaffRole, by: User) -> None:
    if held.user_id == by.pk:
        raise _refusal(
            "user",
            "staff.oneself",
            "personne ne change son propre rôle",
            "nobody changes their own role",
        )


def _mail(user: User, key: str, subject: str, body: str) -> None:
    with translation.override(user.language):
        outbox.enqueue(
            key,
            recipient=user.email,
            language=user.language,
            subject=gettext(subject),
            body=gettext(body),
        )


def _tell(code: str, held: StaffRole, by: User | None, detail: dict[str, object]) -> None:
    audit.record(
        code,
        f"user:{held.user.public_id}",
        actor=by.public_id if by else "operator",
        agency=held.agency,
        detail=detail,
    )


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
