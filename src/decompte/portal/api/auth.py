"""Which programs may call an operation."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from decompte.portal.api import tokens
from decompte.portal.api.models import Client, Kind
from decompte.portal.people import services as people

READING = {"GET", "HEAD"}


class Token(HttpBearer):
    """A token of one of these kinds; read-only ones only read."""

    def __init__(self, *kinds: str) -> None:
        """Keep the kinds."""
        super().__init__()
        self.kinds = kinds

    def authenticate(self, request: HttpRequest, _token: str) -> Client | None:
        """Return the client that the front desk found, or None without one.

        Raises:
            AuthorizationError: it may not do that.
        """
        client: Client | None = getattr(request, "api_client", None)
        if client is None:
            return None
        if client.kind not in self.kinds:
            raise AuthorizationError
        if client.is_read_only and request.method not in READING:
            raise AuthorizationError
        return client


MEMBER = Token(Kind.MEMBER)
SCHOOL = Token(Kind.SCHOOL)
AGENT = Token(Kind.AGENT)
STAFF = Token(Kind.AGENT, Kind.FINANCE)
FINANCE = Token(Kind.FINANCE)
PARTIES = Token(Kind.MEMBER, Kind.AGENT, Kind.FINANCE)
ANYBODY = Token(*Kind.values)


def client_of(request: HttpRequest) -> Client:
    """Return the client of a call that `Token` let in."""
    client: Client = request.api_client  # type: ignore[attr-defined]
    return client


def own_member(request: HttpRequest) -> Any:
    """Return the member behind a member's application.

    Raises:
        Http404: the account has no member yet.
    """
    member = people.member_of(client_of(request).user)
    if member is None:
        raise Http404
    return member


def actor(request: HttpRequest) -> str:
    """Return who acts, for the audit trail."""
    return tokens.actor(client_of(request))
