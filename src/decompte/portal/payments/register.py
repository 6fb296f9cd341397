"""The register of what left the house, kept outside the database.

A database can be an old copy; the register cannot know less than what was sent. One line an event,
each with the digest of the line before: `going` before a file is put out, `out` after. The file is
locked while it is read and written, and each line is on the disk before the next step.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.conf import settings

GOING, OUT = "going", "out"


class Sent(NamedTuple):
    """What the register says of one message: its digest, its payments, and whether it is out."""

    sha256: str
    end_to_end_ids: tuple[str, ...]
    is_out: bool


class BrokenRegister(AssertionError):  # noqa: N818  (a defect, named)
    """The register does not hold together: somebody changed it."""


class Register:
    """The register while it is locked."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read what is there; a last line that was cut off never happened.

        Raises:
            BrokenRegister: a line does not follow from the one before.
        """
        self.file = file
        self.sent: dict[str, Sent] = {}
        self.last = ""
        file.seek(0)
        whole = 0
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            self._know(line)
        file.truncate(whole)
        file.seek(0, os.SEEK_END)

    def write(self, event: str, msg_id: str, sha256: str, ids: tuple[str, ...] = ()) -> None:
        """Add a line and wait until it is on the disk."""
        line = json.dumps(
            {"after": self.last, "event": event, "msg_id": msg_id, "sha256": sha256, "ids": ids},
            sort_keys=True,
        ).encode()
        self.file.write(line + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self._know(line + b"\n")

    def owners(self) -> dict[str, str]:
        """Return the message that carried each payment."""
        return {one: msg_id for msg_id, sent in self.sent.items() for one in sent.end_to_end_ids}

    def _know(self, line: bytes) -> None:
        told: dict[str, Any] = json.loads(line)
        if told["after"] != self.last:
            raise BrokenRegister("a line of the register does not follow from the one before")
        self.last = hashlib.sha256(line.rstrip(b"\n")).hexdigest()
        ids = tuple(told["ids"])
        if told["event"] == OUT and (known := self.sent.get(told["msg_id"])):
            ids = known.end_to_end_ids
        self.sent[told["msg_id"]] = Sent(told["sha256"], ids, told["event"] == OUT)


@contextmanager
def opened() -> Iterator[Register]:
    """Lock the register and read it; it is made when it is not there yet."""
    path = Path(settings.REGISTER)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Register(file)
