"""`decompte manage work`: do what waits on the queue, what dead workers left included."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from decompte.portal.background import services, workers


class Command(db_worker.Command):
    """The library's worker, which is known as alive and begins with what others left."""

    help = "do the work in the background; --batch: and stop"

    def handle(self, **options: Any) -> None:
        """Take back what was left, then work."""
        with workers.alive(options["worker_id"]):
            services.take_back()
            super().handle(**options)
