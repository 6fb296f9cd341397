"""`decompte manage remind`: put the reminders that are due on the queue; runs once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.agency import tasks


class Command(BaseCommand):
    """Asks the queue to remind members; asked twice, nobody is reminded twice."""

    help = "put the reminders that are due on the queue"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Enqueue, and name the task."""
        self.stdout.write(f"task {tasks.remind.enqueue().id}")
