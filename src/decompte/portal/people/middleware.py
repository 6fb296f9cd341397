"""Sets on whose behalf a web request works, and keeps personal pages out of caches."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from decompte.portal.people import services
from decompte.portal.people.scope import AgencyScope, MemberScope, Scope, entered

Answer = Callable[[HttpRequest], HttpResponse]


class ScopeMiddleware:
    """Enters the scope of the account that asks; without an account there is none."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the scope."""
        with entered(scope_of(request)):
            response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store"
        return response


def scope_of(request: HttpRequest) -> Scope | None:
    """Return the scope of an account: its agency for staff, its own rows for a member."""
    if not request.user.is_authenticated:
        return None
    if role := services.staff_role(request.user):
        return AgencyScope(role.agency)
    member_id = services.member_id_of(request.user)
    return MemberScope(member_id) if member_id is not None else MemberScope(services.NOBODY)
