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

FIRST_DAY = date(2005, 1, 1)
TOO_EARLY = Text(
    fr="les démarches sont décrites pour des soins depuis 2005",
    en="the procedures are described for care since 2005",
)

NAMES = {
    "care_date": Text(fr="le jour des soins", en="the day of the care"),
    "sent_on": Text(fr="le jour de l'envoi", en="the day the request was sent"),
    "decision_on": Text(fr="le jour de la décision", en="the day of the decision"),
    "appeal_on": Text(fr="le jour du recours", en="the day of the appeal"),
    "on": Text(fr="aujourd'hui", en="today"),
}


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
    told = story._asdict()
    known = [(name, told[name]) for name in NAMES if told[name] is not None]
    if story.care_date < FIRST_DAY:
        yield Problem("date.range", "care_date", TOO_EARLY)
    for (earlier, before), (later, after) in pairwise(known):
        if after < before:
            yield Problem(
                "date.order",
                later,
                Text(
                    fr=f"{NAMES[later].fr} ({after:%d/%m/%Y}) précède"
                    f" {NAMES[earlier].fr} ({before:%d/%m/%Y})",
                    en=f"{NAMES[later].en} ({after}) is before {NAMES[earlier].en} ({before})",
                ),
            )
    if story.appeal_on and not story.decision_on:
        yield Problem(
            "appeal.no_decision",
            "decision_on",
            Text(
                fr="un recours sans décision : donnez le jour de la décision",
                en="an appeal without a decision: give the day of the decision",
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
