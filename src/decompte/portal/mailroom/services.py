"""Verbs of the mailroom: take a scanned stack, file its pages, settle those that wait.

A stack is stored first and filed in one transaction: killed before its end it leaves nothing, and
taken again it is filed whole. The same file twice is filed once.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from decompte.errors import Problem, Refusal, Text
from decompte.intake import door
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.mailroom.models import Page, Scan
from decompte.portal.mailroom.split import Bundle, split
from decompte.portal.requests import arrivals, scanning, store, worklists
from decompte.portal.requests.arrivals import Arrived
from decompte.procedure.papers import kinds

PREVIEWS = 60


class StoredPage(NamedTuple):
    """A page in the store, with what is known of it."""

    token: str
    sha256: str
    codes: tuple[str, ...]
    is_blank: bool


def take(data: bytes, filename: str, agency: str, actor: str) -> tuple[Scan, bool]:
    """Take a scanned stack in and file its pages.

    Args:
        data: the scan, a PDF or a picture.
        filename: the name it came with.
        agency: whose mailroom it is.
        actor: public id of the account, or `system`.

    Returns:
        The scan, and whether it is new: the same file again files nothing.

    Raises:
        Refusal: the file is not let in.
    """
    digest = hashlib.sha256(data).hexdigest()
    if known := _known(agency, digest):
        return known, False
    if not scanning.is_clean([data]):
        raise Refusal([_no_answer()])
    pages = list(_stored(data, filename, agency))
    try:
        with transaction.atomic():
            scan = Scan.objects.create(
                agency=agency,
                sha256=digest,
                file_name=door.clean_name(filename),
                page_count=len(pages),
                filed_at=clock.now(),
                filed_by=actor,
            )
            for bundle in split(pages):
                _file(scan, bundle, pages, actor)
            audit.record(
                "scan.filed",
                f"scan:{scan.public_id}",
                actor=actor,
                agency=agency,
                detail={"pages": len(pages)},
            )
    except IntegrityError:
        known = _known(agency, digest)
        if known is None:
            raise
        for page in pages:
            store.discard(page.token)
        return known, False
    return scan, True


def waiting() -> list[Page]:
    """Return the pages of the scope that wait, in the order they came; one screenful."""
    rows = Page.objects.filter(role=Page.Role.WAITING).select_related("scan", "request")
    return list(rows.order_by("scan_id", "place")[:PREVIEWS])


def counts() -> dict[str, int]:
    """Return how many pages of the scope wait in all."""
    return {"waiting": Page.objects.filter(role=Page.Role.WAITING).count()}


def scans() -> list[Scan]:
    """Return the newest scans of the scope."""
    return list(Scan.objects.prefetch_related("pages")[:20])


def report(scan: Scan) -> dict[str, int]:
    """Return how many pages of a scan are in each role, and how many requests they belong to."""
    pages = list(scan.pages.all())
    counted = {role: sum(page.role == role for page in pages) for role in Page.Role.values}
    filed = {page.request_id for page in pages if page.request_id and page.role != "waiting"}
    return counted | {"requests": len(filed), "pages": len(pages)}


def find_page(public_id: str) -> Page | None:
    """Return a page within the scope, or None."""
    found: Page | None = Page.objects.filter(public_id=public_id).first()
    return found


def picture(page: Page) -> bytes:
    """Return a page as JPEG."""
    return store.page(page.file_token, 0, page.agency)


@transaction.atomic
def file_page(page: Page, reference: str, kind: str, actor: str) -> bool:
    """File a waiting page with a request, as one of its papers; False when it no longer waits.

    Raises:
        Refusal: no request of the agency has this reference, or the kind is unknown.
    """
    request = worklists.by_reference(reference)
    problems = []
    if request is None:
        problems.append(
            _problem(
                "reference",
                "mailroom.reference",
                "aucune demande de votre organisme n'a cette référence",
                "no request of your agency has this reference",
            )
        )
    if kind not in kinds():
        problems.append(_problem("kind", "paper.unknown", "pièce inconnue", "unknown paper"))
    if problems:
        raise Refusal(problems)
    assert request is not None
    moved = _settle(
        page,
        Page.Role.FILED,
        actor,
        request=request,
        member_id=request.member_id,
        kind=kind,
    )
    if moved:
        arrivals.receive(request, [Arrived(kind, page.file_token, page.sha256)], actor)
    return moved


def set_aside(page: Page, note: str, actor: str) -> bool:
    """Set a waiting page aside, saying where it goes; it stays visible with its scan.

    Raises:
        Refusal: nothing is said.
    """
    if not note.strip():
        raise Refusal(
            [
                _problem(
                    "note",
                    "field.missing",
                    "dites où va cette page, par exemple « renvoyée »",
                    "say where this page goes, such as “sent back”",
                )
            ]
        )
    return _settle(page, Page.Role.ASIDE, actor, note=note.strip()[:200])


def problems() -> list[str]:
    """Return pages of scans that are lost or changed."""
    found = []
    for page in Page.objects.all().iterator():
        try:
            data = picture(page)
        except store.Unreadable:
            found.append(f"mailroom: {page.public_id} cannot be read")
            continue
        if hashlib.sha256(data).hexdigest() != page.sha256:
            found.append(f"mailroom: {page.public_id} is not what was scanned")
    return found


def _known(agency: str, digest: str) -> Scan | None:
    found: Scan | None = Scan.objects.filter(agency=agency, sha256=digest).first()
    return found


def _stored(data: bytes, filename: str, agency: str) -> Iterator[StoredPage]:
    for sheet in door.sheets(data, filename):
        token = store.keep(sheet.jpeg, (sheet.jpeg,), agency)
        digest = hashlib.sha256(sheet.jpeg).hexdigest()
        yield StoredPage(token, digest, sheet.codes, sheet.is_blank)


def _file(scan: Scan, bundle: Bundle, pages: list[StoredPage], actor: str) -> None:
    """File one envelope: its papers with the request, or each page on the list of what waits."""
    request = worklists.by_reference(bundle.reference) if bundle.reference else None
    why = _obstacle(bundle, request)
    if why is None:
        papers = [
            Arrived(kind, pages[place].token, pages[place].sha256)
            for kind, place in zip(bundle.kinds, bundle.papers, strict=True)
        ]
        arrivals.receive(request, papers, actor)
    elif why == Page.Why.NUMBER:
        arrivals.receive(request, [], actor)
    named = dict(zip(bundle.papers, bundle.kinds, strict=False)) if why is None else {}
    roles = (
        (Page.Role.LETTER, bundle.letters),
        (Page.Role.COVER, bundle.covers),
        (Page.Role.BLANK, bundle.blanks),
        (Page.Role.WAITING if why else Page.Role.FILED, bundle.papers),
    )
    Page.objects.bulk_create(
        Page(
            scan=scan,
            agency=scan.agency,
            place=place,
            role=role,
            why=why if role == Page.Role.WAITING and why else "",
            reference=bundle.reference,
            request=request,
            member_id=request.member_id if request else None,
            kind=named.get(place, ""),
            file_token=pages[place].token,
            sha256=pages[place].sha256,
        )
        for role, places in roles
        for place in places
    )


def _obstacle(bundle: Bundle, request: Any) -> str | None:
    """Return why the papers of an envelope cannot be filed by themselves, or None."""
    if not bundle.reference:
        return Page.Why.NO_COVER
    if request is None:
        return Page.Why.UNKNOWN
    if not arrivals.is_awaited(request):
        return Page.Why.BEFORE
    if set(bundle.kinds) - set(kinds()):
        return Page.Why.KIND
    return None if bundle.is_as_announced else Page.Why.NUMBER


def _settle(page: Page, role: str, actor: str, **changes: Any) -> bool:
    with transaction.atomic():
        moved = Page.objects.filter(pk=page.pk, role=Page.Role.WAITING).update(
            role=role, settled_at=clock.now(), settled_by=actor, **changes
        )
        if moved:
            audit.record(f"page.{role}", f"page:{page.public_id}", actor=actor, agency=page.agency)
    return bool(moved)


def _no_answer() -> Problem:
    return _problem(
        "file",
        "scanner.unavailable",
        "l'antivirus ne répond pas : rien n'a été classé, redonnez cette pile plus tard",
        "the virus scanner does not answer: nothing was filed, give this stack again later",
    )


def _problem(field: str, code: str, fr: str, en: str) -> Problem:
    return Problem(code, field, Text(fr=fr, en=en))
