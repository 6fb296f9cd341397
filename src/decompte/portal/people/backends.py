"""Signs in by the library's way, and reads an account together with its role: one query a page."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from decompte.portal.people.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """The account behind a session, with the role it has or had."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session, or None when there is none or it is closed."""
        user = User.objects.select_related("staff_role").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
