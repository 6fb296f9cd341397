"""On whose behalf the program reads: nothing personal is readable outside a scope.

A scope is set for the length of a web request by the middleware, and by `system()` for the
program's own work, which must name its reason. Every table with personal data uses
`ScopedManager`: without a scope its querysets raise, with one they hold that scope's rows only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import models


class NoScopeError(AssertionError):
    """A defect: personal rows were asked for outside any scope."""


class AgencyScope(NamedTuple):
    """An agent at work: rows of this agency only."""

    agency: str


class MemberScope(NamedTuple):
    """A member at home: this member's rows only."""

    member_id: int


class SystemScope(NamedTuple):
    """The program itself, for the reason it gives."""

    reason: str


Scope = AgencyScope | MemberScope | SystemScope
_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope:
    """Return the scope of the running work.

    Raises:
        NoScopeError: none was set.
    """
    scope = _current.get()
    if scope is None:
        raise NoScopeError("personal data was asked for outside a scope")
    return scope


def scope_or_none() -> Scope | None:
    """Return the scope of the running work, or None: the database shows nothing then."""
    return _current.get()


def migrating(*, begins: bool) -> None:
    """Let a migration see every row from its beginning to its end."""
    _current.set(SystemScope("migration") if begins else None)


@contextmanager
def entered(scope: Scope | None) -> Iterator[None]:
    """Work within a scope; the previous one comes back afterwards."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def system(reason: str) -> Iterator[None]:
    """Work as the program itself, for a named reason."""
    with entered(SystemScope(reason)):
        yield


class ScopedManager(models.Manager[Any]):
    """The default and base manager of tables with personal data; fails closed.

    Args:
        agency: path of the field that holds the agency's id; None when no agency reads these rows.
        member: path of the field that holds the member's primary key; None when no member does.
        gone: field that is filled once the content of a row was forgotten: the row stays for the
            books, and only the program itself still finds it.
    """

    def __init__(
        self, agency: str | None = "agency", member: str | None = "member_id", gone: str = ""
    ) -> None:
        """Remember which fields the scope filters on."""
        super().__init__()
        self.agency_field = agency
        self.member_field = member
        self.gone_field = gone

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the current scope."""
        rows = super().get_queryset()
        if self.gone_field and not isinstance(current(), SystemScope):
            rows = rows.filter(**{f"{self.gone_field}__isnull": True})
        match current():
            case AgencyScope(agency):
                if self.agency_field is None:
                    return rows.none()
                return rows.filter(**{self.agency_field: agency})
            case MemberScope(member_id):
                if self.member_field is None:
                    return rows.none()
                return rows.filter(**{self.member_field: member_id})
            case SystemScope():
                return rows
