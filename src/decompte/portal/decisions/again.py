"""I11: every decision is decided again from what was kept of it, and has to come out the same.

The database is read here, the rows are decided in processes of their own, which know no database:
as many as there are processors, once there are enough decisions to be worth their start.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from decompte.portal.audit import services as audit
from decompte.portal.decisions.models import Decision
from decompte.portal.decisions.outcome import Told, differing

ROWS = 500
WORTH_A_PROCESS = 2000
AHEAD = 4


def problems() -> list[str]:
    """Return decisions whose kept inputs no longer give their kept amounts under the same law.

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
        *(f"decisions: {one} does not come out again" for one in _differing()),
    ]


def _differing() -> Iterator[str]:
    kept = Decision.objects.filter(forgotten_at__isnull=True)
    workers = min(os.cpu_count() or 1, kept.count() // WORTH_A_PROCESS)
    if workers < 2:  # noqa: PLR2004  (one process is this one)
        for some in _portions(kept):
            yield from differing(some)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        asked = (pool.submit(differing, some) for some in _portions(kept))
        running = list(islice(asked, AHEAD * workers))
        while running:
            yield from running.pop(0).result()
            running += islice(asked, 1)


def _portions(kept: Any) -> Iterator[list[Told]]:
    """Yield decisions as they are kept, some at a time; what is written as JSON stays text."""
    rows: Iterable[tuple[Any, ...]] = (
        kept.order_by("id")
        .values_list(
            "public_id",
            "law_version",
            "payable_cents",
            "decided_at",
            "words",
            Cast("by_hand", TextField()),
            Cast("inputs", TextField()),
            Cast("answers", TextField()),
        )
        .iterator(chunk_size=ROWS)
    )
    told = iter(rows)
    while some := [Told(*row) for row in islice(told, ROWS)]:
        yield some
