"""`decompte manage scan`: ask the virus scanner about the papers that wait for it."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.people.scope import system
from decompte.portal.requests import scanning


class Command(BaseCommand):
    """Lets papers go on that waited for the scanner; meant to run every minute."""

    help = "ask the virus scanner about the papers that wait"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Ask, and say how many are clean, refused, and still wait."""
        with system("papers wait for the virus scanner"):
            counts = scanning.go_on()
        self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))
