"""Who may open an agency's pages; whatever is shown to staff is told to the audit trail.

A view that shows a member's file records which one. Every other page, lists and refused forms
included, is recorded here by its name. What cannot be told is not shown.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from decompte.portal.agency import access
from decompte.portal.audit import services as audit
from decompte.portal.people import roles
from decompte.portal.people import services as people

View = Callable[..., HttpResponse]
SHOWN = (200, 422)


def staff(*asked: str) -> Callable[[View], View]:
    """Open a page to staff of these roles; to everybody else it does not exist.

    Staff without a second factor are led to set one up first, except in the demonstration. Each
    page that is shown is one reading in the audit trail at least.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        @login_required
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            role = people.role_of(request)
            if role is None or role.role not in asked:
                raise Http404
            if not settings.DEMONSTRATION and not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            with audit.hearing() as told:
                response = view(request, *args, **kwargs)
            if response.status_code in SHOWN and access.READINGS.isdisjoint(told):
                _tell(request, role.agency, kwargs)
            return response

        return wrapped

    return guarded


def _tell(request: HttpRequest, agency: str, about: dict[str, Any]) -> None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    audit.record(
        access.PAGE,
        f"page:{name}",
        actor=people.actor(request),
        agency=agency,
        detail={key: str(value) for key, value in about.items()},
    )


def able(power: str) -> Callable[[View], View]:
    """Open a page to the staff whose role has a power."""
    return staff(*roles.with_power(power))


def has(request: HttpRequest, power: str) -> bool:
    """Return whether the staff who asks has a power."""
    role = people.role_of(request)
    return role is not None and roles.may(role.role, power)
