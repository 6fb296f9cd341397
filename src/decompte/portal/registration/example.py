"""The visit that the pages explain: the engine computes it, nothing is written by hand."""

from datetime import date
from functools import lru_cache

from decompte.engine.shapes import CareLine, Case, LineAmounts, Person
from decompte.engine.single import settle

CARE_DAY = date(2014, 3, 12)
GP_SINCE = date(2013, 10, 1)
PRICE_CENTS = 2300


@lru_cache(maxsize=2)
def visit(*, has_gp: bool) -> LineAmounts:
    """Return what a GP's visit of March 2014 comes to for a grown student.

    Args:
        has_gp: the doctor is the declared GP; otherwise no GP is declared.
    """
    line = CareLine(
        CARE_DAY,
        "G",
        PRICE_CENTS,
        1,
        "general-practice",
        "1",
        "",
        "declared-gp" if has_gp else "out-of-pathway",
        is_ald_related=False,
        is_third_party_payment=False,
    )
    person = Person(
        date(1993, 6, 15),
        is_local_scheme=False,
        declared_gp_since=GP_SINCE if has_gp else None,
        covers=(),
        participation_used_cents={},
        franchise_used_cents={},
        kept_today=(),
    )
    return settle(Case(person, None, (line,))).lines[0]
