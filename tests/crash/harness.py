"""One process that forks a child for each case: pays at SMEREP, and dies where it is told to.

Reads lines `folder case`, prints how the child ended. A case is `-` (the work), `check` (what is
off), a failpoint, `set-back` (the work with the clock a day behind), `pool:N` (decisions that
wait), `orders` (orders them, each told on a file), or
`inject:SYSCALLS:FAULT:N` and `trace:CASE`: the work or a case under strace, where the N-th of these
calls kills or fails, or where all that is written is written down.
The work is what a night's job does, and may be done again after any stop: release what is
prepared, put out what is released, prepare what waits, read the bank's answer.
"""

import os
import subprocess
import sys
import time
import traceback
from datetime import date, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from decompte.portal.decisions.models import Decision  # noqa: E402
from decompte.portal.payments import services  # noqa: E402
from decompte.portal.payments.models import PaymentOrder  # noqa: E402
from decompte.portal.people import services as people  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402
from tests import bank  # noqa: E402
from tests.rivals import pool  # noqa: E402

DAY = date(2014, 3, 20)


def use(folder):
    """Work in a folder: its database, its register, its files."""
    settings.VAR = Path(folder)
    settings.REGISTER = Path(folder) / "register" / "sent.jsonl"
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = str(Path(folder) / "decompte.sqlite3")


def work():
    """Do the night's job."""
    first, second = (people.account_of(f"finance{n}.smerep@decompte.example") for n in (1, 2))
    with system("crash"):
        services.put_out()
        for batch in services.batches():
            if batch.agency == "smerep" and batch.state == "prepared":
                services.release(services.find_batch(batch.public_id), second, batch.sha256)
        if [one for one in services.waiting() if one.agency == "smerep"]:
            batch = services.prepare("smerep", first, DAY + timedelta(days=30))
            services.release(batch, second, batch.sha256)
        services.put_out()
        services.read_bank_file("smerep", answer(), "crash")


def answer():
    """Return the bank's statement: it pays the newest file, and sends its payment back."""
    newest = next(one for one in services.batches() if one.agency == "smerep")
    sent = services.orders_of(newest)[0]
    statements = bank.Statements("smerep", DAY + timedelta(days=30), balance=100_000_000)
    return statements.next(
        (-newest.total_cents, {"msg_id": newest.msg_id}),
        (sent.amount_cents, {"end_to_end": sent.end_to_end_id, "reason": "AC04"}),
    )


def checked():
    """Return what is off, and what became of the payments, in one line."""
    with system("check"):
        states = PaymentOrder.objects.filter(agency="smerep").order_by("id")
        told = " ".join(states.values_list("state", flat=True))
        return f"{services.everything()} {told}"


def do(folder, what):
    """Do one case, in the child."""
    use(folder)
    if what == "check":
        sys.stdout.write(checked() + "\n")
        sys.stdout.flush()
    elif what.startswith("pool:"):
        pool.fill(int(what.removeprefix("pool:")))
    elif what == "orders":
        order_all(folder)
    elif what == "set-back":
        settings.DAYS_BACK += 1
        work()
    else:
        settings.FAILPOINT = "" if what == "-" else what
        work()


def order_all(folder):
    """Order every decision that waits; the key of each is written down once it is acknowledged."""
    told = os.open(Path(folder) / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with system("orders"):
        for decision in Decision.objects.filter(orders__isnull=True, agency="lmde"):
            services.order(decision, "orders")
            os.write(told, f"{decision.pk}\n".encode())


def child(folder, what):
    """Run one case in a child process and return how it ended."""
    kind, _colon, rest = what.partition(":")
    strace = STRACE.get(kind, lambda _folder, _rest: [])(folder, rest)
    case = (rest if kind == "trace" else "-") if strace else what
    number = os.fork()
    if number == 0:
        code = 1
        try:
            while strace and b"TracerPid:\t0\n" in Path("/proc/self/status").read_bytes():
                time.sleep(0.002)
            do(folder, case)
            code = 0
        finally:
            if code and what == "-":
                traceback.print_exc()
            os._exit(code)
    tracer = subprocess.Popen([*strace, "-p", str(number)]) if strace else None
    _pid, status = os.waitpid(number, 0)
    if tracer:
        tracer.wait()
    return status


def _injecting(_folder, rest):
    calls, fault, number = rest.split(":")
    how = "signal=KILL" if fault == "kill" else f"error={fault}"
    told = ("-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:{how}:when={number}")
    return ["strace", "-qq", *told]


def _tracing(folder, _rest):
    told = ("-o", f"{folder}/trace", "-y", "-xx", "-s", "4000000", "-e", f"trace={CHANGING}")
    return ["strace", "-qq", *told]


CHANGING = "pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink"
STRACE = {"inject": _injecting, "trace": _tracing}


def main():
    """Take cases from the standard input until it ends."""
    connections["default"].close()
    for line in sys.stdin:
        folder, what = line.split()
        status = child(folder, what)
        sys.stdout.write(f"ended {os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
