"""`decompte manage webhooks`: tell the programs what happened."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.api import hooks
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """Plans and sends; meant to run every minute, beside `deliver`."""

    help = "tell the programs that want to know what happened"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Plan, send, and say how many."""
        with system("programs are told what happened"):
            planned = hooks.plan()
            self.stdout.write(f"{planned} planned, {hooks.deliver()} acknowledged")
