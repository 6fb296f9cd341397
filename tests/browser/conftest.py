"""A real browser on the real server, with the demonstration's people."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import demonstration

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
COMMAND = (sys.executable, "-m", "decompte.cli")
PASSWORD = "un-mot-de-passe-2014"


class Server(str):
    """The address of a running portal, which knows its processes."""

    process = None
    environment = None

    def start(self):
        """Start the portal on its port, and wait until it answers."""
        self.process = subprocess.Popen(
            [*COMMAND, "serve"],
            env={**self.environment, "PORT": self.rsplit(":", 1)[1]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait(f"{self}/readyz")

    def kill(self):
        """End every process of the portal at once, as when its machine stops."""
        for pid in (self.process.pid, *self.workers()):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(20)

    def workers(self):
        """Return the process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return sorted(int(pid) for pid in children.read_text().split())


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory):
    """A demonstration that was killed once its people were in and a file had left, and begun again.

    Whatever is browsed rests on the second beginning.
    """
    return demonstration(tmp_path_factory, "begun-again", stopped_at="outgoing/*")


@pytest.fixture(scope="session")
def environment(demonstrated, tmp_path_factory):
    """The settings of the portal that is browsed: a demonstration of its own."""
    folder = shutil.copytree(demonstrated, tmp_path_factory.mktemp("browsed") / "var")
    return {**os.environ, "DECOMPTE_VAR": str(folder)}


@pytest.fixture(scope="session")
def server(environment):
    """The portal as `make run` starts it; gives its address."""
    with running(environment) as address:
        yield address


@contextmanager
def running(environment):
    """Run a portal on a port that is free; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = Server(f"http://127.0.0.1:{port}")
    address.environment = environment
    address.start()
    try:
        yield address
    finally:
        address.process.terminate()
        address.process.wait(20)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium; the tests say so when it is absent."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visitor(browser, server):
    """Open a browser of one's own: `visitor()` gives a page."""
    contexts = []

    def arrive(width=1200, language="en-GB", address=server):
        context = browser.new_context(
            base_url=address, locale=language, viewport={"width": width, "height": 850}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()


def sign_in(page, email):
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.button")
    return page


def shot(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def _wait(address):
    for _turn in range(150):
        try:
            with urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")
