"""Seals the trail in a chain, and says where it does not hold: changed, taken out, swapped, cut.

Each agency's events are chained by their digests, in the order of sealing. After each sealing a
checkpoint outside the database says, signed, how far the chains went: who cuts the end of a chain
off would have to forge that too. Everything is read in portions: a trail is as long as the years.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from decompte.portal import clock
from decompte.portal.audit.models import Event, Seal

PORTION = 5000
# A transaction may commit after one that began later: this far back events are looked for again.
LOOK_BACK = 20_000
FIELDS = ("pk", "at", "actor", "agency", "code", "subject", "detail")


class Row(NamedTuple):
    """One event as it is sealed."""

    pk: int
    at: datetime
    actor: str
    agency: str
    code: str
    subject: str
    detail: Any


class Reached(NamedTuple):
    """How many events were sealed, and the end of each agency's chain: event and digest."""

    number: int
    ends: dict[str, tuple[int, str]]


def seal() -> int:
    """Seal the events that are not yet, each chained to its agency's last; return how many."""
    count = 0
    while reached := _seal_portion():
        _check_point(reached.ends)
        count += reached.number
    return count


def unsealed() -> int:
    """Return how many events wait for their seal, of those that are recent enough to."""
    number: int = _waiting().count()
    return number


def problems() -> list[str]:
    """Return where the sealed chain does not hold."""
    last: dict[str, str] = {}
    found = []
    for row, agency, sealed in _sealed():
        if row.agency != agency or digest(row, last.get(agency, "")) != sealed:
            found.append(f"audit: event {row.pk} does not match its seal")
        last[agency] = sealed
    return [*found, *_cut_off(), *_left_out()]


def digest(row: Row, previous: str) -> str:
    """Return the digest of an event that follows on another's."""
    written = json.dumps([row.pk, row.at.isoformat(), *row[2:]], sort_keys=True)
    return hashlib.sha256(f"{previous}\n{written}".encode()).hexdigest()


@transaction.atomic
def _seal_portion() -> Reached | None:
    rows = [Row(*row) for row in _waiting().order_by("pk").values_list(*FIELDS)[:PORTION]]
    if not rows:
        return None
    last = {agency: _last(agency) for agency in {row.agency for row in rows}}
    seals: list[Seal] = []
    ends: dict[str, tuple[int, str]] = {}
    for row in rows:
        last[row.agency] = digest(row, last[row.agency])
        ends[row.agency] = (row.pk, last[row.agency])
        seals.append(Seal(event_id=row.pk, agency=row.agency, digest=last[row.agency]))
    Seal.objects.bulk_create(seals, batch_size=1000)
    return Reached(len(rows), ends)


def _waiting() -> Any:
    newest = Seal.objects.order_by("-event_id").values_list("event_id", flat=True).first() or 0
    return Event.objects.filter(pk__gt=newest - LOOK_BACK, seal__isnull=True)


def _last(agency: str) -> str:
    found = Seal.objects.filter(agency=agency).order_by("-pk").values_list("digest", flat=True)
    return found.first() or ""


def _sealed() -> Iterator[tuple[Row, str, str]]:
    """Yield each sealed event with its seal, in the order of sealing."""
    names = ("pk", "agency", "digest", *(f"event__{name}" for name in FIELDS))
    after = 0
    while True:
        rows = list(Seal.objects.filter(pk__gt=after).order_by("pk").values_list(*names)[:PORTION])
        if not rows:
            return
        after = rows[-1][0]
        yield from ((Row(*row[3:]), row[1], row[2]) for row in rows)


def _left_out() -> list[str]:
    """Return events that stand before the chain's end and are not in it: put in afterwards."""
    newest = Seal.objects.order_by("-event_id").values_list("event_id", flat=True).first() or 0
    old = Event.objects.filter(pk__lte=newest - LOOK_BACK, seal__isnull=True)
    keys = old.order_by("pk").values_list("pk", flat=True)[:PORTION]
    return [f"audit: event {key} was never sealed" for key in keys]


def _check_point(ends: dict[str, tuple[int, str]]) -> None:
    """Say outside the database how far the chains went, once that is committed."""
    path = Path(settings.CHECKPOINTS)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = list(_check_points())
    told = json.dumps({"at": clock.now().isoformat(), "reached": ends}, sort_keys=True)
    signed = {"told": told, "signature": _signature(told, before[-1][1] if before else "")}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(signed) + "\n")
        file.flush()


def _check_points() -> Iterator[tuple[str, str]]:
    """Yield what each checkpoint says, with its signature; a line that was cut off is none."""
    path = Path(settings.CHECKPOINTS)
    if path.exists():
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            read = json.loads(line)
            yield read["told"], read["signature"]


def _cut_off() -> list[str]:
    """Return where the chain is shorter than a checkpoint says, or a checkpoint is not ours."""
    reached: dict[str, tuple[int, str]] = {}
    previous = ""
    for told, signature in _check_points():
        if not constant_time_compare(signature, _signature(told, previous)):
            return ["audit: the checkpoints outside the database were changed"]
        previous = signature
        reached |= json.loads(told)["reached"]
    if not reached and Seal.objects.exists():
        return ["audit: there is no checkpoint outside the database"]
    return [
        f"audit: the chain of {agency or 'no agency'} ends before event {event_id}"
        for agency, (event_id, sealed) in reached.items()
        if not Seal.objects.filter(event_id=event_id, agency=agency, digest=sealed).exists()
    ]


def _signature(told: str, previous: str) -> str:
    signed = salted_hmac(
        "audit.checkpoint",
        f"{previous}\n{told}",
        secret=settings.SEALING_KEY,
        algorithm="sha256",
    )
    return signed.hexdigest()
