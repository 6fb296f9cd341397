"""What lies around a request, read at once: its member's cover, the lines and papers near to it.

The desk asks of one request what is missing, what was proved before, what looks the same and what
it comes to. All of it rests on the same rows: they are read here by four queries, and handed on.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from decompte.portal.people.scope import system
from decompte.portal.registration.cover import Cover, cover
from decompte.portal.requests.models import CareLine, Paper, Request
from decompte.portal.requests.states import PaperState

CARE_PAPERS = ("care-form", "prescription")
LASTING = ("affiliation", "enrolment", "bank-details", "european-card")
STANDING = Q(kind__in=LASTING, state=PaperState.ACCEPTED, replaced_at__isnull=True)


class Around(NamedTuple):
    """What lies around requests of one member.

    Attributes:
        cover: the member's, whoever registered them.
        lines: theirs; where asked, the member's on the same days or of the same act and price.
        papers: theirs, and the member's that were accepted and last; where asked, the same files.
    """

    cover: Cover
    lines: tuple[CareLine, ...]
    papers: tuple[Paper, ...]

    def other_lines(self, request: Request) -> list[CareLine]:
        """Return the lines of the member's other requests."""
        return [one for one in self.lines if one.request_id != request.pk]

    def other_papers(self, request: Request) -> list[Paper]:
        """Return the papers of the member's other requests."""
        return [one for one in self.papers if one.request_id != request.pk]


def read(found: Sequence[Request]) -> Around:
    """Read requests of one member with what was proved before, lines and papers kept with them.

    Args:
        found: at least one, all of the same member.
    """
    keys = [one.pk for one in found]
    lines = CareLine.objects.filter(request__in=keys).order_by("request_id", "position")
    papers = Paper.objects.filter(Q(request__in=keys) | STANDING, member_id=found[0].member_id)
    return _around(found, lines, papers.order_by("id"))


def read_with_alike(request: Request) -> Around:
    """Read a request likewise, with the member's care and files that look like its own."""
    own = CareLine.objects.filter(request=request).order_by()
    same_day = Exists(own.filter(care_date=OuterRef("care_date")))
    alike = Exists(own.filter(act=OuterRef("act"), price_cents=OuterRef("price_cents")))
    care = Q(request=request) | same_day | alike
    lines = CareLine.objects.filter(care, member_id=request.member_id)
    sent = Paper.objects.filter(request=request, kind__in=CARE_PAPERS, replaced_at__isnull=True)
    digests = sent.exclude(sha256="").order_by().values("sha256")
    files = Q(request=request) | STANDING | Q(kind__in=CARE_PAPERS, sha256__in=digests)
    papers = Paper.objects.filter(files, member_id=request.member_id)
    return _around(
        [request],
        lines.select_related("request").order_by("request_id", "position"),
        papers.select_related("request").order_by("id"),
    )


def _around(found: Sequence[Request], lines: QuerySet[CareLine], papers: QuerySet[Paper]) -> Around:
    with system("who has a request may know its situation, whoever registered the member"):
        known = cover(found[0].member_id)
    around = Around(known, tuple(lines), tuple(papers))
    for one in found:
        _keep(one, "lines", [line for line in around.lines if line.request_id == one.pk])
        _keep(one, "papers", [paper for paper in around.papers if paper.request_id == one.pk])
    return around


def _keep(request: Request, name: str, rows: Sequence[Any]) -> None:
    """Let `request.lines.all()` and its kind give rows that were read together with others."""
    held = getattr(request, name).get_queryset()
    held._result_cache = list(rows)  # noqa: SLF001  (as Django's own prefetch does)
    held._prefetch_done = True  # noqa: SLF001
    request._prefetched_objects_cache = {  # type: ignore[attr-defined]  # noqa: SLF001
        **getattr(request, "_prefetched_objects_cache", {}),
        name: held,
    }
