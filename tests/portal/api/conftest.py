"""A running server with the demonstration's people, for clients that speak HTTP themselves."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.core.cache import cache

from decompte.client.calls import Decompte
from decompte.portal.api.examples import IDENTITY, REGISTRATION
from tests.portal.api.calling import BANK

COMMAND = [sys.executable, "-m", "decompte.cli"]


@pytest.fixture(autouse=True)
def unlimited_calls(settings, request):
    """Count each test's calls from zero, and let it call as often as it likes."""
    if request.node.get_closest_marker("django_db"):
        cache.clear()
    settings.CALLS_A_MINUTE_OPEN = settings.CALLS_A_MINUTE_TOKEN = 1_000_000


NEWCOMERS = ("ours", "generated", "fhirpy", "killed", "beside", "printed")
TOKENS = f"""
from decompte.portal.api.tokens import make
from decompte.portal.people.models import User
from decompte.portal.people.services import create_account
back = ["http://127.0.0.1:9000/back", "https://school.example/back"]
people = {{
    name: create_account(name + "@decompte.example", "un-mot-de-passe-2014") for name in {NEWCOMERS}
}}
people["member"] = User.objects.get(email="ana@decompte.example")
given = [(name, "member", {{"user": user}}) for name, user in people.items()] + [
    ("agent", "agent", {{"agency": "lmde"}}),
    ("other-agent", "agent", {{"agency": "smerep"}}),
    ("finance", "finance", {{"agency": "smerep"}}),
    ("school", "school", {{"return_addresses": back}}),
]
for name, kind, options in given:
    print(name, make(name, kind, **options).token.reveal())
"""


class Live(NamedTuple):
    """A served instance: its address, and the tokens of programs by what they are.

    The newcomers have an account and nothing else; `member` is Ana of the demonstration.
    """

    address: str
    environment: dict
    process: subprocess.Popen
    tokens: dict

    def manage(self, *words):
        done = subprocess.run(
            [*COMMAND, "manage", *words],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def token_by_command(self, name, kind, *options):
        told = self.manage("client", name, kind, *options)
        return dict(re.findall(r"^(\w+) +(\S+)$", told, re.M))["token"]


@pytest.fixture(scope="session")
def live(demonstrated, tmp_path_factory):
    """The portal as `make run` starts it, with a demonstration of its own."""
    folder = shutil.copytree(demonstrated, tmp_path_factory.mktemp("live") / "var")
    environment = {
        **os.environ,
        "DECOMPTE_VAR": str(folder),
        "DECOMPTE_CALLS_OPEN": "1000000",
        "DECOMPTE_CALLS_TOKEN": "1000000",
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        started = subprocess.Popen(
            [*COMMAND, "serve"],
            env={**environment, "PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait(address)
        served = Live(address, environment, started, {})
        given = served.manage("shell", "-c", TOKENS)
        yield served._replace(tokens=dict(re.findall(r"^(\S+) (dct_\S+)$", given, re.M)))
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(20)


def registered(live, name):
    """Register a newcomer, confirmed at an agency, and return the token."""
    token = live.tokens[name]
    with Decompte(live.address, token) as mine:
        mine.save_identity(IDENTITY)
        opened = mine.register(REGISTRATION, agency="lmde", complementary="")
        mine.set_bank_account(**BANK)
        mine.confirm(opened["id"])
    return token


def wait(address):
    for _turn in range(480):
        try:
            with urlopen(f"{address}/readyz"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.25)
    raise TimeoutError(address)
