"""Devices of optics and hearing: tariffs by day, classes, limit prices."""

from datetime import date

import pytest

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.errors import NotModelled, Refusal
from decompte.exchange import case

TODAY = date(2026, 11, 24)


def settled(act, day, price):
    line = {"date": day, "act": act, "price": price, "pathway": "not-concerned"}
    document = {"person": {"birth_date": "1990-01-01"}, "lines": [line]}
    (line,) = settle(case.read(document, today=TODAY)).lines
    return line


@pytest.mark.parametrize(
    ("act", "day", "price", "base", "said"),
    [
        ("2351057", "2019-01-01", "1300.00", 300_00, {"basket.100_sante"}),
        ("2351057", "2020-01-01", "1100.01", 350_00, {"basket.100_sante", "basket.ceiling"}),
        ("2351057", "2021-01-01", "950.00", 400_00, {"basket.100_sante"}),
        ("2392530", "2021-01-01", "2000.00", 400_00, set()),
        ("2222124", "2020-01-01", "30.01", 9_00, {"basket.100_sante", "basket.ceiling"}),
        ("2264861", "2020-01-01", "150.00", 5, set()),
        ("2223342", "2019-12-31", "150.00", 2_84, set()),
    ],
)
def test_a_device_has_the_tariff_and_the_basket_of_its_day(act, day, price, base, said):
    line = settled(act, day, price)
    assert line.base_cents == base
    assert {why.code for why in explain(line) if why.code.startswith("basket.")} == said


@pytest.mark.parametrize("day", ["2020-01-01", "2026-01-01"])
def test_a_lens_of_before_2020_is_charged_no_more(day):
    with pytest.raises((Refusal, NotModelled)):
        settled("2203240", day, "50.00")
