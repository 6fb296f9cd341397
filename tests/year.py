"""`python -m tests.year MEMBERS SEED`: a year of requests, payments, returns and corrections.

Everything goes through the verbs that people and the bank use; month after month the quick
invariants are asked, at the end all of them. It works in a database of its own and prints one line.
"""

import atexit
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta

if __name__ == "__main__":
    FOLDER = tempfile.mkdtemp(prefix="decompte-year-")
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
    os.environ["DECOMPTE_VAR"] = FOLDER
    os.environ["DECOMPTE_DEMONSTRATION"] = "1"
    os.environ["DECOMPTE_DAYS_BACK"] = "4760"
    os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

    import django

    django.setup()

from django.conf import settings
from django.core.management import call_command

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.agency import corrections
from decompte.portal.decisions import amendments
from decompte.portal.payments import services
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.requests.models import Request
from tests import bank, cast
from tests.portal.histories import IBANS, decided

MONTHS, DAYS = 12, 30
PATHWAYS = ("declared-gp", "declared-gp", "declared-gp", "out-of-pathway")
REASONS = ("AC04", "MD07", "AM04")


class Year:
    """One agency's year with so many members."""

    def __init__(self, members, seed):
        self.random = random.Random(seed)
        self.members = [cast.student() for _n in range(members)]
        self.officers = [cast.staff("lmde", "finance") for _n in range(2)]
        self.crew = [cast.staff("lmde"), cast.staff("lmde", "adjudicator")]
        self.statements = bank.Statements("lmde", clock.today())
        self.requests, self.counted = [], Counter()

    def run(self):
        """Live the year; return what was off, as it was found."""
        self.contributions()
        for _month in range(MONTHS):
            for _third in range(3):
                self.care()
                self.night()
                settings.DAYS_BACK -= DAYS // 3
            self.changes()
            if found := services.books():
                return found
        return services.everything()

    def care(self):
        for member in self.members:
            if self.random.random() < 0.3:
                decision = decided(
                    member,
                    clock.today() - timedelta(days=self.random.randint(1, 30)),
                    price_cents=self.random.randint(1500, 6000),
                    is_direct=self.random.random() < 0.3,
                    pathway=self.random.choice(PATHWAYS),
                )
                self.requests.append(decision.request_id)
                self.counted["decisions"] += 1

    def night(self):
        """Pay what waits; the bank pays, and sends some back."""
        try:
            batch = services.prepare("lmde", self.officers[0], clock.today())
        except Refusal:
            return
        services.release(batch, self.officers[1], batch.sha256)
        self.counted["files"] += 1
        back = [
            (one.amount_cents, {"end_to_end": one.end_to_end_id, "reason": self.one(REASONS)})
            for one in services.orders_of(batch)
            if self.random.random() < 0.08
        ]
        self.counted["returned"] += len(back)
        self.tell((-batch.total_cents, {"msg_id": batch.msg_id}), *back)

    def changes(self):
        """Members give other accounts, decisions are corrected, debts forgiven or paid back."""
        for one in services.held():
            people.set_bank_account(one.member, holder="Noa Berg", iban=self.one(IBANS))
        for key in self.random.sample(self.requests, min(len(self.requests), 2)):
            self.correct(Request.objects.get(pk=key))
        for debt in services.owing()[:2]:
            proposal = services.propose(debt, "collected", debt.left_cents, "cash", self.crew[0])
            services.decide(proposal, self.crew[1], is_approved=True)
            self.counted["paid back"] += 1

    def correct(self, request):
        price = self.random.randint(1500, 6000)
        lines = [amendments.written(one) | {"price_cents": price} for one in request.lines.all()]
        asked = amendments.Proposal(lines, (), "mistake", "The price was read wrongly.")
        try:
            found = amendments.propose(request, asked, self.crew[0], request.version)
            shown = corrections.outlook(found).after.payable_cents
            self.counted["corrections"] += corrections.approve(found, self.crew[1], shown)
        except Refusal:
            self.counted["not corrected"] += 1

    def contributions(self):
        """Collect contributions from those who signed; the bank sends some back."""
        for member in self.members[::2]:
            services.sign_mandate(
                member, "lmde", holder="Noa Berg", iban=self.one(IBANS), actor="year"
            )
        for batch in services.prepare_debits("lmde", self.officers[0], services.first_day()):
            services.release(batch, self.officers[1], batch.sha256)
            back = [
                (-one.amount_cents, {"end_to_end": one.end_to_end_id, "reason": "AM04"})
                for one in services.collections_of(batch)[::10]
            ]
            self.counted["collections"] += batch.order_count
            self.tell((batch.total_cents, {"msg_id": batch.msg_id}), *back)

    def tell(self, *moves):
        services.read_bank_file("lmde", self.statements.next(*moves), "year")

    def one(self, things):
        return self.random.choice(things)


def main():
    """Live one year in a database of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    members, seed = int(sys.argv[1]), int(sys.argv[2])
    call_command("migrate", verbosity=0)
    start = time.monotonic()
    with system("year"):
        lived = Year(members, seed)
        found = lived.run()
    told = {"members": members, "seed": seed, **lived.counted, "problems": found[:10]}
    sys.stdout.write(json.dumps({**told, "seconds": round(time.monotonic() - start)}) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
