"""`decompte manage count`: put the count of closed weeks on the queue; runs once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.agency import tasks


class Command(BaseCommand):
    """Asks the queue to count each agency's closed weeks; asked twice a day, it is the same job."""

    help = "put the count of closed weeks on the queue"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Enqueue, and name the jobs."""
        for job in tasks.ask_for_counts():
            self.stdout.write(f"{job.agency}: job {job.public_id}")
