"""`decompte manage forget`: takes away answers to forms that are older than 90 days."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.idempotency import services
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """To be run every night."""

    help = "forget the answers to forms that are older than 90 days"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Forget, and say how many."""
        with system("old answers to forms"):
            count = services.forget()
        self.stdout.write(f"{count} answers forgotten")
