"""Until when something must be done: the day of each deadline of the table."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from decompte.errors import Text
from decompte.procedure.load import data
from decompte.procedure.routing import routing_facts
from decompte.procedure.shapes import Affiliation, Deadline, Situation
from decompte.procedure.tables import holding

QUARTER = 3
YEAR_MONTHS = 12


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last when it has no such day."""
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 + months, YEAR_MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def claim_until(care_date: date) -> date:
    """Return the last day on which care can be claimed.

    Two years counted from the first day of the quarter after the care.
    """
    quarter = care_date.replace(month=(care_date.month - 1) // QUARTER * QUARTER + 1, day=1)
    return months_after(quarter, QUARTER + int(_limits()["claim_months"])) - timedelta(days=1)


def appeal_until(decision_on: date) -> date:
    """Return the last day to bring a decision before the amicable commission."""
    return months_after(decision_on, int(_limits()["appeal_months"]))


def silence_until(appeal_on: date) -> date:
    """Return the day on which a silent commission has refused: one month, two since 2019."""
    months = [one["months"] for one in _limits()["silence"] if one["from"] <= appeal_on][-1]
    return months_after(appeal_on, int(months))


def court_until(appeal_on: date) -> date:
    """Return the last day to go to court when the commission stayed silent."""
    return months_after(silence_until(appeal_on), int(_limits()["court_months"]))


def answer_by(sent_on: date) -> date:
    """Return the day from which a late answer may be reminded."""
    return sent_on + timedelta(days=int(_limits()["answer_days"]))


def card_asked_by(card_until: date) -> date:
    """Return the day by which the next European card is asked for."""
    return card_until - timedelta(days=int(_limits()["ehic_days_before"]))


def card_longest_until(issued_on: date) -> date:
    """Return the latest day on which a French European card of a day can expire.

    One year before July 2014, two years since.
    """
    months = [one["months"] for one in _limits()["card"] if one["from"] <= issued_on][-1]
    return months_after(issued_on, int(months)) - timedelta(days=1)


def provisional_until(issued_on: date) -> date:
    """Return the last day of a provisional replacement certificate: three months."""
    return months_after(issued_on, int(_limits()["provisional_months"])) - timedelta(days=1)


def duplicate_window(made_on: date) -> tuple[date, date]:
    """Return the first and last day on which a doctor may give a duplicate of a lost form."""
    window = _limits()["duplicate"]
    return made_on + timedelta(days=window["after_days"]), months_after(made_on, window["months"])


def deadlines(situation: Situation, covered: Affiliation) -> tuple[Deadline, ...]:
    """Return what must be done until when, for the request of a situation."""
    facts = routing_facts(situation, covered)
    return tuple(
        Deadline(
            Text(**rule.then["what"]),
            rule.then["code"],
            COUNTED[rule.then["until"]](situation),
            rule.reason,
        )
        for rule in holding("deadlines", facts, situation.on)
    )


def _limits() -> Mapping[str, Any]:
    return data("limits")


def _after(day: date | None, count: Callable[[date], date]) -> date | None:
    return count(day) if day else None


COUNTED: Mapping[str, Callable[[Situation], date | None]] = {
    "none": lambda _situation: None,
    "claim": lambda s: _after(s.care_date, claim_until),
    "card": lambda s: _after(s.card_until, card_asked_by),
    "answer": lambda s: _after(s.sent_on, answer_by),
    "duplicate": lambda s: _after(s.care_date, lambda day: duplicate_window(day)[1]),
    "appeal": lambda s: _after(s.decision_on, appeal_until),
    "court": lambda s: _after(s.appeal_on, court_until),
}
