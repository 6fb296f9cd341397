"""What the rows of a batch charge: each distinct act, specialty and sector is read once.

A row's act is read by the reader of the case file itself, on the days where anything changes, so
that a batch accepts, refuses and understands exactly what one case does.
"""

from collections.abc import Iterator
from datetime import date
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from decompte.engine.batch_loop import CHARGED, Charges, Together
from decompte.engine.periods import Periods
from decompte.engine.rejections import BIT_OF_CHARGE, OTHER, PREVENTION
from decompte.engine.shapes import Case
from decompte.engine.single import as_rules_see_it
from decompte.errors import Refusal
from decompte.exchange import case
from decompte.exchange.covers import CONTRADICTIONS, RELATED, is_unknown
from decompte.law.nomenclature.store import history
from decompte.law.tables import ABSENT, EPOCH, day_number

ANY_PRICE = "1.00"
ANY_COEFFICIENT = "1"
SOME_ADULT = "1970-01-01"
UNKNOWN = 0


class Span(NamedTuple):
    """A charge from a day on; the fields are columns of `engine.batch_loop.Charges`."""

    since: int
    line: tuple[int, ...]
    needs_coefficient: int
    problems: int
    refused_covers: int
    refused_related: int
    has_local_rate: int


NOTHING = (0,) * len(CHARGED)


class ChargeBook:
    """Every distinct charge met so far, by act, specialty and sector; grows, never changes.

    Positions of acts are given out by `act`; those of specialties and sectors start at 1 in the
    order of the law, 0 is a row that does not say.
    """

    def __init__(self, law: Periods, today: date) -> None:
        """Open an empty book under a law; care after today is refused elsewhere."""
        self.law = law
        self.today = today
        self.specialties = (None, *law.names.specialty)
        self.sectors = (None, *law.names.sector)
        self._acts: dict[str | None, int] = {None: UNKNOWN}
        self._names: list[str | None] = [None]
        self._known: dict[int, int] = {}
        self._spans: list[list[Span]] = []
        self._table = _table([])
        self._first, self._last = day_number(today), day_number(today)
        self._lock = Lock()

    def act(self, name: str | None) -> int:
        """Return the position of an act, `UNKNOWN` for what no nomenclature knows."""
        with self._lock:
            if name not in self._acts:
                is_known = name in self.law.data.acts or bool(name and history(name))
                self._acts[name] = len(self._names) if is_known else UNKNOWN
                if is_known:
                    self._names.append(name)
            return self._acts[name]

    def charges(
        self, keys: npt.NDArray[np.int64], first: int, last: int
    ) -> tuple[npt.NDArray[np.int32], Charges]:
        """Return the charge of every row, and what the charges are.

        Args:
            keys: by row, from `key`.
            first: earliest day of care among them, in days since 1970-01-01.
            last: latest.
        """
        with self._lock:
            if first < self._first or last > self._last:
                self._widen(first, last)
            distinct, inverse = _distinct(keys)
            news = [int(key) for key in distinct if int(key) not in self._known]
            for key in news:
                self._known[key] = len(self._spans)
                self._spans.append(self._read(key))
            if news:
                self._table = _table(self._spans)
            places = np.array([self._known[int(key)] for key in distinct], dtype=np.int32)
            return places[inverse], self._table

    def _widen(self, first: int, last: int) -> None:
        """Begin anew with more days: those of the first rows; beyond them, all that the law has."""
        is_new = not self._spans
        self._first = min(first, self._first) if is_new else self.law.starts[0]
        self._last = max(last, self._last) if is_new else day_number(self.today)
        self._known.clear()
        self._spans.clear()

    def key(
        self,
        act: npt.NDArray[np.int32],
        specialty: npt.NDArray[np.int32],
        sector: npt.NDArray[np.int32],
    ) -> npt.NDArray[np.int64]:
        """Return one number for act, specialty and sector, row by row."""
        by_specialty = act.astype(np.int64) * len(self.specialties) + specialty
        return by_specialty * len(self.sectors) + sector

    def together(self) -> Together:
        """Return which covers can be held together."""
        places = self.law.names.cover
        pairs = [(1 << places[one]) | (1 << places[other]) for one, other in CONTRADICTIONS]
        related = sum(1 << places[kind] for kind in RELATED)
        return Together(
            np.array(pairs, dtype=np.int64), 1 << places["c2s"], 1 << places["ame"], related
        )

    def _read(self, key: int) -> list[Span]:
        rest, sector = divmod(key, len(self.sectors))
        act, specialty = divmod(rest, len(self.specialties))
        name = self._names[act]
        if name is None:
            return [Span(self._first, NOTHING, 0, BIT_OF_CHARGE["act.unknown"], 0, 0, 1)]
        spans: list[Span] = []
        for day in self._days(name):
            span = _span(self.law, day, name, self.specialties[specialty], self.sectors[sector])
            if not spans or spans[-1][1:] != span[1:]:
                spans.append(span)
        return spans

    def _days(self, act: str) -> list[int]:
        changes = {day_number(entry.since) for entry in history(act)} | set(self.law.starts)
        start = max(self._first, self.law.starts[0])
        return [start, *sorted(day for day in changes if start < day <= self._last)]


def _distinct(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct keys and the place of each row's; keys are small, a table is quicker."""
    most = int(keys.max(initial=0)) + 1
    met = np.zeros(most, dtype=bool)
    met[keys] = True
    distinct = np.flatnonzero(met)
    place = np.zeros(most, dtype=np.int64)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[keys]


def _span(law: Periods, day: int, act: str, specialty: str | None, sector: str | None) -> Span:
    on = date.fromordinal(day + EPOCH)
    practitioner = {"specialty": specialty, "sector": sector}
    line = {
        "date": on,
        "act": act,
        "price": ANY_PRICE,
        "pathway": "not-concerned",
        "practitioner": {name: said for name, said in practitioner.items() if said},
    }
    needs_coefficient = 0
    try:
        read = _read_case(line, on)
    except Refusal as refusal:
        codes = {problem.code for problem in refusal.problems}
        if not any(one.field.endswith(".coefficient") for one in refusal.problems):
            return Span(day, NOTHING, 0, _mask(codes), 0, 0, 1)
        needs_coefficient = 1
        try:
            read = _read_case(line | {"coefficient": ANY_COEFFICIENT}, on)
        except Refusal as other:
            return Span(day, NOTHING, 1, _mask({one.code for one in other.problems}), 0, 0, 1)
    care = read.lines[0]
    seen = as_rules_see_it(law, read, care)
    refused, related = [], []
    for kind, place in law.names.cover.items():
        if is_unknown(law, kind, care):
            refused.append(1 << place)
        if is_unknown(law, kind, care._replace(related_to=(kind,))):
            related.append(1 << place)
    return Span(
        day,
        tuple(getattr(seen, name) for name in CHARGED),
        needs_coefficient,
        PREVENTION if seen.prevention != ABSENT else 0,
        sum(refused),
        sum(related),
        int(law.has_local_rate(care.act, on)),
    )


def _read_case(line: dict[str, object], on: date) -> Case:
    return case.read({"person": {"birth_date": SOME_ADULT}, "lines": [line]}, today=on)


def _mask(codes: set[str]) -> int:
    return sum({BIT_OF_CHARGE.get(code, OTHER) for code in codes})


def _table(spans: list[list[Span]]) -> Charges:
    flat = [span for charge in spans for span in charge]
    starts = np.cumsum([0, *(len(charge) for charge in spans)])
    return Charges(
        starts.astype(np.int64),
        *(np.array(column, dtype=np.int64) for column in _columns(flat)),
    )


def _columns(flat: list[Span]) -> Iterator[object]:
    for name in Span._fields:
        values = [getattr(span, name) for span in flat]
        yield values if values or name != "line" else np.zeros((0, len(CHARGED)))
