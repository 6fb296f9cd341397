"""I2, I6 and I11: every decision is read once, its lines are looked at, and it is decided again.

The database is read here, some members at a time, so that however many there are, few are in
memory. The rest is done in processes of their own, which know no database: as many as there are
processors, once there are enough decisions to be worth their start.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from decompte.portal.audit import services as audit
from decompte.portal.decisions.lines import off
from decompte.portal.decisions.models import Decision
from decompte.portal.decisions.outcome import Told

ROWS = 500
WORTH_A_PROCESS = 2000
AHEAD = 4
IN_FORCE = ExpressionWrapper(Q(corrected_by__isnull=True), output_field=BooleanField())


def problems() -> list[str]:
    """Return lines and caps that do not hold, and decisions whose kept inputs give other amounts.

    What was emptied cannot be asked; it must have been told when its time was over.
    """
    emptied = Decision.objects.filter(forgotten_at__isnull=False).select_related("request")
    told = audit.subjects("care.forgotten") if emptied else set()
    return [
        *(
            f"decisions: {one.public_id} was emptied and nobody told"
            for one in emptied
            if f"request:{one.request.public_id}" not in told
        ),
        *_off(),
    ]


def _off() -> Iterator[str]:
    kept = Decision.objects.filter(forgotten_at__isnull=True)
    workers = min(os.cpu_count() or 1, kept.count() // WORTH_A_PROCESS)
    if workers < 2:  # noqa: PLR2004  (one process is this one)
        for some in _portions(kept):
            yield from off(some)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        asked = (pool.submit(off, some) for some in _portions(kept))
        running = list(islice(asked, AHEAD * workers))
        while running:
            yield from running.pop(0).result()
            running += islice(asked, 1)


def _portions(kept: Any) -> Iterator[list[Told]]:
    """Yield decisions as they are kept, of some members at a time; JSON stays text."""
    rows = kept.order_by("member_id", "id").values_list(
        "member_id",
        IN_FORCE,
        "public_id",
        "law_version",
        "payable_cents",
        "decided_at",
        "words",
        Cast("by_hand", TextField()),
        Cast("inputs", TextField()),
        KT("answers__en"),
    )
    for members in _members(kept):
        yield [Told(*row) for row in rows.filter(member_id__in=members)]


def _members(kept: Any) -> Iterator[list[int]]:
    """Yield members, as many as have some hundred decisions together."""
    members: list[int] = []
    decisions = 0
    counted = kept.order_by("member_id").values_list("member_id").annotate(n=Count("id"))
    for member_id, count in counted:
        members.append(member_id)
        decisions += count
        if decisions >= ROWS:
            yield members
            members, decisions = [], 0
    if members:
        yield members
