"""Power cuts of a disk, made from a trace of what a process wrote.

What was written to a file since its last fsync may be lost, whole or in part, in any order; the
last piece may be torn at a sector. What was synced is there. A cut is made by applying to the
files as they were before whatever survived.
"""

import re
from typing import NamedTuple

SECTOR = 512
SYNCS = {"fsync", "fdatasync"}
CALL = re.compile(r'^(\w+)\((\d+)<([^>]*)>(?:, "((?:\\x[0-9a-f]{2})*)")?(.*)\) += (-?\d+)')
HEX = re.compile(r"\\x")


class Step(NamedTuple):
    """One call: what it does to which file; `data` at `offset`, or a new length."""

    call: str
    path: str
    data: bytes
    offset: int


def read(path):
    """Return the calls of a trace that went well, in their order."""
    with path.open() as lines:
        found = [CALL.match(line) for line in lines]
    return [_step(one) for one in found if one and int(one[6]) >= 0]


def _step(found):
    call, _fd, where, text, rest, _result = found.groups()
    number = re.search(r"(\d+)$", rest)
    path = _bytes(where).decode() if where.startswith("\\x") else where
    return Step(call, path, _bytes(text or ""), int(number[1]) if number else 0)


def _bytes(text):
    return bytes.fromhex(HEX.sub("", text))


class Disk:
    """Files as they are for sure, and what of them is still on its way to the disk."""

    def __init__(self, files):
        self.sure = {path: bytearray(data) for path, data in files.items()}
        self.pending = {path: [] for path in files}

    def take(self, step):
        """Let one call happen."""
        if step.path not in self.sure:
            return
        if step.call in SYNCS:
            for one in self.pending[step.path]:
                _apply(self.sure[step.path], one)
            self.pending[step.path] = []
        else:
            self.pending[step.path].append(step)

    def cut(self, random):
        """Return the files as a power cut at this moment leaves them."""
        left = {}
        for path, data in self.sure.items():
            image = bytearray(data)
            for one in _survivors(self.pending[path], random):
                _apply(image, one)
            left[path] = bytes(image)
        return left


def _survivors(pending, random):
    """Return which of the calls under way reached the disk: none, some first ones, or any."""
    way = random.choice(("none", "first", "any", "torn"))
    if way == "none" or not pending:
        return []
    if way == "any":
        some = [one for one in pending if random.random() < 0.5]
        random.shuffle(some)
        return some
    first = list(pending[: random.randint(0, len(pending))])
    if way == "torn" and first:
        last = first.pop()
        kept = random.randrange(0, len(last.data) + 1, SECTOR) if last.data else 0
        first.append(last._replace(data=last.data[:kept]))
    return first


def _apply(image, step):
    if step.call == "ftruncate":
        del image[step.offset :]
        image.extend(bytes(step.offset - len(image)))
    elif step.call == "pwrite64":
        end = step.offset + len(step.data)
        image.extend(bytes(max(0, end - len(image))))
        image[step.offset : end] = step.data
