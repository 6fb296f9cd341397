"""What each formula leaves to pay in a typical year of care, for this student.

The engine computes every line by the law of its day; only the year of care is an example.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from decompte.engine.periods import periods
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case as cases
from decompte.procedure.shapes import Situation

YEAR = Path(__file__).parent / "typical_year.yaml"
CARE_DAY = 12
MONTHS = 12
BAR = 1000


class Share(NamedTuple):
    """A part of what the care of the year costs.

    Attributes:
        name: amo, amc or patient.
        amount_cents: over the year.
        start, width: of its bar, in thousandths.
    """

    name: str
    amount_cents: int
    start: int
    width: int


class Offer(NamedTuple):
    """What a formula comes to in the year; `formula` is empty for none."""

    formula: str
    price_cents: int
    patient_cents: int
    shares: tuple[Share, ...]


def offers(said: Situation) -> tuple[Offer, ...]:
    """Return what the year costs without and with each formula, dearest for the student first.

    Empty when the law of a line is not known for that year.
    """
    try:
        found = [_offer(said, formula) for formula in ("", *periods().names.formula)]
    except Refusal:
        return ()
    return tuple(sorted(found, key=lambda offer: -offer.patient_cents))


def lines(first: date) -> list[dict[str, Any]]:
    """Return the typical year as lines of the case format, from the first month of studies on.

    An act whose tariff is not known for its day is left out, the same for every formula.
    """
    return list(_lines(first))


@lru_cache(maxsize=1)
def _year() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(YEAR.read_text()))


def _lines(first: date) -> Iterator[dict[str, Any]]:
    law = periods()
    for entry in _year():
        month = first.month - 1 + entry["month"]
        day = date(first.year + month // MONTHS, month % MONTHS + 1, CARE_DAY)
        sector = entry.get("sector", "1")
        act = next((one for one in entry["act"] if law.has_tariff(one, sector, day)), None)
        if act is None:
            continue
        practitioner = {"sector": sector, "specialty": entry.get("specialty")}
        yield {
            "date": day.isoformat(),
            "act": act,
            "price": entry["price"],
            "quantity": entry.get("quantity", 1),
            "coefficient": entry.get("coefficient"),
            "practitioner": {name: value for name, value in practitioner.items() if value},
            "pathway": entry["pathway"],
        }


def _offer(said: Situation, formula: str) -> Offer:
    year = lines(said.study_from)
    document = {
        "person": {
            "birth_date": said.birth_date.isoformat(),
            "declared_gp_since": said.study_from.isoformat(),
        },
        "complementary": formula or None,
        "lines": year,
    }
    last = max(date.fromisoformat(line["date"]) for line in year)
    settlement = settle(cases.read(document, today=last))
    price = sum(line.line.price_cents for line in settlement.lines)
    patient = settlement.total_cents("patient_cents")
    amounts = {
        "amo": price - patient - settlement.total_cents("amc_cents"),
        "amc": settlement.total_cents("amc_cents"),
        "patient": patient,
    }
    return Offer(formula, price, patient, tuple(_shares(amounts, price)))


def _shares(amounts: Mapping[str, int], price: int) -> Iterator[Share]:
    start = 0
    for name, amount in amounts.items():
        width = round(BAR * amount / price)
        yield Share(name, amount, start, width)
        start += width
