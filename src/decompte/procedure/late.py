"""When an answer is late or wrong: what can be done, from which day to which."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.procedure import deadlines
from decompte.procedure.load import data
from decompte.procedure.shapes import Reason
from decompte.procedure.tables import holding


class Story(NamedTuple):
    """What happened to a request so far.

    Attributes:
        care_date: day of the care and of its form.
        sent_on, decision_on, appeal_on: what was done, None for not yet.
        on: the day of the question.
    """

    care_date: date
    sent_on: date | None
    decision_on: date | None
    appeal_on: date | None
    on: date


class Step(NamedTuple):
    """One thing that can be done.

    Attributes:
        step, what: its name.
        opens, closes: first and last day; None when it depends on a later event, or never ends.
        letter: kind of the letter ready to sign, or None.
        is_open: it can be done on the day of the question.
        reason: why, with sources.
    """

    step: str
    what: Text
    opens: date | None
    closes: date | None
    letter: str | None
    is_open: bool
    reason: Reason


def steps(story: Story) -> tuple[Step, ...]:
    """Return what can be done, in order, each with its days.

    Raises:
        Refusal: the days clash; both are named.
    """
    if problems := list(_clashes(story)):
        raise Refusal(problems)
    facts = {
        "was_sent": story.sent_on is not None,
        "was_decided": story.decision_on is not None,
        "was_appealed": story.appeal_on is not None,
        "is_claimable": story.on <= deadlines.claim_until(story.care_date),
    }
    found = []
    for rule in holding("late", facts, story.on):
        opens = COUNTED[rule.then["opens"]](story)
        closes = COUNTED[rule.then["closes"]](story)
        is_open = opens is not None and opens <= story.on <= (closes or story.on)
        found.append(
            Step(
                rule.then["step"],
                Text(**rule.then["what"]),
                opens,
                closes,
                rule.then.get("letter"),
                is_open,
                rule.reason,
            )
        )
    return tuple(found)


def _clashes(story: Story) -> Iterator[Problem]:
    told = [
        ("care_date", story.care_date),
        ("sent_on", story.sent_on),
        ("decision_on", story.decision_on),
        ("appeal_on", story.appeal_on),
        ("on", story.on),
    ]
    known = [(name, day) for name, day in told if day is not None]
    for (earlier, before), (later, after) in pairwise(known):
        if after < before:
            yield Problem(
                "date.order",
                later,
                Text(
                    fr=f"{later} ({after}) précède {earlier} ({before})",
                    en=f"{later} ({after}) is before {earlier} ({before})",
                ),
            )
    if story.appeal_on and not story.decision_on:
        yield Problem(
            "appeal.no_decision",
            "decision_on",
            Text(
                fr="un recours (appeal_on) sans décision (decision_on)",
                en="an appeal (appeal_on) without a decision (decision_on)",
            ),
        )


def _after(day: date | None, count: Callable[[date], date]) -> date | None:
    return count(day) if day else None


def _complaint(sent_on: date) -> date:
    wait = timedelta(days=data("limits")["complaint_days"])
    return deadlines.answer_by(sent_on) + wait


COUNTED: Mapping[str, Callable[[Story], date | None]] = {
    "never": lambda _story: None,
    "answer": lambda story: _after(story.sent_on, deadlines.answer_by),
    "complaint": lambda story: _after(story.sent_on, _complaint),
    "mediator": lambda story: _after(story.sent_on, _complaint),
    "claim": lambda story: deadlines.claim_until(story.care_date),
    "duplicate-opens": lambda story: deadlines.duplicate_window(story.care_date)[0],
    "duplicate-closes": lambda story: deadlines.duplicate_window(story.care_date)[1],
    "decision": lambda story: story.decision_on,
    "appeal": lambda story: _after(story.decision_on, deadlines.appeal_until),
    "silence": lambda story: _after(story.appeal_on, deadlines.silence_until),
    "court": lambda story: _after(story.appeal_on, deadlines.court_until),
}
