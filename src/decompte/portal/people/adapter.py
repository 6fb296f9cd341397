"""How sign-up makes an account: with the language it was made in."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils.translation import get_language

from decompte.portal import clock
from decompte.portal.outbox import services as outbox
from decompte.portal.people.models import User


class MailAwayError(Exception):
    """The mail server does not answer, and the mail is one that a person waits for."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Keeps the language and the day of a new account; writes to people though mail is away."""

    is_notice = False

    def send_notification_mail(self, *arguments: Any, **more: Any) -> None:
        """Tell of a change that is made; the mail waits with the others, so it cannot fail."""
        self.is_notice = True
        super().send_notification_mail(*arguments, **more)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that a person waits for, with a link or code that is not to be kept.

        Raises:
            MailAwayError: the mail server does not answer.
        """
        site = get_current_site(self.request)
        told = {"request": self.request, "email": email, "current_site": site, **context}
        mail = self.render_mail(template_prefix, email, told)
        if self.is_notice:
            outbox.enqueue(
                f"notice:{secrets.token_hex(16)}",
                recipient=email,
                language=get_language() or "",
                subject=mail.subject,
                body=mail.body,
            )
            return
        try:
            mail.send()
        except OSError as error:
            raise MailAwayError from error

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
