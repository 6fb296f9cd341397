"""A rival: does the night's payments in small steps until nothing is left, whatever happens.

It orders decisions, makes files, releases them, and looks at what became of payments. It may be
killed at any moment, and the server under it; whoever comes next goes on.
"""

import os
import random
import secrets
import time
import traceback

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.utils import IntegrityError

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.decisions.models import Decision
from decompte.portal.payments import ledger, orders, services
from decompte.portal.payments.models import PaymentOrder
from decompte.portal.people import services as people
from decompte.portal.people.models import User
from decompte.portal.people.scope import system
from tests.rivals.history import Log

WINDOW, PATIENCE = 50, 100
DEAD = ("rejected", "returned", "cancelled")


class Rival:
    """One worker. `order` is what it does to pay a decision; a careless one does it otherwise."""

    def __init__(self, folder, name, officers, seed, *, is_careless=False):
        self.log = Log(folder, name)
        self.progress = os.open(folder / "progress", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.random = random.Random(seed)
        self.officers = officers
        self.is_careless = is_careless
        self.idle = 0

    def run(self):
        """Work until nothing is left; a lost connection is opened again."""
        with system("rivals"):
            while True:
                try:
                    if not self.step():
                        return
                except (DatabaseError, InterfaceError):
                    connection.close()
                    time.sleep(0.05)

    def step(self):
        """Do one round; return whether something is left."""
        unpaid = Decision.objects.filter(orders__isnull=True).order_by("pk")
        keys = list(unpaid.values_list("pk", flat=True)[:WINDOW])
        if not self.is_careless:
            self.random.shuffle(keys)
        for key in keys[: self.random.randint(5, WINDOW)]:
            self.attempt("order", key, self.order)
            if self.random.random() < 0.1:
                self.attempt("read", self.random.randint(1, key), self.read)
        if self.is_careless:
            return bool(keys)
        self.file()
        self.idle = 0 if keys else self.idle + 1
        assert self.idle < PATIENCE, "the files never leave"
        return bool(keys) or self.has_more()

    def attempt(self, what, key, work):
        """Do one thing and write down how it ended."""
        self.log.invoke(what, key)
        try:
            saw = work(key)
        except IntegrityError:
            self.log.write("fail")
        except (DatabaseError, InterfaceError):
            self.log.write("unknown")
            raise
        else:
            self.log.write("ok", saw=saw)

    def order(self, key):
        decision = Decision.objects.select_related("request").get(pk=key)
        made = careless_order(decision) if self.is_careless else services.order(decision, "rivals")
        os.write(self.progress, b".")
        return made.public_id

    def read(self, key):
        live = PaymentOrder.objects.filter(decision_id=key).exclude(state__in=DEAD)
        return live.values_list("state", flat=True).first() or ""

    def file(self):
        """Make a file of what waits, or release one, as the two officers do."""
        first, second = (User.objects.get(pk=pk) for pk in self.officers)
        try:
            for batch in services.batches():
                if batch.state == "prepared":
                    services.release(batch, second, batch.sha256)
            if self.random.random() < 0.2 or not self.is_ordering():
                services.prepare("lmde", first, clock.today())
        except Refusal:
            return
        services.put_out()

    def is_ordering(self):
        return Decision.objects.filter(orders__isnull=True).exists()

    def has_more(self):
        return bool(services.waiting()) or any(
            one.state == "prepared" for one in services.batches()
        )


def careless_order(decision):
    """Pay a decision as one would who thinks that nobody else is at work."""
    owed = orders.owed(decision)
    account = people.bank_account(decision.member_id)
    ledger.book(owed._replace(key=f"{owed.key}:{secrets.token_hex(4)}"))
    return PaymentOrder.objects.create(
        decision=decision,
        member_id=decision.member_id,
        agency=decision.agency,
        amount_cents=decision.payable_cents,
        holder=account.holder,
        iban_sealed=account.iban_sealed,
        iban_last4=account.iban_last4,
        end_to_end_id=f"D{secrets.token_hex(10)}",
        ordered_at=clock.now(),
    )


def become(name, folder, officers, seed, *, is_careless):
    """Fork a rival and return its process number."""
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        assert settings.VAR
        Rival(folder, name, officers, seed, is_careless=is_careless).run()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)
