"""Sets on whose behalf a web request works, and keeps personal pages out of caches."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils.cache import add_never_cache_headers

from decompte.portal.people import services
from decompte.portal.people.scope import AgencyScope, MemberScope, Scope, entered, scope_or_none

MEMBERS_ROOMS = {"requests", "decisions", "payments", "contribution", "appointments"}
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

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> None:
        """Keep staff out of the members' own pages, and out of the database what it cannot keep."""
        check_room(request.resolver_match)
        check_text(request)


def check_room(match: ResolverMatch | None) -> None:
    """Keep staff out of the members' own pages: the desk has its gate, these have none.

    Raises:
        Http404: to staff a member's page does not exist.
    """
    is_members = match is not None and match.app_name in MEMBERS_ROOMS
    if is_members and isinstance(scope_or_none(), AgencyScope):
        raise Http404


def check_text(request: HttpRequest) -> None:
    """Refuse the character NUL, which no keyboard has and PostgreSQL does not store.

    Raises:
        BadRequest: the address or a value of the form contains it.
    """
    if "\0" in request.path:
        raise BadRequest("the address contains the character NUL")
    sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    if any("\0" in value for one in sent for _name, values in one.lists() for value in values):
        raise BadRequest("a value contains the character NUL")


def scope_of(request: HttpRequest) -> Scope | None:
    """Return the scope of an account: its agency for staff, its own rows for a member."""
    if not request.user.is_authenticated:
        return None
    if role := services.role_of(request):
        return AgencyScope(role.agency)
    member_id = services.member_id_read(request)
    return MemberScope(services.NOBODY if member_id is None else member_id)
