"""The guard against mass reading: an agency's program opens at most 200 different files an hour.

What a list shows counts as opened. Both the file and the stop are in the audit trail.
"""

from collections.abc import Iterable
from datetime import timedelta

from decompte.portal import clock
from decompte.portal.api import tokens
from decompte.portal.api.models import Client, Kind, Opened
from decompte.portal.audit import services as audit

MOST_FILES = 200
HOUR = timedelta(hours=1)


class TooManyFilesError(Exception):
    """This program opened as many files as it may within an hour."""


def opened(client: Client, subjects: Iterable[str], *, code: str = "") -> None:
    """Record that a program opens files.

    Args:
        client: who reads; a member's own application is not counted.
        subjects: `request:<public id>` or `member:<public id>`.
        code: written to the audit trail for each of them, when given.

    Raises:
        TooManyFilesError: it would be the 201st within an hour; nothing is shown.
    """
    if client.kind not in {Kind.AGENT, Kind.FINANCE}:
        return
    now, wanted = clock.now(), set(subjects)
    recent = Opened.objects.filter(client=client, at__gt=now - HOUR)
    known = set(recent.filter(subject__in=wanted).values_list("subject", flat=True))
    if recent.count() + len(wanted - known) > MOST_FILES:
        _stopped(client)
        raise TooManyFilesError
    rows = [Opened(client=client, subject=subject, at=now) for subject in sorted(wanted)]
    Opened.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["client", "subject"], update_fields=["at"]
    )
    if code:
        for subject in sorted(wanted):
            audit.record(code, subject, actor=tokens.actor(client), agency=client.agency)


def forget() -> int:
    """Take away what was counted and counts no more; the audit trail keeps who opened what."""
    return Opened.objects.filter(at__lt=clock.now() - HOUR).delete()[0]


def _stopped(client: Client) -> None:
    audit.record(
        "reading.stopped",
        f"client:{client.public_id}",
        actor=tokens.actor(client),
        agency=client.agency,
        detail={"most": MOST_FILES},
    )
