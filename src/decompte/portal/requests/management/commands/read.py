"""`decompte manage read`: read the words of papers, so that their agency finds them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from decompte.portal.people.scope import system
from decompte.portal.requests import reading


class Command(BaseCommand):
    """Reads papers that were not read yet; stopped at any moment, the next run goes on."""

    help = "read the words of papers for the search: of PDFs, and of pictures by DECOMPTE_READER"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many papers to read."""
        parser.add_argument("--limit", type=int, default=500)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, and say how many in which way; never what."""
        with system("papers are read for the search of their agency"):
            counts = reading.go_on(options["limit"])
        self.stdout.write(", ".join(f"{count} {how}" for how, count in counts.items()))
