"""Formulas that break the bounds of their days are told."""

from datetime import date

import pytest

from decompte.law import formulas
from decompte.law.load import law


def changed(name, amount, since=date(2005, 1, 1)):
    """The law with one figure's values replaced by one."""
    data = law()
    figure = data.figures[name]
    value = figure.values[0]._replace(since=since, amount=amount)
    return data._replace(figures={**data.figures, name: figure._replace(values=(value,))})


def told(name, amount):
    return " ".join(one.en for one in formulas.problems(changed(name, amount)))


def test_the_formulas_of_this_program_keep_to_the_bounds():
    assert list(formulas.problems(law())) == []


@pytest.mark.parametrize(
    ("name", "amount", "problem"),
    [
        ("copayment_share", 9000, "copayment_share is 9000, a responsible contract pays 10000"),
        (
            "overcharge_share_without_optam",
            12_500,
            "overcharge_share_without_optam is 12500, a responsible contract stops at 10000",
        ),
        ("overcharge_share", 11_000, "is 12500, a responsible contract stops at 9000"),
        ("withheld_out_of_pathway", 600, "withheld_out_of_pathway is 600"),
        ("pays_basket", 0, "pays_basket is 0, a responsible contract pays 1"),
        ("flat_sum_device", 15_000, "flat_sum_device is 15000, a responsible contract stops"),
        ("flat_sum_device", 1_000, "of a pair is 3000, a responsible contract pays 5000"),
        ("flat_sum_device", 16_000, "of a pair is 48000, a responsible contract stops at 47000"),
    ],
)
def test_a_responsible_formula_out_of_bounds_is_told(name, amount, problem):
    assert problem in told(f"complementary.{name}", {"example-responsible": amount})


def test_an_overcharge_is_capped_from_april_2015_only():
    capped = {"example-responsible": 12_500}
    figure = "complementary.overcharge_share_without_optam"
    found = [one.en for one in formulas.problems(changed(figure, capped))]
    assert found == [
        "example-responsible: overcharge_share_without_optam is 12500, a responsible contract "
        "stops at 10000 (seen on 2017-01-01)"
    ]


def test_a_formula_that_is_not_responsible_is_free():
    free = told(
        "complementary.copayment_share",
        {"example-formula-2013": 0, "example-responsible": 10_000, "example-student": 10_000},
    )
    assert free == ""


def test_what_the_check_finds_is_told_in_both_languages():
    changes = {
        "complementary.pays_participation": 1,
        "complementary.copayment_share": {"example-responsible": 9_000},
        "complementary.pays_basket": {"example-responsible": 2},
        "complementary.overcharge_share_without_optam": {"example-responsible": 12_500},
    }
    found = [
        one for name, amount in changes.items() for one in formulas.problems(changed(name, amount))
    ]
    assert len(found) >= 3
    for one in found:
        assert one.fr != one.en
        assert " : " in one.fr


def test_no_formula_may_pay_what_the_law_keeps_back():
    assert "no contract may pay it" in told("complementary.pays_participation", 1)


def test_a_law_without_formulas_has_none_to_judge():
    assert list(formulas.problems(law()._replace(figures={}))) == []
