"""Medicines with generics: what counts of their price, and who pays the rest."""

import pytest

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case
from decompte.law.nomenclature.store import generic_price
from tests.rules.test_reasons import TODAY, asked, box, cover, line

VOLTARENE = "3400932351176"
DOLIPRANE = "3400932320189"
JULY = TODAY.replace(month=7, day=24)
REFUSED = {"generic_refused": True, "generic_price": "7.00"}


def settled(document):
    return settle(case.read(document, today=TODAY)).lines[0]


def refusals(document):
    with pytest.raises(Refusal) as refused:
        case.read(document, today=TODAY)
    return [(one.code, one.field) for one in refused.value.problems]


def codes(amounts):
    return {reason.code for reason in explain(amounts)}


def test_the_dearest_generic_limits_the_base_from_2020_on():
    before = settled(asked(box("2019-12-31", **REFUSED)))
    after = settled(asked(box("2020-01-01", **REFUSED)))
    assert (before.base_cents, after.base_cents) == (1000, 700)
    assert (after.gross_cents, after.franchise_cents, after.patient_cents) == (455, 50, 595)
    assert codes(before) & {"base.price", "base.generic"} == {"base.price"}
    assert codes(after) & {"base.price", "base.generic"} == {"base.generic"}


@pytest.mark.parametrize(("price", "base"), [("6.99", 699), ("7.00", 700), ("7.01", 700)])
def test_a_box_as_cheap_as_the_generic_counts_as_it_was_paid(price, base):
    amounts = settled(asked(box("2020-01-01", price, **REFUSED)))
    assert amounts.base_cents == base
    assert ("base.generic" in codes(amounts)) == (price == "7.01")


def test_the_generic_limits_each_box():
    amounts = settled(asked(box("2020-01-01", "30.00", quantity=3, **REFUSED)))
    assert (amounts.base_cents, amounts.franchise_cents) == (2100, 150)


@pytest.mark.parametrize(("price", "base"), [("17.99", 1799), ("18.00", 1800), ("20.00", 1800)])
def test_a_reference_tariff_limits_the_base_on_every_day(price, base):
    for day in ("2005-03-03", "2025-03-03"):
        amounts = settled(asked(box(day, price, reference_tariff="18.00")))
        assert amounts.base_cents == base
        assert ("base.reference_tariff" in codes(amounts)) == (price == "20.00")


def test_the_reference_tariff_is_that_of_one_box():
    amounts = settled(asked(box(price="40.00", quantity=2, reference_tariff="18.00")))
    assert amounts.base_cents == 3600


def test_of_a_reference_tariff_and_a_refused_generic_the_lower_counts():
    low = box("2020-01-01", reference_tariff="6.00", **REFUSED)
    high = box("2020-01-01", reference_tariff="9.00", **REFUSED)
    assert [settled(asked(one)).base_cents for one in (low, high)] == [600, 700]
    assert "base.reference_tariff" in codes(settled(asked(low)))
    assert "base.generic" in codes(settled(asked(high)))


def test_no_formula_and_no_solidarity_cover_pays_for_refusing():
    wide = settled(asked(box("2020-01-01", **REFUSED), complementary="example-formula-2013-plus"))
    assert (wide.amo_cents, wide.amc_cents) == (405, 245)
    c2s = settled(asked(box("2020-01-01", **REFUSED), person=cover("c2s")))
    assert (c2s.amo_cents, c2s.solidarity_cents, c2s.patient_cents) == (455, 245, 300)
    tariff = box("2020-01-01", reference_tariff="7.00")
    under = settled(asked(tariff, complementary="example-formula-2013-plus"))
    assert (under.amc_cents, under.patient_cents) == (245, 350)


@pytest.mark.parametrize("cents", ["0.00", "0.01"])
def test_no_formula_pays_above_the_lowest_price_either(cents):
    for said in ({"reference_tariff": cents}, {"generic_refused": True, "generic_price": cents}):
        document = asked(box("2020-01-01", **said), complementary="example-formula-2013-plus")
        amounts = settled(document)
        assert (amounts.base_cents, amounts.amc_cents) == (round(float(cents) * 100), 0)


def test_the_generic_of_a_code_is_found_in_the_groups():
    document = asked(line("2026-07-24", VOLTARENE, "3.88", "not-concerned", generic_refused=True))
    assert settled(document).base_cents == generic_price(VOLTARENE, JULY) == 326
    assert generic_price(VOLTARENE, JULY.replace(day=23)) is None


def test_a_generic_whose_price_nobody_knows_is_asked_for():
    asked_for = [("generic.price_missing", "lines[0].generic_price")]
    assert refusals(asked(box("2020-01-01", generic_refused=True))) == asked_for
    assert settled(asked(box("2019-12-31", generic_refused=True))).base_cents == 1000
    alone = line("2026-07-24", DOLIPRANE, "9.00", "not-concerned", generic_refused=True)
    assert refusals(asked(alone)) == asked_for


@pytest.mark.parametrize(
    ("since", "day", "base"),
    [
        ("2022-01-01", "2023-12-31", 1000),
        ("2022-01-01", "2024-01-01", 700),
        ("2021-12-31", "2022-01-01", 700),
    ],
)
def test_a_young_group_limits_nothing_for_two_years(since, day, base):
    young = box(day, generic_since=since, **REFUSED)
    assert settled(asked(young)).base_cents == base


def test_who_refuses_the_generic_has_no_third_party_payment():
    paid = {"third_party_payment": True, **REFUSED}
    told = [("generic.third_party", "lines[0].third_party_payment")]
    assert refusals(asked(box("2020-01-01", **paid))) == told
    assert refusals(asked(box("2012-07-11", **paid))) == told
    assert settled(asked(box("2012-07-10", **paid))).base_cents == 1000
    kept = box("2020-01-01", third_party_payment=True, reference_tariff="7.00")
    assert settled(asked(kept)).base_cents == 700


def test_only_a_medicine_that_is_reimbursed_has_a_generic():
    assert refusals(asked(line(reference_tariff="18.00"))) == [
        ("generic.no_medicine", "lines[0].reference_tariff")
    ]
    for name, told in (("generic_price", "7.00"), ("generic_since", "2024-01-01")):
        assert refusals(asked(box("2024-01-01", **{name: told}))) == [
            ("generic.not_refused", f"lines[0].{name}")
        ]
    assert ("act.unknown", "lines[0].act") in refusals(
        asked(line(act="NOPE", generic_refused=True))
    )
