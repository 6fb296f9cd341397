"""How passwords are kept, and how many are computed at once.

A hash takes 46 MiB and tens of milliseconds on purpose: a flood of sign-ins would take the machine.
So all processes together compute a few at a time; whoever waits too long is told to come back.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

PAUSE_SECONDS = 0.005


class Busy(Exception):  # noqa: N818  (a state of the machine, not a fault)
    """Too many passwords are being computed; the one who asks should come back."""


class Argon2id46(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane: strong, and quick enough for September's rush."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a password, once there is a place to compute it."""
        with place():
            written: str = super().encode(password, salt)
        return written

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether a password is the one, once there is a place to compute it."""
        with place():
            return bool(super().verify(password, encoded))


@contextmanager
def place() -> Iterator[None]:
    """Hold one of the few places to compute a hash, across threads and processes.

    A place is a locked file: a process that dies gives it back.

    Raises:
        Busy: none came free in time.
    """
    descriptor = _taken()
    try:
        yield
    finally:
        os.close(descriptor)


def _taken() -> int:
    folder = settings.VAR / "hashing"
    folder.mkdir(parents=True, exist_ok=True)
    latest = time.monotonic() + settings.HASHING_PATIENCE_SECONDS
    while True:
        for number in range(settings.HASHES_AT_ONCE):
            descriptor = os.open(folder / str(number), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return descriptor
        if time.monotonic() > latest:
            raise Busy
        time.sleep(PAUSE_SECONDS)
