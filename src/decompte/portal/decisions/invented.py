"""Decisions of invented requests, in bulk, by the engine that decides real ones."""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from decompte.portal.decisions.models import Decision, Kept
from decompte.portal.decisions.outcome import Outcome, outcome
from decompte.portal.decisions.services import FORMULA, case_line
from decompte.portal.requests.invented import Made

ROWS = 500
REMEMBERED = 50_000
NEW_YEAR, AFTER_NEW_YEAR, LAST_DAY = "01-01", "01-02", "12-31"


def decide(made: Sequence[Made]) -> list[Decision]:
    """Return the decisions of invented requests.

    Args:
        made: the requests that were decided, each member's in the order of their decisions.
    """
    used: dict[tuple[int, int], int] = {}
    answered = []
    for one in made:
        year = one.request.member_id, one.asked.care_date.year
        inputs = _case(one, used.get(year, 0))
        month = f"{one.asked.decided_at:%Y-%m}"
        answer = _answer(json.dumps(_nobody(inputs)), month)
        used[year] = used.get(year, 0) + sum(_participations(answer))
        answered.append((one, inputs, answer))
    decisions = Decision.objects.bulk_create([_decision(*row) for row in answered], batch_size=ROWS)
    kept = [
        _kept(decision, line, cents)
        for decision, (one, _inputs, answer) in zip(decisions, answered, strict=True)
        for line, cents in zip(one.lines, _participations(answer), strict=True)
        if cents
    ]
    Kept.objects.bulk_create(kept, batch_size=ROWS)
    return decisions


def _case(one: Made, used_cents: int) -> dict[str, Any]:
    used = f"{used_cents // 100}.{used_cents % 100:02d}"
    year = str(one.asked.care_date.year)
    person = one.person
    return {
        "person": {
            "birth_date": person.birth_date.isoformat(),
            "declared_gp_since": person.gp_since.isoformat() if person.gp else None,
            "used": {year: {"participation": used}} if used_cents else {},
            "used_day": [],
        },
        "complementary": FORMULA if person.complementary else None,
        "lines": [case_line(line) for line in one.lines],
    }


def _nobody(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return a case as many students share it, so that the engine is asked once.

    Of a birth date only the year matters, and whether the birthday had passed; of a practitioner,
    whether it is the same as another line's.
    """
    born, cared = inputs["person"]["birth_date"], inputs["lines"][0]["date"]
    year, day = born[:4], born[5:]
    if day != NEW_YEAR:
        day = AFTER_NEW_YEAR if day <= cared[5:] else LAST_DAY
    person = inputs["person"] | {"birth_date": f"{year}-{day}"}
    ids = list(dict.fromkeys(line["practitioner"]["id"] for line in inputs["lines"]))
    lines = [
        line
        | {
            "practitioner": line["practitioner"]
            | {"id": str(ids.index(line["practitioner"]["id"]))}
        }
        for line in inputs["lines"]
    ]
    return inputs | {"person": person, "lines": lines}


@lru_cache(maxsize=REMEMBERED)
def _answer(written: str, month: str) -> Outcome:
    return outcome(json.loads(written), (), "", date.fromisoformat(f"{month}-28"))


def _decision(one: Made, inputs: dict[str, Any], answer: Outcome) -> Decision:
    assert one.asked.decided_at is not None
    return Decision(
        request=one.request,
        member_id=one.request.member_id,
        agency=one.request.agency,
        inputs=inputs,
        answers=answer.answers,
        law_version=answer.law_version,
        payable_cents=answer.payable_cents,
        decided_at=one.asked.decided_at,
        decided_by=one.asked.agent[0],
        **{f"{name}_cents": cents for name, cents in answer.totals.items()},
    )


def _participations(answer: Outcome) -> list[int]:
    return [line.participation_cents for line in answer.computed]


def _kept(decision: Decision, line: Any, cents: int) -> Kept:
    return Kept(
        decision=decision,
        member_id=line.member_id,
        agency=line.agency,
        care_date=line.care_date,
        practitioner=line.practitioner_number or line.practitioner_name,
        acts=line.quantity,
        participation_cents=cents,
    )
