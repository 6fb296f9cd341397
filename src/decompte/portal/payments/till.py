"""Where a contribution is paid by card: the interface, and the till of the demonstration.

A provider takes the member to a page of its own and says afterwards what became of it. The local
till is a page of this portal that takes no card: it exists in the demonstration only, so that the
whole way can be walked. Another provider is a class with the same two verbs, named in `PROVIDERS`.
"""

from typing import NamedTuple, Protocol

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "decompte.till"
LASTS = 30 * 60


class Outcome(NamedTuple):
    """What became of a payment: which due it was for, whether it was paid, and its number."""

    due: str
    is_paid: bool
    number: str


class Provider(Protocol):
    """Somebody who takes card payments."""

    def begin(self, due: str, amount_cents: int) -> str:
        """Return the address to which the member goes to pay.

        Args:
            due: public id of what is owed.
            amount_cents: how much.
        """
        ...

    def outcome(self, answer: str) -> Outcome | None:
        """Return what an answer of the provider says, or None when it is not the provider's."""
        ...


class LocalTill:
    """The demonstration's till: it takes the member's word."""

    def begin(self, due: str, amount_cents: int) -> str:
        """Return the address of the till's page."""
        asked = signing.dumps({"due": due, "cents": amount_cents}, salt=SALT)
        return reverse("contribution:till", args=[asked])

    def asked(self, token: str) -> int | None:
        """Return how much a payment in course is about, in cents; None when it is over."""
        try:
            return int(signing.loads(token, salt=SALT, max_age=LASTS)["cents"])
        except signing.BadSignature:
            return None

    def pay(self, token: str, *, is_paid: bool) -> str:
        """Return the till's answer about a payment in course."""
        begun = signing.loads(token, salt=SALT, max_age=LASTS)
        said = {"due": begun["due"], "paid": is_paid, "number": token[-12:]}
        return signing.dumps(said, salt=f"{SALT}.answer")

    def outcome(self, answer: str) -> Outcome | None:
        """Return what the till said, if it said it within the half hour."""
        try:
            said = signing.loads(answer, salt=f"{SALT}.answer", max_age=LASTS)
        except signing.BadSignature:
            return None
        return Outcome(said["due"], said["paid"], said["number"])


PROVIDERS: dict[str, type[Provider]] = {"local": LocalTill}


def provider() -> Provider | None:
    """Return who takes card payments here, or None when nobody does."""
    found = PROVIDERS.get(settings.CARD_PAYMENTS)
    return found() if found else None
