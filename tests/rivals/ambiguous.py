"""`python -m tests.rivals.ambiguous FOLDER CUTS SEED`: commits whose answer is lost (M5).

FOLDER is the socket folder of the server that DECOMPTE_DATABASE names. One worker orders, makes a
file, releases it and reads the bank's answer, through a proxy that cuts the line at commits; it
does again whatever it does not know to have happened. Prints one line of JSON.
"""

import json
import os
import random
import sys
import tempfile
from urllib.parse import quote

FOLDER, CUTS, SEED = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
BEHIND = tempfile.mkdtemp(prefix="decompte-proxy-")
os.environ["DECOMPTE_DATABASE"] = os.environ["DECOMPTE_DATABASE"].replace(
    quote(FOLDER, safe=""), quote(BEHIND, safe="")
)
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DECOMPTE_DAYS_BACK"] = "4632"
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

import django  # noqa: E402

django.setup()

from django.db import DatabaseError, InterfaceError, connection  # noqa: E402

from decompte.portal import clock  # noqa: E402
from decompte.portal.decisions.models import Decision  # noqa: E402
from decompte.portal.payments import services  # noqa: E402
from decompte.portal.payments.models import PaymentOrder  # noqa: E402
from decompte.portal.people.models import User  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402
from tests import bank  # noqa: E402
from tests.rivals import pool  # noqa: E402
from tests.rivals.proxy import AFTER_THE_ANSWER, AT_ONCE, Proxy  # noqa: E402

OF_ONE_FILE = 17
WAYS = (AT_ONCE, AFTER_THE_ANSWER)


class Caller:
    """Does each thing until it knows that it happened."""

    def __init__(self, proxy):
        self.proxy, self.random = proxy, random.Random(SEED)
        self.known = self.again = 0

    def surely(self, work):
        """Do a piece of work whose first commit gets no answer."""
        if self.proxy.cuts < CUTS:
            self.proxy.cut_next(self.random.choice(WAYS))
        while True:
            try:
                return work()
            except (DatabaseError, InterfaceError):
                self.again += 1
                connection.close()

    def night(self, officers, statements):
        """Make a file of what waits, release it, and book the bank's answer."""
        first, second = officers
        self.surely(lambda: _made(first))
        for batch in services.batches():
            if batch.state == "prepared":
                self.surely(lambda batch=batch: _released(batch, second))
                answer = statements.next((-batch.total_cents, {"msg_id": batch.msg_id}))
                self.surely(lambda answer=answer: services.read_bank_file("lmde", answer, "m5"))


def _made(officer):
    if services.waiting():
        services.prepare("lmde", officer, clock.today())


def _released(batch, officer):
    services.release(services.find_batch(batch.public_id), officer, batch.sha256)
    services.put_out()


def main():
    """Cut, do again, and count."""
    with Proxy(FOLDER, BEHIND) as proxy, system("m5"):
        caller = Caller(proxy)
        officers = [User.objects.get(pk=pk) for pk in pool.fill(CUTS)]
        statements = bank.Statements("lmde", clock.today())
        for number, decision in enumerate(Decision.objects.select_related("request"), start=1):
            caller.surely(lambda decision=decision: services.order(decision, "m5"))
            if number % OF_ONE_FILE == 0 or number == CUTS:
                caller.night(officers, statements)
        states = list(PaymentOrder.objects.values_list("decision_id", "state"))
        told = {
            "cuts": proxy.cuts,
            "again": caller.again,
            "payables": CUTS,
            "paid_once": len({key for key, state in states if state == "settled"}),
            "orders": len(states),
            "problems": services.everything(),
        }
        connection.close()
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
