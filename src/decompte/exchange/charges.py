"""What the rows of a batch charge: each distinct act, specialty, sector and place is read once.

A row's act is read by the reader of the case file itself, on the days and at the ages where
anything changes, so that a batch accepts, refuses and understands exactly what one case does.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from threading import Lock
from typing import NamedTuple

import numpy as np

from decompte.engine.batch_shapes import (
    CHARGED,
    NO_BOUND,
    NOTHING_SPECIAL,
    SPAN,
    Charges,
    Together,
)
from decompte.engine.periods import Periods
from decompte.engine.rejections import BIT_OF_CHARGE, OTHER
from decompte.engine.shapes import Case
from decompte.engine.single import as_rules_see_it
from decompte.errors import Refusal
from decompte.exchange import case
from decompte.exchange.covers import CONTRADICTIONS, RELATED, is_unknown
from decompte.law.nomenclature.store import history
from decompte.law.tables import EPOCH, day_number

ANY_PRICE = "1.00"
ANY_COEFFICIENT = "1"
PRACTITIONER = ("specialty", "sector", "place")
OLDEST = 130
LEAP_DAY = (2, 29)


class Span(NamedTuple):
    """A charge from a day and an age on.

    Attributes:
        since: first day, in days since 1970-01-01.
        from_age: first age, in whole years.
        line: the fields of `CHARGED`.
        checked: the fields of `CHECKED`.
    """

    since: int
    from_age: int
    line: tuple[int, ...]
    checked: tuple[int, ...]


NOTHING = (0,) * len(CHARGED)
USUAL = [pair for pair in NOTHING_SPECIAL._asdict().items() if pair[0] in CHARGED]


class Charge(NamedTuple):
    """What a row charges, as it says it; None for what it leaves out."""

    act: str | None
    specialty: str | None
    sector: str | None
    place: str | None


class ChargeBook:
    """Every distinct charge met so far; grows, never changes."""

    def __init__(self, law: Periods, today: date) -> None:
        """Open an empty book under a law; care after today is refused elsewhere."""
        self.law = law
        self.today = today
        self._known: dict[Charge, int] = {}
        self._spans: list[list[Span]] = []
        self._ages: dict[tuple[str, int], tuple[int, ...]] = {}
        self._table = _table([])
        self._first, self._last = day_number(today), day_number(today)
        self._lock = Lock()

    def charges(self, asked: Sequence[Charge], first: int, last: int) -> Charges:
        """Return what charges are, in the order in which they are asked for.

        Args:
            asked: distinct charges.
            first: earliest day of care among them, in days since 1970-01-01.
            last: latest.
        """
        with self._lock:
            if first < self._first or last > self._last:
                self._widen(first, last)
            news = [charge for charge in asked if charge not in self._known]
            for charge in news:
                self._known[charge] = len(self._spans)
                self._spans.append(self._read(charge))
            if news:
                self._table = _table(self._spans)
            places = np.array([self._known[charge] for charge in asked], dtype=np.int64)
            all_of = self._table
            return all_of._replace(first=all_of.first[places], last=all_of.last[places])

    def _widen(self, first: int, last: int) -> None:
        """Begin anew with the whole years of these days beside those there were.

        Reading a charge takes some milliseconds a day of change: only years that come are read.
        """
        start, _end = _year(first)
        _start, end = _year(last)
        if self._spans:
            start, end = min(start, self._first), max(end, self._last)
        self._first, self._last = start, min(end, day_number(self.today))
        self._known.clear()
        self._spans.clear()

    def together(self) -> Together:
        """Return which covers can be held together."""
        places = self.law.names.cover
        pairs = [(1 << places[one]) | (1 << places[other]) for one, other in CONTRADICTIONS]
        related = sum(1 << places[kind] for kind in RELATED)
        return Together(
            np.array(pairs, dtype=np.int64), 1 << places["c2s"], 1 << places["ame"], related
        )

    def _read(self, charge: Charge) -> list[Span]:
        act = charge.act
        if act is None or not (act in self.law.data.acts or history(act)):
            return [_refused(self._first, 0, BIT_OF_CHARGE["act.unknown"])]
        spans: list[Span] = []
        before: list[Span] = []
        for day in self._days(act):
            ages = self._ages_of_change(act, day)
            now = [_span(self.law, day, age, charge, act) for age in ages]
            if [span[1:] for span in before] != [span[1:] for span in now]:
                spans += now
                before = now
        return spans

    def _ages_of_change(self, act: str, day: int) -> tuple[int, ...]:
        """Return `ages_of_change`, asked once for an act and a day whoever charges it."""
        if (act, day) not in self._ages:
            self._ages[act, day] = ages_of_change(self.law, act, date.fromordinal(day + EPOCH))
        return self._ages[act, day]

    def _days(self, act: str) -> list[int]:
        changes = {day_number(entry.since) for entry in history(act)} | set(self.law.starts)
        start = max(self._first, self.law.starts[0])
        return [start, *sorted(day for day in changes if start < day <= self._last)]


def ages_of_change(law: Periods, act: str, on: date) -> tuple[int, ...]:
    """Return the ages from which an act is read otherwise than a year younger, on a day.

    Args:
        law: the law by period.
        act: a letter, or a code, which is for every age.
        on: the day of care.

    Returns:
        Whole years, ascending; 0 is always there.
    """
    known = law.data.acts.get(act)
    if known is None or not (known.ages or known.prevention):
        return (0,)
    read = [
        (known.is_for(age), *(law.is_of_age(scheme, age, on) for scheme in known.prevention))
        for age in range(OLDEST)
    ]
    return (0, *(age for age in range(1, OLDEST) if read[age] != read[age - 1]))


def _year(day: int) -> tuple[int, int]:
    """Return the first and the last day of the year of a day."""
    year = date.fromordinal(day + EPOCH).year
    return day_number(date(year, 1, 1)), day_number(date(year, 12, 31))


def _span(law: Periods, day: int, age: int, charge: Charge, act: str) -> Span:
    on = date.fromordinal(day + EPOCH)
    said = charge._asdict()
    line = {
        "date": on,
        "act": act,
        "price": ANY_PRICE,
        "pathway": "not-concerned",
        "practitioner": {name: said[name] for name in PRACTITIONER if said[name]},
    }
    needs_coefficient = 0
    try:
        read = _read_case(law, line, on, age)
    except Refusal as refusal:
        codes = {problem.code for problem in refusal.problems}
        if not any(one.field.endswith(".coefficient") for one in refusal.problems):
            return _refused(day, age, _mask(codes))
        needs_coefficient = 1
        try:
            read = _read_case(law, line | {"coefficient": ANY_COEFFICIENT}, on, age)
        except Refusal as other:
            return _refused(day, age, _mask({one.code for one in other.problems}))
    return _computed(law, Span(day, age, NOTHING, (needs_coefficient,)), read)


def _computed(law: Periods, span: Span, read: Case) -> Span:
    """Return a span with what its case, which was read, says."""
    care = read.lines[0]
    most = law.data.acts[care.act].most
    seen = as_rules_see_it(law, read, care)
    refused, related = [], []
    for kind, place in law.names.cover.items():
        if is_unknown(law, kind, care):
            refused.append(1 << place)
        if is_unknown(law, kind, care._replace(related_to=(kind,))):
            related.append(1 << place)
    return span._replace(
        line=tuple(getattr(seen, name) for name in CHARGED),
        checked=(
            *span.checked,
            0,
            sum(refused),
            sum(related),
            int(law.has_local_rate(care.act, care.date)),
            NO_BOUND if most.coefficient is None else most.coefficient,
            NO_BOUND if most.quantity is None else most.quantity,
            int(any(getattr(seen, name) != usual for name, usual in USUAL)),
        ),
    )


def _refused(day: int, age: int, problems: int) -> Span:
    """Return a span in which no row is computed."""
    return Span(day, age, NOTHING, (0, problems, 0, 0, 1, NO_BOUND, NO_BOUND, 1))


def _read_case(law: Periods, line: dict[str, object], on: date, age: int) -> Case:
    """Return a case of a person who has just reached an age, or is born that day."""
    eve = on - timedelta(days=1) if (on.month, on.day) == LEAP_DAY else on
    birth = eve.replace(year=eve.year - age)
    return case.read({"person": {"birth_date": birth}, "lines": [line]}, today=on, law=law)


def _mask(codes: set[str]) -> int:
    return sum({BIT_OF_CHARGE.get(code, OTHER) for code in codes})


def _table(spans: list[list[Span]]) -> Charges:
    flat = [span for charge in spans for span in charge]
    fields = np.array([span.line + span.checked for span in flat], dtype=SPAN)
    ends = np.cumsum([0, *(len(charge) for charge in spans)], dtype=np.int64)
    return Charges(
        first=ends[:-1],
        last=ends[1:] - 1,
        since=np.array([span.since for span in flat], dtype=np.int64),
        from_age=np.array([span.from_age for span in flat], dtype=np.int64),
        spans=fields.view(np.recarray),
    )
