"""`python -m benchmarks.money [PAYMENTS] [ENTRIES]`: files, statements and the checks, at size.

It works in a database of its own in a temporary folder: `DECOMPTE_DATABASE` names another, an
empty one. Nothing is asserted, everything printed, each figure beside what it has to hold. On a
machine that others use too, look at the busy seconds: those of the processor.
"""

import atexit
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

FOLDER = tempfile.mkdtemp(prefix="decompte-money-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["DECOMPTE_VAR"] = FOLDER
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DECOMPTE_DAYS_BACK"] = "4000"
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import books  # noqa: E402
from decompte.documents.statement import statement_pdf  # noqa: E402
from decompte.portal import clock  # noqa: E402
from decompte.portal.decisions.models import Decision  # noqa: E402
from decompte.portal.payments import services, verify  # noqa: E402
from decompte.portal.people import services as people  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402

PAYMENTS, ENTRIES, STATEMENTS = 100_000, 1_000_000, 400


def timed(name: str, work: Callable[[], object], bar: str = "") -> float:
    """Do a piece of work, print its seconds by the clock and of the processor; return the latter.

    Args:
        name: what it does.
        work: does it; an empty list as its answer says that nothing is off.
        bar: what it has to hold.
    """
    start, begun = time.perf_counter(), busy_seconds()
    done = work()
    busy, seconds = busy_seconds() - begun, time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = f"{len(done)} problems" if isinstance(done, list) else ""
    print(
        f"  {name:<52} {seconds:>7.1f} s {busy:>7.1f} s busy {memory:>5} MiB  {told:<12} {bar}",
        flush=True,
    )
    return busy


def busy_seconds() -> float:
    """Return the seconds of the processor that this process and those it ran have used so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def file_of(payments: int) -> None:
    """Make, check and release one payment file."""
    first, second = (
        people.create_account(f"officer{n}@decompte.example", "a-password-of-2014")
        for n in range(2)
    )
    day = clock.today() + timedelta(days=1)
    busy = timed("make the payment file", lambda: services.prepare(books.AGENCY, first, day))
    batch = services.batches()[0]
    assert batch.order_count == payments
    busy += timed("read it again, sum it, compare", lambda: verify.file_problems(batch))
    busy += timed("ask the quick invariants, as a release does", verify.books)
    print(f"  {'together':<52} {'':>9} {busy:>7.1f} s busy {'':>23} under 60 s and 512 MiB")
    timed("release it: all that again, book, put out", lambda: release(batch, second))


def release(batch: object, officer: object) -> None:
    """Release a file; a benchmark that could not is worth nothing."""
    assert services.release(batch, officer, batch.sha256)


def statements(count: int) -> None:
    """Make statements from what is kept, in both languages in turn."""

    def make() -> None:
        kept = Decision.objects.select_related("member", "request").order_by("-pk")[:count]
        for number, decision in enumerate(kept):
            lang = ("fr", "en")[number % 2]
            statement_pdf(services.statement(decision, lang), lang=lang)

    busy = timed(f"{count} statements as PDF/UA", make)
    print(f"  {'a second of one core':<52} {'':>9} {count / busy:>7.0f} PDF {'':>25} 40 or more")


def main(payments: int, entries: int) -> None:
    """Measure and print."""
    call_command("migrate", verbosity=0)
    with system("benchmark"):
        print(f"{payments:,} payments")
        members = books.members(payments)
        timed("make decisions, entries and orders", lambda: books.fill(members, payments))
        file_of(payments)
        statements(min(STATEMENTS, payments))
        print(f"{entries:,} entries in the ledger")
        timed("book them", lambda: books.more_entries(members[0].pk, entries))
        timed("`verify --books`: the quick invariants", verify.books, "under 30 s")
        print("`verify`, question by question")
        own = time.process_time()
        busy = sum(timed(f"{name} {check.__name__}", check) for name, check in verify.ALL)
        own = time.process_time() - own
        shared = own + (busy - own) / (os.cpu_count() or 1)
        print(f"  {'all of it':<52} {'':>9} {busy:>7.1f} s busy")
        print(
            f"  {'of it one after another, where nobody else works':<52} {'':>9} {shared:>7.1f} s"
        )


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*given[:2], *(PAYMENTS, ENTRIES)[len(given) :])
