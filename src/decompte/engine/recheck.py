"""Holds what an agency paid against what the law gives, and says what was wrongly taken.

An agency's statement gives an amount, sometimes the base and the rate behind it. Where the amount
falls short, the fewest departures from the law that lead to exactly this amount are the finding;
where none do, the finding says so and nothing is guessed.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from decompte.engine.departures import Departure, Taken, departure
from decompte.engine.periods import SECTORS, periods
from decompte.engine.shapes import CareLine, Case, LineAmounts, Person
from decompte.engine.single import settle
from decompte.rules.rounding import share

GROWN = 40
FLAT_ACT, FLAT_SPECIALTY = "G", "general-practice"
FLAT_ACT_BEFORE = "C"


class Paid(NamedTuple):
    """What a statement says about one line.

    Attributes:
        paid_cents: what the agency paid, after everything it kept back.
        base_cents: the base it names, or None.
        rate_bp: the rate it names, or None.
    """

    paid_cents: int
    base_cents: int | None = None
    rate_bp: int | None = None


class Rechecked(NamedTuple):
    """One line held against the law.

    Attributes:
        amounts: what the law gives.
        paid: what the statement says.
        expected_cents: what the agency should have paid, the local scheme's part included.
        departures: what was done against the law; empty when nothing is missing.
    """

    amounts: LineAmounts
    paid: Paid
    expected_cents: int
    departures: tuple[Departure, ...]

    @property
    def missing_cents(self) -> int:
        """Return what is still owed, never below 0."""
        return max(self.expected_cents - self.paid.paid_cents, 0)

    @property
    def surplus_cents(self) -> int:
        """Return what was paid beyond the law, never below 0."""
        return max(self.paid.paid_cents - self.expected_cents, 0)


def recheck(case: Case, paid: Sequence[Paid]) -> tuple[Rechecked, ...]:
    """Return each line of a statement held against the law, in the order of the case.

    Args:
        case: the person and the lines, as the care form says them.
        paid: what the statement says, one entry a line.

    Returns:
        One answer a line; caps of the day and the year count over all lines together.
    """
    settled = settle(case).lines
    return tuple(
        _line(case.person, amounts, said) for amounts, said in zip(settled, paid, strict=True)
    )


def _line(person: Person, amounts: LineAmounts, said: Paid) -> Rechecked:
    expected = amounts.amo_cents + amounts.local_cents
    found: tuple[Departure, ...] = ()
    if said.paid_cents < expected:
        taken = _likeliest(person, amounts, said)
        found = tuple(departure(one, amounts) for one in taken) or (
            departure(Taken("unexplained", said.paid_cents, expected), amounts),
        )
    return Rechecked(amounts, said, expected, found)


def _likeliest(person: Person, amounts: LineAmounts, said: Paid) -> tuple[Taken, ...]:
    """Return the fewest departures that give the amount paid; of equals, the first listed."""
    ways = [
        taken
        for taken, amount_cents in _ways(person, amounts, said)
        if amount_cents == said.paid_cents
    ]
    return min(ways, key=len, default=())


def _ways(
    person: Person, amounts: LineAmounts, said: Paid
) -> Iterator[tuple[tuple[Taken, ...], int]]:
    """Yield every set of departures worth trying, and what each would have paid, in cents."""
    lawful = {
        "penalty": amounts.penalty_cents,
        "participation": amounts.participation_cents,
        "rate": amounts.rate_bp,
        "base": amounts.base_cents,
        "franchise": amounts.franchise_cents,
    }
    flat = amounts.base_cents - amounts.gross_cents if _is_flat_sum(amounts) else 0
    tried = {
        "base": _bases(person, amounts, said),
        "rate": _rates(amounts, said),
        "penalty": _penalties(amounts),
        "participation": _once_or_twice(lawful["participation"], _participation(amounts)),
        "franchise": _either(lawful["franchise"], _franchise(amounts)),
    }
    for base, rate, penalty, participation, franchise in product(*tried.values()):
        chosen = dict(zip(tried, (base, rate, penalty, participation, franchise), strict=True))
        gross = base - flat if flat and rate == lawful["rate"] else share(base, rate)
        left = max(gross - penalty - participation - franchise, 0)
        if rate == lawful["rate"] - _points(amounts) and penalty == lawful["penalty"]:
            chosen["rate"] = lawful["rate"]
            chosen["penalty"] = penalty + share(base, lawful["rate"]) - gross
        taken = tuple(
            Taken(name, chosen[name], lawful[name])
            for name in lawful
            if chosen[name] != lawful[name]
        )
        yield taken, left + amounts.local_cents


def _points(amounts: LineAmounts) -> int:
    """Return what being out of the pathway takes off the rate: statements name what is left."""
    value = periods().data.figures["pathway.penalty_points"].on(amounts.line.date)
    return value.amount if value and isinstance(value.amount, int) else 0


def _bases(person: Person, amounts: LineAmounts, said: Paid) -> tuple[int, ...]:
    if said.base_cents is not None:
        return (said.base_cents,)
    line, law = amounts.line, periods()
    others = [
        _alone(person, line._replace(sector=sector)).base_cents
        for sector in SECTORS
        if line.code is None and law.has_tariff(line.act, sector, line.date)
    ]
    return tuple(dict.fromkeys((amounts.base_cents, *others)))


def _rates(amounts: LineAmounts, said: Paid) -> tuple[int, ...]:
    """Return the rates worth trying; a statement may name the rate after the penalty."""
    figures = periods().data.figures
    known = [
        value.amount
        for name, figure in figures.items()
        if name.startswith("rate.") and (value := figure.on(amounts.line.date))
    ]
    rates = [rate for rate in known if isinstance(rate, int)]
    if said.rate_bp is not None:
        return tuple(dict.fromkeys((amounts.rate_bp, said.rate_bp)))
    return tuple(dict.fromkeys((amounts.rate_bp, *sorted(rates, reverse=True))))


def _either(lawful: int, other: int) -> tuple[int, ...]:
    return (lawful,) if lawful == other else (lawful, other)


def _once_or_twice(lawful: int, once: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((lawful, once, once + once)))


def _penalties(amounts: LineAmounts) -> tuple[int, ...]:
    """Return what may have been taken off as out of the pathway, with and without its cap."""
    line = amounts.line._replace(pathway="out-of-pathway")
    capped = _alone(_somebody(line), line).penalty_cents
    uncapped = share(amounts.base_cents, _points(amounts)) if capped else 0
    return tuple(dict.fromkeys((amounts.penalty_cents, capped, uncapped)))


def _participation(amounts: LineAmounts) -> int:
    """Return the participation of as many acts of a grown person without rights, in cents."""
    line = amounts.line
    letter = FLAT_ACT if periods().has_tariff(FLAT_ACT, "1", line.date) else FLAT_ACT_BEFORE
    act = line._replace(
        act=letter, code=None, specialty=FLAT_SPECIALTY, sector="1", coefficient=10_000
    )
    return _alone(_somebody(act), act).participation_cents


def _franchise(amounts: LineAmounts) -> int:
    return _alone(_somebody(amounts.line), amounts.line).franchise_cents


def _is_flat_sum(amounts: LineAmounts) -> bool:
    return amounts.gross_cents != share(amounts.base_cents, amounts.rate_bp)


def _alone(person: Person, line: CareLine) -> LineAmounts:
    return settle(Case(person, None, (line,))).lines[0]


def _somebody(line: CareLine) -> Person:
    """Return a grown person without rights, without a GP, from whom nothing was kept yet."""
    born = line.date.replace(year=line.date.year - GROWN, day=1)
    return Person(
        birth_date=born,
        is_local_scheme=False,
        declared_gp_since=None,
        covers=(),
        participation_used_cents={},
        franchise_used_cents={},
        kept_today=(),
    )
