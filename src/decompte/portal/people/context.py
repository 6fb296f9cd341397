"""What every page knows: who is reading, where they can go, and what day it is."""

from django.conf import settings
from django.http import HttpRequest

from decompte.portal import clock
from decompte.portal.people import navigation, services, typed
from decompte.portal.people.scope import AgencyScope, scope_or_none


def who(request: HttpRequest) -> dict[str, object]:
    """Return the reader's role, the navigation, and the demonstration's day."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    is_staff = is_known and isinstance(scope_or_none(), AgencyScope)
    role = services.role_of(request) if is_staff else None
    shown = navigation.places(role.role if role else None, is_known=is_known)
    match = request.resolver_match
    return {
        "staff_role": role,
        "places": shown,
        "place_here": navigation.here(shown, match.view_name if match else ""),
        "is_demonstration": settings.DEMONSTRATION,
        "portal_today": clock.today(),
        "typed": typed.of(request) if is_known else None,
    }
