"""Addresses of other people's programs: https, or this machine in the demonstration."""

from urllib.parse import urlsplit

from django.conf import settings

from decompte.errors import Problem, Refusal, Text

LOCAL = {"127.0.0.1", "localhost"}


def checked(url: str, field: str) -> str:
    """Return an address that may be called or gone to.

    Raises:
        Refusal: it is no https address without a password in it.
    """
    try:
        parts = urlsplit(url)
        is_local = settings.DEMONSTRATION and parts.hostname in LOCAL
    except ValueError:
        raise _refusal(field) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_local)
    if not (is_safe and parts.hostname and parts.username is None and url.isprintable()):
        raise _refusal(field)
    return url


def without_query(url: str) -> str:
    """Return an address without what follows its path."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _refusal(field: str) -> Refusal:
    text = Text(fr="une adresse https est attendue", en="an https address is expected")
    return Refusal([Problem("address.unsafe", field, text)])
