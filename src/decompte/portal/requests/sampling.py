"""Decided requests drawn by chance for a second look, and what those looks found."""

from collections.abc import Sequence
from datetime import timedelta
from random import SystemRandom
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.requests import transitions
from decompte.portal.requests.models import Request, Sample
from decompte.portal.requests.states import State, Verdict

LATELY = timedelta(days=31)
MOST = 50
DECIDED = (State.DECIDED, State.PARTLY, State.REFUSED, State.PAID, State.CORRECTED)


class Result(NamedTuple):
    """What second looks found."""

    looked: int
    right: int
    by_verdict: dict[str, int]


@transaction.atomic
def draw(agency: str, number: int, actor: str) -> int:
    """Draw decided requests of the last month that were not drawn before; return how many."""
    lately = Request.objects.filter(
        agency=agency,
        state__in=DECIDED,
        answered_at__gte=clock.now() - LATELY,
        submitted_at__gte=clock.now() - 2 * LATELY,
        sample__isnull=True,
    )
    keys = list(lately.order_by("pk").values_list("pk", flat=True))
    chosen = SystemRandom().sample(keys, min(number, MOST, len(keys)))
    for one in Request.objects.filter(pk__in=chosen).order_by("pk"):
        Sample.objects.create(
            request=one,
            member_id=one.member_id,
            agency=agency,
            drawn_at=clock.now(),
            drawn_by=actor,
        )
        transitions.tell(one, "request.sampled", actor)
    return len(chosen)


def waiting(agency: str) -> Sequence[Any]:
    """Return what was drawn and nobody looked at yet, oldest first."""
    rows = Sample.objects.filter(agency=agency, verdict="").select_related("request")
    return list(rows[: MOST * 2])


def latest(agency: str) -> Sequence[Any]:
    """Return the looks in which something was wrong, newest first."""
    rows = Sample.objects.filter(agency=agency).exclude(verdict__in=("", Verdict.RIGHT))
    return list(rows.select_related("request").order_by("-looked_at")[:MOST])


def judge(public_id: str, verdict: str, words: str, actor: str) -> bool:
    """Keep what a look found; False when there is no such sample, or somebody looked before.

    Raises:
        Refusal: the verdict is unknown, or something is wrong and is not said in words.
    """
    if verdict not in Verdict.values:
        raise transitions.refusal(
            "verdict", "field.missing", "choisissez un constat", "choose what you found"
        )
    if verdict != Verdict.RIGHT and not words:
        raise transitions.refusal(
            "words", "field.missing", "dites ce qui ne va pas", "say what is wrong"
        )
    with transaction.atomic():
        kept = Sample.objects.filter(public_id=public_id, verdict="").update(
            verdict=verdict, words=words, looked_at=clock.now(), looked_by=actor
        )
        if kept:
            found = Sample.objects.select_related("request").get(public_id=public_id)
            audit.record(
                "sample.judged",
                f"request:{found.request.public_id}",
                actor=actor,
                agency=found.agency,
                detail={"verdict": verdict},
            )
    return bool(kept)


def results(agency: str) -> Result:
    """Return what all looks found so far."""
    rows = Sample.objects.filter(agency=agency).exclude(verdict="").order_by()
    found = dict(rows.values_list("verdict").annotate(number=Count("pk")))
    return Result(sum(found.values()), found.get(Verdict.RIGHT, 0), found)
