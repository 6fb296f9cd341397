"""What a member reads of a period or a year: every decision in force, what was kept back, the sums.

The page, the PDF and the data are made from the same `Period`.
"""

from collections import Counter
from datetime import date
from typing import Any, NamedTuple

from decompte.documents.statement import Cap
from decompte.documents.summary import Row, Summary
from decompte.documents.summary import summary_pdf as pdf
from decompte.errors import Lang, Text
from decompte.portal import clock
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import orders, recoveries, statements

PARTS = ("price", "amo", "local", "solidarity", "amc", "patient")
BORNE = ("amo", "local", "solidarity", "amc")
FACTS = ("request", "decided_on", "law")
COLUMNS = (
    *FACTS,
    *("date", "act", "price", "base", "rate", "penalty", "participation", "franchise"),
    *("amo", "local", "solidarity", "amc", "patient", "deferred"),
)
DIRECT = Text(
    fr="« Au praticien » : ce que votre organisme a payé à votre place, et que vous n'avez pas eu "
    "à avancer.",
    en="“To the doctor”: what your agency paid in your place, and you did not have to advance.",
)


class Period(NamedTuple):
    """The decisions of a period that are in force, their sums in cents, and what was paid.

    What was paid counts the payments of corrected decisions too: that money did leave.

    Attributes:
        since, until: its days, both included.
        decisions: those in force, oldest first.
        rows: the amounts of each, as they stand on paper.
        totals: who bears what.
        kept_cents: what was kept back for what the member owed.
        paid_cents: what left for the member's account.
        coming_cents: what is decided and has not left yet.
    """

    since: date
    until: date
    decisions: tuple[Any, ...]
    rows: tuple[Row, ...]
    totals: dict[str, int]
    kept_cents: int
    paid_cents: int
    coming_cents: int


def period(member_id: int, since: date, until: date) -> Period:
    """Return what was decided for a member from one day to another, both included."""
    known = decisions.decisions_of(member_id)
    found = [one for one in known if since <= one.decided_at.date() <= until]
    replaced = decisions.replaced([one.pk for one in found])
    in_force = tuple(one for one in reversed(found) if one.pk not in replaced)
    every = [one.pk for one in known]
    kept, paid = recoveries.kept_by_decision(every), orders.paid_by_decision(every)
    return Period(
        since,
        until,
        in_force,
        tuple(_row(one, _chain(one, known), kept, paid) for one in in_force),
        {name: sum(getattr(one, f"{name}_cents") for one in in_force) for name in PARTS},
        sum(kept[one.pk] for one in found),
        sum(paid[one.pk] for one in found),
        orders.unsent_cents([one.pk for one in found]),
    )


def years(member_id: int) -> list[int]:
    """Return the years in which something was decided for a member, newest first."""
    days = {one.decided_at.date().year for one in decisions.decisions_of(member_id)}
    return sorted(days, reverse=True)


def data(found: Period) -> dict[str, Any]:
    """Return a period as data: amounts as text in euros, one row a care line."""
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "totals": {name: _decimal(cents) for name, cents in found.totals.items()},
        "kept_back": _decimal(found.kept_cents),
        "paid": _decimal(found.paid_cents),
        "to_come": _decimal(found.coming_cents),
        "lines": [row for one in found.decisions for row in rows(one)],
    }


def rows(decision: Any) -> list[dict[str, Any]]:
    """Return the care lines of a decision as flat rows."""
    return [
        {
            "request": decision.request.reference,
            "decided_on": decision.decided_at.date().isoformat(),
            "law": decision.law_version,
            **{name: line.get(name, "") for name in COLUMNS[len(FACTS) :]},
        }
        for line in decision.answers["en"]["lines"]
    ]


def summary(found: Period, lang: Lang) -> Summary:
    """Return a period in a language, for its page and its PDF."""
    last = found.decisions[-1] if found.decisions else None
    return Summary(
        since=found.since,
        until=found.until,
        day=clock.today(),
        recipient=statements.address(last.member) if last else (),
        rows=found.rows,
        totals=found.totals,
        caps=caps(found),
        coming_cents=found.coming_cents,
        notes=(*_direct(found, lang), *statements.still_owed(last.member_id, lang)) if last else (),
    )


def summary_pdf(found: Period, lang: Lang) -> bytes:
    """Return a period as PDF/UA."""
    return pdf(summary(found, lang), lang=lang)


def caps(found: Period) -> tuple[Cap, ...]:
    """Return how far the yearly caps were used up by the last decision of a period."""
    return statements.caps(found.decisions[-1]) if found.decisions else ()


def _chain(decision: Any, known: list[Any]) -> list[int]:
    """Return the keys of a decision and of those it corrected."""
    same = [one for one in known if one.request_id == decision.request_id]
    return [one.pk for one in same if one.pk <= decision.pk]


def _row(decision: Any, chain: list[int], kept: Counter[int], paid: Counter[int]) -> Row:
    """Return a decision's amounts, with what was kept back and paid by those it corrected too."""
    return Row(
        decision.decided_at.date(),
        decision.request.reference,
        decision.price_cents,
        decision.amo_cents,
        decision.amc_cents,
        sum(getattr(decision, f"{name}_cents") for name in BORNE) - decision.payable_cents,
        sum(kept[one] for one in chain),
        sum(paid[one] for one in chain),
    )


def _direct(found: Period, lang: Lang) -> tuple[str, ...]:
    """Return the note about what went to practitioners, where something did."""
    return (DIRECT.to(lang),) if any(row.direct_cents for row in found.rows) else ()


def _decimal(amount_cents: int) -> str:
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"
