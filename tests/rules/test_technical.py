"""Technical acts: modifiers, activities and phases, acts charged together, heavy acts."""

from datetime import date

import pytest

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.errors import NotModelled, Refusal
from decompte.exchange import case
from decompte.law.nomenclature import store

TODAY = date(2026, 11, 24)


def document(act="QAJA013", price="999.00", specialty=None, sector="1", **more):
    practitioner = {"sector": sector} | ({"specialty": specialty} if specialty else {})
    line = {"date": "2026-06-10", "act": act, "price": price, "pathway": "emergency"}
    return {
        "person": {"birth_date": "2003-05-02"},
        "lines": [line | {"practitioner": practitioner} | more],
    }


def settled(*asked, **more):
    (line,) = settle(case.read(document(*asked, **more), today=TODAY)).lines
    return line


def refused(**more):
    with pytest.raises(Refusal) as caught:
        case.read(document(**more), today=TODAY)
    return {problem.field: problem.code for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("modifiers", "specialty", "base"),
    [
        ("", None, 3135),
        ("M", None, 3135 + 2688),
        ("F", None, 3135 + 1906),
        ("F", "paediatrics", 3135 + 4000),
        ("P", None, 3135 + 3500),
        ("P", "paediatrics", 3135 + 5000),
        ("S", "surgery", 3135 + 8000),
        ("U", "surgery", 3135 + 5000),
        ("U", "cardiology", 3135 + 2515),
        ("MF", None, 3135 + 2688 + 1906),
    ],
)
def test_a_modifier_in_euros_is_added(modifiers, specialty, base):
    assert settled(specialty=specialty, modifiers=modifiers).base_cents == base


@pytest.mark.parametrize(
    ("modifiers", "sector", "base"),
    [("J", "1", 20_857), ("JK", "1", 26_732), ("JT", "optam", 25_068), ("JK", "2", 25_640)],
)
def test_modifiers_in_percent_add_up(modifiers, sector, base):
    line = settled("HHFA016", specialty="surgery", sector=sector, modifiers=modifiers)
    assert line.base_cents == base


def test_a_share_of_acts_charged_together_spares_the_modifiers_in_euros():
    line = settled(modifiers="M", association="2")
    assert line.base_cents == 1568 + 2688
    told = {reason.code: reason.text.en for reason in explain(line)}
    assert "50%" in told["base.association"]
    assert "modifiers M" in told["base.modifiers"]


@pytest.mark.parametrize(
    ("code", "base"), [("1", 3135), ("2", 1568), ("3", 2351), ("4", 3135), ("5", 3135)]
)
def test_an_association_code_says_how_much_counts(code, base):
    assert settled(association=code).base_cents == base


def test_anaesthesia_is_an_activity_of_its_own():
    line = settled("HHFA016", specialty="anaesthesia", activity=4)
    assert (line.base_cents, line.line.act) == (10_364, "ADA")


def test_a_heavy_act_leaves_a_flat_sum_and_a_cheap_one_the_co_payment():
    heavy, cheap = settled("HHFA016"), settled("QAJA013")
    assert heavy.gross_cents == 19_584 - 2400
    assert cheap.gross_cents == 2195


def test_a_heavy_act_paid_below_the_flat_sum_keeps_the_rate():
    assert settled("HHFA016", price="10.00").gross_cents == 700


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"modifiers": "K"}, {"lines[0].modifiers": "technical.modifiers"}),
        ({"modifiers": "MM"}, {"lines[0].modifiers": "technical.modifiers"}),
        ({"modifiers": "FU"}, {"lines[0].modifiers": "technical.modifiers"}),
        ({"act": "HHFA016", "modifiers": "AJK7F"}, {"lines[0].modifiers": "technical.modifiers"}),
        ({"modifiers": "M", "quantity": 2}, {"lines[0].quantity": "technical.quantity"}),
        ({"activity": 4}, {"lines[0].act": "act.unknown"}),
        ({"activity": 6}, {"lines[0].activity": "number.range"}),
        ({"association": "7"}, {"lines[0].association": "choice.unknown"}),
        ({"act": "G", "modifiers": "M"}, {"lines[0].act": "technical.none"}),
        (
            {"act": "3400922179049", "association": "1", "date": "2026-09-10"},
            {"lines[0].act": "technical.none"},
        ),
    ],
)
def test_what_does_not_go_with_the_act_is_named(more, problems):
    assert refused(**more) == problems


def test_technical_acts_without_a_convention_are_refused_by_name():
    with pytest.raises(NotModelled) as caught:
        case.read(document(sector="none"), today=TODAY)
    assert [problem.code for problem in caught.value.problems] == ["technical.no_convention"]


@pytest.fixture
def older_versions(tmp_path, monkeypatch):
    """Nomenclatures as if an earlier version of the CCAM had been imported."""
    monkeypatch.setenv("DECOMPTE_VAR", str(tmp_path))
    (tmp_path / "nomenclatures").mkdir()
    (tmp_path / "nomenclatures" / "ccam.csv").write_text(
        "code,since,act,coefficient,tariff,tariff_other,label\n"
        "HHFA016,2016-01-01,ADC,,20000,,Appendicectomie,JKM,\n"
        "ZZNL000,2016-01-01,ATM,,5000,,Irradiation,HQVW,\n"
    )
    store._text.cache_clear()
    yield
    store._text.cache_clear()


@pytest.mark.usefixtures("older_versions")
@pytest.mark.parametrize(("day", "base"), [("2017-06-14", 22_300), ("2017-06-15", 24_000)])
def test_the_modifier_of_surgery_rose_in_june_2017(day, base):
    assert settled("HHFA016", modifiers="K", date=day).base_cents == base


@pytest.mark.usefixtures("older_versions")
def test_a_modifier_without_a_known_value_is_refused_by_name():
    assert refused(act="ZZNL000", modifiers="H") == {
        "lines[0].modifiers": "technical.modifier_unknown"
    }
    for letters, day in (("M", "2016-02-01"), ("J", "2020-02-01"), ("K", "2025-02-01")):
        with pytest.raises(NotModelled) as caught:
            case.read(document("HHFA016", modifiers=letters, date=day), today=TODAY)
        assert [one.code for one in caught.value.problems] == ["technical.modifier_unknown"]
