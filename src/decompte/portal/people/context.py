"""What every page knows: who is reading, and what day it is in the demonstration."""

from django.conf import settings
from django.http import HttpRequest

from decompte.portal import clock
from decompte.portal.people import services


def who(request: HttpRequest) -> dict[str, object]:
    """Return the reader's role for the navigation, and the demonstration's day."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    return {
        "staff_role": services.staff_role(user) if is_known else None,
        "is_demonstration": settings.DEMONSTRATION,
        "portal_today": clock.today(),
    }
