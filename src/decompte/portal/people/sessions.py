"""Sessions: ended everywhere at once when the password or a second factor changes, or at closing.

A session is good for the account's stamp only (`User.get_session_auth_hash`): a new stamp ends them
all on the server, however many there are.
"""

import secrets
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest

CHANGES = (
    account.password_changed,
    account.password_reset,
    account.password_set,
    mfa.authenticator_added,
    mfa.authenticator_removed,
    mfa.authenticator_reset,
)


def end_all(user: Any) -> None:
    """End every session of an account."""
    stamp = secrets.token_urlsafe(16)
    get_user_model()._default_manager.filter(pk=user.pk).update(session_stamp=stamp)  # noqa: SLF001
    user.session_stamp = stamp


def end_others(request: HttpRequest, user: Any) -> None:
    """End every session of an account but the one that asks, which gets a new key."""
    end_all(user)
    if request.user.pk == user.pk:
        update_session_auth_hash(request, user)


@receiver(CHANGES)
def changed(sender: Any, request: HttpRequest, user: Any, **_signal: Any) -> None:
    """Answer to the library's signals that a password or a second factor changed."""
    end_others(request, user)
