"""`python -m tests.restore MEMBERS REQUESTS PAPERS`: the runbook's backup, the machine lost, back.

The commands are those printed in `docs/operations/install.md`, run with this run's folders instead
of the machine's. Work goes on after the backup and is acknowledged second by second; then database
and files are gone. It ends with 1 when more than a minute is lost, when anything is off after the
restore, or when a backup with a flipped bit is taken for a good one.
"""

import atexit
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests import postgresql

if __name__ == "__main__":
    FOLDER = Path(tempfile.mkdtemp(prefix="decompte-restore-"))
    FOLDER.chmod(0o755)
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
    BACKUP, VAR = FOLDER / "backup", FOLDER / "var"
    for made in (BACKUP, BACKUP / "wal"):
        made.mkdir()
        shutil.chown(made, postgresql.runner() or os.getuid())
    PAGE = Path("docs/operations/install.md").read_text()
    PLACES = {"/srv/backup": str(BACKUP), "/var/lib/decompte": str(VAR)}

    def printed(language, holding):
        """Return the block of the runbook that holds some words, with the folders of this run."""
        blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
        (block,) = [one for one in blocks if holding in one]
        for place, ours in PLACES.items():
            block = block.replace(place, ours)
        return block

    ADDRESS, STOP = postgresql.start(printed("ini", "archive_mode"))
    SERVER = Path(postgresql.folder_of(ADDRESS))
    os.environ |= {
        "DECOMPTE_DATABASE": ADDRESS,
        "DECOMPTE_DATABASE_ROLE": postgresql.ROLE,
        "DECOMPTE_VAR": str(VAR),
        "DECOMPTE_DEMONSTRATION": "1",
        "DECOMPTE_SECRET_KEY": secrets.token_urlsafe(48),
        "DECOMPTE_SEALING_KEY": secrets.token_urlsafe(48),
        "DJANGO_SETTINGS_MODULE": "decompte.portal.settings",
        "PGHOST": str(SERVER),
        "PGUSER": "admin",
        "PATH": f"{Path(sys.executable).parent}:{postgresql.programs()}:{os.environ['PATH']}",
    }

    import django

    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from decompte.portal.people.scope import system
from decompte.portal.requests.models import Request
from tests import cast

DAY = date(2014, 3, 20)
AFTER, EVERY, MOST_LOST = 130, 60, 60


def shell(block, *, user=None, cwd=None):
    """Run commands of the runbook; they stop at the first that fails."""
    with (FOLDER / "shell.log").open("a") as log:
        done = subprocess.run(["bash", "-ec", block], user=user, cwd=cwd, stdout=log, stderr=log)
    return done.returncode


def whole(block, **how):
    """Run commands that must succeed."""
    if shell(block, **how):
        sys.exit((FOLDER / "shell.log").read_text()[-2000:])


def fill(members, requests, papers):
    """Make the people, their requests, and papers beside them."""
    call_command("migrate", verbosity=0)
    size = {"members": members, "requests": requests, "drawn": min(members, 2000)}
    call_command("populate", **size)
    member = cast.student()
    for number in range(papers // 3):
        cast.sent(member, practitioner_number=f"1000{number:07d}", pathway="away-from-home")


def work(copies):
    """Go on working; return each request that was acknowledged, with the second it was."""
    member, acknowledged = cast.student(), []
    began = copied = time.monotonic()
    while time.monotonic() - began < AFTER:
        made = cast.sent(member, practitioner_number=f"1001{len(acknowledged):07d}")
        acknowledged.append((made.public_id, time.monotonic()))
        if time.monotonic() - copied > EVERY:
            whole(copies)
            copied = time.monotonic()
        time.sleep(0.5)
    return acknowledged


def restored(block, name):
    """Give a restored server its folder; return how the commands of the runbook ended."""
    folder = FOLDER / name
    folder.mkdir()
    shutil.chown(folder, postgresql.runner() or os.getuid())
    return shell(block, user=postgresql.runner(), cwd=folder)


def flipped(base):
    """Return a copy of a backup with one bit of one table turned."""
    copied = Path(shutil.copytree(base, FOLDER / "flipped"))
    inside = FOLDER / "inside"
    inside.mkdir()
    whole(f"tar -xzf {copied}/base.tar.gz -C {inside}")
    table = max((inside / "base").rglob("*"), key=lambda one: one.stat().st_size)
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(data)
    whole(f"tar -czf {copied}/base.tar.gz -C {inside} . && chmod -R a+rX {copied}")
    shutil.rmtree(inside)
    return copied


def main():
    """Fill, back up, work, lose, restore; print what it came to."""
    members, requests, papers = (int(one) for one in sys.argv[1:4])
    settings.DAYS_BACK = (timezone.localdate() - DAY).days
    os.environ["DECOMPTE_DAYS_BACK"] = str(settings.DAYS_BACK)
    base = BACKUP / f"base-{time.strftime('%F')}"
    fill(members, requests, papers)
    nightly, copies = printed("sh", "pg_basebackup"), printed("sh", "outgoing /var/lib/")
    began = time.monotonic()
    whole(nightly)
    whole(copies)
    backup = time.monotonic() - began
    acknowledged = work(copies)
    connection.close()
    lost_at = time.monotonic()
    STOP()
    shutil.rmtree(VAR)

    database = printed("sh", "restore_command").replace(f"{BACKUP}/base-…", str(base))
    refused = restored(database.replace(str(base), str(flipped(base))), "bad") != 0
    began = time.monotonic()
    SERVER.mkdir()
    shutil.chown(SERVER, postgresql.runner() or os.getuid())
    VAR.mkdir()
    whole(f"chmod -R a+rX {base}")
    if restored(database, "good"):
        sys.exit((FOLDER / "shell.log").read_text()[-2000:])
    whole(printed("sh", "decompte verify"))
    took = time.monotonic() - began
    with system("restore"):
        there = set(Request.objects.values_list("public_id", flat=True))
    gone = [lost_at - moment for public_id, moment in acknowledged if public_id not in there]
    size = sum(one.stat().st_size for one in BACKUP.rglob("*") if one.is_file())
    sys.stdout.write(
        f"backup {size / 1e9:.2f} GB in {backup:.0f} s; {len(acknowledged)} requests after it, "
        f"{len(gone)} lost with the machine, the oldest {max(gone, default=0):.0f} s before; "
        f"restored and verified in {took:.0f} s; a flipped bit was "
        f"{'refused' if refused else 'TAKEN FOR GOOD'}\n"
    )
    good = FOLDER / "good" / "data"
    whole(f"pg_ctl -D {good} -m immediate stop", user=postgresql.runner(), cwd=FOLDER / "good")
    shutil.rmtree(SERVER)
    return 0 if refused and max(gone, default=0) <= MOST_LOST else 1


if __name__ == "__main__":
    sys.exit(main())
