"""What an agency paid, held against the law: the fewest departures that lead to the cent."""

from datetime import date

import pytest

from decompte.engine.recheck import Paid, recheck
from decompte.exchange import case as cases

TODAY = date(2026, 11, 24)
PERSON = {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"}
GROWN_IN_2026 = {"birth_date": "2005-02-01", "declared_gp_since": "2025-10-01"}


def visit(**changes):
    return {
        "date": "2014-03-12",
        "act": "G",
        "price": "23.00",
        "pathway": "declared-gp",
    } | changes


def checked(paid, person=PERSON, **changes):
    case = cases.read({"person": person, "lines": [visit(**changes)]}, today=TODAY)
    return recheck(case, [paid])[0]


def codes(one):
    return [found.code for found in one.departures]


def test_a_right_statement_has_nothing_against_it():
    one = checked(Paid(1510, 2300, 7000))
    assert (codes(one), one.missing_cents, one.surplus_cents) == ([], 0, 0)


def test_a_penalty_taken_within_the_pathway_is_named_with_its_source():
    one = checked(Paid(590))
    assert (codes(one), one.missing_cents) == (["penalty"], 920)
    assert "9.20" in one.departures[0].text.en
    assert one.departures[0].reasons[0].code == "pathway.within"
    assert one.departures[0].reasons[0].source.url.startswith("http")


def test_a_rate_of_thirty_percent_is_the_penalty_and_not_a_rate():
    one = checked(Paid(700, 3000, 3000), GROWN_IN_2026, date="2026-03-12", price="30.00")
    assert (codes(one), one.missing_cents) == (["penalty"], 1200)


def test_a_penalty_beyond_its_cap_is_found_where_a_penalty_is_due():
    one = checked(
        Paid(700, 3000, 3000),
        GROWN_IN_2026,
        date="2026-03-12",
        price="30.00",
        pathway="out-of-pathway",
    )
    assert (codes(one), one.missing_cents) == (["penalty"], 140)


def test_a_participation_kept_from_a_minor_is_named():
    one = checked(Paid(1510), PERSON | {"birth_date": "1999-01-01"})
    assert (codes(one), one.missing_cents) == (["participation"], 100)
    assert one.departures[0].reasons[0].code == "participation.minor"


def test_a_participation_kept_twice_is_named():
    assert codes(checked(Paid(1410))) == ["participation"]


def test_a_penalty_and_a_participation_are_both_named():
    one = checked(Paid(590), PERSON | {"birth_date": "1999-01-01"})
    assert sorted(codes(one)) == ["participation", "penalty"]


def test_a_participation_on_a_nurses_act_says_that_none_is_kept_there():
    nurse = visit(act="AMI", coefficient="4", price="13.00", pathway="not-concerned")
    case = cases.read({"person": PERSON, "lines": [nurse]}, today=TODAY)
    lawful = recheck(case, [Paid(0)])[0].expected_cents
    one = recheck(case, [Paid(lawful - 100)])[0]
    assert codes(one) == ["participation"]
    assert one.departures[0].reasons[0].figure == "participation.per_act"


def test_another_rate_is_named():
    one = checked(Paid(2300 * 60 // 100 - 100, 2300, 6000))
    assert codes(one) == ["rate"]
    assert one.departures[0].text.en.startswith("the rate applied is 60%")


def test_a_base_below_the_tariff_is_named():
    one = checked(Paid(1440, 2200, 7000))
    assert codes(one) == ["base"]
    assert one.departures[0].reasons[0].code == "base.tariff"


def test_a_difference_that_no_rule_gives_is_said_to_be_unexplained():
    one = checked(Paid(123))
    assert codes(one) == ["unexplained"]
    assert one.departures[0].reasons == ()


def test_more_than_the_law_gives_is_nothing_to_contest():
    one = checked(Paid(2300))
    assert (codes(one), one.surplus_cents) == ([], 790)


def test_the_local_schemes_part_is_expected_too():
    one = checked(Paid(1510), PERSON | {"scheme": "alsace-moselle"})
    assert one.missing_cents == one.amounts.local_cents > 0


def test_the_days_cap_counts_over_the_lines_of_the_statement():
    lines = [visit(practitioner={"id": "1"}) for _n in range(5)]
    case = cases.read({"person": PERSON, "lines": lines}, today=TODAY)
    checked_lines = recheck(case, [Paid(1510)] * 5)
    assert [codes(one) for one in checked_lines] == [[], [], [], [], ["participation"]]


@pytest.mark.parametrize("paid_cents", range(0, 1510, 151))
def test_what_is_missing_is_the_difference(paid_cents):
    one = checked(Paid(paid_cents))
    assert one.missing_cents == 1510 - paid_cents
    assert one.departures
