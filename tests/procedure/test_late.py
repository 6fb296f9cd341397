"""A late or wrong answer: each step on its days, just before and just after each change."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompte.errors import Refusal
from decompte.procedure.deadlines import (
    appeal_until,
    claim_until,
    court_until,
    duplicate_window,
    months_after,
    silence_until,
)
from decompte.procedure.late import Story, steps

CARE = date(2014, 3, 12)
USUAL = Story(CARE, date(2014, 3, 20), None, None, date(2014, 4, 30))


def open_steps(**changes):
    return [one.step for one in steps(USUAL._replace(**changes)) if one.is_open]


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (date(2014, 3, 26), []),
        (date(2014, 3, 27), ["duplicate"]),
        (date(2014, 4, 30), ["duplicate"]),
        (date(2014, 5, 1), ["reminder", "duplicate"]),
        (date(2014, 5, 31), ["reminder", "duplicate", "complaint", "mediator"]),
        (date(2014, 6, 12), ["reminder", "duplicate", "complaint", "mediator"]),
        (date(2014, 6, 13), ["reminder", "complaint", "mediator"]),
        (date(2016, 4, 1), ["mediator"]),
    ],
)
def test_d5_a_late_answer_opens_its_steps_one_after_the_other(on, names):
    assert open_steps(on=on) == names


@pytest.mark.parametrize(("on", "is_open"), [(date(2014, 7, 10), True), (date(2014, 7, 11), False)])
def test_a_decision_is_appealed_within_two_months(on, is_open):
    assert ("appeal" in open_steps(decision_on=date(2014, 5, 10), on=on)) is is_open


@pytest.mark.parametrize(
    ("appeal_on", "silent", "court"),
    [
        (date(2018, 12, 31), date(2019, 1, 31), date(2019, 3, 31)),
        (date(2019, 1, 1), date(2019, 3, 1), date(2019, 5, 1)),
        (date(2019, 5, 28), date(2019, 7, 28), date(2019, 9, 28)),
    ],
)
def test_silence_counts_one_month_before_2019_and_two_since(appeal_on, silent, court):
    assert (silence_until(appeal_on), court_until(appeal_on)) == (silent, court)


def test_two_years_later_nothing_can_be_sent():
    story = USUAL._replace(sent_on=None, on=date(2016, 4, 1))
    assert [one.step for one in steps(story)] == ["duplicate", "too-late"]


@pytest.mark.parametrize(
    "changes",
    [
        {"sent_on": date(2014, 3, 11)},
        {"decision_on": date(2014, 3, 19)},
        {"decision_on": date(2014, 4, 2), "appeal_on": date(2014, 4, 1)},
        {"on": date(2014, 3, 19)},
    ],
)
def test_days_that_clash_are_both_named(changes):
    with pytest.raises(Refusal) as caught:
        steps(USUAL._replace(**changes))
    *_first, told = changes.values()
    assert f"({told})" in caught.value.lines("en")[0]
    assert f"({told:%d/%m/%Y})" in caught.value.lines("fr")[0]


def test_an_appeal_needs_the_day_of_its_decision():
    with pytest.raises(Refusal) as caught:
        steps(USUAL._replace(appeal_on=date(2014, 4, 20)))
    assert caught.value.lines("en") == [
        "decision_on: an appeal without a decision: give the day of the decision"
    ]


@pytest.mark.parametrize("day", [date.min, date(2004, 12, 31)])
def test_what_was_before_2005_is_refused_by_name(day):
    with pytest.raises(Refusal) as caught:
        steps(USUAL._replace(care_date=day, appeal_on=day))
    assert "since 2005" in caught.value.lines("en")[0]


@given(st.dates(date(2005, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_are_counted_to_the_same_day_or_the_months_last(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or months_after(later, 0).day < day.day
    assert appeal_until(day) > day
    first, last = duplicate_window(day)
    assert first < last < claim_until(day)
