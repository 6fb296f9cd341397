"""Whose file an agent must not touch: their own, their family's, one that shares their account."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people.models import BankAccount, Conflict, Member
from decompte.portal.people.scope import system


def declare(user: Any, member: Member, actor: str) -> None:
    """Record that a member is near to an agent; saying it twice is saying it once."""
    _made, is_new = Conflict.objects.get_or_create(
        user=user,
        member=member,
        defaults={"agency": member.agency, "declared_at": clock.now()},
    )
    if is_new:
        audit.record(
            "conflict.declared",
            f"member:{member.public_id}",
            actor=actor,
            agency=member.agency,
            detail={"agent": user.public_id},
        )


def declared(user: Any) -> list[Conflict]:
    """Return whom an agent declared to be near to them, newest first."""
    rows = Conflict.objects.filter(user_id=user.pk).select_related("member")
    return list(rows.order_by("-id"))


def among(user: Any, member_ids: Sequence[int]) -> set[int]:
    """Return which of some members an agent is too near to, asked at once."""
    with system("is this agent too near to these members"):
        mine = BankAccount.objects.filter(member__user_id=user.pk).values("iban_index")
        shared = BankAccount.objects.filter(member_id__in=member_ids, iban_index__in=mine)
        known = Conflict.objects.filter(user=user, member_id__in=member_ids)
        own = Member.objects.filter(user_id=user.pk, pk__in=member_ids)
        return {
            *shared.values_list("member_id", flat=True),
            *known.values_list("member_id", flat=True),
            *own.values_list("pk", flat=True),
        }


def conflict(user: Any, member: Member) -> bool:
    """Return whether an agent is too near to a member to see or touch the file."""
    if member.user_id == user.pk:
        return True
    with system("is this agent too near to this member"):
        declared = Conflict.objects.filter(user=user, member_id=member.pk)
        mine = BankAccount.objects.filter(member__user_id=user.pk).values("iban_index")
        shared = BankAccount.objects.filter(member_id=member.pk, iban_index__in=mine)
        either = Member.objects.filter(Exists(declared) | Exists(shared), pk=member.pk)
        return either.exists()
