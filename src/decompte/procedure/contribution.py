"""What an affiliation to the student scheme cost, and the campus-life levy of an academic year."""

from datetime import date
from typing import NamedTuple

from decompte.procedure.load import cited, data, text_or_none
from decompte.procedure.shapes import Reason, YearDue
from decompte.procedure.tables import Facts, decided
from decompte.procedure.years import insurance_year


class Levy(NamedTuple):
    """The campus-life levy (CVEC) of an academic year, in cents, and where that is said."""

    amount_cents: int
    reason: Reason


def year_due(year: int, facts: Facts) -> YearDue:
    """Return what an insurance year costs, and why.

    Args:
        year: the year in which the academic year begins.
        facts: of the student in that year, with the `scheme` that affiliation found.
    """
    first, last = insurance_year(year)
    rule = decided("contribution", facts, first)
    if rule.then["amount"] == "none":
        return YearDue(year, first, last, 0, 0, 0, rule.reason)
    entry = data("contributions")["years"][year]
    reason = rule.reason._replace(
        sources=(*cited(entry, f"contributions.yaml: {year}"), *rule.reason.sources),
        doubt=text_or_none(entry.get("doubt")),
        confidence=entry.get("confidence", "high"),
    )
    cents: int | None = entry.get("cents")
    least, most = entry.get("between", (cents, cents))
    return YearDue(year, first, last, cents, least, most, reason)


def amount_of(year: int) -> int | None:
    """Return the contribution of an academic year in cents; None when it was not found."""
    entry = data("contributions")["years"].get(year, {})
    cents: int | None = entry.get("cents")
    return cents


def levy(day: date, year: int) -> Levy | None:
    """Return the campus-life levy of an academic year; None before 2018 and where unknown.

    It pays for life on the campus and insures nobody.
    """
    entry = data("contributions")["levy"].get(year)
    if entry is None or day < date(2018, 7, 1):
        return None
    where = f"contributions.yaml: levy {year}"
    text = text_or_none(data("contributions")["levy_text"])
    assert text is not None
    return Levy(entry["cents"], Reason("contribution.levy", text, cited(entry, where)))
