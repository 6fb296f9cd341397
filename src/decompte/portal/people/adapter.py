"""How sign-up makes an account: with the language it was made in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from decompte.portal import clock
from decompte.portal.people.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Keeps the language and the day of a new account."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002  (the library's signature)
        """Return the account as saved."""
        user.language = "fr" if (get_language() or "").startswith("fr") else "en"
        user.joined_at = clock.now()
        saved: User = super().save_user(request, user, form, commit)
        return saved


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Makes accounts of those who sign in through a provider; takes the mail address alone."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Return the account to be made, with its mail address only."""
        user: User = sociallogin.user
        user.email = (data.get("email") or "").strip().lower()
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Return the account as saved, with the language and day it was made."""
        user: User = sociallogin.user
        user.language = "fr" if (get_language() or "").startswith("fr") else "en"
        user.joined_at = clock.now()
        saved: User = super().save_user(request, sociallogin, form)
        return saved
