"""A reform laid over the law: what it names changes, the rest stays, what is wrong is all told."""

from datetime import date

import pytest
import yaml

from decompte.engine.periods import compiled
from decompte.errors import Refusal
from decompte.law import check, load
from decompte.law.reform import reformed

DAY = "2013-01-01"
IN_FORCE = load.law().figures["participation.per_act"].values[-1]
LAST = {"from": IN_FORCE.since.isoformat(), "value": IN_FORCE.amount}  # a reform of nothing


def laid(figures, name="reform.yaml"):
    return reformed(load.law(), {name: {"title": "A trial", "figures": figures}})


def refused(figures, name="reform.yaml"):
    with pytest.raises(Refusal) as caught:
        laid(figures, name)
    return [problem.code for problem in caught.value.problems]


def worth(law, figure, day, key=None):
    return law.figures[figure].on(date.fromisoformat(day)).worth(key)


def test_from_the_day_it_names_a_figure_has_the_reform_s_value_and_others_stay():
    reform = laid({"participation.per_act": [{"from": DAY, "value": 300}]})
    assert worth(reform.law, "participation.per_act", "2012-12-31") == 100
    assert worth(reform.law, "participation.per_act", DAY) == 300
    assert worth(reform.law, "participation.per_act", "2025-01-01") == 300
    assert reform.changed == ("participation.per_act",)
    assert reform.since == date(2013, 1, 1)
    others = set(load.law().figures) - {"participation.per_act"}
    assert all(reform.law.figures[name] == load.law().figures[name] for name in others)


def test_a_key_that_is_not_named_keeps_following_the_law():
    figures = {"franchise.per_unit": [{"from": DAY, "value": {"medicine": 70}}]}
    law = laid(figures).law
    assert worth(law, "franchise.per_unit", "2025-01-01", "medicine") == 70
    assert worth(law, "franchise.per_unit", "2025-01-01", "transport") == 400
    assert worth(law, "franchise.per_unit", "2014-01-01", "transport") == 200
    assert worth(law, "franchise.per_unit", "2012-01-01", "medicine") == 50


def test_a_changed_copy_of_a_file_of_the_law_is_a_reform():
    path = load.FOLDER / "figures" / "participation.yaml"
    document = yaml.safe_load(path.read_text())
    document["figures"]["year_cap"]["values"][0]["value"] = 6000
    reform = reformed(load.law(), {path.name: document})
    assert reform.changed == ("participation.year_cap",)


def test_the_reform_is_a_law_of_its_own_that_compiles_and_passes_the_check():
    law = laid({"participation.per_act": [{"from": DAY, "value": 300}]}).law
    assert compiled(law).version != compiled(load.law()).version
    assert list(check.unsound(law)) == []


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"participation.per_act": [LAST]}, "reform.nothing"),
        ({"participation.per_act": [{"from": DAY, "value": None}]}, "reform.gap"),
        ({"participation.per_act": [{"from": DAY, "value": 1.5}]}, "reform.number"),
        ({"participation.per_act": [{"from": DAY, "value": True}]}, "reform.number"),
        ({"participation.per_act": [{"from": "1 January", "value": 1}]}, "reform.day"),
        ({"participation.per_act": []}, "reform.values"),
        ({"participation.per_act": [{"from": DAY}]}, "reform.value"),
        ({"participation.per_act": {"unit": "euros", "values": []}}, "reform.kind"),
        ({"participation.per_act": [{"from": DAY, "value": 1, "til": DAY}]}, "reform.unknown"),
        ({"participation.per_day": [{"from": DAY, "value": 1}]}, "reform.figure"),
        ({"franchise.per_unit": [{"from": DAY, "value": 1}]}, "reform.keys"),
        ({"franchise.per_unit": [{"from": DAY, "value": {"taxi": 1}}]}, "reform.key"),
        ({"participation.per_act": [{"from": DAY, "value": -1}]}, "reform.check"),
        ({"rate.doctor": [{"from": DAY, "value": 10_001}]}, "reform.check"),
        ({"pathway.starts": [{"from": DAY, "value": 2}]}, "reform.check"),
        (
            {"rate.doctor": [{"from": DAY, "value": 1}, {"from": DAY, "value": 2}]},
            "reform.order",
        ),
        ("rate.doctor", "reform.shape"),
    ],
)
def test_a_reform_that_is_wrong_says_how(figures, code):
    assert code in refused(figures)


def test_everything_wrong_is_told_at_once():
    codes = refused(
        {
            "participation.per_act": [{"from": DAY, "value": None}],
            "rate.nobody": [{"from": DAY, "value": 1}],
            "franchise.per_unit": [{"from": DAY, "value": {"taxi": 1, "medicine": 0.5}}],
        }
    )
    assert sorted(codes) == ["reform.figure", "reform.gap", "reform.key", "reform.number"]


def test_a_tariff_may_end_because_the_rules_know_acts_without_one():
    law = laid({"tariff.G": [{"from": DAY, "value": {"1": None}}]}).law
    assert not compiled(law).has_tariff("G", "1", date(2014, 1, 1))
    assert compiled(law).has_tariff("G", "1", date(2012, 1, 1))
