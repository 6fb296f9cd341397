"""Killed at any moment while paying: after another try, everybody is paid exactly once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import os, sys
from datetime import date, timedelta
import django
django.setup()
from decompte.portal.payments import services
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
first, second = (people.account_of(f"finance{n}.smerep@decompte.example") for n in (1, 2))
print("ready", flush=True)
with system("crash"):
    for batch in services.batches():
        services.release(batch, second, batch.sha256) if batch.state == "prepared" else None
    services.put_out()
    if services.waiting():
        batch = services.prepare("smerep", first, date(2030, 1, 1))
        services.release(batch, second, batch.sha256)
    services.put_out()
print("done", flush=True)
"""
CHECK = """
import django
django.setup()
from decompte.portal.payments.models import Entry, PaymentOrder
from decompte.portal.payments import services
from decompte.portal.people.scope import system
with system("check"):
    print(services.everything(), PaymentOrder.objects.exclude(state="released").count(),
          Entry.objects.filter(code="payment.released", agency="smerep").count(),
          PaymentOrder.objects.filter(agency="smerep").count())
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    subprocess.run(
        [sys.executable, "-m", "decompte.cli", "manage", "demonstration"],
        env=environment(folder),
        check=True,
        capture_output=True,
    )
    return folder


def environment(folder):
    return {
        **os.environ,
        "DECOMPTE_VAR": str(folder),
        "DECOMPTE_DEMONSTRATION": "1",
        "DECOMPTE_DAYS_BACK": "4632",
        "DJANGO_SETTINGS_MODULE": "decompte.portal.settings",
    }


def run(folder, script):
    return subprocess.Popen(
        [sys.executable, "-c", script], env=environment(folder), stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("milliseconds", [0, 2, 5, 10, 20, 40, 80])
def test_killed_while_paying_everybody_is_paid_once(template, tmp_path, milliseconds):
    subprocess.run(["cp", "-r", f"{template}/.", str(tmp_path)], check=True)
    payer = run(tmp_path, SCRIPT)
    assert payer.stdout.readline() == "ready\n"
    time.sleep(milliseconds / 1000)
    payer.send_signal(signal.SIGKILL)
    payer.wait()
    payer.stdout.close()
    with run(tmp_path, SCRIPT) as again:
        assert again.stdout.read().endswith("done\n")
    with run(tmp_path, CHECK) as checked:
        problems, *counts = checked.stdout.read().split("] ")
    assert problems == "["
    assert counts == ["0 1 1\n"]
    files = list(Path(tmp_path, "outgoing").glob("*"))
    assert {file.suffix for file in files} == {".xml"}
    assert sum(file.read_bytes().count(b"<EndToEndId>") for file in files) == 2
