"""What rivals did and saw, written down as they go, and whether it can have been so (M13).

One line an event and worker, each written at once: `invoke`, then `ok`, `fail` or `unknown`; the
clock is the machine's monotonic one, the same for all. A killed worker leaves an `invoke` alone,
which is `unknown`.
"""

import json
import os
import time
from collections import defaultdict

RANK = {"": 0, "ordered": 1, "held": 1, "batched": 2, "released": 3, "settled": 4}


class Log:
    """One worker's events, in a file that only grows."""

    def __init__(self, folder, name):
        self.file = os.open(folder / f"{name}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.name = name
        self.number = 0

    def write(self, kind, **told):
        line = {"at": time.monotonic(), "kind": kind, "who": self.name, "n": self.number, **told}
        os.write(self.file, (json.dumps(line) + "\n").encode())

    def invoke(self, what, key):
        self.number += 1
        self.write("invoke", what=what, key=key)


def read(folder):
    """Return the operations: who, what, key, begin, end (or never), outcome and what was seen."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        begun = {}
        for line in path.read_text().splitlines():
            event = json.loads(line)
            if event["kind"] == "invoke":
                begun[event["n"]] = {**event, "end": float("inf"), "outcome": "unknown", "saw": ""}
                found.append(begun[event["n"]])
            else:
                begun[event["n"]].update(
                    end=event["at"], outcome=event["kind"], saw=event.get("saw", "")
                )
    return found


def anomalies(operations):
    """Return what cannot have been so.

    Whoever orders a decision is told of the same order; an order that was acknowledged is there in
    every read that begins later; what a read saw, every later read sees at least.
    """
    found = []
    by_key = defaultdict(list)
    for one in operations:
        by_key[one["key"]].append(one)
    for key, mine in by_key.items():
        acknowledged = [one for one in mine if one["what"] == "order" and one["outcome"] == "ok"]
        if len({one["saw"] for one in acknowledged}) > 1:
            found.append(f"{key} was ordered more than once")
        reads = [one for one in mine if one["what"] == "read" and one["outcome"] == "ok"]
        for read_ in reads:
            floor = max(
                (RANK[one["saw"]] for one in reads if one["end"] < read_["at"]),
                default=0,
            )
            if any(one["end"] < read_["at"] for one in acknowledged):
                floor = max(floor, 1)
            if RANK[read_["saw"]] < floor:
                found.append(f"{key} was seen as {read_['saw'] or 'nothing'} after more")
    return found
