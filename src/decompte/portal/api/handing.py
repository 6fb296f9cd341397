"""Verbs about hand-overs: a school begins, the student agrees and chooses here, the school reads.

What the school says of a student is sealed until the student takes it over, and then gone. The
school learns what was chosen once the student has confirmed, and nothing before.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.api import addresses, registrations, tokens
from decompte.portal.api.models import Client, Handover
from decompte.portal.api.shapes import HandoverIn, IdentityIn, RegistrationIn
from decompte.portal.audit import services as audit
from decompte.portal.people import sealing
from decompte.portal.people import services as people
from decompte.portal.people.scope import MemberScope, entered, system
from decompte.portal.registration import services as registration

CONTEXT = "handover"
DAYS = 14
WAITING, ACCEPTED, CONFIRMED, EXPIRED = "waiting", "accepted", "confirmed", "expired"


def begin(client: Client, given: HandoverIn) -> Handover:
    """Return a new hand-over of a school.

    Raises:
        Refusal: the student would come back to an address that is not the school's.
    """
    allowed = client.return_addresses
    if addresses.without_query(given.return_address) not in allowed:
        known = ", ".join(allowed) or "-"
        text = Text(
            fr=f"adresse de retour inconnue ; permis : {known}",
            en=f"unknown return address; allowed: {known}",
        )
        raise Refusal([Problem("address.unknown", "return_address", text)])
    said = given.model_dump(mode="json", by_alias=True, include={"identity", "registration"})
    handover = Handover.objects.create(
        client=client,
        answers_sealed=sealing.seal(json.dumps(said).encode(), CONTEXT),
        return_address=given.return_address,
        school_state=given.state,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=DAYS),
    )
    audit.record("handover.begun", _subject(handover), actor=tokens.actor(client))
    return handover


def of_client(client: Client, public_id: str) -> Handover | None:
    """Return a school's own hand-over, or None."""
    return Handover.objects.filter(client=client, public_id=public_id).first()


def find(public_id: str) -> Handover | None:
    """Return the hand-over behind an address that only its student was given, or None."""
    return Handover.objects.filter(public_id=public_id).select_related("client").first()


def said(handover: Handover) -> dict[str, Any]:
    """Return what the school says of the student, before the student took it over."""
    opened = sealing.open_sealed(handover.answers_sealed, CONTEXT)
    return json.loads(opened)  # type: ignore[no-any-return]


def step(handover: Handover) -> str:
    """Return how far a hand-over is."""
    if handover.registration:
        return CONFIRMED if result(handover) else ACCEPTED
    return EXPIRED if handover.expires_at < clock.now() else WAITING


@transaction.atomic
def accept(handover: Handover, user: Any) -> bool:
    """Take a hand-over as one's own: the registration's step 1 is answered; False if taken before.

    An identity that the account has already stays as it is.

    Raises:
        Refusal: the answers do not stand, or this year's registration is confirmed already.
    """
    told = said(handover) if step(handover) == WAITING else None
    taken = Handover.objects.filter(pk=handover.pk, registration="", accepted_at=None).update(
        accepted_at=clock.now(), answers_sealed=b""
    )
    if told is None or not taken:
        return False
    identity = IdentityIn(**told["identity"]).model_dump()
    member = people.member_of(user) or people.save_identity(user, identity)
    with entered(MemberScope(member.pk)):
        opened = registration.open_registration(member)
        answers = registrations.answers(member, RegistrationIn(**told["registration"]))
        registration.save_answers(opened, answers)
    Handover.objects.filter(pk=handover.pk).update(registration=opened.public_id)
    handover.refresh_from_db()
    audit.record("handover.accepted", _subject(handover), actor=user.public_id)
    return True


def is_of(handover: Handover, user: Any) -> bool:
    """Return whether an account took this hand-over."""
    found = registration.find(handover.registration) if handover.registration else None
    return found is not None and found.member_id == people.member_id_of(user)


def result(handover: Handover) -> Any:
    """Return the confirmed registration that a hand-over became, or None."""
    with system("a school reads the result of its own hand-over, once confirmed"):
        found = registration.find(handover.registration)
        return found if found and found.confirmed_at else None


def way_back(handover: Handover) -> str:
    """Return the signed address the student goes back to."""
    at = clock.machine_seconds()
    status = step(handover)
    signed = f"{handover.public_id}.{at}.{status}.{handover.school_state}"
    secret = tokens.signing_secret(handover.client).reveal()
    query = urlencode(
        {
            "handover": handover.public_id,
            "at": at,
            "status": status,
            "state": handover.school_state,
            "signature": hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest(),
        }
    )
    joint = "&" if "?" in handover.return_address else "?"
    return f"{handover.return_address}{joint}{query}"


def _subject(handover: Handover) -> str:
    return f"handover:{handover.public_id}"


def forget(registrations: Sequence[str]) -> int:
    """Take away the hand-overs that became these registrations; return how many."""
    return Handover.objects.filter(registration__in=[one for one in registrations if one]).delete()[
        0
    ]


def forget_expired(before: datetime) -> int:
    """Take away the hand-overs that no student took over before they expired."""
    old = Handover.objects.filter(accepted_at__isnull=True, expires_at__lt=before)
    return old.delete()[0]
