"""Decides: gathers the facts of the day of care, asks the engine once, keeps everything."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from decompte.engine.periods import periods
from decompte.engine.shapes import Settlement
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case as cases
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.decisions.models import Decision, Kept
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration import services as registration
from decompte.portal.requests import services as requests

FORMULA = "example-formula-2013"
TOTALS = ("amo", "local", "solidarity", "amc", "patient", "deferred")


def case_document(request: Any, lines: Sequence[Any] | None = None) -> dict[str, Any]:
    """Return the case of a request in the case format: the facts as they stood on the care days.

    Args:
        request: whose facts.
        lines: other care lines than those it holds, to try them.
    """
    member, lines = request.member, lines or list(request.lines.all())
    with system("amounts already kept, whoever paid"):
        used = _used(member.pk, {line.care_date.year for line in lines})
        used_day = _used_day(member.pk, {line.care_date for line in lines})
    cover = registration.registration_on(member.pk, lines[0].care_date)
    gp_since = people.gp_since(member.pk, max(line.care_date for line in lines))
    document: dict[str, Any] = {
        "person": {
            "birth_date": member.birth_date.isoformat(),
            "declared_gp_since": gp_since.isoformat() if gp_since else None,
            "used": used,
            "used_day": used_day,
        },
        "complementary": FORMULA if cover and cover.complementary else None,
        "lines": [case_line(line) for line in lines],
    }
    return document


def estimate(request: Any) -> Settlement:
    """Return what a request would come to if it were decided now; nothing is kept."""
    return settle(cases.read(case_document(request), today=clock.today()))


def estimate_of(request: Any, lines: Sequence[Any]) -> Settlement:
    """Return what a request would come to with these care lines instead of its own."""
    return settle(cases.read(case_document(request, lines), today=clock.today()))


def decide(request: Any, actor: str) -> Decision:
    """Decide an accepted request and keep inputs, answer and law version for ever.

    Asked twice, it returns the same decision.

    Raises:
        Refusal: the request is not ready, or the law of a line is not known here.
    """
    if existing := of_request(request.pk):
        return existing
    with transaction.atomic():
        inputs = case_document(request)
        settlement = settle(cases.read(inputs, today=clock.today()))
        decision = Decision.objects.create(
            request_id=request.pk,
            member_id=request.member_id,
            agency=request.agency,
            inputs=inputs,
            answers={"fr": cases.write(settlement, "fr"), "en": cases.write(settlement, "en")},
            law_version=settlement.law_version,
            price_cents=sum(line.line.price_cents for line in settlement.lines),
            payable_cents=payable_cents(settlement),
            decided_at=clock.now(),
            decided_by=actor,
            **{f"{name}_cents": settlement.total_cents(f"{name}_cents") for name in TOTALS},
        )
        for amounts in settlement.lines:
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
        requests.mark_decided(request, actor)
        audit.record(
            "decision.taken",
            f"request:{request.public_id}",
            actor=actor,
            agency=request.agency,
            detail={"law": settlement.law_version},
        )
    return decision  # type: ignore[no-any-return]


def payable_cents(settlement: Settlement) -> int:
    """Return what goes to the member: lines whose doctor was paid directly are left out."""
    return sum(
        line.amo_cents + line.local_cents + line.solidarity_cents + line.amc_cents
        for line in settlement.lines
        if not line.line.is_third_party_payment
    )


def of_request(request_id: int) -> Decision | None:
    """Return the decision of a request, or None."""
    found: Decision | None = Decision.objects.filter(request_id=request_id).first()
    return found


def by_request(request_ids: Sequence[int]) -> dict[int, Decision]:
    """Return the decisions of requests, by the key of the request."""
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


def recompute(since: date, until: date, agency: str = "") -> Iterator[tuple[Decision, int, str]]:
    """Yield the decisions taken in a period with what they would come to under the law in force.

    Args:
        since: first day.
        until: last day, included.
        agency: of one agency only.

    Yields:
        The decision, the cents that would be payable now, and why it cannot be computed, or "".
    """
    rows = Decision.objects.filter(decided_at__date__gte=since, decided_at__date__lte=until)
    if agency:
        rows = rows.filter(agency=agency)
    for decision in rows.select_related("request").order_by("id").iterator(chunk_size=500):
        try:
            settlement = settle(cases.read(decision.inputs, today=decision.decided_at.date()))
        except Refusal as refusal:
            yield decision, 0, "; ".join(problem.message.en for problem in refusal.problems)
        else:
            yield decision, payable_cents(settlement), ""


def problems() -> list[str]:
    """Return decisions whose kept inputs no longer give their kept amounts under the same law."""
    found = []
    for decision in Decision.objects.all():
        settlement = settle(cases.read(decision.inputs, today=decision.decided_at.date()))
        if settlement.law_version == decision.law_version and (
            payable_cents(settlement) != decision.payable_cents
            or cases.write(settlement, "en") != decision.answers["en"]
        ):
            found.append(f"decisions: {decision.public_id} does not come out again")
    return found


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
        Kept.objects.order_by()
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

    The year is that of its last care; what was deferred counts, as it does in the law.
    """
    day = max(date.fromisoformat(line["date"]) for line in decision.inputs["lines"])
    upto = Decision.objects.filter(member_id=decision.member_id, pk__lte=decision.pk)
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
        "price": f"{line.price_cents // 100}.{line.price_cents % 100:02d}",
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


def _used(member_id: int, years: set[int]) -> dict[str, dict[str, str]]:
    used = {}
    for year in sorted(years):
        total = Kept.objects.filter(member_id=member_id, care_date__year=year).aggregate(
            total=Sum("participation_cents")
        )["total"]
        if total:
            used[str(year)] = {"participation": _euros(total)}
    return used


def _used_day(member_id: int, days: set[date]) -> list[dict[str, str]]:
    kept = (
        Kept.objects.filter(member_id=member_id, care_date__in=days)
        .values("care_date", "practitioner")
        .annotate(total=Sum("participation_cents"))
        .order_by("care_date", "practitioner")
    )
    return [
        {
            "date": row["care_date"].isoformat(),
            "practitioner": row["practitioner"],
            "participation": _euros(row["total"]),
        }
        for row in kept
    ]


def _euros(amount_cents: int) -> str:
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"
