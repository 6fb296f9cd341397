"""Decides: gathers the facts of the day of care, asks the engine once, keeps everything.

What a person proposes instead is in `amendments.py`, what differs from before in `changes.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from decompte.engine.periods import periods
from decompte.engine.shapes import Settlement
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case as cases
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.decisions import outcome
from decompte.portal.decisions.models import Decision, Kept
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration.cover import Cover, cover
from decompte.portal.requests import services as requests

FORMULA = "example-formula-2013"
ROWS = 500


class Ruling(NamedTuple):
    """What is decided, and on whose word.

    Attributes:
        inputs: the case.
        decided_by: public id, or `system`.
        by_hand: lines whose amounts a person set.
        reason, words: why a person changes it; empty for the engine's own answer.
        proposed_by: the first of two people, or empty.
        corrects: the decision it replaces, or None.
    """

    inputs: dict[str, Any]
    decided_by: str
    by_hand: tuple[outcome.ByHand, ...] = ()
    reason: str = ""
    words: str = ""
    proposed_by: str = ""
    corrects: Decision | None = None


def case_document(
    request: Any, lines: Sequence[Any] | None = None, known: Cover | None = None
) -> dict[str, Any]:
    """Return the case of a request in the case format: the facts as they stood on the care days.

    Args:
        request: whose facts.
        lines: other care lines than those it holds, to try them.
        known: the member's cover where it was read already.
    """
    member, lines = request.member, lines or list(request.lines.all())
    with system("amounts already kept, whoever paid"):
        days = {line.care_date for line in lines}
        years = {day.year for day in days}
        kept = _kept_in(request, years)
        used, used_day = _used(kept, years), _used_day(kept, days)
    known = known or cover(member.pk)
    covering = known.on(lines[0].care_date)
    gp_since = known.facts.gp_since(max(line.care_date for line in lines))
    document: dict[str, Any] = {
        "person": {
            "birth_date": member.birth_date.isoformat(),
            "declared_gp_since": gp_since.isoformat() if gp_since else None,
            "used": used,
            "used_day": used_day,
        },
        "complementary": FORMULA if covering and covering.complementary else None,
        "lines": [case_line(line) for line in lines],
    }
    return document


def estimate(request: Any, known: Cover | None = None) -> Settlement:
    """Return what a request would come to if it were decided now; nothing is kept."""
    return settle(cases.read(case_document(request, known=known), today=clock.today()))


def estimate_of(request: Any, lines: Sequence[Any]) -> Settlement:
    """Return what a request would come to with these care lines instead of its own."""
    return settle(cases.read(case_document(request, lines), today=clock.today()))


def decide(request: Any, actor: str) -> Decision:
    """Decide an accepted request and keep inputs, answer and law version for ever.

    Asked twice, it returns the same decision. A person's decisions are taken one after another:
    the second counts what the first kept back against the caps.

    Raises:
        Refusal: the request is not ready, or the law of a line is not known here.
    """
    if existing := of_request(request.pk):
        return existing
    with transaction.atomic():
        people.hold(request.member_id)
        if existing := of_request(request.pk):
            return existing
        decision = keep(request, Ruling(case_document(request), actor))
        requests.mark_decided(request, actor, outcome_name(decision))
    return decision


def keep(request: Any, ruling: Ruling) -> Decision:
    """Keep a decision, with what it kept back, and tell the audit trail.

    Raises:
        Refusal: the law of a line is not known here, or more is set by hand than was paid.
    """
    found = outcome.outcome(ruling.inputs, ruling.by_hand, ruling.words, clock.today())
    decision = _row(request, ruling, found)
    with transaction.atomic():
        decision.save(force_insert=True)
        for amounts in found.computed:
            if amounts.participation_cents:
                Kept.objects.create(
                    decision=decision,
                    member_id=request.member_id,
                    agency=request.agency,
                    care_date=amounts.line.date,
                    practitioner=amounts.line.practitioner,
                    acts=amounts.line.quantity,
                    participation_cents=amounts.participation_cents,
                )
        audit.record(
            _code(ruling),
            f"request:{request.public_id}",
            actor=ruling.decided_by,
            agency=request.agency,
            detail={"law": decision.law_version, **_by_whom(ruling)},
        )
    return decision


def made(request: Any, ruling: Ruling) -> Decision:
    """Return a decision as it would be, without keeping it.

    Raises:
        Refusal: the law of a line is not known here, or more is set by hand than was paid.
    """
    found = outcome.outcome(ruling.inputs, ruling.by_hand, ruling.words, clock.today())
    return _row(request, ruling, found)


def _row(request: Any, ruling: Ruling, found: outcome.Outcome) -> Decision:
    return Decision(
        request=request,
        member_id=request.member_id,
        agency=request.agency,
        corrects=ruling.corrects,
        inputs=ruling.inputs,
        by_hand=outcome.stored(ruling.by_hand),
        reason=ruling.reason,
        words=ruling.words,
        answers=found.answers,
        law_version=found.law_version,
        payable_cents=found.payable_cents,
        decided_at=clock.now(),
        decided_by=ruling.decided_by,
        proposed_by=ruling.proposed_by,
        **{f"{name}_cents": cents for name, cents in found.totals.items()},
    )


def computed(decision: Decision) -> outcome.Outcome:
    """Return what a decision's kept inputs come to under the law in force here, in English.

    Raises:
        Refusal: that law does not answer them.
    """
    by_hand, day = outcome.read(decision.by_hand), decision.decided_at.date()
    return outcome.outcome(decision.inputs, by_hand, decision.words, day, langs=("en",))


def outcome_name(decision: Decision) -> str:
    """Return the transition that a first decision takes: in full, or in part."""
    return "mark_partly" if outcome.is_partly(decision.answers) else "mark_decided"


def _by_whom(ruling: Ruling) -> dict[str, object]:
    if not ruling.reason:
        return {}
    return {"reason": ruling.reason, "proposed_by": ruling.proposed_by}


def _code(ruling: Ruling) -> str:
    if ruling.corrects is not None:
        return "decision.corrected"
    return "decision.overridden" if ruling.by_hand else "decision.taken"


def payable_cents(settlement: Settlement) -> int:
    """Return what goes to the member: lines whose doctor was paid directly are left out."""
    return sum(
        line.amo_cents + line.local_cents + line.solidarity_cents + line.amc_cents
        for line in settlement.lines
        if not line.line.is_third_party_payment
    )


def of_request(request_id: int) -> Decision | None:
    """Return the decision of a request that is in force, or None."""
    found: Decision | None = Decision.objects.filter(request_id=request_id).first()
    return found


def chain(request_id: int) -> list[Decision]:
    """Return every decision of a request, the first one first."""
    return list(Decision.objects.filter(request_id=request_id).order_by("id"))


def replaced(decision_ids: Sequence[int]) -> dict[int, Decision]:
    """Return the corrections of decisions, by the key of the decision they replace."""
    return {
        one.corrects_id: one
        for one in Decision.objects.filter(corrects_id__in=decision_ids)
        if one.corrects_id
    }


def by_request(request_ids: Sequence[int]) -> dict[int, Decision]:
    """Return the decisions of requests that are in force, by the key of the request."""
    found = Decision.objects.filter(request_id__in=request_ids).order_by("id")
    return {one.request_id: one for one in found}


def find(public_id: str) -> Decision | None:
    """Return a decision within the scope, or None."""
    found: Decision | None = Decision.objects.filter(public_id=public_id).first()
    return found


def decisions_of(member_id: int) -> list[Decision]:
    """Return a member's decisions, newest first."""
    return list(Decision.objects.filter(member_id=member_id).select_related("request"))


def everything() -> QuerySet[Decision]:
    """Return the scope's decisions, newest first, to be cut into pages."""
    found: QuerySet[Decision] = Decision.objects.select_related("request").order_by("-id")
    return found


def in_force() -> QuerySet[Decision]:
    """Return the scope's decisions that no later one corrects."""
    found: QuerySet[Decision] = Decision.objects.filter(corrected_by__isnull=True)
    return found


def recompute(
    since: date, until: date, agency: str = "", *, after: int = 0, most: int | None = None
) -> Iterator[tuple[Decision, int, str]]:
    """Yield the decisions in force of a period with what they would come to under today's law.

    Args:
        since: first day.
        until: last day, included.
        agency: of one agency only.
        after: only decisions with a higher key than this.
        most: only so many.

    Yields:
        The decision, the cents that would be payable now, and why it cannot be computed, or "".
    """
    rows = _in_force().filter(
        decided_at__date__gte=since, decided_at__date__lte=until, forgotten_at__isnull=True
    )
    if agency:
        rows = rows.filter(agency=agency)
    rows = rows.filter(pk__gt=after).select_related("request").order_by("id")
    for decision in rows[:most].iterator(chunk_size=ROWS):
        try:
            found = computed(decision)
        except Refusal as refusal:
            yield decision, 0, "; ".join(problem.message.en for problem in refusal.problems)
        else:
            yield decision, found.payable_cents, ""


def named(public_ids: Sequence[str]) -> dict[str, Decision]:
    """Return the scope's decisions with these public ids, each with its request."""
    found = Decision.objects.filter(public_id__in=public_ids).select_related("request")
    return {one.public_id: one for one in found}


def unbalanced() -> list[str]:
    """Return decisions whose parts do not sum to the price, or that pay more than was paid."""
    parts = F("amo_cents") + F("local_cents") + F("solidarity_cents") + F("amc_cents")
    wrong = Decision.objects.annotate(borne=parts).exclude(
        price_cents=F("borne") + F("patient_cents"), payable_cents__lte=F("borne")
    )
    return [f"decision {one} does not sum" for one in wrong.values_list("public_id", flat=True)]


def over_caps() -> list[str]:
    """Return the people from whom more was kept back in a year of care than the law allows."""
    law = periods()
    kept = (
        Kept.objects.filter(decision__corrected_by__isnull=True)
        .order_by()
        .values("member_id", "care_date__year")
        .annotate(total=Sum("participation_cents"))
    )
    found = []
    for row in kept:
        period = law.of(date(row["care_date__year"], 12, 31))
        if row["total"] > law.law.participation_year_cap[period]:
            found.append(f"participation of {row['care_date__year']} is over its cap for a member")
    return found


def caps(decision: Decision) -> list[tuple[str, int, int]]:
    """Return how far each yearly cap was used up to a decision: name, cents used, cents of the cap.

    The year is that of its last care; what was deferred counts, as it does in the law, and what
    was corrected by then does not.
    """
    day = max(date.fromisoformat(line["date"]) for line in decision.inputs["lines"])
    known_then = Decision.objects.filter(member_id=decision.member_id, pk__lte=decision.pk)
    upto = known_then.exclude(pk__in=known_then.values("corrects_id").exclude(corrects_id=None))
    lines = [
        line
        for one in upto
        for line in one.answers["en"]["lines"]
        if line["date"].startswith(f"{day.year}-")
    ]
    law = periods()
    of_year = law.of(day)
    known = (
        ("participation", law.law.participation_year_cap[of_year]),
        ("franchise", law.law.franchise_year_cap[of_year]),
    )
    return [
        (name, sum(int(line.get(name, "0").replace(".", "")) for line in lines), cap)
        for name, cap in known
        if cap > 0
    ]


def case_line(line: Any) -> dict[str, Any]:
    """Return a care line in the case format."""
    return {
        "date": line.care_date.isoformat(),
        "act": line.act,
        "price": outcome.euros(line.price_cents),
        "quantity": line.quantity,
        "practitioner": {
            "specialty": line.specialty,
            "sector": line.sector,
            "id": line.practitioner_number or line.practitioner_name,
        },
        "pathway": line.pathway,
        "ald_related": line.is_ald_related,
        "third_party_payment": line.is_third_party_payment,
    }


def _in_force() -> QuerySet[Decision]:
    found: QuerySet[Decision] = Decision.objects.filter(corrected_by__isnull=True)
    return found


def _kept_by_others(request: Any) -> QuerySet[Kept]:
    """Return what other requests of the member keep back: of decisions in force only."""
    in_force: QuerySet[Kept] = Kept.objects.filter(
        member_id=request.member_id, decision__corrected_by__isnull=True
    )
    return in_force.exclude(decision__in=Decision.objects.filter(request_id=request.pk))


def _used(kept: Mapping[tuple[date, str], int], years: set[int]) -> dict[str, dict[str, str]]:
    used = {}
    for year in sorted(years):
        total = sum(cents for (day, _who), cents in kept.items() if day.year == year)
        if total:
            used[str(year)] = {"participation": outcome.euros(total)}
    return used


def _used_day(kept: Mapping[tuple[date, str], int], days: set[date]) -> list[dict[str, str]]:
    return [
        {
            "date": day.isoformat(),
            "practitioner": practitioner,
            "participation": outcome.euros(cents),
        }
        for (day, practitioner), cents in kept.items()
        if day in days
    ]


def _kept_in(request: Any, years: set[int]) -> dict[tuple[date, str], int]:
    """Return what other requests of the member keep back in some years, by day and doctor."""
    rows = _kept_by_others(request).filter(
        care_date__gte=date(min(years), 1, 1), care_date__lte=date(max(years), 12, 31)
    )
    summed = rows.values_list("care_date", "practitioner").annotate(
        total=Sum("participation_cents")
    )
    return {(day, who): cents for day, who, cents in summed.order_by("care_date", "practitioner")}
