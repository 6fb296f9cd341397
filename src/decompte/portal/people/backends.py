"""Signs in by the library's way, and reads an account with its role and its member: one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F

from decompte.portal.people.models import User
from decompte.portal.people.scope import system


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """The account behind a session, with the role it has or had and the key of its member."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session, or None when there is none or it is closed."""
        with system("who is asking"):
            rows = User.objects.select_related("staff_role").annotate(member_key=F("member__pk"))
            user = rows.filter(pk=user_id).order_by().first()
        return user if user is not None and self.user_can_authenticate(user) else None
