"""`decompte manage seal`: chain the events that are not sealed yet."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.audit import services
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """Seals the audit trail; meant to run every few minutes."""

    help = "seal the audit events that are not sealed yet"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Seal, and say how many."""
        with system("sealing the audit trail"):
            count = services.seal()
        self.stdout.write(f"{count} events sealed")
