"""A plugin of pytest that tries the mutants named in `mutants.txt`; see `tests/mutants.py`.

The tests are collected once, and run once whole with nothing broken: that tells which functions
each touches and what it costs. Then each mutant is tried in a fork of this process, on a copy of
the database, by the tests that touch its function, those that killed a neighbour and the quickest
first, until one fails that passes in a fork with nothing broken. A mutant that uses up its time, or
its memory, is killed by that.
"""

import json
import os
import resource
import shutil
import signal
import time
from collections import defaultdict
from pathlib import Path

from _pytest.runner import runtestprotocol
from django.db import connection
from mutmut.state import state

NAMES, LEARNED, TOLD = Path("mutants.txt"), Path("learned.json"), Path("told.txt")
UNDER_TEST, NOTHING = "MUTANT_UNDER_TEST", "nothing"
SPARE_SECONDS, TIMES, WAIT_TIMES = 5, 4, 10
MOST_TESTS = 250
MEMORY = 4 * 1024**3


class Tests:
    """The tests that were collected: what each touches, what it costs, what it killed."""

    def __init__(self, items):
        """Keep the tests; nothing was run yet."""
        self.items = items
        self.seconds = {}
        self.touching = defaultdict(list)
        self.killers = defaultdict(list)
        self.fit = {}

    def learn(self):
        """Run every test with nothing broken, in a fork; return whether all of them hold.

        This process itself only makes the database: what typesets starts threads, and a fork of
        a process with threads may wait for them for ever.
        """
        passes(self.items[0], self.items[-1])
        connection.close()
        child = os.fork()
        if child == 0:
            os._exit(self.tell())
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            return False
        for item, (seconds, touched) in zip(
            self.items, json.loads(LEARNED.read_text()), strict=True
        ):
            self.seconds[item] = seconds
            for function in touched:
                self.touching[function].append(item)
        return True

    def tell(self):
        """Write what each test costs and touches; return 0 where all of them hold."""
        os.environ[UNDER_TEST] = "stats"
        failed, told = 0, []
        for item, after in zip(self.items, [*self.items[1:], self.items[0]], strict=True):
            touched = state()._stats
            touched.clear()
            start = time.process_time()
            if not passes(item, after):
                os.write(2, f"{item.nodeid} fails without a mutant\n".encode())
                failed = 1
            told.append((time.process_time() - start, sorted(touched)))
        LEARNED.write_text(json.dumps(told))
        return failed

    def of(self, function):
        """Return the tests that touch a function, the likeliest and quickest first."""
        killers = self.killers[function]
        rest = (item for item in self.touching[function] if item not in killers)
        found = [*reversed(killers), *sorted(rest, key=self.seconds.__getitem__)]
        return [item for item in found if self.fit.get(item, True)]

    def is_fit(self, item):
        """Return whether a test passes in a fork with nothing broken: else its word is nothing."""
        if item not in self.fit:
            self.fit[item] = fork(NOTHING, [item], self.seconds[item]) == 0
        return self.fit[item]

    def killed(self, function, item):
        """Remember which test killed a mutant of a function."""
        killers = self.killers[function]
        if item in killers:
            killers.remove(item)
        killers.append(item)


def pytest_runtestloop(session):
    """Learn, then try one mutant after another."""
    tests = Tests(session.items)
    if not tests.learn():
        raise session.Failed("the tests fail without a mutant")
    with TOLD.open("w") as told:
        for name in NAMES.read_text().split():
            told.write(f"{name} {verdict(tests, name)}\n")
            told.flush()
    return True


def verdict(tests, name):
    """Try a mutant; return `killed` or `lived`, and by what or why."""
    function = name.rsplit("__mutmut_", 1)[0]
    while tried := tests.of(function):
        place = fork(name, tried, sum(tests.seconds[item] for item in tried))
        if place <= 0:
            return f"killed {signal.Signals(-place).name}" if place else "lived"
        killer = tried[place - 1]
        if tests.is_fit(killer):
            tests.killed(function, killer)
            return f"killed {killer.name}"
    return "lived untouched"


def fork(name, tried, seconds):
    """Attempt a mutant in a fork; return the place of the test that fails, or minus a signal.

    The fork works in a copy of the database: what it leaves behind is thrown away.
    """
    connection.close()
    kept = Path(connection.settings_dict["NAME"])
    own = kept.with_name("broken.sqlite3")
    shutil.copy(kept, own)
    child = os.fork()
    if child == 0:
        connection.settings_dict["NAME"] = str(own)
        os._exit(attempt(name, tried, seconds))
    status = os.waitpid(child, 0)[1]
    for file in own.parent.glob("broken.sqlite3*"):
        file.unlink()
    return os.waitstatus_to_exitcode(status)


def attempt(name, tried, seconds):
    """Run tests with a mutant in force; return the place of the first that fails from 1, or 0."""
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    most = SPARE_SECONDS + TIMES * seconds
    signal.setitimer(signal.ITIMER_PROF, most)
    signal.setitimer(signal.ITIMER_REAL, WAIT_TIMES * most)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ[UNDER_TEST] = name
    tried = tried[:MOST_TESTS]
    other = next(item for item in tried[0].session.items if item is not tried[-1])
    for place, (item, after) in enumerate(zip(tried, [*tried[1:], other], strict=True), start=1):
        if not passes(item, after):
            return place
    return 0


def passes(item, after):
    """Run one test; return whether it passes or is skipped."""
    return not any(report.failed for report in runtestprotocol(item, nextitem=after, log=False))
