"""`decompte verify`: the invariants of money, decisions, the audit chain, papers and scans."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from decompte.portal.mailroom import services as mailroom
from decompte.portal.payments import verify
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """Asks everything that money, papers and trust rest on; exit code 1 if anything is off."""

    help = "check the books, the decisions, the audit chain and the stored papers"

    def add_arguments(self, parser: Any) -> None:
        """Take `--books`: the quick checks alone, which a release asks as well."""
        parser.add_argument("--books", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, and list what is off."""
        with system("verification"):
            if options["books"]:
                found = verify.books()
            else:
                found = [*verify.everything(), *mailroom.problems()]
        for problem in found:
            self.stdout.write(problem)
        if found:
            sys.exit(1)
        self.stdout.write("books, decisions, audit chain and papers: nothing is off")
