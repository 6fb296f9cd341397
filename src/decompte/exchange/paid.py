"""The statement document: a case whose lines also say what the agency paid.

The case format, and in each line `paid: {amount, base, rate}`: euros after everything kept back,
and, where the statement names them, the base in euros and the rate in percent.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from decompte.engine.recheck import Paid, Rechecked
from decompte.engine.shapes import Case
from decompte.errors import Lang, NotModelled, Problem, Refusal
from decompte.exchange import case as cases
from decompte.exchange.read import Fields, cents, finished

MOST_BP = 10_000


def read(document: object, *, today: date) -> tuple[Case, tuple[Paid, ...]]:
    """Return the case of a statement, and what was paid for each of its lines.

    Args:
        document: a mapping, as parsed from YAML, JSON or TOML, or made by the forms.
        today: care after this day is refused.

    Raises:
        Refusal: with every problem found, by field.
        NotModelled: everything is well formed, but the law of a line is not known here.
    """
    problems: list[Problem] = []
    content = dict(document) if isinstance(document, Mapping) else {}
    lines = content.get("lines")
    lines = lines if isinstance(lines, list) else []
    said = [_paid(line, place, problems) for place, line in enumerate(lines)]
    if lines:
        content["lines"] = [
            {key: value for key, value in line.items() if key != "paid"}
            if isinstance(line, Mapping)
            else line
            for line in lines
        ]
    try:
        case = cases.read(content if isinstance(document, Mapping) else document, today=today)
    except NotModelled:
        finished(problems)
        raise
    except Refusal as refusal:
        raise Refusal([*refusal.problems, *problems]) from None
    finished(problems)
    return case, tuple(one for one in said if one is not None)


def write(rechecked: tuple[Rechecked, ...], lang: Lang) -> dict[str, object]:
    """Return the answer as a document, its sentences in one language; amounts in euros."""
    return {
        "lines": [_written(one, lang) for one in rechecked],
        "totals": {
            "expected": _euros(sum(one.expected_cents for one in rechecked)),
            "paid": _euros(sum(one.paid.paid_cents for one in rechecked)),
            "missing": _euros(sum(one.missing_cents for one in rechecked)),
        },
    }


def _paid(line: object, place: int, problems: list[Problem]) -> Paid | None:
    if not isinstance(line, Mapping):
        return None
    fields = Fields(line.get("paid", {}), f"lines[{place}].paid", problems)
    amount = fields.take("amount", cents, required=True)
    base = fields.take("base", cents)
    rate = fields.take("rate", cents)
    fields.finish(("amount", "base", "rate"))
    if rate is not None and rate > MOST_BP:
        fields.refuse("rate", "rate.range", "de 0 à 100 %", "from 0 to 100 percent")
    return None if amount is None else Paid(amount, base, rate)


def _written(one: Rechecked, lang: Lang) -> dict[str, Any]:
    line = one.amounts.line
    return {
        "date": line.date.isoformat(),
        "act": line.charged,
        "expected": _euros(one.expected_cents),
        "paid": _euros(one.paid.paid_cents),
        "missing": _euros(one.missing_cents),
        "departures": [
            {
                "code": found.code,
                "text": found.text.to(lang),
                "reasons": [
                    {
                        "code": reason.code,
                        "text": reason.text.to(lang),
                        "since": reason.since.isoformat(),
                        "source": {"title": reason.source.title.to(lang), "url": reason.source.url},
                    }
                    for reason in found.reasons
                ],
            }
            for found in one.departures
        ],
    }


def _euros(amount_cents: int) -> str:
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"
