"""Rights, the day of the claim, lines named twice: what is refused and what is paid nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.exchange import case
from decompte.law.claim import claim_until
from decompte.procedure import deadlines
from tests.exchange.test_case import TODAY, document, refused


def answered(**fields):
    asked = document()
    person = fields.pop("person", {})
    asked["person"] |= person
    asked |= fields
    return settle(case.read(asked, today=TODAY)).lines


def codes(amounts):
    return [reason.code for reason in explain(amounts)]


def amounts(line):
    return line.amo_cents, line.local_cents, line.solidarity_cents, line.amc_cents


@pytest.mark.parametrize(
    ("claimed_on", "is_late"),
    [("2014-03-13", False), ("2016-03-31", False), ("2016-04-01", True), ("2017-01-01", True)],
)
def test_a_claim_of_march_is_good_until_two_years_after_april_began(claimed_on, is_late):
    (line,) = answered(claimed_on=claimed_on)
    assert (codes(line) == ["claim.too_late"]) is is_late
    assert (line.patient_cents == line.line.price_cents) is is_late


@pytest.mark.parametrize(
    ("care", "until"),
    [
        (date(2014, 1, 1), date(2016, 3, 31)),
        (date(2014, 12, 31), date(2016, 12, 31)),
        (date(2014, 10, 1), date(2016, 12, 31)),
        (date(2014, 9, 30), date(2016, 9, 30)),
    ],
)
def test_the_years_count_from_the_quarter_after_the_care(care, until):
    assert claim_until(care, 2) == until


@given(st.dates(date(2005, 1, 1), date(2026, 1, 1)))
def test_the_procedure_and_the_amounts_count_the_claim_period_alike(day):
    assert claim_until(day, 2) == deadlines.claim_until(day)


@pytest.mark.parametrize(
    ("rights", "is_covered"),
    [
        ([{"from": "2013-09-01", "until": "2014-08-31"}], True),
        ([{"from": "2014-03-12", "until": "2014-03-12"}], True),
        ([{"from": "2014-03-13"}], False),
        ([{"from": "2013-09-01", "until": "2014-03-11"}, {"from": "2014-04-01"}], False),
        ([], False),
    ],
)
def test_a_line_out_of_the_rights_is_paid_nothing(rights, is_covered):
    (line,) = answered(person={"rights": rights}, complementary="example-formula-2013")
    assert (amounts(line) == (0, 0, 0, 0)) is not is_covered
    assert ("claim.out_of_rights" in codes(line)) is not is_covered


def test_what_is_paid_nothing_leaves_the_caps_alone():
    asked = document()
    asked["lines"] = [{**asked["lines"][0], "date": f"2014-03-{day}"} for day in (12, 13)]
    asked["person"] |= {"rights": [{"from": "2014-03-13"}]}
    asked["person"] |= {"used": {"2014": {"participation": "49.00"}}}
    first, second = settle(case.read(asked, today=TODAY)).lines
    assert (first.participation_cents, second.participation_cents) == (0, 100)


def test_a_line_named_twice_is_paid_once():
    asked = document(id="form-7/1")
    asked["lines"] *= 2
    asked["lines"].append({**asked["lines"][0], "id": "form-7/2"})
    first, second, third = settle(case.read(asked, today=TODAY)).lines
    assert codes(second) == ["claim.twice"]
    assert amounts(second) == (0, 0, 0, 0)
    assert first.amo_cents == third.amo_cents > 0


def test_lines_without_a_name_are_never_taken_for_one_another():
    asked = document()
    asked["lines"] *= 2
    assert all(line.amo_cents for line in settle(case.read(asked, today=TODAY)).lines)


def test_one_name_for_two_lines_is_refused():
    asked = document(id="form-7/1")
    asked["lines"].append({**asked["lines"][0], "price": "24.00"})
    assert refused(asked) == {"lines[1].id": "claim.two_lines"}


def test_a_claim_before_its_care_or_in_the_future_is_refused():
    assert refused(document() | {"claimed_on": "2014-03-11"}) == {
        "lines[0].date": "claim.before_care"
    }
    assert refused(document() | {"claimed_on": "2100-01-01"}) == {"claimed_on": "date.future"}


def test_a_span_of_rights_that_ends_before_it_begins_is_refused():
    asked = document()
    asked["person"]["rights"] = [{"from": "2014-03-12", "until": "2014-03-11"}, {}]
    assert refused(asked) == {
        "person.rights[0].until": "date.order",
        "person.rights[1].from": "field.missing",
    }


def test_a_complementary_may_tell_its_first_day_and_must_name_its_formula():
    asked = document() | {"complementary": {"from": "2014-01-01"}}
    assert refused(asked) == {"complementary.formula": "field.missing"}
    asked["complementary"] |= {"formula": "example-student", "until": "2014-09-01"}
    assert refused(asked) == {"complementary.until": "field.unknown"}
