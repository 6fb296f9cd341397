"""The changes of a student's life: what changes on which day, and what is to be done."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.procedure.contribution import amount_of
from decompte.procedure.deadlines import card_longest_until, months_after
from decompte.procedure.load import data
from decompte.procedure.shapes import Reason
from decompte.procedure.tables import decided
from decompte.procedure.years import academic_year, insurance_year

YEAR_MONTHS = 12
LIMIT_BIRTHDAY = 28
EVENTS: Mapping[str, Text] = {
    "moving": Text(fr="Je déménage dans ma région", en="I move within my region"),
    "moving-region": Text(fr="Je déménage dans une autre région", en="I move to another region"),
    "end-of-studies": Text(fr="Je finis ou j'arrête mes études", en="I finish or stop my studies"),
    "late-internship": Text(
        fr="Mon stage dure au-delà de l'année", en="My internship goes on after the year"
    ),
    "job": Text(fr="Je commence un emploi", en="I begin a job"),
    "partner": Text(fr="Mon conjoint m'assure", en="My partner insures me"),
    "leaving": Text(fr="Je quitte la France", en="I leave France"),
    "birthday-20": Text(fr="J'ai 20 ans", en="I turn 20"),
    "birthday-28": Text(fr="J'ai 28 ans", en="I turn 28"),
    "passage": Text(fr="La réforme de 2018-2019", en="The reform of 2018-19"),
    "scholarship": Text(fr="Ma bourse arrive après coup", en="My scholarship comes late"),
    "two-schools": Text(fr="J'ai cotisé dans deux écoles", en="I paid at two schools"),
    "registration-cancelled": Text(
        fr="J'ai annulé mon inscription", en="I cancelled my registration"
    ),
    "september-2016": Text(fr="Septembre 2016 compté deux fois", en="September 2016 counted twice"),
    "january-start": Text(fr="J'ai commencé en janvier", en="I began in January"),
}


class Change(NamedTuple):
    """A change of life.

    Attributes:
        event: one of `EVENTS`.
        on: the day it happens.
        birth_date: day of birth, for what depends on the age.
    """

    event: str
    on: date
    birth_date: date


class Consequence(NamedTuple):
    """What a change brings about.

    Attributes:
        reason: what changes, with the sources and the doubt.
        keeps_until: last day of the rights one has now; None when they do not end.
        tell_until: last day to tell; None when there is nothing to tell.
        is_refundable: a contribution can be asked back.
        refund_cents: how much; None when nothing, or when the year's amount is not known.
        letter: kind of the letter ready to sign, or None.
        bring: papers to add.
        card_until: how long a European card asked that day can hold at most; None elsewhere.
    """

    reason: Reason
    keeps_until: date | None
    tell_until: date | None
    is_refundable: bool
    refund_cents: int | None
    letter: str | None
    bring: tuple[Text, ...]
    card_until: date | None


def consequence(change: Change) -> Consequence:
    """Return what a change of life brings about, on which day.

    Raises:
        Refusal: the event is unknown, or the day is before the birth or before the data begins.
    """
    if problems := list(_problems(change)):
        raise Refusal(problems)
    rule = decided("changes", {"event": change.event}, change.on)
    then = rule.then
    tell_in = then.get("tell_in")
    is_refundable = bool(then.get("refund", False))
    return Consequence(
        reason=rule.reason,
        keeps_until=KEPT[str(then["keeps"])](change),
        tell_until=change.on + timedelta(days=tell_in) if tell_in else None,
        is_refundable=is_refundable,
        refund_cents=amount_of(academic_year(change.on)) if is_refundable else None,
        letter=then.get("letter"),
        bring=tuple(Text(**one) for one in then.get("bring", ())),
        card_until=card_longest_until(change.on) if then.get("needs_card") else None,
    )


def _problems(change: Change) -> list[Problem]:
    first: date = data("schemes")["student"]["first"]
    found = []
    if change.event not in EVENTS:
        known = ", ".join(EVENTS)
        found.append(_problem("event", f"inconnu ; connus : {known}", f"unknown; known: {known}"))
    if change.on < first:
        found.append(_problem("on", f"avant le {first}", f"before {first}"))
    if change.birth_date >= change.on:
        found.append(
            _problem(
                "on",
                f"le {change.on} n'est pas après la naissance ({change.birth_date})",
                f"{change.on} is not after the birth ({change.birth_date})",
            )
        )
    return found


def _problem(field: str, fr: str, en: str) -> Problem:
    return Problem(f"change.{field}", f"change.{field}", Text(fr=fr, en=en))


def _year_end(change: Change) -> date:
    return insurance_year(academic_year(change.on))[1]


def _birthday_year(change: Change) -> date:
    birthday = months_after(change.birth_date, LIMIT_BIRTHDAY * YEAR_MONTHS)
    return months_after(birthday, YEAR_MONTHS) - timedelta(days=1)


def _passage_end(_change: Change) -> date:
    gone: date = data("schemes")["student"]["gone"]
    return gone - timedelta(days=1)


KEPT: Mapping[str, Callable[[Change], date | None]] = {
    "none": lambda _change: None,
    "year-end": _year_end,
    "december": lambda change: date(change.on.year, 12, 31),
    "departure": lambda change: change.on,
    "birthday-year": _birthday_year,
    "passage": _passage_end,
}
