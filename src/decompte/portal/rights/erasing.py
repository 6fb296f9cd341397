"""Takes away what is no longer to be kept: the care of one request, or everything of a person.

Each is one transaction. Sealed files are named in it to be taken off the disk afterwards, so a
process killed at any moment leaves either everything or nothing, and a list of what is left to do.
What the books rest on stays with random identifiers and amounts only.
"""

from typing import Any

from django.db import transaction

from decompte.portal import clock
from decompte.portal.api import handing
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.requests import store
from decompte.portal.rights.holdings import HOLDINGS, Emptied, Goes, Holding, holding_of
from decompte.portal.rights.models import Scrap


def forget_request(request_id: int, public_id: str, agency: str) -> None:
    """Take away the care of a request that is due; twice is once."""
    with system("what is no longer to be kept"), transaction.atomic():
        for holding in HOLDINGS:
            if holding.request:
                _end(holding, holding.rows.filter(**{holding.request: request_id}))
        audit.record("care.forgotten", f"request:{public_id}", actor="system", agency=agency)


def erase(user: Any) -> None:
    """Take away everything of an account and its member but what the books rest on."""
    with system("a person is erased"), transaction.atomic():
        member_id = people.member_id_of(user)
        begun = holding_of("registration.Registration").rows.filter(member_id=member_id)
        handing.forget(list(begun.values_list("public_id", flat=True)))
        for holding in HOLDINGS:
            if holding.user:
                _end(holding, holding.rows.filter(**{holding.user: user.pk}))
            elif member_id is not None:
                if holding.request:
                    _tell_forgotten(holding, member_id)
                _end(holding, holding.rows.filter(**{holding.member: member_id}))
        outbox.forget(user.email)
        audit.record("person.erased", f"user:{user.public_id}", actor="system")


def sweep() -> int:
    """Take the files off the disk whose rows are gone; return how many."""
    count = 0
    for scrap in list(Scrap.objects.all()):
        if not _is_named(scrap.token):
            store.discard(scrap.token)
            count += 1
        scrap.delete()
    return count


def _end(holding: Holding, rows: Any) -> None:
    """Bring the rows of one table to their end; their files are to go too."""
    if holding.file:
        tokens = rows.exclude(**{holding.file: ""}).values_list(holding.file, flat=True)
        scraps = [Scrap(token=one, since=clock.now()) for one in set(tokens)]
        Scrap.objects.bulk_create(scraps, ignore_conflicts=True)
    keys = list(rows.order_by().values_list("pk", flat=True))
    mine = holding.rows.filter(pk__in=keys)
    match holding.end:
        case Goes():
            mine.delete()
        case Emptied():
            mine.update(**holding.leaves())


def _tell_forgotten(holding: Holding, member_id: int) -> None:
    if holding.table != "requests.Request":
        return
    rows = holding.rows.filter(member_id=member_id, forgotten_at__isnull=True)
    for public_id, agency in rows.values_list("public_id", "agency"):
        audit.record("care.forgotten", f"request:{public_id}", actor="system", agency=agency)


def _is_named(token: str) -> bool:
    """Return whether a row still names a file: a scanned page may be the paper of a request."""
    return any(one.rows.filter(**{one.file: token}).exists() for one in HOLDINGS if one.file)
