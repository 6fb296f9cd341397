"""The guide: answers given one by one become a situation file, and the next question is found."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

from decompte.errors import Lang, Problem, Refusal, Text
from decompte.exchange import situation as situations
from decompte.procedure import questions
from decompte.procedure.advise import advise
from decompte.procedure.affiliation import affiliation
from decompte.procedure.agencies import agencies, agency
from decompte.procedure.questions import Option, Question
from decompte.procedure.shapes import Advice, Situation

ASSUMED: Mapping[str, str] = {
    "person.birth_date": "1990-01-01",
    "person.nationality": "US",
    "person.residence": "FR-75",
    "study.from": "2013-09-02",
    "study.to": "2014-06-30",
}
YES_NO = (
    Option("yes", Text(fr="Oui", en="Yes"), {}),
    Option("no", Text(fr="Non", en="No"), {}),
)
YES = frozenset({"yes", "y", "oui", "o"})
NO = frozenset({"no", "n", "non"})


class Guided(NamedTuple):
    """The answers so far.

    Attributes:
        document: a situation file, as far as it is told.
        answered: ids of the questions answered, in order.
    """

    document: Mapping[str, Any]
    answered: tuple[str, ...]


NOTHING = Guided({}, ())


def next_question(guided: Guided, *, today: date) -> Question | None:
    """Return the question to ask next, with the agencies to name where it offers them.

    Returns:
        None when the answers are enough.
    """
    situation = situation_of(guided, today=today)
    found = questions.next_question(situation, frozenset(guided.answered))
    if found is None or found.kind != "agency":
        return found
    every = tuple(one.id for one in agencies().values() if one.centre)
    offered = affiliation(situation).agencies or every
    return found._replace(options=tuple(Option(one, agency(one).name, {}) for one in offered))


def answer(guided: Guided, question: Question, values: Sequence[str], *, today: date) -> Guided:
    """Return the answers with one more.

    Args:
        guided: the answers so far.
        question: the one that is answered.
        values: what was typed or chosen; several for many and dates, none for nothing.
        today: the day of the question.

    Raises:
        Refusal: the answer is not one of the question's, clashes with another, or is about a
            year that is not described.
    """
    document = deepcopy(dict(guided.document))
    for path, value in _fields(question, [value for value in values if value]):
        _put(document, path, value)
    answered = (*(one for one in guided.answered if one != question.id), question.id)
    told = Guided(document, answered)
    affiliation(situation_of(told, today=today))
    return told


def back(guided: Guided) -> Guided:
    """Return the answers without the last one."""
    if not guided.answered:
        return guided
    document = deepcopy(dict(guided.document))
    for path in _written(questions.questions()[guided.answered[-1]]):
        _drop(document, path)
    return Guided(document, guided.answered[:-1])


def situation_of(guided: Guided, *, today: date) -> Situation:
    """Return the situation told so far, with assumed values for what every situation needs.

    Raises:
        Refusal: what was told cannot be.
    """
    document = deepcopy(dict(guided.document))
    for path, value in ASSUMED.items():
        part, name = path.split(".")
        document.setdefault(part, {}).setdefault(name, value)
    document.setdefault("request", {}).setdefault("on", today.isoformat())
    return situations.read(document, today=today)


def advice(guided: Guided, *, today: date) -> Advice:
    """Return the answer to what was told.

    Raises:
        Refusal: what was told cannot be.
    """
    return advise(situation_of(guided, today=today))


def options(question: Question) -> tuple[Option, ...]:
    """Return the answers to choose from; empty when the answer is written."""
    return YES_NO if question.kind == "yes-no" else question.options


def prompt(question: Question, lang: Lang) -> Iterator[str]:
    """Yield the lines that ask a question in a terminal."""
    yield question.ask.to(lang)
    if question.help:
        yield f"  {question.help.to(lang)}"
    for number, option in enumerate(options(question), start=1):
        yield f"  {number}. {option.label.to(lang)}"
    hints = {
        "dates": Text(fr="AAAA-MM-JJ AAAA-MM-JJ", en="YYYY-MM-DD YYYY-MM-DD"),
        "day": Text(fr="AAAA-MM-JJ", en="YYYY-MM-DD"),
        "country": Text(fr="deux lettres, par exemple ES", en="two letters, such as ES"),
        "department": Text(fr="par exemple 75", en="such as 75"),
        "many": Text(fr="numéros, ou rien", en="numbers, or nothing"),
        "sets": Text(fr="numéros, ou rien", en="numbers, or nothing"),
    }
    if hint := hints.get(question.kind):
        yield f"  ({hint.to(lang)})"


def typed(question: Question, line: str) -> list[str]:
    """Return the values of a line typed in a terminal: numbers stand for the options."""
    words = line.replace(",", " ").split()
    offered = options(question)
    return [
        offered[int(word) - 1].value
        if offered and word.isdecimal() and 0 < int(word) <= len(offered)
        else word
        for word in words
    ]


def _fields(question: Question, values: list[str]) -> Iterator[tuple[str, object]]:
    """Yield the fields that an answer fills, with their values."""
    if question.kind == "sets":
        yield from _sets(question, values)
    elif question.kind == "many":
        yield question.fields[0], [_chosen(question, value) for value in values]
    elif values or not question.is_optional:
        if len(values) != len(question.fields):
            number = len(question.fields)
            raise _refusal(
                question, f"réponses attendues : {number}", f"answers expected: {number}"
            )
        for field, value in zip(question.fields, values, strict=True):
            yield field, _read(question, value)


def _read(question: Question, value: str) -> object:
    """Return one value as the situation file writes it."""
    match question.kind:
        case "day" | "dates":
            return value
        case "department":
            return f"FR-{value.upper().removeprefix('FR-')}"
        case "country":
            return value.upper()
        case "yes-no":
            return _is_yes(question, value)
    return _chosen(question, value)


def _sets(question: Question, values: list[str]) -> Iterator[tuple[str, object]]:
    filled: dict[str, object] = {}
    for value in values:
        option = _option(question, value)
        if set(option.sets) & set(filled):
            raise _refusal(
                question,
                f"« {option.label.fr} » ne va pas avec une autre réponse cochée",
                f"“{option.label.en}” does not go with another answer that is ticked",
            )
        filled |= option.sets
    yield from filled.items()


def _chosen(question: Question, value: str) -> str:
    return _option(question, value).value


def _option(question: Question, value: str) -> Option:
    for option in question.options:
        if option.value == value:
            return option
    allowed = ", ".join(option.value for option in question.options)
    raise _refusal(
        question,
        f"{value!r} inconnu ; permis : {allowed}",
        f"{value!r} unknown; allowed: {allowed}",
    )


def _is_yes(question: Question, value: str) -> bool:
    word = value.lower()
    if word not in YES | NO:
        raise _refusal(question, "répondez oui ou non", "answer yes or no")
    return word in YES


def _written(question: Question) -> Iterator[str]:
    yield from question.fields
    for option in question.options:
        yield from option.sets


def _put(document: dict[str, Any], path: str, value: object) -> None:
    *parts, name = path.split(".")
    for part in parts:
        document = document.setdefault(part, {})
    document[name] = value


def _drop(document: dict[str, Any], path: str) -> None:
    *parts, name = path.split(".")
    for part in parts:
        document = document.get(part, {})
    document.pop(name, None)


def _refusal(question: Question, fr: str, en: str) -> Refusal:
    return Refusal([Problem("answer.refused", question.fields[0], Text(fr=fr, en=en))])
