"""Everything that is known of a person, to take along: one JSON document and the papers as files.

Every table of `holdings.HOLDINGS` is in it, row by row, with what was sealed opened. The files are
the papers as they came, the letters, statements and certificate as PDF.
"""

import base64
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from django.contrib.auth.base_user import AbstractBaseUser

from decompte.documents.statement import statement_pdf
from decompte.errors import Lang
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.decisions import services as decisions
from decompte.portal.outbox import services as outbox
from decompte.portal.payments import services as payments
from decompte.portal.people import sealing
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests
from decompte.portal.requests import store
from decompte.portal.rights.holdings import BY_MAIL, HOLDINGS, TRAIL, Holding
from decompte.procedure.retention import period

SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic"}


class File(NamedTuple):
    """One file of an export."""

    name: str
    content: bytes


def export(user: Any, lang: Lang) -> Any:
    """Return an open file with everything known of an account holder, as a ZIP archive."""
    assert isinstance(user, AbstractBaseUser)
    with system("an account holder takes their data along"):
        member_id = people.member_id_of(user)
        written = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", as_text(document(user, member_id)))
            for file in files(member_id, lang) if member_id is not None else ():
                archive.writestr(file.name, file.content)
        audit.record("data.exported", f"user:{user.public_id}", actor=user.public_id)  # type: ignore[attr-defined]
    written.seek(0)
    return written


def document(user: Any, member_id: int | None) -> dict[str, Any]:
    """Return what every table holds of an account and its member.

    Args:
        user: the account.
        member_id: primary key of its member, or None before there is one.
    """
    tables = [table(one, held(one, user.pk, member_id)) for one in HOLDINGS]
    subjects = {f"user:{user.public_id}", *_subjects(member_id)}
    trail = [event for one in sorted(subjects) for event in audit.history(one)]
    mails = outbox.sent_to(user.email)
    return {
        "made_at": clock.now().isoformat(),
        "account": user.email,
        "tables": [*tables, table(BY_MAIL, mails), table(TRAIL, trail)],
    }


def held(holding: Holding, user_id: int, member_id: int | None) -> Any:
    """Return the rows of one table that are about an account or its member."""
    if holding.user:
        return holding.rows.filter(**{holding.user: user_id}).order_by("pk")
    return holding.rows.filter(**{holding.member: member_id}).order_by("pk").distinct()


def table(holding: Holding, rows: Any) -> dict[str, Any]:
    """Return one table with its name, why it is kept, and its rows."""
    kept = period(holding.kept)
    return {
        "table": holding.table,
        "name": {"fr": holding.name.fr, "en": holding.name.en},
        "why": {"fr": kept.reason.text.fr, "en": kept.reason.text.en},
        "rows": [row(holding, one) for one in rows],
    }


def row(holding: Holding, one: Any) -> dict[str, Any]:
    """Return a row as names and values, sealed values opened, hidden ones left out."""
    found = {}
    for field in one._meta.concrete_fields:  # noqa: SLF001  (Django's documented _meta)
        if field.attname in holding.hidden:
            continue
        value = getattr(one, field.attname)
        if field.name in holding.sealed:
            value = _opened(value, holding.sealed[field.name])
        found[field.attname] = value
    return found


def files(member_id: int, lang: Lang) -> Iterator[File]:
    """Yield the papers, letters and statements of a member."""
    for request in requests.requests_of(member_id):
        folder = request.reference
        papers = request.papers.filter(page_count__gt=0).exclude(file_token="")
        for place, paper in enumerate(papers, start=1):
            ending = SUFFIXES.get(paper.media_type, "bin")
            content = store.original(paper.file_token, paper.agency)
            yield File(f"papers/{folder}/{place:02d}-{paper.kind}.{ending}", content)
        for place, letter in enumerate(request.letters.all(), start=1):
            content = sealing.open_sealed(letter.content_sealed, "letter")
            yield File(f"letters/{folder}-{place}.pdf", content)
    for decision in decisions.decisions_of(member_id):
        if decision.forgotten_at is None:
            content = statement_pdf(payments.statement(decision, lang), lang=lang)
            yield File(f"statements/{decision.request.reference}-{decision.pk}.pdf", content)


def as_text(made: Any) -> str:
    """Return a document as JSON text."""
    return json.dumps(made, default=_plain, ensure_ascii=False, indent=1)


def _subjects(member_id: int | None) -> Iterator[str]:
    if member_id is None:
        return
    for holding in HOLDINGS:
        kind = {"people.Member": "member", "requests.Request": "request"}.get(holding.table)
        if kind:
            rows = holding.rows.filter(**{holding.member: member_id})
            yield from (f"{kind}:{one}" for one in rows.values_list("public_id", flat=True))


def _opened(value: Any, context: str) -> Any:
    if not value:
        return ""
    try:
        opened = sealing.open_sealed(value, context)
    except InvalidTag:
        return "unreadable"
    return opened.decode() if opened.isascii() and not opened.startswith(b"%PDF") else "see files"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value).__name__} has no place in an export")
