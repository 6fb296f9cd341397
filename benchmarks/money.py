"""`python -m benchmarks.money [PAYMENTS] [ENTRIES]`: a payment file and the checks, at size.

It works in a database of its own in a temporary folder. Nothing is asserted, everything printed.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

os.environ["DECOMPTE_VAR"] = tempfile.mkdtemp(prefix="decompte-money-")
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from decompte.portal import clock  # noqa: E402
from decompte.portal.audit.models import Event  # noqa: E402
from decompte.portal.decisions.models import Decision  # noqa: E402
from decompte.portal.payments import ledger, services, verify  # noqa: E402
from decompte.portal.payments.models import Account, Entry, PaymentOrder  # noqa: E402
from decompte.portal.people import sealing  # noqa: E402
from decompte.portal.people import services as people  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402
from decompte.portal.requests.models import Request  # noqa: E402

CENTS = 1610
ROWS = 2000
IBAN = "FR1420041010050500013M02606"
PAYMENTS, ENTRIES = 100_000, 1_000_000


def timed(name: str, work: Callable[[], object]) -> None:
    """Do a piece of work and print its seconds, by the clock and of the processor."""
    start, busy = time.perf_counter(), time.process_time()
    done = work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    seconds = time.perf_counter() - start
    busy = time.process_time() - busy
    told = "nothing is off" if done == [] else ""
    print(f"  {name:<52} {seconds:>7.1f} s ({busy:.1f} s busy) {memory:>5} MiB  {told}", flush=True)


def member() -> object:
    """Return a member to whom everything is paid."""
    user = people.create_account("money@decompte.example", "a-password-of-2014")
    said = {
        "given_name": "Noa",
        "family_name": "Berg",
        "birth_date": clock.today() - timedelta(days=20 * 366),
        "nationality": "US",
        "address_line": "27 rue Saint-Guillaume",
        "address_extra": "",
        "postal_code": "75007",
        "city": "Paris",
    }
    return people.save_identity(user, said)


def fill(who: object, payments: int) -> None:
    """Make that many decisions with their entries and waiting orders."""
    now, sealed = clock.now(), sealing.seal(IBAN.encode(), people.IBAN_CONTEXT)
    whole = {"price_cents": CENTS, "amo_cents": CENTS, "payable_cents": CENTS}
    rest = dict.fromkeys(
        ("local_cents", "solidarity_cents", "amc_cents", "patient_cents", "deferred_cents"), 0
    )
    common = {"member": who, "agency": "lmde"}
    for start in range(0, payments, ROWS):
        numbers = range(start + 1, min(start + ROWS, payments) + 1)
        requests = Request.objects.bulk_create(
            Request(reference=f"M{n:09d}", state="decided", created_at=now, **common)
            for n in numbers
        )
        decisions = Decision.objects.bulk_create(
            Decision(
                request=one,
                inputs={"lines": []},
                answers={"en": {"lines": []}},
                law_version="bench",
                decided_at=now,
                decided_by="bench",
                **whole,
                **rest,
                **common,
            )
            for one in requests
        )
        orders = PaymentOrder.objects.bulk_create(
            PaymentOrder(
                decision=one,
                amount_cents=CENTS,
                holder="Noa Berg",
                iban_sealed=sealed,
                iban_last4="2606",
                end_to_end_id=f"D{one.request.reference}",
                ordered_at=now,
                **common,
            )
            for one in decisions
        )
        ledger.book_all(entry(f"owed:{one.public_id}", who, CENTS) for one in decisions)
        Event.objects.bulk_create(
            Event(at=now, actor="bench", code="payment.ordered", subject=f"order:{one.public_id}")
            for one in orders
        )


def entry(key: str, who: object, cents: int) -> ledger.Event:
    """Return the entry of a decision."""
    amounts = [(Account.CARE_AMO, cents), (Account.MEMBERS, -cents)]
    return ledger.Event(key, "decision.owed", "lmde", who.pk, amounts)


def more(who: object, entries: int) -> None:
    """Book entries in pairs that take each other back, until there are that many."""
    here = Entry.objects.count()
    for start in range(here, entries, ROWS):
        pairs = range(start, min(start + ROWS, entries), 2)
        signed = [(n, sign) for n in pairs for sign in (1, -1)]
        ledger.book_all(entry(f"bench:{n}:{sign}", who, sign * CENTS) for n, sign in signed)


def main(payments: int, entries: int) -> None:
    """Measure and print."""
    call_command("migrate", verbosity=0)
    with system("benchmark"):
        who = member()
        officer = people.create_account("officer@decompte.example", "a-password-of-2014")
        print(f"{payments:,} payments")
        timed("make decisions, entries and orders", lambda: fill(who, payments))
        day = clock.today() + timedelta(days=1)
        timed("make the payment file", lambda: services.prepare("lmde", officer, day))
        batch = services.batches()[0]
        timed("read it again, sum it, compare with the orders", lambda: verify.file_problems(batch))
        timed("ask the quick invariants, as a release does", verify.books)
        print(f"{entries:,} entries in the ledger")
        timed("book them", lambda: more(who, entries))
        timed("ask the quick invariants (`verify --books`)", verify.books)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*given[:2], *(PAYMENTS, ENTRIES)[len(given) :])
