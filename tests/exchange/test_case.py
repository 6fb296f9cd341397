"""A case file that is wrong is told everything that is wrong with it, by field."""

from datetime import date

import pytest

from decompte.engine.single import settle
from decompte.errors import NotModelled, Refusal
from decompte.exchange import case

TODAY = date(2026, 11, 24)


def document(**line):
    good = {"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}
    return {"person": {"birth_date": "1993-06-15"}, "lines": [{**good, **line}]}


def refused(wrong):
    with pytest.raises(Refusal) as caught:
        case.read(wrong, today=TODAY)
    return {problem.field: problem.code for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("date", "2013-02-29", "date.impossible"),
        ("date", "2030-01-01", "date.future"),
        ("date", "1990-01-01", "date.not_modelled"),
        ("price", "23.001", "amount.decimals"),
        ("price", "-1.00", "amount.range"),
        ("price", "NaN", "amount.range"),
        ("price", "vingt", "amount.format"),
        ("price", True, "amount.format"),
        ("act", "ZZ", "act.unknown"),
        ("pathway", "by-bus", "choice.unknown"),
        ("quantity", 0, "number.range"),
        ("coefficient", 2, "coefficient.none"),
        ("ald_related", "yes", "flag.format"),
        ("colour", "red", "field.unknown"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(field, value, code):
    assert refused(document(**{field: value}))[f"lines[0].{field}"] == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "field.missing"),
        ("0", "coefficient.range"),
        ("many", "coefficient.range"),
        (True, "coefficient.range"),
        ("7.555", "coefficient.decimals"),
        ("5000", "coefficient.range"),
    ],
)
def test_an_act_with_a_coefficient_needs_a_sound_one(given, code):
    wrong = document(date="2020-03-04", act="AMS", coefficient=given, pathway="not-concerned")
    assert refused(wrong) == {"lines[0].coefficient": code}


@pytest.mark.parametrize(
    ("until", "problems"), [(None, {"complementary": "complementary.two"}), ("2014-03-11", None)]
)
def test_the_solidarity_cover_and_a_formula_exclude_each_other_on_the_day_of_care(until, problems):
    both = document()
    cover = {"kind": "c2s", "from": "2013-01-01"} | ({"until": until} if until else {})
    both["person"]["covers"] = [cover]
    both["complementary"] = "example-formula-2013"
    if problems is None:
        assert case.read(both, today=TODAY).complementary == "example-formula-2013"
    else:
        assert refused(both) == problems


def test_an_act_of_an_auxiliary_is_not_a_doctor_s():
    wrong = document(
        date="2020-03-04",
        act="AMS",
        coefficient="7.5",
        practitioner={"specialty": "dermatology"},
    )
    assert refused(wrong) == {"lines[0].practitioner.specialty": "act.practitioner"}


def test_every_problem_is_told_at_once():
    wrong = document(date="2013-02-29", price="1.234", act="ZZ")
    wrong["person"] = {"birth_date": "tomorrow", "name": "x"}
    assert set(refused(wrong)) == {
        "lines[0].date",
        "lines[0].price",
        "lines[0].act",
        "person.birth_date",
        "person.name",
    }


def test_care_before_birth_is_refused():
    wrong = document()
    wrong["person"]["birth_date"] = "2015-01-01"
    assert refused(wrong) == {"lines[0].date": "date.before_birth"}


@pytest.mark.parametrize("wrong", [None, 3, [], "text", {}, {"lines": 3, "person": []}])
def test_what_is_not_a_case_is_refused(wrong):
    assert refused(wrong)


def held(*kinds, **fields):
    asked = document(**fields)
    asked["person"]["covers"] = [{"kind": kind, "from": "2014-01-01"} for kind in kinds]
    return asked


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("ame", {"act": "PSI", "date": "2023-03-12"}),
        ("ame", {"act": "PH2"}),
        ("work-accident", {"act": "2223342", "related_to": "work-accident"}),
        ("ald", {"act": "FPU", "date": "2023-03-12"}),
    ],
)
def test_an_act_not_computed_under_a_cover_is_refused_by_name(kind, line):
    assert refused(held(kind, **line)) == {"lines[0].act": "cover.not_modelled"}


def test_a_work_accident_leaves_unrelated_glasses_alone():
    assert case.read(held("work-accident", act="2223342"), today=TODAY)


@pytest.mark.parametrize("kinds", [("c2s", "acs"), ("cmu-c", "ame"), ("acs", "ame")])
def test_covers_that_contradict_one_another_are_refused(kinds):
    assert refused(held(*kinds)) == {"person.covers": "cover.contradiction"}


def test_covers_of_different_days_do_not_contradict_one_another():
    asked = held("c2s", "acs")
    asked["person"]["covers"][1]["from"] = "2014-03-13"
    assert case.read(asked, today=TODAY)


def test_state_medical_aid_goes_with_no_insurance():
    local, formula = held("ame"), held("ame")
    local["person"]["scheme"] = "alsace-moselle"
    formula["complementary"] = "example-formula-2013"
    for asked in (local, formula):
        assert refused(asked) == {"person.covers": "cover.contradiction"}


def test_care_related_to_a_cover_needs_that_cover_on_its_day():
    asked = held("military-pension", related_to=["military-pension", "work-accident"])
    assert refused(asked) == {"lines[0].related_to": "cover.absent"}
    assert refused(held(related_to="ald")) == {"lines[0].related_to": "choice.unknown"}


def test_an_act_without_tariff_that_day_is_not_guessed():
    with pytest.raises(NotModelled) as caught:
        case.read(document(date="2007-03-12"), today=TODAY)
    assert caught.value.problems[0].code == "act.no_tariff"


def test_messages_come_in_both_languages():
    with pytest.raises(Refusal) as caught:
        case.read(document(price="1.234"), today=TODAY)
    assert "deux décimales" in caught.value.lines("fr")[0]
    assert "two decimals" in caught.value.lines("en")[0]


def coded(act, day="2026-09-01", price="50.00", **more):
    line = {"date": day, "act": act, "price": price, "pathway": "referred", **more}
    return {"person": {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"}} | {
        "lines": [line]
    }


def amounts_of(document):
    (line,) = case.write(settle(case.read(document, today=TODAY)), "en")["lines"]
    return line


def test_a_code_counts_as_its_letter_at_its_own_tariff():
    sector_1 = amounts_of(coded("DEQP003", practitioner={"specialty": "cardiology"}))
    assert (sector_1["act"], sector_1["base"]) == ("DEQP003", "14.77")
    other = amounts_of(coded("DEQP003", practitioner={"specialty": "cardiology", "sector": "2"}))
    assert other["base"] == "13.81"
    assert "DEQP003" in other["reasons"][0]["text"]
    assert other["reasons"][0]["since"] == "2026-01-01"
    analysis = amounts_of(coded("0552", day="2018-03-01"))
    assert (analysis["base"], analysis["rate"], analysis["participation"]) == ("1.35", "60", "0.81")
    box = amounts_of(coded("3400935955838", price="2.18"))
    assert (box["base"], box["rate"], box["franchise"]) == ("2.18", "65", "1.00")
    nothing = amounts_of(coded("3400956369553", price="9.00"))
    assert (nothing["base"], nothing["amo"], nothing["patient"]) == ("0.00", "0.00", "9.00")


def test_a_heavy_act_leaves_a_flat_sum():
    heavy = amounts_of(
        coded("HHFA011", price="300.00", practitioner={"specialty": "other-specialty"})
    )
    assert "rate.heavy" in [reason["code"] for reason in heavy["reasons"]]
    assert float(heavy["base"]) - float(heavy["gross"]) == 24.0


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (coded("3400935955838", day="2014-03-12"), "code.too_early"),
        (coded("2223342", day="2021-03-12"), "code.retired"),
        (coded("9999999"), "act.unknown"),
        (coded("ATM"), "act.needs_code"),
    ],
)
def test_a_code_that_cannot_be_priced_is_refused(line, code):
    assert refused(line) == {"lines[0].act": code}


def test_the_coefficient_of_a_code_is_the_nomenclatures():
    assert refused(coded("0552", day="2018-03-01", coefficient="9")) == {
        "lines[0].coefficient": "coefficient.of_code"
    }


def test_the_letter_c_means_what_its_profession_makes_of_it():
    midwife = amounts_of(coded("C", day="2020-03-02", practitioner={"specialty": "midwife"}))
    assert (midwife["base"], midwife["participation"]) == ("25.00", "0.00")
    document = coded("FPU", day="2023-03-02", price="19.61")
    document["person"]["covers"] = [{"kind": "ald", "from": "2013-01-01"}]
    with pytest.raises(NotModelled) as error:
        case.read(document, today=TODAY)
    assert error.value.problems[0].code == "cover.not_modelled"


def test_an_act_without_a_tariff_that_day_says_when_it_has_one():
    for act, day, known in (
        ("TCG", "2014-03-12", "since 2018-09-15"),
        ("VNPSY", "2014-03-12", "2017-07-01 to 2022-03-31"),
        ("G", "2014-03-12", None),
    ):
        asked = coded(
            act, day=day, practitioner={"specialty": "psychiatry"} if act[0] == "V" else {}
        )
        if known is None:
            assert amounts_of(asked)["base"] == "23.00"
            continue
        with pytest.raises(NotModelled) as error:
            case.read(asked, today=TODAY)
        assert known in error.value.lines("en")[0]
