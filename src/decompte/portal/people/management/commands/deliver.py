"""`decompte manage deliver`: send the mails that wait."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.outbox import services
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """Sends what waits in the outbox; meant to run every minute."""

    help = "send the messages that wait"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Send, and say how many."""
        with system("delivering the outbox"):
            count = services.deliver()
        self.stdout.write(f"{count} messages sent")
