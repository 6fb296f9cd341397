"""Acts on the wrong day, at the wrong age, by the wrong specialty: said by name."""

from datetime import date

import pytest

from decompte.errors import Refusal
from decompte.exchange import case

TODAY = date(2026, 11, 24)


def problems(act, day="2026-03-10", birth="1990-01-01", **more):
    line = {"date": day, "act": act, "price": "30.00", "pathway": "not-concerned", **more}
    with pytest.raises(Refusal) as caught:
        case.read({"person": {"birth_date": birth}, "lines": [line]}, today=TODAY)
    return {one.code: one.message.en for one in caught.value.problems}


@pytest.mark.parametrize(
    ("act", "day", "said"),
    [
        ("C2", "2017-10-01", "C2 no longer exists after 2017-09-30; replaced by: APC"),
        ("MCSPSY", "2020-01-01", "MCSPSY no longer exists after 2017-06-30; replaced by: MCS"),
        ("CNPSY", "2025-01-01", "CNPSY no longer exists after 2024-12-21; replaced by: CNP, CP"),
    ],
)
def test_a_retired_act_names_what_replaced_it(act, day, said):
    assert problems(act, day)["act.retired"] == said


def test_a_letter_may_be_replaced_by_codes():
    told = problems("SC", coefficient="7", practitioner={"specialty": "dentist"})
    assert told["act.retired"] == "SC no longer exists after 2014-05-31; replaced by: CCAM"


@pytest.mark.parametrize(
    ("code", "tail"),
    [
        ("2223342", "left the nomenclature on 2020-01-01; replaced by: 2222124, 2264861"),
        ("2203240", "left the nomenclature on 2020-01-01"),
    ],
)
def test_a_retired_code_names_what_replaced_it(code, tail):
    assert problems(code)["code.retired"] == f"{code} {tail}"


@pytest.mark.parametrize(
    ("act", "birth"), [("MEG", "1990-01-01"), ("MEG", "2020-03-10"), ("GL1", "1950-01-01")]
)
def test_an_act_for_other_ages_is_refused(act, birth):
    assert "act.age" in problems(act, birth=birth)


def test_a_fee_by_age_is_for_the_youngest_and_the_oldest():
    told = problems("HDA", birth="1990-01-01")["act.age"]
    assert told == "HDA is for ages 0 to 2 or 70 to 129; 36 on 2026-03-10"
    line = {"date": "2026-03-10", "act": "HDA", "price": "1.68", "pathway": "not-concerned"}
    for birth in ("2023-03-11", "1956-03-10"):
        document = {"person": {"birth_date": birth}, "lines": [line]}
        assert case.read(document, today=TODAY).lines[0].act == "HDA"
    for birth in ("2023-03-10", "1956-03-11"):
        assert "act.age" in problems("HDA", birth=birth)


def test_care_before_birth_says_only_that():
    assert set(problems("MEG", birth="2026-04-01")) == {"date.before_birth"}


def test_an_age_is_not_judged_without_a_birth_date():
    assert "act.age" not in problems("MEG", birth="hier")


def test_an_act_of_another_specialty_is_refused():
    told = problems("CEH", birth="2025-01-01", practitioner={"specialty": "cardiology"})
    assert told == {"act.practitioner": "the act CEH belongs to: paediatrics"}


def test_the_act_of_one_specialty_implies_it():
    line = {"date": "2025-03-10", "act": "CEH", "price": "39.00", "pathway": "not-concerned"}
    read = case.read({"person": {"birth_date": "2024-01-01"}, "lines": [line]}, today=TODAY)
    assert read.lines[0].specialty == "paediatrics"


@pytest.mark.parametrize(("act", "near"), [("cnpsy", "CNPSY"), ("AMKK", "AMK"), ("G2", "GS")])
def test_an_unknown_letter_names_those_like_it(act, near):
    assert near in problems(act)["act.unknown"]


@pytest.mark.parametrize(
    ("act", "given", "code", "said"),
    [
        ("AMK", {"coefficient": 28.5}, "coefficient.of_act", "AMK goes up to 28 (Kiné-web, "),
        ("AMO", {"coefficient": 41}, "coefficient.of_act", "AMO goes up to 40 ("),
        ("RAM", {"coefficient": 28.5}, "coefficient.of_act", "RAM goes up to 28 (Kiné-web, "),
        ("AMY", {"coefficient": 41}, "coefficient.of_act", "; a plausible bound: no act that was"),
        ("HDR", {"quantity": 2}, "quantity.of_act", "HDR: at most 1 a day ("),
        ("DI", {"coefficient": 3}, "coefficient.of_act", "DI goes up to 2.5 ("),
        (
            "AIS",
            {"coefficient": 3, "quantity": 5},
            "quantity.of_act",
            "AIS: at most 4 a day (Council of the UNCAM",
        ),
        ("BSA", {"quantity": 2}, "quantity.of_act", "BSA: at most 1 a day ("),
        ("PSI", {"quantity": 2}, "quantity.of_act", "PSI: at most 1 a day ("),
    ],
)
def test_a_coefficient_or_quantity_beyond_the_act_names_bound_and_source(act, given, code, said):
    assert said in problems(act, day="2025-03-10", **given)[code]


def test_at_its_bound_an_act_is_computed():
    line = {"date": "2025-03-10", "act": "AMK", "price": "61.88", "pathway": "not-concerned"}
    document = {"person": {"birth_date": "1990-01-01"}, "lines": [line | {"coefficient": 28}]}
    assert case.read(document, today=TODAY).lines[0].coefficient == 280_000
