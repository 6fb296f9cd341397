"""Dentists: prostheses with their baskets and ceilings, acts charged by a dentist."""

from datetime import date

import pytest

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case

TODAY = date(2026, 11, 24)


def document(act, day, price, specialty="dentist", **more):
    line = {"date": day, "act": act, "price": price, "pathway": "not-concerned"}
    return {
        "person": {"birth_date": "1990-01-01"},
        "lines": [line | {"practitioner": {"specialty": specialty}} | more],
    }


def settled(*asked, **more):
    (line,) = settle(case.read(document(*asked, **more), today=TODAY)).lines
    return line


def codes(line):
    return {reason.code for reason in explain(line)}


@pytest.mark.parametrize(
    ("act", "day", "price", "said"),
    [
        ("HBLD634", "2021-03-10", "500.00", {"basket.100_sante"}),
        ("HBLD634", "2021-03-10", "500.01", {"basket.100_sante", "basket.ceiling"}),
        ("HBLD158", "2021-03-10", "551.00", {"basket.ceiling"}),
        ("HBLD403", "2021-03-10", "900.00", set()),
        ("HBLD073", "2021-03-10", "440.00", set()),
        ("HBLD073", "2026-03-10", "440.00", {"basket.100_sante"}),
        ("HBLD634", "2026-03-10", "900.00", {"basket.100_sante"}),
    ],
)
def test_the_basket_of_a_prosthesis_and_its_ceiling_are_said(act, day, price, said):
    told = {code for code in codes(settled(act, day, price)) if code.startswith("basket.")}
    assert told == said


@pytest.mark.parametrize(("specialty", "kept"), [("dentist", 0), ("stomatology", 200)])
def test_no_participation_is_kept_on_what_a_dentist_does(specialty, kept):
    assert settled("HBGD036", "2026-03-10", "39.00", specialty).participation_cents == kept


def test_a_dentist_is_not_part_of_the_pathway():
    line = settled("HBGD036", "2026-03-10", "39.00", pathway="out-of-pathway")
    assert line.penalty_cents == 0


def test_a_tariff_between_two_known_ones_is_not_guessed():
    with pytest.raises(Refusal) as caught:
        case.read(document("HBMD058", "2021-03-10", "25.00"), today=TODAY)
    assert [problem.code for problem in caught.value.problems] == ["code.no_price"]


def test_the_letters_of_dentists_ended_with_may_2014():
    assert settled("SC", "2014-05-31", "28.92", coefficient=12).base_cents == 2892
    with pytest.raises(Refusal, match="CCAM"):
        case.read(document("SC", "2014-06-01", "28.92", coefficient=12), today=TODAY)
