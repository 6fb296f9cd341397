"""The solidarity cover (CMU-C, since November 2019 C2S): whose application, and at which income."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.law.age import age_on
from decompte.procedure.load import cited, data, text_or_none
from decompte.procedure.shapes import Reason, Source
from decompte.procedure.tables import decided

WHOLE = 10_000
EURO = 100


class Household(NamedTuple):
    """Who asks for the solidarity cover.

    Attributes:
        on: day of the application.
        birth_date: of the student.
        is_apart: lives away from the parents, with an own tax return and no deducted allowance.
        has_child: has a child, or expects one.
        people: how many the application is for, the student included.
        is_overseas: lives in an overseas department.
        income_cents: what all of them had in twelve months; None when not told.
    """

    on: date
    birth_date: date
    is_apart: bool
    has_child: bool
    people: int = 1
    is_overseas: bool = False
    income_cents: int | None = None


class Ceilings(NamedTuple):
    """Incomes of twelve months, in cents, up to which something is given.

    Attributes:
        free_cents: the cover is free.
        beyond_cents: there is still the cheque of the ACS, or the cover with a contribution.
        sources: where that is said.
        doubt: what is not sure about it; None when nothing is.
    """

    free_cents: int
    beyond_cents: int
    sources: tuple[Source, ...]
    doubt: Text | None


class Solidarity(NamedTuple):
    """What can be asked for.

    Attributes:
        application: own, or family when it is made with the parents.
        reason: why.
        ceilings: of the household; None for a day whose ceiling was not found.
        outcome: free, contribution, cheque, none, or unknown; None when no income was told.
        text: the outcome as a sentence; None without one.
        monthly_cents: what each month costs the student; None where there is no contribution.
        note: how the fund counts.
    """

    application: str
    reason: Reason
    ceilings: Ceilings | None
    outcome: str | None
    text: Text | None
    monthly_cents: int | None
    note: Text


def solidarity(household: Household) -> Solidarity:
    """Return whose application the solidarity cover is, and what the income gives.

    Raises:
        Refusal: the day is before the data or the birth, or nobody is in the household.
    """
    if problems := _problems(household):
        raise Refusal(problems)
    facts = {
        "age": age_on(household.birth_date, household.on),
        "is_apart": household.is_apart,
        "has_child": household.has_child,
    }
    rule = decided("solidarity", facts, household.on)
    found = _ceilings(household)
    outcome = _outcome(household, found)
    texts = data("solidarity")["outcomes"]
    pays = outcome == "contribution"
    return Solidarity(
        application=str(rule.then["application"]),
        reason=rule.reason,
        ceilings=found,
        outcome=outcome,
        text=Text(**texts[outcome]) if outcome else None,
        monthly_cents=_monthly(household) if pays else None,
        note=Text(**data("solidarity")["note"]),
    )


def monthly_sources() -> tuple[Source, ...]:
    """Return where the monthly contributions are said."""
    return cited({"sources": data("solidarity")["monthly_sources"]}, "solidarity.yaml: monthly")


def _problems(household: Household) -> list[Problem]:
    first: date = data("solidarity")["beyond"][0]["from"]
    found = []
    if household.on < first:
        found.append(_problem("on", f"avant le {first}", f"before {first}"))
    if household.birth_date >= household.on:
        found.append(_problem("birth_date", "pas avant la demande", "not before the application"))
    if household.people < 1:
        found.append(_problem("people", "au moins une personne", "at least one person"))
    return found


def _problem(field: str, fr: str, en: str) -> Problem:
    return Problem(f"solidarity.{field}", f"solidarity.{field}", Text(fr=fr, en=en))


def _ceilings(household: Household) -> Ceilings | None:
    if household.on > data("solidarity")["known_until"]:
        return None
    alone, beyond = (_in_force(name, household.on) for name in ("ceilings", "beyond"))
    free = alone["cents"] * _share(household)
    return Ceilings(
        free_cents=_rounded(free, WHOLE * WHOLE),
        beyond_cents=_rounded(free * beyond["basis_points"], WHOLE**3),
        sources=(*cited(alone, "solidarity.yaml"), *cited(beyond, "solidarity.yaml")),
        doubt=text_or_none(beyond.get("doubt")),
    )


def _in_force(name: str, day: date) -> Mapping[str, Any]:
    entries = data("solidarity")[name]
    found: Mapping[str, Any] = [one for one in entries if one["from"] <= day][-1]
    return found


def _share(household: Household) -> int:
    """Return what the household counts against a person alone, in squared basis points."""
    table: Mapping[int, int] = data("solidarity")["people"]
    most = max(table)
    more = max(0, household.people - most) * int(data("solidarity")["one_more"])
    counted = table[min(household.people, most)] + more
    return counted * (int(data("solidarity")["overseas"]) if household.is_overseas else WHOLE)


def _rounded(amount: int, parts: int) -> int:
    """Return an amount in cents rounded to the euro, half up."""
    return (amount + parts * EURO // 2) // (parts * EURO) * EURO


def _outcome(household: Household, found: Ceilings | None) -> str | None:
    if household.income_cents is None:
        return None
    if found is None:
        return "unknown"
    if household.income_cents <= found.free_cents:
        return "free"
    if household.income_cents > found.beyond_cents:
        return "none"
    return "contribution" if _has_contribution(household.on) else "cheque"


def _has_contribution(day: date) -> bool:
    first: date = data("solidarity")["monthly_from"]
    return day >= first


def _monthly(household: Household) -> int:
    """Return the monthly contribution by the age on 1 January, in cents."""
    age = max(0, age_on(household.birth_date, date(household.on.year, 1, 1)))
    rows = data("solidarity")["monthly"]
    cents: int = [one["cents"] for one in rows if one["age"] <= age][-1]
    return cents
