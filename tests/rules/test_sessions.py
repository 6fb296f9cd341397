"""Sessions with a psychologist are counted by calendar year."""

from datetime import date

import pytest

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case

TODAY = date(2026, 11, 24)


def session(day, act="PSS", **more):
    line = {"date": day, "act": act, "price": "50.00", "pathway": "not-concerned"}
    return line | {"practitioner": {"specialty": "psychologist"}} | more


def settled(*lines, **more):
    document = {"person": {"birth_date": "2001-01-01"}, "lines": list(lines)} | more
    return settle(case.read(document, today=TODAY)).lines


def test_the_thirteenth_session_of_a_year_stays_with_the_person():
    lines = settled(*(session("2025-03-10") for _ in range(13)))
    assert [line.amo_cents for line in lines] == [30_00] * 12 + [0]
    (reason,) = explain(lines[-1])
    assert reason.code == "sessions.spent"
    assert "The 12 sessions" in reason.text.en


def test_a_new_year_begins_with_none():
    lines = settled(session("2025-12-31", quantity=12, price="600.00"), session("2026-01-01"))
    assert [line.amo_cents for line in lines] == [360_00, 30_00]


def test_a_line_of_several_sessions_is_paid_whole_or_not_at_all():
    lines = settled(
        session("2025-03-10", quantity=11, price="550.00"),
        session("2025-03-11", quantity=2, price="100.00"),
        session("2025-03-12"),
    )
    assert [line.amo_cents for line in lines] == [330_00, 0, 30_00]


def test_other_care_is_not_counted():
    lines = settled(
        *(session("2025-03-10") for _ in range(12)),
        {"date": "2025-03-11", "act": "G", "price": "30.00", "pathway": "declared-gp"},
    )
    assert lines[-1].base_cents == 30_00


@pytest.mark.parametrize(("day", "offered"), [("2022-03-10", 6), ("2025-03-10", 12), ("hier", 0)])
def test_a_session_that_the_university_pays_is_not_claimed(day, offered):
    with pytest.raises(Refusal) as caught:
        settled(session(day, "SPE"))
    told = {one.code: one.message.en for one in caught.value.problems}
    assert f"{offered} a year" in told["act.not_claimed"]


def test_no_session_was_free_before_2021():
    with pytest.raises(Refusal, match="0 a year"):
        settled(session("2020-03-10", "SPE"))


def test_sessions_that_others_paid_in_the_year_count():
    used = {"birth_date": "2001-01-01", "used": {"2025": {"sessions": 11}, "2026": {}}}
    lines = settled(*(session(f"2025-03-1{day}") for day in range(2)), person=used)
    assert [line.amo_cents for line in lines] == [30_00, 0]
    (later,) = settled(session("2026-01-10"), person=used)
    assert later.amo_cents == 30_00


def test_sessions_used_are_a_whole_number():
    used = {"birth_date": "2001-01-01", "used": {"2025": {"sessions": "1.5"}}}
    with pytest.raises(Refusal, match="a whole number is expected"):
        settled(session("2025-03-10"), person=used)
