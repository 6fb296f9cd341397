"""One run of the rivals: they work, they are killed, the server dies; then what is found."""

import os
import random
import re
import signal
import time

from django.db import connection
from django.db.models import Count

from decompte.portal.decisions.models import Decision
from decompte.portal.payments import services
from decompte.portal.payments.models import PaymentOrder
from decompte.portal.people.scope import system
from tests import postgresql
from tests.rivals import history, pool
from tests.rivals.work import DEAD, Rival, become

IDENTITY = re.compile("<EndToEndId>([^<]+)")


class Run:
    """One run: the rivals, what is done to them, and what is found afterwards."""

    def __init__(self, asked, address, folder):
        self.asked, self.address, self.folder = asked, address, folder
        self.random = random.Random(asked.seed)
        self.rivals, self.made = {}, 0
        self.officers = ()

    def go(self):
        self.officers = pool.fill(self.asked.payables)
        if self.asked.careless:
            drop_the_walls()
        connection.close()
        (self.folder / "progress").touch()
        try:
            for _n in range(self.asked.workers):
                self.begin()
            self.harm()
            while self.rivals:
                self.reap()
                time.sleep(0.05)
        finally:
            for number in self.rivals:
                os.kill(number, signal.SIGKILL)
        if not self.asked.careless:
            self.recover()

    def begin(self):
        self.made += 1
        seed = self.random.randrange(10**9)
        careless = self.asked.careless
        name = f"rival-{self.made}"
        number = become(name, self.folder, self.officers, seed, is_careless=careless)
        self.rivals[number] = name

    def harm(self):
        """Spread kills, crashes and cut connections over the work."""
        asked = self.asked
        kinds = ["kill"] * asked.kills + ["crash"] * asked.crashes + ["cut"] * asked.cuts
        self.random.shuffle(kinds)
        for number, kind in enumerate(kinds):
            due = (number + 1) * asked.payables // (len(kinds) + 1)  # acknowledged orders
            while self.rivals and (self.folder / "progress").stat().st_size < due:
                self.reap()
                time.sleep(0.005)
            time.sleep(self.random.random() * 0.03)
            self.do(kind)

    def do(self, kind):
        if kind == "crash":
            postgresql.crash(self.address)
        elif kind == "cut":
            postgresql.cut_one(self.address, self.random.random())
        elif self.rivals:
            number = self.random.choice(sorted(self.rivals))
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
            del self.rivals[number]
            self.begin()

    def reap(self):
        number, status = os.waitpid(-1, os.WNOHANG)
        if number:
            assert os.waitstatus_to_exitcode(status) == 0, "a rival gave up"
            del self.rivals[number]

    def recover(self):
        """Run the night's job once more, alone: it ends what was left half-way."""
        connection.close()
        last = Rival(self.folder, "recovery", self.officers, 0, is_careless=False)
        last.run()
        with system("recovery"):
            services.put_out()

    def found(self):
        """Return what is off, counted."""
        with system("found"):
            problems = services.everything()
            orders = PaymentOrder.objects.exclude(state__in=DEAD)
            each = orders.order_by().values("decision_id").annotate(n=Count("id"))
            paid = {row["decision_id"]: row["n"] for row in each}
            decisions = Decision.objects.count()
            ids = set(orders.filter(state="released").values_list("end_to_end_id", flat=True))
        files = list((self.folder / "outgoing").glob("*"))
        told = [one for file in files for one in IDENTITY.findall(file.read_bytes().decode())]
        wrong = history.anomalies(history.read(self.folder))
        return {
            "payables": decisions,
            "doubles": sum(n > 1 for n in paid.values()),
            "lost": decisions - len(paid),
            "half_done": len(ids ^ set(told)) + sum(file.suffix != ".xml" for file in files),
            "sent_twice": len(told) - len(set(told)),
            "files": len(files),
            "anomalies": len(wrong),
            "problems": problems[:5],
            "problem_count": len(problems),
        }


def drop_the_walls():
    """Take away what the database itself refuses: the careless variant would not get far."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DROP INDEX one_live_order_a_decision")
