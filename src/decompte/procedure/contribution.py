"""What an affiliation to the student scheme cost."""

from typing import NamedTuple

from decompte.errors import NotModelled, Problem, Text
from decompte.procedure.load import data, reason
from decompte.procedure.shapes import Reason


class Contribution(NamedTuple):
    """What is owed for a year, in cents, and why."""

    amount_cents: int
    reasons: tuple[Reason, ...]


def contribution(year: int, *, is_free: bool, has_scholarship: bool) -> Contribution:
    """Return the contribution of an affiliated student for an academic year.

    Args:
        year: the year in which the academic year begins.
        is_free: under 20 for the whole insurance year.
        has_scholarship: French or foreign government scholarship.

    Raises:
        NotModelled: the amount of that year is not known here.
    """
    if is_free:
        return Contribution(0, ())
    if has_scholarship:
        return Contribution(0, (reason("contribution.scholarship"),))
    amount_cents = data("contributions")["by_year"].get(year)
    if amount_cents is None:
        raise NotModelled(
            [
                Problem(
                    "contribution.unknown",
                    "study.from",
                    Text(
                        fr=f"la cotisation de {year}-{year + 1} n'est pas connue ici",
                        en=f"the contribution of {year}-{year + 1} is not known here",
                    ),
                )
            ]
        )
    return Contribution(amount_cents, (reason("contribution.due"),))
