"""What covers a member and what is known of them, read once for a page that asks several rooms."""

from datetime import date
from typing import NamedTuple

from decompte.portal.people.facts import Facts, facts
from decompte.portal.registration.models import Registration
from decompte.portal.registration.states import State


class Cover(NamedTuple):
    """A member's confirmed registrations, newest first, and the facts beside them."""

    confirmed: tuple[Registration, ...]
    facts: Facts

    @property
    def newest(self) -> Registration | None:
        """The newest confirmed registration, or None."""
        return next(iter(self.confirmed), None)

    def on(self, day: date) -> Registration | None:
        """Return the confirmed registration that covers a day, or None."""
        return next((one for one in self.confirmed if _holds(one, day)), None)


def cover(member_id: int) -> Cover:
    """Return what covers a member within the scope, by two queries."""
    rows = Registration.objects.filter(member_id=member_id, state=State.CONFIRMED)
    return Cover(tuple(rows), facts(member_id))


def _holds(one: Registration, day: date) -> bool:
    return bool(one.since and one.until and one.since <= day <= one.until)
