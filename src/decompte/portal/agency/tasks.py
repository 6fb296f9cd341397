"""Work in the background: put on the queue by a command, done by `decompte manage db_worker`.

A task may be killed at any moment and asked for again: it does what is still due, and nothing
twice, because each step is a transaction that moves what made it due.
"""

from django_tasks import task

from decompte.portal.people.scope import system
from decompte.portal.requests import review


@task()
def remind() -> int:
    """Remind the members whose requests wait for them; return how many."""
    with system("reminders"):
        return review.remind_due()
