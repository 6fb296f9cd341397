"""An agent clears a mixed stack by keyboard alone, each request in seconds.

Eight requests by default; `DECOMPTE_STACK=50` makes it fifty.
"""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.browser.conftest import running, shot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
NUMBER = int(os.environ.get("DECOMPTE_STACK", "8"))
WELL_SECONDS = 20
LISTS = ("1", "2", "5")  # to be reviewed, contested, to arrive by post


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """A portal with the stack; gives its address, and what the papers of each request show."""
    environment = {
        **os.environ,
        "DECOMPTE_VAR": str(tmp_path_factory.mktemp("stack")),
        "DECOMPTE_DEMONSTRATION": "1",
        "DECOMPTE_DAYS_BACK": "4632",
    }
    command = [sys.executable, "-m", "tests.browser.stack", str(NUMBER)]
    made = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    with running(environment) as address:
        yield address, json.loads(made.stdout)


class Agent:
    """Somebody with a keyboard who looks at the page and acts."""

    def __init__(self, page, shown):
        self.page, self.shown, self.seconds = page, shown, {}

    def press(self, *keys):
        """Press keys on this page."""
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, *keys):
        """Press keys, the last of which leaves this page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.page.keyboard.press(keys[-1])

    def clear(self, which):
        """Work through one list until nothing in it is left."""
        for _turn in range(len(self.shown) + 1):
            self.go(which)
            self.press("j")
            if not self.page.evaluate("document.activeElement.closest('[data-row]')"):
                return
            self.go("Enter")
            while self.is_at_a_request():
                self.review()
        raise AssertionError("the list does not end")

    def is_at_a_request(self):
        return "/agency/requests/" in self.page.url

    def reference(self):
        return self.page.locator("h1").inner_text().split()[0]

    def review(self):
        """Do with one request what its page and its papers ask for."""
        start, reference = time.monotonic(), self.reference()
        kind, seen = self.shown[reference], self.page.inner_text("main")
        if "Tick what was in the envelope" in seen:
            boxes = self.page.locator("[name=arrived]").count()
            arrived = boxes if kind == "post-complete" else boxes - 1
            self.go(*map(str, range(1, arrived + 1)), "a")
            seen = self.page.inner_text("main")
        if "Perhaps the same care twice" in seen and kind == "duplicate":
            self.answer("x", "3")
        elif kind == "appeal":
            self.answer("u", "1")
        elif kind == "refuse":
            self.answer("x", "4")
        elif kind == "unsigned":
            self.press("1")
            self.page.keyboard.type("It is not signed.")
            self.go("Enter")
            self.go("r", "Enter")
        elif kind == "post":
            assert "missing" in seen
            self.go("r", "Enter")
        else:
            self.go("a")
        assert self.reference() != reference, f"{reference} ({kind}) was not done"
        self.seconds.setdefault(kind, []).append(time.monotonic() - start)

    def answer(self, how, reason):
        """Choose a reason, read the letter, send it."""
        self.go(how)
        self.go(reason, "v")
        self.go("a")


def test_a_mixed_stack_is_cleared_by_keyboard_in_seconds_each(visitor, stack):
    address, shown = stack
    page = sign_in(visitor(address=address), "supervisor@stack.example")
    page.wait_for_selector("h1:has-text('Work list')")
    agent = Agent(page, shown)
    for which in LISTS:
        agent.clear(which)
    shot(page, "60-stack-cleared")
    assert sum(map(len, agent.seconds.values())) == len(shown)
    for which in LISTS:
        agent.go(which)
        assert page.is_visible("text=Nothing here.")
    assert max(agent.seconds["complete"]) < WELL_SECONDS
    for kind, taken in agent.seconds.items():
        sys.stdout.write(f"{kind}: {len(taken)}, mean {sum(taken) / len(taken):.2f} s\n")
