"""`decompte manage purge`: take away what is no longer to be kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from decompte.portal.rights import tasks
from decompte.portal.rights.purge import purge


class Command(BaseCommand):
    """To be run every night; stopped at any moment, the next run goes on."""

    help = "take away what is no longer to be kept: care, accounts, mails, files"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether a worker does it."""
        parser.add_argument("--queue", action="store_true", help="leave it to `db_worker`")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Purge, and say how much went."""
        if options["queue"]:
            self.stdout.write(f"task {tasks.purge.enqueue().id}")
            return
        for name, count in purge()._asdict().items():
            self.stdout.write(f"{name} {count}")
