"""A search as it was asked: its parameters, read and checked."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.portal.api.models import Client, Kind

MOST, USUAL = 100, 20
FURTHEST = 100_000
BOUNDS = {"eq": "", "ge": "__gte", "le": "__lte", "gt": "__gt", "lt": "__lt"}
COUNT = "count"
Parameters = Mapping[str, list[str]]


class Asked(NamedTuple):
    """A search: who asks, and for what; `is_private` when it is not written in the address."""

    client: Client | None
    parameters: Parameters
    is_private: bool

    @property
    def is_member(self) -> bool:
        """A member's own application asks."""
        return self.client is not None and self.client.kind == Kind.MEMBER

    @property
    def size(self) -> int:
        """How many resources a page holds; none when only their number is asked."""
        return 0 if self.one("_summary") == COUNT else _number(self, "_count", USUAL, MOST)

    @property
    def offset(self) -> int:
        """How many resources come before the page."""
        return _number(self, "_offset", 0, FURTHEST)

    def one(self, *names: str) -> str:
        """Return the value of the first of these parameters that is given, or nothing."""
        given = [self.parameters[name][0] for name in names if name in self.parameters]
        return given[0] if given else ""

    def id_of(self, kind: str, *names: str) -> str:
        """Return the id in a parameter that refers to a kind of resource, or nothing."""
        return self.one(*names).removeprefix(f"{kind}/")

    def token(self, name: str) -> tuple[str, str]:
        """Return system and code of a parameter, `system|code` or `code`; empty when not given."""
        system, _bar, code = self.one(name).rpartition("|")
        return system, code

    def days(self, rows: Any, name: str, column: str) -> Any:
        """Return the rows whose day is within every bound given, such as `ge2014-01-01`.

        Raises:
            Refusal: a bound is no day.
        """
        for given in self.parameters.get(name, ()):
            prefix = given[:2] if given[:2] in BOUNDS else "eq"
            try:
                day = date.fromisoformat(given.removeprefix(prefix))
            except ValueError:
                raise refusal(
                    name,
                    "une date AAAA-MM-JJ est attendue, avec eq, ge, le, gt ou lt devant",
                    "a date YYYY-MM-DD is expected, with eq, ge, le, gt or lt before it",
                ) from None
            rows = rows.filter(**{f"{column}{BOUNDS[prefix]}": day})
        return rows


def refusal(field: str, fr: str, en: str) -> Refusal:
    """Return the refusal of a parameter."""
    return Refusal([Problem("fhir.search", field, Text(fr=fr, en=en))])


def _number(asked: Asked, name: str, usual: int, most: int) -> int:
    given = asked.one(name)
    if not given:
        return usual
    if not (given.isdecimal() and given.isascii() and len(given) < len(str(most)) + 1):
        raise refusal(name, f"un entier de 0 à {most}", f"a whole number from 0 to {most}")
    return min(int(given), most)
