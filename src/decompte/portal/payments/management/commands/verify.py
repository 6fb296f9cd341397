"""`decompte verify`: the books, the decisions, the audit chain, the stored papers."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.audit import services as audit
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests


class Command(BaseCommand):
    """Checks everything that money and trust rest on; exit code 1 if anything is off."""

    help = "check the books, the decisions, the audit chain and the stored papers"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Check, and list what is off."""
        with system("verification"):
            found = [
                *payments.problems(),
                *decisions.problems(),
                *audit.problems(),
                *requests.problems(),
            ]
        for problem in found:
            self.stdout.write(problem)
        if found:
            sys.exit(1)
        self.stdout.write("books, decisions, audit chain and papers: nothing is off")
