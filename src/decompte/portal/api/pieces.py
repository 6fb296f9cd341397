"""Papers on their way: sealed pieces on the disk, put together at the last one, then let in."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.api import tokens
from decompte.portal.api.models import Client, Upload
from decompte.portal.people import sealing
from decompte.portal.requests import services as requests
from decompte.procedure import papers as procedure_papers


def begin(client: Client, asked: Any, *, kind: str, file_name: str, size: int) -> Upload:
    """Return a new upload of a paper for a request.

    Raises:
        Refusal: the kind is unknown.
    """
    if kind not in procedure_papers.kinds():
        known = ", ".join(procedure_papers.kinds())
        raise _refusal(
            "kind",
            "paper.unknown",
            f"pièce inconnue ; permis : {known}",
            f"unknown paper; allowed: {known}",
        )
    upload: Upload = Upload.objects.create(
        client=client,
        request_id=asked.pk,
        member_id=asked.member_id,
        agency=asked.agency,
        kind=kind,
        file_name=file_name,
        size=size,
        created_at=clock.now(),
    )
    return upload


def find(public_id: str) -> Upload | None:
    """Return an upload within the scope, or None."""
    found: Upload | None = (
        Upload.objects.filter(public_id=public_id).select_related("request", "client").first()
    )
    return found


def add(upload: Upload, data: bytes, *, offset: int) -> Upload:
    """Add the piece that begins at `offset`; the last one lets the paper in.

    The piece is on the disk before it counts. A piece sent again is not counted twice.

    Raises:
        Refusal: the piece does not go on from what is here, is more than announced, or the whole
            file is refused (it can then be uploaded anew).
    """
    if upload.paper:
        return upload
    if offset != upload.received:
        raise _refusal(
            "Upload-Offset",
            "upload.offset",
            f"continuer à {upload.received}",
            f"go on from {upload.received}",
        )
    if not data or offset + len(data) > upload.size:
        raise _refusal(
            "body",
            "upload.size",
            f"de 1 à {upload.size - offset} octets restent",
            f"1 to {upload.size - offset} bytes are left",
        )
    _keep(upload, offset, data)
    Upload.objects.filter(pk=upload.pk, received=offset).update(received=offset + len(data))
    upload.refresh_from_db()
    if upload.received == upload.size:
        _let_in(upload)
    return upload


def _let_in(upload: Upload) -> None:
    folder = _folder(upload)
    parts = sorted(folder.iterdir(), key=lambda path: int(path.name))
    data = b"".join(
        sealing.open_sealed(path.read_bytes(), _context(upload, int(path.name))) for path in parts
    )
    try:
        with transaction.atomic():
            paper = requests.add_paper(
                upload.request, upload.kind, data, upload.file_name, tokens.actor(upload.client)
            )
            Upload.objects.filter(pk=upload.pk).update(paper=paper.public_id)
    except Refusal:
        Upload.objects.filter(pk=upload.pk).update(received=0)
        shutil.rmtree(folder, ignore_errors=True)
        raise
    upload.refresh_from_db()
    shutil.rmtree(folder, ignore_errors=True)


def _keep(upload: Upload, offset: int, data: bytes) -> None:
    folder = _folder(upload)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial, target = folder.with_suffix(f".{offset}"), folder / str(offset)
    with partial.open("wb") as file:
        file.write(sealing.seal(data, _context(upload, offset)))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(target)
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _folder(upload: Upload) -> Path:
    return Path(settings.VAR) / "uploads" / upload.public_id


def _context(upload: Upload, offset: int) -> str:
    return f"upload:{upload.agency}:{upload.public_id}:{offset}"


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
