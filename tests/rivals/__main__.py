"""`python -m tests.rivals`: rivals pay one pool on PostgreSQL while they and the server die.

M2, M13: nobody is paid twice, nobody is forgotten, nothing is left half done after the recovery
job; what was acknowledged stays. With `--careless` (M2n) the same harness runs a variant without
locks and constraints, and must find it out. Prints one line of JSON; the seed makes it repeatable
as far as processes allow. Without DECOMPTE_DATABASE it starts a server of its own.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests import postgresql

DAYS_BACK = "4632"
IS_OWN = "DECOMPTE_DATABASE" not in os.environ
os.environ.setdefault("DECOMPTE_VAR", tempfile.mkdtemp(prefix="decompte-rivals-"))
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DECOMPTE_DAYS_BACK"] = DAYS_BACK
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"
if IS_OWN:
    os.environ["DECOMPTE_DATABASE"], _stop = postgresql.start()
    os.environ["DECOMPTE_DATABASE_ROLE"] = postgresql.ROLE

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.rivals.run import Run  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.rivals")
    parser.add_argument("--payables", type=int, default=12_000)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--crashes", type=int, default=10)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--careless", action="store_true")
    return parser.parse_args()


def main():
    asked = arguments()
    if IS_OWN:
        call_command("migrate", verbosity=0)
    start = time.monotonic()
    run = Run(asked, os.environ["DECOMPTE_DATABASE"], Path(os.environ["DECOMPTE_VAR"]))
    run.go()
    told = {**vars(asked), **run.found(), "seconds": round(time.monotonic() - start)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
