"""`decompte manage recompute --from DAY --until DAY`: what the law in force now would decide."""

import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from decompte.engine.explain import euros
from decompte.portal.decisions import services
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """Recomputes decisions from their kept inputs and lists those that would differ today.

    Nothing is changed: a correction is a new decision, taken by people. Exit code 1 when a
    decision differs.
    """

    help = "list the decisions of a period that would come out differently today"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the period, both days included, and the agency."""
        parser.add_argument("--from", dest="since", type=date.fromisoformat, required=True)
        parser.add_argument("--until", type=date.fromisoformat, required=True)
        parser.add_argument("--agency", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Recompute, and list the differences."""
        count = differing = 0
        with system("recomputation"):
            found = services.recompute(options["since"], options["until"], options["agency"])
            for decision, now_cents, why in found:
                count += 1
                if now_cents == decision.payable_cents and not why:
                    continue
                differing += 1
                now = why or euros(now_cents or 0, "en")
                before = euros(decision.payable_cents, "en")
                self.stdout.write(f"{decision.request.reference} {before} -> {now}")
        self.stdout.write(f"{count} decisions recomputed, {differing} differ")
        if differing:
            sys.exit(1)
