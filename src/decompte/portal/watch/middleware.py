"""Numbers every web request, counts it, and logs it by the name of its route."""

import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from decompte.portal.watch.counters import ANSWERS, SECONDS

LOG = logging.getLogger("decompte.requests")
UNKNOWN = "unknown"
FAILED = 500
_number: ContextVar[str] = ContextVar("request_id", default="")
Answer = Callable[[HttpRequest], HttpResponse]


def request_id() -> str:
    """Return the number of the request being answered, or nothing outside one."""
    return _number.get()


class WatchMiddleware:
    """Gives a request its number, and tells of its answer by route, never by path."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, count and log."""
        token = _number.set(secrets.token_hex(8))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id()
            _tell(request, response.status_code, time.perf_counter() - began)
        finally:
            _number.reset(token)
        return response


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else UNKNOWN
    method = request.method or UNKNOWN
    ANSWERS.labels(route=route, method=method, status=str(status)).inc()
    SECONDS.labels(route=route).observe(seconds)
    LOG.log(
        logging.ERROR if status >= FAILED else logging.INFO,
        "request.answered",
        extra={
            "route": route,
            "method": method,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
