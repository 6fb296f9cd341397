"""The questions of the guide: each is asked only when its answer can still change something.

The decision tables say which: with the answers so far some rows may still hold; the first unknown
fact they look at leads to the next question. When one row is left, nothing more is asked.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.errors import Text
from decompte.procedure.affiliation import affiliation
from decompte.procedure.facts import FACTS, facts_of, study_day
from decompte.procedure.load import data, text_or_none
from decompte.procedure.papers import is_reimbursed
from decompte.procedure.shapes import OpenQuestion, Situation
from decompte.procedure.tables import Facts, open_facts, possible, table

FIRST, CARE, AGENCY = "study_dates", "care_date", "agency"


class Option(NamedTuple):
    """An answer to choose.

    Attributes:
        value: its name.
        label: what people read.
        sets: fields it fills, by path; empty when it fills the question's own.
    """

    value: str
    label: Text
    sets: Mapping[str, object]


class Question(NamedTuple):
    """One question.

    Attributes:
        id: its name.
        kind: dates, day, country, department, choice, many, sets, yes-no or agency.
        fields: paths of the situation file that it fills.
        ask, help: the question, and what helps to answer it.
        options: answers to choose from.
        only_if: other questions' answers without which this one makes no sense.
        is_optional: it may stay empty.
    """

    id: str
    kind: str
    fields: tuple[str, ...]
    ask: Text
    help: Text | None
    options: tuple[Option, ...]
    only_if: Mapping[str, str]
    is_optional: bool


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """Return the questions by id."""
    return {entry["id"]: _question(entry) for entry in data("questions")["questions"]}


def next_question(situation: Situation, answered: frozenset[str]) -> Question | None:
    """Return the question to ask next, or None when the answer is complete.

    Args:
        situation: the answers so far, with assumed values for the rest.
        answered: ids of the questions answered.
    """
    if FIRST not in answered:
        return questions()[FIRST]
    found = next(_asked_for(situation, answered), None)
    if found is not None:
        return found
    if CARE not in answered:
        return questions()[CARE]
    return None


def untold(situation: Situation) -> tuple[OpenQuestion, ...]:
    """Return the questions that were left out of a situation file and could change the answer."""
    if not situation.said:
        return ()
    answered = frozenset(
        question.id
        for question in questions().values()
        if situation.said.intersection(question.fields)
    )
    open_ones = {one.id: one for one in _asked_for(situation, answered | {CARE, AGENCY})}
    return tuple(OpenQuestion(one.fields[0], one.ask) for one in open_ones.values())


def _asked_for(situation: Situation, answered: frozenset[str]) -> Iterator[Question]:
    """Yield the questions that matter, most telling first."""
    hidden = frozenset(_hidden(situation, answered))
    facts = facts_of(situation, hidden)
    day = study_day(situation)
    yield from _deciding("affiliation", facts, day, hidden)
    covered = affiliation(situation)
    known = {
        **facts,
        "scheme": covered.scheme,
        "must_register": covered.must_register,
    }
    if covered.status in {"compulsory", "automatic"}:
        yield from _deciding("contribution", known, day, hidden)
    if covered.must_register:
        yield from _holding("registration", known, situation.on, hidden)
    if CARE in answered and situation.care_date is not None:
        yield from _deciding("routing", known, situation.on, hidden)
        if is_reimbursed(covered):
            yield from _holding("papers", known, situation.on, hidden)


def _hidden(situation: Situation, answered: frozenset[str]) -> Iterator[str]:
    """Yield the fields whose question was not answered and makes sense after the others."""
    told = {"cards": situation.cards, "nationality": {situation.nationality}}
    for question in questions().values():
        if question.id not in answered and all(
            name in answered and wanted in told[name] for name, wanted in question.only_if.items()
        ):
            yield from question.fields


def _deciding(name: str, facts: Facts, day: date, hidden: frozenset[str]) -> Iterator[Question]:
    """Yield the questions on which the choice among the rows of a table depends."""
    rules = possible(name, facts, day)
    for fact in open_facts(rules, facts) if len(rules) > 1 else ():
        yield _question_about(fact, hidden)


def _holding(name: str, facts: Facts, day: date, hidden: frozenset[str]) -> Iterator[Question]:
    """Yield the questions on which a row of a checklist depends."""
    for rule in table(name):
        if rule.is_in_force(day) and rule.holds(facts) is None:
            yield _question_about(open_facts((rule,), facts)[0], hidden)


def _question_about(fact: str, hidden: frozenset[str]) -> Question:
    field = next(field for field in FACTS[fact].fields if field in hidden)
    return next(one for one in questions().values() if field in one.fields)


def _question(entry: Mapping[str, Any]) -> Question:
    return Question(
        id=entry["id"],
        kind=str(entry["kind"]),
        fields=tuple(entry["fields"]),
        ask=Text(**entry["ask"]),
        help=text_or_none(entry.get("help")),
        options=tuple(
            Option(str(one["value"]), Text(**one["label"]), one.get("sets", {}))
            for one in entry.get("options", ())
        ),
        only_if=entry.get("only_if", {}),
        is_optional=entry.get("optional", False),
    )
