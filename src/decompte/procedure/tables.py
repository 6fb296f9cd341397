"""Decision tables: a row a rule, read from dated data; the first row that holds decides.

A row names the facts it looks at. A fact may be unknown, and then a row may hold *perhaps*: so the
same table answers a full situation and says which question still matters for a partial one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.errors import FiguresError
from decompte.procedure.load import data, reason_of
from decompte.procedure.shapes import Reason

SIGNS = ("<=", ">=", "<", ">")


class Unknown(Enum):
    """A fact nobody told."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
Facts = Mapping[str, object]


class Condition(NamedTuple):
    """What a row asks of one fact: a value out of some, or a number within bounds.

    Attributes:
        fact: its name.
        values: the values allowed; empty when bounds are meant.
        lowest, highest: bounds, both included; None for no bound.
    """

    fact: str
    values: tuple[object, ...]
    lowest: int | None
    highest: int | None

    def holds(self, facts: Facts) -> bool | None:
        """Return whether the condition holds; None when the fact is unknown."""
        value = facts[self.fact]
        if value is UNKNOWN:
            return None
        if self.values:
            return value in self.values
        assert isinstance(value, int)
        above = self.lowest is None or value >= self.lowest
        return above and (self.highest is None or value <= self.highest)


class Rule(NamedTuple):
    """One row.

    Attributes:
        id: its name within the table.
        since, until: first and last day on which the row counts; None for no end.
        when: conditions that must all hold.
        unless: conditions of which none may hold.
        then: the outcome, as the table's reader understands it.
        reason: why, with sources, and the doubt when there is one.
    """

    id: str
    since: date | None
    until: date | None
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    then: Mapping[str, Any]
    reason: Reason

    def is_in_force(self, day: date) -> bool:
        """Return whether the row counts on a day."""
        return (self.since or day) <= day <= (self.until or day)

    def holds(self, facts: Facts) -> bool | None:
        """Return whether the row holds; None when that depends on an unknown fact."""
        asked = [condition.holds(facts) for condition in self.when]
        barred = [condition.holds(facts) for condition in self.unless]
        if False in asked or True in barred:
            return False
        return None if None in asked or None in barred else True


def decided(name: str, facts: Facts, day: date) -> Rule:
    """Return the row that decides: the first that holds on a day.

    Raises:
        LookupError: no row holds; a table that ends in a row without conditions has always one.
    """
    for rule in table(name):
        if rule.is_in_force(day) and rule.holds(facts):
            return rule
    raise LookupError(f"{name}: no row holds on {day}")


def holding(name: str, facts: Facts, day: date) -> tuple[Rule, ...]:
    """Return every row that holds on a day, in the order of the table."""
    return tuple(rule for rule in table(name) if rule.is_in_force(day) and rule.holds(facts))


def possible(name: str, facts: Facts, day: date) -> tuple[Rule, ...]:
    """Return the rows that may still decide, in order, when some facts are unknown."""
    found = []
    for rule in table(name):
        if rule.is_in_force(day):
            held = rule.holds(facts)
            if held is not False:
                found.append(rule)
            if held:
                break
    return tuple(found)


def open_facts(rules: tuple[Rule, ...], facts: Facts) -> tuple[str, ...]:
    """Return the unknown facts on which the choice among rows depends, in table order."""
    asked = (condition.fact for rule in rules for condition in (*rule.when, *rule.unless))
    return tuple(dict.fromkeys(fact for fact in asked if facts[fact] is UNKNOWN))


def reason(code: str) -> Reason:
    """Return the reason of a row by its code, such as `deadlines.appeal`.

    Raises:
        KeyError: there is no such row; codes come from this room.
    """
    name, _, row = code.partition(".")
    return {rule.id: rule.reason for rule in table(name)}[row]


@lru_cache(maxsize=32)
def table(name: str) -> tuple[Rule, ...]:
    """Return a decision table by its name.

    Raises:
        FiguresError: a row has no reason, no source, or two rows share an id.
    """
    rows = data(f"tables/{name}")["rows"]
    rules = tuple(_rule(name, row) for row in rows)
    if len({rule.id for rule in rules}) < len(rules):
        raise FiguresError(f"tables/{name}.yaml: an id is used twice")
    return rules


def _rule(name: str, row: Mapping[str, Any]) -> Rule:
    where = f"tables/{name}.yaml: {row.get('id')}"
    return Rule(
        id=row["id"],
        since=row.get("from"),
        until=row.get("until"),
        when=tuple(_conditions(row.get("when", {}))),
        unless=tuple(_conditions(row.get("unless", {}))),
        then=row.get("then", {}),
        reason=reason_of(f"{name}.{row['id']}", row, where),
    )


def _conditions(asked: Mapping[str, object]) -> Iterator[Condition]:
    for fact, wanted in asked.items():
        if isinstance(wanted, list):
            yield Condition(fact, tuple(wanted), None, None)
        elif isinstance(wanted, str) and wanted.startswith(SIGNS):
            yield _bound(fact, wanted)
        else:
            yield Condition(fact, (wanted,), None, None)


def _bound(fact: str, wanted: str) -> Condition:
    sign = next(sign for sign in SIGNS if wanted.startswith(sign))
    number = int(wanted.removeprefix(sign))
    if sign.startswith("<"):
        return Condition(fact, (), None, number if sign == "<=" else number - 1)
    return Condition(fact, (), number if sign == ">=" else number + 1, None)
