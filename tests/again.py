"""`python -m tests.again REQUESTS SEED`: a generated year decided again, each decision (M11).

Under the same law nothing may come out differently. Then a doctor's tariff is raised in a copy of
the law's files: exactly the decisions may differ that hold a visit it reaches. It works in a
database of its own and prints one line.
"""

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path

if __name__ == "__main__":
    FOLDER = tempfile.mkdtemp(prefix="decompte-again-")
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
    os.environ["DECOMPTE_VAR"] = FOLDER
    os.environ["DECOMPTE_DEMONSTRATION"] = "1"
    os.environ["DECOMPTE_DAYS_BACK"] = "4000"
    os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

    import django

    django.setup()

import yaml
from django.core.management import call_command

from decompte.engine import periods
from decompte.law import load
from decompte.portal.decisions.models import Decision
from decompte.portal.people.scope import system

YEAR = ("2013-10-01", "2014-09-30")
RAISED, BEFORE_CENTS, AFTER_CENTS = date(2014, 3, 1), 2300, 2400
A_MEMBER = 10


def main():
    """Decide a year again, under the same law and under another."""
    requests, seed = (int(one) for one in sys.argv[1:])
    call_command("migrate", verbosity=0)
    size = ("--members", str(max(requests // A_MEMBER, 1)), "--requests", str(requests))
    call_command("populate", *size, "--seed", str(seed), "--until", YEAR[1], stderr=StringIO())
    start, busy = time.monotonic(), time.process_time()
    same = decided_again()
    took = {
        "seconds": round(time.monotonic() - start),
        "busy": round(time.process_time() - busy),
    }
    expected = reached()
    raise_tariff(Path(os.environ["DECOMPTE_VAR"]))
    changed = decided_again()
    told = {
        "decisions": count(),
        "seed": seed,
        **took,
        "differ": len(same),
        "raised": len(expected),
        "missed": len(expected - changed),
        "too_many": len(changed - expected),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    is_right = expected and not same and changed == expected
    return 0 if is_right else 1


def decided_again():
    """Return the references of the decisions that come out differently, as the command says."""
    said = StringIO()
    with suppress(SystemExit):
        call_command("recompute", "--from", YEAR[0], "--until", YEAR[1], stdout=said)
    *lines, last = said.getvalue().splitlines()
    assert last.startswith(f"{count()} decisions recomputed"), last
    return {line.split()[0] for line in lines}


def count():
    """Return how many decisions there are."""
    with system("test"):
        return Decision.objects.count()


def reached():
    """Return the references of the decisions with a visit that was dearer than the tariff."""
    with system("test"):
        kept = Decision.objects.values_list("request__reference", "inputs__lines")
        return {
            reference
            for reference, lines in kept.iterator(chunk_size=1000)
            if any(is_reached(line) for line in lines)
        }


def is_reached(line):
    """Return whether the raised tariff gives more for a care line, paid to the member."""
    price_cents = int(line["price"].replace(".", ""))
    return (
        line["act"] == "G"
        and line["practitioner"]["sector"] == "1"
        and line["date"] >= RAISED.isoformat()
        and price_cents > BEFORE_CENTS
        and not line["third_party_payment"]
    )


def raise_tariff(folder):
    """Answer from a copy of the law from now on, in which a GP's visit is worth more."""
    copied = shutil.copytree(load.FOLDER, folder / "law", ignore=shutil.ignore_patterns("*.py"))
    path = copied / "figures" / "tariffs" / "general-practice.yaml"
    document = yaml.safe_load(path.read_text())
    values = document["figures"]["G"]["values"]
    place = sum(value["from"] < RAISED for value in values)
    before = values[place - 1]
    assert before["value"]["1"] == BEFORE_CENTS
    raised = before | {"from": RAISED, "value": before["value"] | {"1": AFTER_CENTS}}
    values.insert(place, raised)
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    load.FOLDER = copied
    load.law.cache_clear()
    periods.periods.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
