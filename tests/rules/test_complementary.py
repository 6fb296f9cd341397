"""What the formulas add, when, and up to how much."""

import pytest

from tests.rules.test_rules import codes, line, settled, specialist

QUARTER_OF_A_FRAME = 71


def with_formula(formula, *lines, since=None, **person):
    complementary = {"formula": formula, "from": since} if since else formula
    return settled(person, lines, complementary=complementary)


def visit(day, sector, price="80.00", pathway="referred"):
    who = specialist("dermatology")["practitioner"] | {"sector": sector}
    return line(day, "CS", price, pathway, practitioner=who)


@pytest.mark.parametrize(
    ("day", "sector", "over"),
    [
        ("2014-03-12", "optam", 3450),
        ("2014-03-12", "2", 3450),
        ("2016-03-14", "2", 2875),
        ("2018-03-12", "2", 2300),
        ("2018-03-12", "optam", 3450),
    ],
)
def test_an_overcharge_without_a_fee_option_is_paid_less_and_less(day, sector, over):
    (seen,) = with_formula("example-responsible", visit(day, sector))
    copayment = seen.base_cents - seen.gross_cents
    assert seen.amc_cents - copayment == over == seen.base_cents * over // 2300
    assert "complementary.overcharge" in codes(seen)


def test_out_of_the_pathway_a_responsible_contract_leaves_the_first_euros_and_the_penalty():
    inside, outside = with_formula(
        "example-responsible",
        visit("2014-03-12", "2", "33.00"),
        visit("2014-03-13", "2", "33.00", "out-of-pathway"),
    )
    assert (inside.amc_cents, outside.amc_cents) == (690 + 1000, 690 + 300)
    assert "complementary.out_of_pathway" in codes(outside)
    assert "complementary.never" in codes(outside)
    assert outside.patient_cents == 700 + 920 + 100


def test_a_contract_that_is_not_responsible_pays_the_overcharge_in_full():
    (seen,) = with_formula(
        "example-formula-2013-plus", visit("2014-03-12", "2", "30.00", "out-of-pathway")
    )
    assert seen.amc_cents == 690 + 700
    assert "complementary.out_of_pathway" not in codes(seen)


def test_an_overcharge_smaller_than_what_is_withheld_is_not_paid():
    (seen,) = with_formula(
        "example-responsible", visit("2014-03-12", "2", "28.00", "out-of-pathway")
    )
    assert seen.amc_cents == 690
    assert "complementary.out_of_pathway" in codes(seen)


@pytest.mark.parametrize(("act", "amc"), [("PH7", 350), ("PH4", 0), ("PH2", 0)])
def test_a_responsible_contract_may_leave_medicines_of_weak_benefit(act, amc):
    box = line("2014-03-12", act, "10.00", "not-concerned")
    (seen,) = with_formula("example-student", box)
    assert seen.amc_cents == amc
    (paid,) = with_formula("example-formula-2013", box)
    assert paid.amc_cents == paid.base_cents - paid.gross_cents > 0


def glasses(day, price="90.00"):
    return line(day, "2223342", price, "not-concerned")


def test_flat_sums_stop_at_the_limit_of_the_year_and_start_again():
    first, second, third = with_formula(
        "example-student", glasses("2014-03-12"), glasses("2014-04-12"), glasses("2015-03-12")
    )
    copayment = first.base_cents - first.gross_cents + QUARTER_OF_A_FRAME
    assert first.amc_cents == 6000 + copayment
    assert second.amc_cents == 4000 + copayment
    assert third.amc_cents == 6000 + copayment
    assert "complementary.year_limit" in codes(second)
    assert "complementary.flat_sum" in codes(third)
    assert "complementary.year_limit" not in codes(third)


def test_flat_sums_paid_before_count():
    used = {"2014": {"flat_sums": "95.00"}}
    (seen,) = with_formula("example-student", glasses("2014-03-12"), used=used)
    assert seen.amc_cents == 500 + seen.base_cents - seen.gross_cents + QUARTER_OF_A_FRAME


def test_a_flat_sum_is_no_more_than_what_is_left_of_the_price():
    (seen,) = with_formula("example-student", glasses("2014-03-12", "20.00"))
    assert seen.patient_cents == 0


@pytest.mark.parametrize(("day", "pays"), [("2013-10-30", False), ("2013-10-31", True)])
def test_nothing_is_paid_during_the_waiting_period(day, pays):
    (seen,) = with_formula("example-student", line(day), since="2013-10-01")
    assert (seen.amc_cents > 0) is pays
    assert ("complementary.waiting" in codes(seen)) is not pays


def test_care_before_the_contract_is_not_its_business():
    (seen,) = with_formula("example-student", line("2013-09-30"), since="2013-10-01")
    assert seen.amc_cents == 0
    assert not any(code.startswith("complementary.") for code in codes(seen))


@pytest.mark.parametrize(
    ("act", "day", "price", "patient"),
    [
        ("2222124", "2020-01-01", "30.00", 0),
        ("2222124", "2020-01-01", "35.00", 500),
        ("HBLD634", "2021-03-10", "500.00", 0),
        ("2351057", "2021-01-01", "950.00", 0),
    ],
)
@pytest.mark.parametrize("payer", ["example-responsible", "c2s"])
def test_the_100_sante_basket_leaves_nothing_up_to_its_limit_price(act, day, price, patient, payer):
    bill = line(day, act, price, "not-concerned")
    if payer == "c2s":
        (seen,) = settled({"covers": [{"kind": "c2s", "from": day}]}, [bill])
        assert seen.solidarity_cents == seen.line.price_cents - seen.amo_cents - patient
    else:
        (seen,) = with_formula(payer, bill)
        assert seen.amc_cents == seen.line.price_cents - seen.amo_cents - patient
    assert seen.patient_cents == patient


def test_outside_the_basket_or_before_it_a_device_leaves_something():
    free = line("2021-01-01", "2392530", "2000.00", "not-concerned")
    early = line("2019-01-01", "2351057", "1300.00", "not-concerned")
    for bill in (free, early):
        for person, formula in ((None, "example-responsible"), ("c2s", None)):
            covers = {"covers": [{"kind": person, "from": "2019-01-01"}]} if person else {}
            (seen,) = settled(covers, [bill], complementary=formula)
            assert seen.patient_cents > 0


def test_a_formula_that_is_not_responsible_may_leave_the_basket():
    (seen,) = with_formula(
        "example-formula-2013", line("2020-01-01", "2222124", "30.00", "not-concerned")
    )
    assert seen.patient_cents == 2100
