"""A running server with the demonstration's people, for clients that speak HTTP themselves."""

import os
import re
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

COMMAND = [sys.executable, "-m", "decompte.cli"]


def pytest_collection_modifyitems(items):
    """Let one worker run every test of the live server, so that it is started once."""
    for item in items:
        if "live" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(autouse=True)
def unlimited_calls(settings, request):
    """Count each test's calls from zero, and let it call as often as it likes."""
    if request.node.get_closest_marker("django_db"):
        cache.clear()
    settings.CALLS_A_MINUTE_OPEN = settings.CALLS_A_MINUTE_TOKEN = 1_000_000


class Live(NamedTuple):
    """A served instance: its address, and how to give a program a token on it."""

    address: str
    environment: dict
    process: subprocess.Popen

    def manage(self, *words):
        done = subprocess.run(
            [*COMMAND, "manage", *words],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def token(self, name, kind, *options):
        return self.made(name, kind, *options)["token"]

    def made(self, name, kind, *options):
        told = self.manage("client", name, kind, *options)
        return dict(re.findall(r"^(\w+) +(\S+)$", told, re.M))


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """The portal as `make run` starts it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("var")
    environment = {
        **os.environ,
        "DECOMPTE_VAR": str(folder),
        "DECOMPTE_CALLS_OPEN": "1000000",
        "DECOMPTE_CALLS_TOKEN": "1000000",
    }
    subprocess.run(
        [*COMMAND, "manage", "demonstration"], env=environment, check=True, capture_output=True
    )
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
        yield Live(address, environment, started)
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(20)


def wait(address):
    for _turn in range(120):
        try:
            with urlopen(f"{address}/readyz"):
                return
        except URLError:
            time.sleep(0.25)
    raise TimeoutError(address)
