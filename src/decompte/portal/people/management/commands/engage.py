"""`decompte manage engage`: the first administrator of an agency, who engages everybody else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decompte.errors import Refusal
from decompte.portal.people import roles, staff
from decompte.portal.people.scope import system
from decompte.procedure.agencies import agencies


class Command(BaseCommand):
    """Gives a role as the operator; a mail says how to choose a password and a second factor."""

    help = "give somebody a role at an agency: its first administrator"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who, where, and as what."""
        parser.add_argument("email", help="mail address of the account; made if there is none")
        parser.add_argument("agency", help="lmde, smerep, a CPAM, or school:…")
        parser.add_argument("name", help="what colleagues and members read")
        parser.add_argument("--role", choices=roles.Role.values, default=roles.Role.ADMINISTRATOR)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Engage them, or say why not."""
        if options["agency"] not in agencies() and not options["agency"].startswith(roles.SCHOOL):
            raise CommandError(f"no such agency: {', '.join(agencies())}, or school:…")
        with system("the operator engages an administrator"):
            try:
                staff.engage(
                    options["agency"], options["email"], options["role"], options["name"], by=None
                )
            except Refusal as refusal:
                raise CommandError("; ".join(refusal.lines("en"))) from None
        self.stdout.write(f"{options['email']}: {options['role']}, {options['agency']}")
