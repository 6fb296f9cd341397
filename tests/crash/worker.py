"""`python -m tests.crash.worker KILLS SEED`: workers are killed while the night's work is done.

The work: reminders, the recomputation of a period in which every second decision differs, and the
mails. Each worker is a child that is killed at a random moment; the last one may end. Works in the
database that DECOMPTE_DATABASE names, or in a new one on SQLite. Prints one line of JSON: what was
done, which must be everything once, and how many workers died.
"""

import email
import json
import os
import random
import signal
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

os.environ.setdefault("DECOMPTE_VAR", tempfile.mkdtemp(prefix="decompte-worker-"))
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DECOMPTE_DAYS_BACK"] = "4632"
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from decompte.portal import clock  # noqa: E402
from decompte.portal.agency import tasks  # noqa: E402
from decompte.portal.audit.models import Event  # noqa: E402
from decompte.portal.background import services as background  # noqa: E402
from decompte.portal.background.models import Job  # noqa: E402
from decompte.portal.decisions.models import Decision  # noqa: E402
from decompte.portal.outbox.models import Message  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402
from decompte.portal.requests.models import Request  # noqa: E402
from tests.rivals import pool  # noqa: E402

MEMBERS = 40
LONGEST_LIFE = 0.25
REMINDED = "request.remind"


def fill():
    """Make requests that wait for their member, and decisions of which every second one differs."""
    pool.fill(MEMBERS)
    now = clock.now()
    with system("worker"):
        ids = list(Request.objects.order_by("id").values_list("pk", flat=True))[:MEMBERS]
        Request.objects.filter(pk__in=ids).update(
            state="returned", waiting_since=now, remind_on=now, submitted_at=now
        )
        model = Decision.objects.order_by("id").first()
        model.payable_cents += 100
        pool._copy(model, [model.member] * MEMBERS)
    tasks.ask_for_reminders()
    period = date(2014, 1, 1), clock.today()
    with system("worker"):
        tasks.ask_for_recomputation("lmde", *period, key="worker", actor="worker")


def work():
    """Do what a worker and the mails' timer do."""
    call_command("work", batch=True, startup_delay=False, verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("deliver", stdout=nowhere)


def child(life):
    """Work in a child; kill it after so many seconds; return whether it died."""
    number = os.fork()
    if number == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    if life:
        time.sleep(life)
        os.kill(number, signal.SIGKILL)
    _pid, status = os.waitpid(number, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in {0, -signal.SIGKILL}, ended
    return ended != 0


def told():
    """Return what was done."""
    with system("worker"):
        jobs = {one.kind: one for one in Job.objects.all()}
        found = [one["decision"] for one in jobs["recomputation"].found]
        reminders = Message.objects.filter(key__contains=":remind:")
        return {
            "reminded": Event.objects.filter(code=REMINDED).count(),
            "reminders_sent": sorted(
                set(Request.objects.filter(state="returned").values_list("reminders_sent"))
            ),
            "mails": reminders.count(),
            "counted": [jobs[kind].count for kind in ("reminders", "recomputation")],
            "jobs_done": sum(one.done_at is not None for one in jobs.values()),
            "decisions": Decision.objects.count(),
            "differ": len(found),
            "differ_once": len(set(found)),
            "unsent": Message.objects.filter(sent_at__isnull=True).count(),
            "names_of_mails": len(set(sent())),
            "messages": Message.objects.count(),
        }


def sent():
    """Return the Message-ID of each mail that was written whole."""
    folder = Path(settings.EMAIL_FILE_PATH)
    written = b"".join(one.read_bytes() for one in sorted(folder.glob("*.log")))
    parts = [one.strip() for one in written.split(b"-" * 79)]
    return [email.message_from_bytes(one)["Message-ID"] for one in parts if one]


def main():
    kills, chance = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    if "DECOMPTE_DATABASE" not in os.environ:
        call_command("migrate", verbosity=0)
    fill()
    tasks.STRIDE = 2
    background.MOST_STOPS = sys.maxsize  # on a slow machine all die before their first step
    connections.close_all()
    died = sum(child(chance.random() * LONGEST_LIFE) for _n in range(kills))
    child(0)
    settings.DAYS_BACK -= 1  # a mail whose sender died waits before it is sent again
    child(0)
    sys.stdout.write(json.dumps({"members": MEMBERS, "died": died, **told()}) + "\n")


if __name__ == "__main__":
    main()
