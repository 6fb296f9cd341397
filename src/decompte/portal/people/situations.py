"""Changes of a member's life as they told them, and what the procedures say each brings about."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people.models import Member, SituationChange
from decompte.procedure.changes import EVENTS, Change, Consequence, consequence


class Told(NamedTuple):
    """A change as it was told, with what it brings about."""

    row: SituationChange
    consequence: Consequence

    @property
    def name(self) -> object:
        """What happened, in words."""
        return EVENTS[self.row.event]


@transaction.atomic
def tell(member: Member, *, event: str, on: date) -> Told:
    """Keep a change of life; telling it twice is telling it once.

    Raises:
        Refusal: the event is unknown, or the day is impossible.
    """
    follows = consequence(Change(event, on, member.birth_date))
    row, is_new = SituationChange.objects.get_or_create(
        member=member, event=event, on=on, defaults={"told_at": clock.now()}
    )
    if is_new:
        audit.record(
            "situation.changed",
            f"member:{member.public_id}",
            actor=member.user.public_id,
            agency=member.agency,
            detail={"event": event, "on": on.isoformat()},
        )
    return Told(row, follows)


def told(member: Member) -> list[Told]:
    """Return the changes a member told, newest first."""
    rows = SituationChange.objects.filter(member_id=member.pk).order_by("-on", "-id")
    return [
        Told(row, consequence(Change(row.event, row.on, member.birth_date)))
        for row in rows
        if row.event in EVENTS
    ]


def shortens(since: date, until: date, changes: Sequence[Told]) -> Told | None:
    """Return the change that ends a period of rights early, the earliest if several do."""
    early = [
        one
        for one in changes
        if since <= one.row.on <= until
        and one.consequence.keeps_until is not None
        and one.consequence.keeps_until < until
    ]
    return min(early, key=lambda one: one.consequence.keeps_until or date.max, default=None)
