"""Prevention: at which age and since when care is reimbursed in full."""

from datetime import date

import pytest

from decompte.engine.explain import explain
from decompte.engine.periods import periods
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case

TODAY = date(2026, 11, 24)


def document(born, day, act, prevention=None):
    line = {"date": day, "act": act, "price": "20.00", "pathway": "not-concerned"}
    return {
        "person": {"birth_date": born},
        "lines": [line | ({"prevention": prevention} if prevention else {})],
    }


def settled(*asked):
    (line,) = settle(case.read(document(*asked), today=TODAY)).lines
    return line


@pytest.mark.parametrize(
    ("born", "day", "rate"),
    [
        ("1997-04-01", "2013-03-30", 6500),
        ("1997-04-01", "2013-03-31", 10_000),
        ("1999-04-01", "2013-03-31", 6500),
        ("2006-04-01", "2020-08-27", 6500),
        ("2006-04-01", "2020-08-28", 10_000),
        ("1996-01-02", "2021-12-31", 6500),
        ("1996-01-02", "2022-01-01", 10_000),
        ("1996-01-01", "2022-01-01", 6500),
    ],
)
def test_contraception_is_free_for_more_and_more_ages(born, day, rate):
    assert settled(born, day, "PH7", "contraception").rate_bp == rate


@pytest.mark.parametrize(
    ("age", "day", "is_for"),
    [
        (15, date(2017, 5, 2), True),
        (16, date(2017, 5, 2), False),
        (21, date(2017, 5, 2), False),
        (21, date(2018, 5, 2), True),
        (22, date(2018, 5, 2), False),
        (3, date(2019, 5, 2), True),
        (22, date(2025, 5, 2), True),
        (25, date(2025, 5, 2), False),
        (25, date(2026, 5, 2), True),
    ],
)
def test_the_dental_examination_comes_at_its_ages(age, day, is_for):
    assert periods().is_of_age("dental", age, day) is is_for


def test_who_has_a_complementary_keeps_the_ordinary_rate_for_the_dental_examination():
    asked = document("2003-01-01", "2025-05-02", "BDA")
    asked["complementary"] = "example-formula-2013"
    (line,) = settle(case.read(asked, today=TODAY)).lines
    assert (line.rate_bp, line.patient_cents) == (6000, 0)
    assert "prevention.shared" in {reason.code for reason in explain(line)}


def test_a_scheme_that_does_not_hold_is_said_and_changes_nothing():
    line = settled("1980-01-01", "2024-05-02", "PH7", "contraception")
    assert line.rate_bp == 6500
    assert "prevention.not_for_this" in {reason.code for reason in explain(line)}


def test_what_is_covered_in_full_anyway_gains_nothing():
    covered = document("2003-01-01", "2024-05-02", "PH7", "contraception")
    covered["person"]["covers"] = [{"kind": "maternity", "from": "2024-01-01"}]
    (line,) = settle(case.read(covered, today=TODAY)).lines
    assert "rate.maternity" in {reason.code for reason in explain(line)}


def test_the_text_that_opened_a_scheme_to_the_person_is_cited():
    line = settled("2003-01-01", "2024-05-02", "PH7", "contraception")
    (why,) = (reason for reason in explain(line) if reason.code == "rate.prevention")
    assert why.since == date(2022, 1, 1)


@pytest.mark.parametrize(
    ("act", "born", "day", "field"),
    [
        ("RDP", "1990-01-01", "2024-06-10", "act"),
        ("BDC", "2001-01-01", "2022-10-10", None),
        ("BDC", "2002-01-01", "2022-10-10", "act"),
        ("CCP", "1990-01-01", "2022-10-10", "act"),
    ],
)
def test_an_act_of_prevention_is_refused_at_another_age(act, born, day, field):
    wrong = document(born, day, act)
    if field is None:
        assert case.read(wrong, today=TODAY)
        return
    with pytest.raises(Refusal) as caught:
        case.read(wrong, today=TODAY)
    assert [problem.code for problem in caught.value.problems] == ["prevention.age"]


def test_a_scheme_is_refused_for_care_it_is_never_about():
    with pytest.raises(Refusal) as caught:
        case.read(document("2003-01-01", "2024-06-10", "TRA", "contraception"), today=TODAY)
    assert [problem.code for problem in caught.value.problems] == ["prevention.act"]
    with pytest.raises(Refusal) as caught:
        case.read(document("2003-01-01", "2024-06-10", "PH7", "yoga"), today=TODAY)
    assert [problem.code for problem in caught.value.problems] == ["choice.unknown"]


@pytest.mark.parametrize(
    ("act", "born", "day", "code"),
    [
        ("ZZ", "2003-01-01", "2024-06-10", "act.unknown"),
        ("RDP", "yesterday", "2024-06-10", "date.impossible"),
        ("RDP", "2003-01-01", "2004-06-10", "date.not_modelled"),
    ],
)
def test_another_problem_of_the_line_hides_none(act, born, day, code):
    with pytest.raises(Refusal) as caught:
        case.read(document(born, day, act), today=TODAY)
    assert code in {problem.code for problem in caught.value.problems}
