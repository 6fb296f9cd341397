"""Puts released files out for the bank's transport: each exactly once, whatever stops us.

The steps: the bytes under a temporary name, on the disk; `going` in the register; the rename;
`out` in the register. After a stop the next call goes on where it was: a temporary file without
its rename is renamed, a message that is `going` and has neither file was taken by the transport.
A message with a payment that another message carried, and a database that is older than the
register, send nothing.
"""

import hashlib
import os
from pathlib import Path

from django.conf import settings

from decompte.portal.payments import failpoints, register
from decompte.portal.payments.models import Batch
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import BatchState
from decompte.portal.people import sealing
from decompte.portal.people.scope import system

FILE_CONTEXT = "payment-file"


def outgoing() -> Path:
    """Return the folder where released files wait for the bank's transport."""
    return Path(settings.VAR) / "outgoing"


def content(batch: Batch) -> bytes:
    """Return the bytes of a payment file, as made."""
    return sealing.open_sealed(batch.content_sealed, FILE_CONTEXT)


def put_out() -> int:
    """Put the released files out that are not yet; return how many. Safe to repeat.

    Raises:
        Refusal: the register knows more than this database, or a payment went out before.
    """
    with register.opened() as known:
        check(known)
        released = Batch.objects.filter(state=BatchState.RELEASED).defer("content_sealed")
        return sum(_put_out(batch, known) for batch in released.order_by("pk"))


def check(known: register.Register) -> None:
    """Refuse when the register knows of messages this database has not released.

    The register holds every agency's messages, so all of them are looked for, whoever asks.

    Raises:
        Refusal: it does: the database is an older copy.
    """
    with system("the register holds every agency's messages"):
        released = Batch.objects.filter(state=BatchState.RELEASED)
        here = dict(released.values_list("msg_id", "sha256"))
    unknown = [name for name, sent in known.sent.items() if here.get(name) != sent.sha256]
    if unknown:
        raise refusal("register.ahead", message=unknown[0])


def is_out(batch: Batch, known: register.Register) -> bool:
    """Return whether the register says that a file is out."""
    return batch.msg_id in known.sent and known.sent[batch.msg_id].is_out


def _put_out(batch: Batch, known: register.Register) -> int:
    if is_out(batch, known):
        return 0
    target = outgoing() / f"{batch.msg_id}.xml"
    partial = target.with_suffix(".partial")
    if batch.msg_id not in known.sent:
        ids = tuple(batch.payments.values_list("end_to_end_id", flat=True).order_by("id"))
        _refuse_sent_before(batch, ids, known)
        _write(partial, content(batch), batch.sha256)
        failpoints.reach("sending.written")
        known.write(register.GOING, batch.msg_id, batch.sha256, ids)
        failpoints.reach("sending.going")
    if partial.exists():
        partial.rename(target)
        failpoints.reach("sending.renamed")
        _sync(target.parent)
    known.write(register.OUT, batch.msg_id, batch.sha256)
    failpoints.reach("sending.out")
    return 1


def _refuse_sent_before(batch: Batch, ids: tuple[str, ...], known: register.Register) -> None:
    owners = known.owners()
    again = [one for one in ids if owners.get(one, batch.msg_id) != batch.msg_id]
    if again:
        raise refusal("register.again", payment=again[0])


def _write(path: Path, data: bytes, sha256: str) -> None:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise refusal("batch.changed")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
