"""`decompte manage client`: give a program a token, shown once; or end it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decompte.errors import Refusal
from decompte.portal.api import hooks, tokens
from decompte.portal.api.models import Kind
from decompte.portal.people import services as people
from decompte.portal.people.scope import system


class Command(BaseCommand):
    """Makes clients: only the operator does, except for a member's own application."""

    help = "give a program a token, or end it with --revoke"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who, on whose behalf, and where it is told."""
        parser.add_argument("name", help="what people call it; with --revoke its id")
        parser.add_argument("kind", nargs="?", choices=Kind.values, default=Kind.SCHOOL)
        parser.add_argument("--agency", default="", help="for agent and finance")
        parser.add_argument("--account", default="", help="for member: the account's mail address")
        parser.add_argument("--return-address", action="append", default=[], metavar="URL")
        parser.add_argument("--webhook", default="", metavar="URL")
        parser.add_argument("--read-only", action="store_true")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make a client, or end it."""
        with system("the operator gives or ends a token"):
            self._handle(options)

    def _handle(self, options: dict[str, Any]) -> None:
        if options["revoke"]:
            client = tokens.client(options["name"])
            if client is None:
                raise CommandError("no client has this id")
            self.stdout.write("ended" if tokens.revoke(client) else "was ended before")
            return
        try:
            user = people.account_of(options["account"]) if options["account"] else None
            made = tokens.make(
                options["name"],
                options["kind"],
                agency=options["agency"],
                user=user,
                is_read_only=options["read_only"],
                return_addresses=options["return_address"],
            )
            if options["webhook"]:
                hooks.subscribe(made.client, options["webhook"])
        except Refusal as refusal:
            raise CommandError("; ".join(refusal.lines("en"))) from None
        self.stdout.write(f"client  {made.client.public_id}")
        self.stdout.write(f"token   {made.token.reveal()}")
        self.stdout.write(f"signing {made.signing.reveal()}")
