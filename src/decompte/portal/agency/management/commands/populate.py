"""`decompte manage populate --members N --requests N`: an invented year, for rehearsals at size.

The first thousand students are drawn (`agency/population.py`), more are copies of them
(`agency/copies.py`). Each chunk and each copy is a transaction: stopped, it goes on where it was.
Only beside a demonstration, never beside real people.
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from datetime import time as moment
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.agency import copies, population
from decompte.portal.agency.management.commands.demonstration import PASSWORD, picture
from decompte.portal.agency.population import Frame
from decompte.portal.audit import services as audit
from decompte.portal.decisions import invented as decisions
from decompte.portal.payments import invented as payments
from decompte.portal.people import invented as people
from decompte.portal.people import services as accounts
from decompte.portal.people.scope import AgencyScope, entered, system
from decompte.portal.registration import invented as registration
from decompte.portal.requests import invented as requests
from decompte.portal.requests import weeks
from decompte.procedure import papers

EVENING = moment(18)
STAFF = (*(("agent", n) for n in range(1, 9)), ("supervisor", 1), ("finance", 1), ("finance", 2))
DRAWN = 1000
Staff = dict[str, list[tuple[str, Any]]]


class Command(BaseCommand):
    """Invents members, requests, papers, decisions and payments."""

    help = "invent a year of members, requests, decisions and payments, to rehearse at size"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed and the last day of the year."""
        parser.add_argument("--members", type=int, default=300)
        parser.add_argument("--requests", type=int, default=3000)
        parser.add_argument("--drawn", type=int, default=DRAWN, help="more are copies of these")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, help="last day; today if left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make what is not there yet."""
        if not settings.DEMONSTRATION:
            raise CommandError("invented people belong beside a demonstration only")
        if min(options["members"], options["drawn"]) < 1 or options["requests"] < 0:
            raise CommandError("--members, --drawn: at least 1; --requests: at least 0")
        until = options["until"] or clock.today()
        now = datetime.combine(until, EVENING, UTC)
        with system("an invented population"):
            staff = {agency: _staff(agency) for agency in population.assumed()["agencies"]}
            agents = {
                agency: [(one.public_id, one.pk) for role, one in found if role == "agent"]
                for agency, found in staff.items()
            }
            times = max(1, round(options["members"] / options["drawn"]))
            drawn = options["members"] // times, options["requests"] // times
            self.make(Frame(options["seed"], *drawn, now, agents), staff, times)
        for agency in staff:
            with entered(AgencyScope(agency)):
                weeks.close(agency, until)

    def make(self, frame: Frame, staff: Staff, times: int) -> None:
        """Make the chunks and copies that are missing, then write the payment files."""
        weeks = population.mondays(frame.now)
        files: dict[tuple[str, datetime], Any] = {}
        officers = {
            agency: [one for role, one in found if role == "finance"]
            for agency, found in staff.items()
        }
        try:
            for agency, two in officers.items():
                files |= payments.open_files(agency, weeks, two[0])
        except Refusal as refusal:
            raise CommandError(refusal.problems[0].message.en) from None
        self.draw(frame, files)
        self.copy(frame, times)
        for agency, two in officers.items():
            mine = [one for (whose, _at), one in files.items() if whose == agency]
            count = payments.close_files(mine, two[1])
            self.stderr.write(f"{agency}: {count} payment files")

    def draw(self, frame: Frame, files: payments.Files) -> None:
        """Draw the chunks that are not there yet."""
        pictures = {kind: picture(f"SPÉCIMEN · {kind}", "—") for kind in papers.kinds()}
        agencies = population.assumed()["agencies"]
        specimens = {agency: requests.specimens(pictures, agency) for agency in agencies}
        password = make_password(PASSWORD)
        for first in self.told("drawn", population.chunks(frame)):
            if not people.has_account(population.email(first)):
                with transaction.atomic():
                    _chunk(frame, first, specimens, files, password)

    def copy(self, frame: Frame, times: int) -> None:
        """Copy what was drawn as often as is missing."""
        if times == 1:
            return
        first, last = population.email(0), population.email(frame.members - 1)
        members = people.block(first, last)
        ends = [*requests.ends(*members), *payments.ends(*members)]
        block = copies.Block(*members, *audit.span(ends))
        copies.count_rows()
        for number in self.told("copied", range(1, times)):
            if not people.has_account(f"copy{copies.mark(number)}.{first}"):
                copies.copy(block, number)
        copies.set_counters()

    def told(self, what: str, firsts: range) -> Iterator[int]:
        """Yield the parts, and say how far it is: on a terminal each, else each tenth part."""
        began, is_terminal = time.monotonic(), sys.stderr.isatty()
        step = 1 if is_terminal else max(1, len(firsts) // 10)
        for count, first in enumerate(firsts, start=1):
            yield first
            if count % step == 0 or count == len(firsts):
                seconds = time.monotonic() - began
                self.stderr.write(
                    f"{what}: {count * 100 // len(firsts)} % in {seconds:.0f} s",
                    ending="\r" if is_terminal and count < len(firsts) else "\n",
                )


def _staff(agency: str) -> list[tuple[str, Any]]:
    """Return the invented staff of an agency, made if not there: role and account."""
    found = []
    for role, number in STAFF:
        email = f"{role}{number}.{agency}@invented.decompte.example"
        if people.has_account(email):
            found.append((role, accounts.account_of(email)))
            continue
        user = accounts.create_account(email, PASSWORD)
        accounts.add_staff(user, agency, role, f"{role.title()} {number}")
        found.append((role, user))
    return found


def _chunk(frame: Frame, first: int, specimens: Any, files: payments.Files, password: str) -> None:
    known = population.people(frame, first)
    members = people.add(known, password)
    pairs = list(zip(members, known, strict=True))
    registration.add(pairs, population.years(frame.now))
    wanted = [
        (member, person, asked)
        for (member, person), all_asked in zip(
            pairs, population.year(frame, first, known), strict=True
        )
        for asked in all_asked
    ]
    made = requests.add(wanted, specimens)
    ended = [one for one in made if one.asked.decided_at and one.asked.state != "refused"]
    ended.sort(key=lambda one: (one.asked.decided_at, one.request.pk))
    decided = decisions.decide(ended)
    banks = accounts.bank_accounts([member.pk for member in members])
    payments.order(list(zip(decided, ended, strict=True)), banks, files)
