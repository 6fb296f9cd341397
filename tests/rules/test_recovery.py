"""Deferred amounts are taken from later payments, in a declared order."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decompte.engine.recovery import KINDS, Owed, recover

TODAY = date(2014, 6, 1)


def owed(name, kind="participation", since=date(2014, 3, 1), cents=100):
    return Owed(name, kind, since, cents)


def test_the_oldest_debt_is_taken_first_and_the_last_waits():
    debts = [owed("new", since=date(2014, 5, 1), cents=500), owed("old", cents=800)]
    paid = recover(debts, 1000, TODAY)
    assert paid.paid_cents == 0
    assert [(one.owed.id, one.taken_cents, one.left_cents) for one in paid.debts] == [
        ("old", 800, 0),
        ("new", 200, 300),
    ]


def test_of_one_day_the_participation_comes_before_franchise_penalty_and_undue():
    debts = [owed(kind, kind) for kind in reversed(KINDS)]
    assert [one.owed.kind for one in recover(debts, 250, TODAY).debts] == list(KINDS)
    assert [one.taken_cents for one in recover(debts, 250, TODAY).debts] == [100, 100, 50, 0]


def test_of_one_day_and_kind_the_name_decides():
    assert [one.owed.id for one in recover([owed("b"), owed("a")], 0, TODAY).debts] == ["a", "b"]


@pytest.mark.parametrize(("on", "cancelled"), [(date(2019, 3, 1), 0), (date(2019, 3, 2), 100)])
def test_a_debt_is_cancelled_after_its_time_limit(on, cancelled):
    (debt,) = recover([owed("late")], 1000, on).debts
    assert (debt.cancelled_cents, debt.taken_cents) == (cancelled, 100 - cancelled)
    assert debt.left_cents == 0


def test_a_debt_of_29_february_ends_on_28_february():
    debts = [owed("leap", since=date(2012, 2, 29))]
    assert recover(debts, 100, date(2017, 2, 28)).paid_cents == 0
    assert recover(debts, 100, date(2017, 3, 1)).paid_cents == 100


DEBTS = st.lists(
    st.builds(
        Owed,
        st.text("ab", max_size=3),
        st.sampled_from(KINDS),
        st.dates(date(2005, 1, 1), date(2026, 1, 1)),
        st.integers(0, 5000),
    ),
    max_size=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEBTS, st.integers(0, 10_000))
def test_what_is_paid_and_what_is_taken_add_up_in_any_order_of_the_debts(debts, payable):
    paid = recover(debts, payable, TODAY)
    assert paid.paid_cents + sum(one.taken_cents for one in paid.debts) == payable
    assert all(min(one.taken_cents, one.cancelled_cents, one.left_cents) >= 0 for one in paid.debts)
    assert paid == recover(sorted(debts, reverse=True), payable, TODAY)
    waiting = [one for one in paid.debts if one.left_cents]
    assert not waiting or paid.paid_cents == 0
