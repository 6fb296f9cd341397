"""The guide led by chance: it always ends, asks nothing twice, and only what matters."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decompte.errors import Refusal
from decompte.exchange.guided import (
    NOTHING,
    Guided,
    advice,
    answer,
    back,
    next_question,
    options,
    situation_of,
)
from decompte.procedure.questions import questions
from tests.procedure.situations import TODAY

MOST = 18
COUNTRIES = ("FR", "ES", "US", "GB", "MC", "AD", "CA")
DEPARTMENTS = ("75", "31", "974", "976", "2A", "67")


def values_for(draw, question, since):
    """Draw an answer to a question that is one of its own."""
    match question.kind:
        case "dates":
            return [str(since), str(since + timedelta(days=draw(st.integers(20, 420))))]
        case "day":
            return {
                "birth_date": [str(draw(st.dates(date(1975, 1, 1), date(2003, 1, 1))))],
                "care_date": draw(st.sampled_from(([], [str(since + timedelta(days=10))]))),
                "card_expiry": [str(since + timedelta(days=draw(st.integers(-30, 500))))],
            }[question.id]
        case "country":
            return [draw(st.sampled_from(COUNTRIES))]
        case "department":
            return [draw(st.sampled_from(DEPARTMENTS))]
        case "many" | "sets":
            names = [one.value for one in options(question)]
            return draw(st.lists(st.sampled_from(names), max_size=1))
    return [draw(st.sampled_from([one.value for one in options(question)]))]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_chance_always_comes_to_an_answer_and_is_asked_nothing_twice(data):
    since = data.draw(st.dates(date(2004, 10, 1), date(2025, 6, 1)))
    told, asked, refused = NOTHING, [], 0
    while (question := next_question(told, today=TODAY)) and refused < 5:
        assert question.id not in told.answered
        try:
            told = answer(told, question, values_for(data.draw, question, since), today=TODAY)
            asked.append(question.id)
        except Refusal:
            refused += 1
    assert len(asked) == len(set(asked)) <= MOST
    if not refused:
        found = advice(told, today=TODAY)
        assert found.affiliation.reasons
        assert found.send_to or found.no_destination or not found.situation.care_date


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_question_of_choice_is_asked_only_if_two_answers_differ(data):
    """For some pair of its answers, what is found or what is asked next is not the same."""
    since = data.draw(st.dates(date(2004, 10, 1), date(2025, 6, 1)))
    told = NOTHING
    while question := next_question(told, today=TODAY):
        if question.kind in {"choice", "yes-no", "agency"}:
            outcomes = {outcome(told, question, one.value) for one in options(question)}
            assert len(outcomes) > 1 or len(options(question)) == 1, question.id
        try:
            told = answer(told, question, values_for(data.draw, question, since), today=TODAY)
        except Refusal:
            return


def outcome(told, question, value):
    try:
        after = answer(told, question, [value], today=TODAY)
    except Refusal:
        return "refused"
    following = next_question(after, today=TODAY)
    found = advice(after, today=TODAY)
    return str((following.id if following else "", found._replace(situation=None, untold=())))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("study_dates", ["2013-09-02"]),
        ("study_dates", ["2014-06-30", "2013-09-02"]),
        ("study_dates", ["soon", "later"]),
        ("nationality", ["Spain"]),
        ("residence", ["99"]),
        ("residence", []),
        ("cards", ["library"]),
        ("circumstances", ["doctorate", "apprenticeship"]),
        ("scholarship", ["perhaps"]),
        ("birth_date", ["2013-02-30"]),
        ("birth_date", ["2026-12-31"]),
    ],
)
def test_a_wrong_answer_is_refused_and_changes_nothing(name, values):
    with pytest.raises(Refusal) as caught:
        answer(NOTHING, questions()[name], values, today=TODAY)
    assert all(one.message.fr and one.message.en for one in caught.value.problems)


def test_taking_an_answer_back_forgets_it():
    first = answer(NOTHING, questions()["study_dates"], ["2013-09-02", "2014-06-30"], today=TODAY)
    second = answer(first, questions()["circumstances"], ["doctorate"], today=TODAY)
    assert situation_of(second, today=TODAY).kind == "doctorate"
    assert situation_of(back(second), today=TODAY).kind == "degree"
    assert back(second).answered == first.answered
    assert back(NOTHING) == Guided({}, ())
