"""Named points where a test may stop the program. Outside tests they do nothing.

`DECOMPTE_FAILPOINT=<name>:kill` ends the process there, `:error` raises an operating system error
of the given number (`:error:28`). Only the demonstration and tests may set it.
"""

import os
import signal

from django.conf import settings

NAMES = (
    "prepare.begun",
    "prepare.taken",
    "prepare.written",
    "prepare.kept",
    "release.checked",
    "release.moved",
    "release.booked",
    "release.committed",
    "sending.written",
    "sending.going",
    "sending.renamed",
    "sending.out",
    "answer.kept",
    "answer.line",
    "answer.done",
)


def reach(name: str) -> None:
    """Pass a point; stop there when a test asked for it."""
    assert name in NAMES
    if not settings.FAILPOINT or not settings.FAILPOINT.startswith(f"{name}:"):
        return
    _name, what, *number = settings.FAILPOINT.split(":")
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OSError(int(number[0]), f"stopped at {name}")
