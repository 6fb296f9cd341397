"""Combinations that cannot be: both facts are named, in both languages."""

import pytest

from decompte.errors import Refusal
from tests.procedure.situations import situation


@pytest.mark.parametrize(
    ("parts", "code", "both"),
    [
        ({"study": {"to": "2013-01-01"}}, "date.order", ("study.to", "study.from")),
        ({"person": {"birth_date": "2015-01-01"}}, "date.future", ("person.birth_date", "on")),
        (
            {"person": {"birth_date": "2013-12-01"}},
            "date.before_birth",
            ("study.from", "person.birth_date"),
        ),
        (
            {"person": {"insured_in_france": False}, "request": {"care_date": "2013-08-01"}},
            "date.before_arrival",
            ("request.care_date", "study.from"),
        ),
        (
            {"request": {"care_date": "2014-04-01"}},
            "date.future",
            ("request.care_date", "request.on"),
        ),
        (
            {"person": {"cards": ["ehic"], "card": {"country": "US"}}},
            "card.country",
            ("US", "person.cards"),
        ),
        (
            {
                "person": {"cards": ["ehic"], "card": {"country": "HR"}},
                "study": {"from": "2011-09-05", "to": "2012-06-30"},
            },
            "card.country",
            ("HR", "person.cards"),
        ),
        ({"person": {"card": {"country": "ES"}}}, "card.missing", ("card", "person.cards")),
        ({"person": {"cards": ["ghic"]}}, "card.ghic", ("2021", "study.to")),
        (
            {"person": {"territory": "pf"}},
            "territory.nationality",
            ("FR", "person.nationality"),
        ),
        (
            {"person": {"nationality": "ES", "visa": "short-stay"}},
            "visa.nationality",
            ("visa", "person.nationality"),
        ),
        (
            {"request": {"sent_on": "2014-03-01"}},
            "date.before_care",
            ("request.sent_on", "request.care_date"),
        ),
    ],
)
def test_an_impossible_combination_names_the_two_facts(parts, code, both):
    with pytest.raises(Refusal) as caught:
        situation(**parts)
    (problem,) = [one for one in caught.value.problems if one.code == code]
    for lang in ("fr", "en"):
        told = f"{problem.field} {problem.message.to(lang)}"
        assert all(word in told for word in both)


def test_all_clashes_are_told_at_once():
    with pytest.raises(Refusal) as caught:
        situation(study={"to": "2013-01-01"}, person={"territory": "pf"})
    assert len(caught.value.problems) == 2
