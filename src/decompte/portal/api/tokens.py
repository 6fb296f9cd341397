"""Tokens of programs: made once, shown once, kept as a digest, and what they may see.

A token never widens what its party may see: `scope_of` gives one of the scopes of
`people/scope.py`, the only place that filters.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.api import addresses
from decompte.portal.api.models import Client, Kind
from decompte.portal.audit import services as audit
from decompte.portal.people import sealing
from decompte.portal.people import services as people
from decompte.portal.people.scope import AgencyScope, MemberScope, Scope
from decompte.portal.people.sealing import Secret
from decompte.procedure.agencies import agencies

PREFIX = "dct_"
SIGNING_CONTEXT = "client-signing"
MOST_DAYS = 366


class Made(NamedTuple):
    """A new client, with the token and the signing secret that nobody can read again."""

    client: Client
    token: Secret
    signing: Secret


def make(
    name: str,
    kind: str,
    *,
    agency: str = "",
    user: Any = None,
    is_read_only: bool = False,
    return_addresses: Sequence[str] = (),
) -> Made:
    """Return a new client with its token.

    Raises:
        Refusal: the name is missing, or the agency unknown.
    """
    if not name.strip():
        raise _refusal("name", "field.missing", "donnez un nom", "give a name")
    if kind in {Kind.AGENT, Kind.FINANCE} and agency not in agencies():
        known = ", ".join(agencies())
        raise _refusal(
            "agency",
            "choice.unknown",
            f"organisme inconnu ; permis : {known}",
            f"unknown agency; allowed: {known}",
        )
    token, signing = Secret(PREFIX + secrets.token_urlsafe(32)), Secret(secrets.token_urlsafe(32))
    client = Client.objects.create(
        name=name.strip(),
        kind=kind,
        agency=agency,
        user=user,
        is_read_only=is_read_only,
        return_addresses=[addresses.checked(one, "return_address") for one in return_addresses],
        token_digest=_digest(token.reveal()),
        signing_sealed=sealing.seal(signing.reveal().encode(), SIGNING_CONTEXT),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=MOST_DAYS),
    )
    _tell(client, "client.made")
    return Made(client, token, signing)


def client_of(token: str) -> Client | None:
    """Return the client of a token that is in force, or None."""
    if not token.startswith(PREFIX):
        return None
    return (
        Client.objects.filter(
            token_digest=_digest(token), revoked_at__isnull=True, expires_at__gt=clock.now()
        )
        .select_related("user")
        .first()
    )


def clients_of(user: Any) -> list[Client]:
    """Return the applications of an account that are in force."""
    return list(Client.objects.filter(user_id=user.pk, revoked_at__isnull=True))


def client(public_id: str) -> Client | None:
    """Return a client, or None."""
    return Client.objects.filter(public_id=public_id).first()


def revoke(client: Client) -> bool:
    """End a client at once; False when it was ended before."""
    ended = Client.objects.filter(pk=client.pk, revoked_at__isnull=True).update(
        revoked_at=clock.now()
    )
    if ended:
        _tell(client, "client.revoked")
    return bool(ended)


def scope_of(client: Client | None) -> Scope | None:
    """Return what a client may see: its agency's rows, its member's rows, or nothing personal."""
    if client is None or client.kind == Kind.SCHOOL:
        return None
    if client.kind == Kind.MEMBER:
        member_id = people.member_id_of(client.user)
        return MemberScope(people.NOBODY if member_id is None else member_id)
    return AgencyScope(client.agency)


def actor(client: Client) -> str:
    """Return who acts, for the audit trail: the account behind a member's application, or it."""
    return client.user.public_id if client.user else f"client:{client.public_id}"


def signing_secret(client: Client) -> Secret:
    """Return the secret that signs what is sent to a client."""
    return Secret(sealing.open_sealed(client.signing_sealed, SIGNING_CONTEXT).decode())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _tell(client: Client, code: str) -> None:
    audit.record(
        code,
        f"client:{client.public_id}",
        actor=client.user.public_id if client.user else "system",
        agency=client.agency,
        detail={"kind": client.kind},
    )


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
