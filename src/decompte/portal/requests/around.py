"""What lies around a request, read at once: its member's cover, the lines and papers near to it.

The desk asks of one request what is missing, what was proved before, what looks the same and what
it comes to. All of it rests on the same rows: they are read here by four queries, and handed on.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

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
        lines: theirs, and other care of the member on the same days, or alike in act and price.
        papers: theirs, and others of the member that were accepted and last, or are the same file.
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
    """Read what lies around requests of one member; their own lines and papers are kept with them.

    Args:
        found: at least one, all of the same member.
    """
    member_id, keys = found[0].member_id, [one.pk for one in found]
    with system("who has a request may know its situation, whoever registered the member"):
        known = cover(member_id)
    around = Around(known, tuple(_lines(member_id, keys)), tuple(_papers(member_id, keys)))
    for one in found:
        _keep(one, "lines", [line for line in around.lines if line.request_id == one.pk])
        _keep(one, "papers", [paper for paper in around.papers if paper.request_id == one.pk])
    return around


def _lines(member_id: int, keys: Sequence[int]) -> Any:
    own = CareLine.objects.filter(request__in=keys).order_by()
    same_day = Exists(own.filter(care_date=OuterRef("care_date")))
    alike = Exists(own.filter(act=OuterRef("act"), price_cents=OuterRef("price_cents")))
    rows = CareLine.objects.filter(Q(request__in=keys) | same_day | alike, member_id=member_id)
    return rows.select_related("request").order_by("request", "position")


def _papers(member_id: int, keys: Sequence[int]) -> Any:
    own = Paper.objects.filter(request__in=keys, kind__in=CARE_PAPERS, replaced_at__isnull=True)
    digests = own.exclude(sha256="").order_by().values("sha256")
    same = Q(kind__in=CARE_PAPERS, sha256__in=digests)
    rows = Paper.objects.filter(Q(request__in=keys) | STANDING | same, member_id=member_id)
    return rows.select_related("request").order_by("id")


def _keep(request: Request, name: str, rows: Sequence[Any]) -> None:
    """Let `request.lines.all()` and its kind give rows that were read together with others."""
    held = getattr(request, name).get_queryset()
    held._result_cache = list(rows)  # noqa: SLF001  (as Django's own prefetch does)
    held._prefetch_done = True  # noqa: SLF001
    request._prefetched_objects_cache = {  # type: ignore[attr-defined]  # noqa: SLF001
        **getattr(request, "_prefetched_objects_cache", {}),
        name: held,
    }
