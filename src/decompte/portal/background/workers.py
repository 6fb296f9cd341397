"""Who is at work: each worker holds the lock on a file of its own for as long as it lives.

The kernel lets the lock go however the process ends, so that a killed worker is known as dead at
once, without a clock. A worker on another machine has no file here and counts as dead: what it
does is then done by two, which the steps of a job can bear.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def alive(worker: str) -> Iterator[None]:
    """Be known as alive within this block."""
    path = _path(worker)
    path.parent.mkdir(parents=True, exist_ok=True)
    locked = path.with_suffix(".new")
    with locked.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        locked.rename(path)  # nobody sees it without its lock
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_alive(worker: str) -> bool:
    """Return whether a worker of this machine lives; the file of a dead one is taken away."""
    path = _path(worker)
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    path.unlink(missing_ok=True)
    return False


def _path(worker: str) -> Path:
    return Path(settings.VAR) / "workers" / worker
