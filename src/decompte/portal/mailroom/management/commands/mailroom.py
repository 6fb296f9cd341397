"""Files scanned stacks of posted requests: `decompte manage mailroom --agency lmde SCAN.pdf…`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from decompte.errors import Refusal
from decompte.portal.mailroom import services
from decompte.portal.people.scope import AgencyScope, entered
from decompte.procedure.agencies import agencies


class Command(BaseCommand):
    """Takes each scan once; says what was filed and what waits."""

    help = "Files scanned stacks of posted requests by their cover sheets."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the agency and the scans."""
        known = sorted(name for name, one in agencies().items() if one.has_back_office)
        parser.add_argument("--agency", required=True, choices=known)
        parser.add_argument("scans", nargs="+", metavar="SCAN")

    def handle(self, *_args: Any, **options: Any) -> None:
        """File the scans; exit 2 when one cannot be read, after the others were filed."""
        wrong = []
        for name in options["scans"]:
            try:
                with entered(AgencyScope(options["agency"])):
                    self._take(Path(name), options["agency"])
            except OSError as error:
                wrong.append(f"{name}: {error.strerror}")
            except Refusal as refusal:
                wrong += [f"{name}: {problem.message.en}" for problem in refusal.problems]
        if wrong:
            raise CommandError("\n".join(wrong), returncode=2)

    def _take(self, path: Path, agency: str) -> None:
        scan, is_new = services.take(path.read_bytes(), path.name, agency, "system")
        counted = services.report(scan)
        before = "" if is_new else " (filed before; nothing is filed twice)"
        self.stdout.write(
            f"{path.name}: {counted['pages']} pages, {counted['requests']} requests, "
            f"{counted['waiting']} pages wait{before}"
        )
        sys.stdout.flush()
