"""A law that is incomplete does not load, and says where."""

import shutil
from datetime import date

import pytest
import yaml

from decompte.engine.periods import SECTORS
from decompte.errors import FiguresError
from decompte.law import check, history, load
from decompte.law.tables import ABSENT, tables

GIVEN_UP = date(2006, 1, 1)
FIGURE = "figures/participation.yaml"


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(load.FOLDER, tmp_path / "law")
    return tmp_path / "law"


def changed(copy, change):
    path = copy / FIGURE
    document = yaml.safe_load(path.read_text())
    change(document["figures"]["per_act"])
    path.write_text(yaml.safe_dump(document, allow_unicode=True))
    with pytest.raises(FiguresError) as caught:
        load.read(copy)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda figure: figure["values"][0].pop("sources"), "no source"),
        (lambda figure: figure["values"][0].update(sources=["nowhere"]), "nowhere"),
        (lambda figure: figure.pop("unit"), "unit"),
        (lambda figure: figure.pop("label"), "text"),
        (lambda figure: figure["values"].reverse(), "ascending"),
        (lambda figure: figure["values"][0].update(value=1.5), "integer"),
        (lambda figure: figure["values"][0].update(confidence="sure"), "confidence"),
        (lambda figure: figure.update(values=[]), "no value"),
        (lambda figure: figure.update(keys="colour"), "keys"),
        (lambda figure: figure.update(keys="cover"), "is not by cover"),
        (lambda figure: figure["values"][0].update(value={"ald": 1}), "need `keys`"),
        (lambda figure: figure["values"][0].update(colour="red"), "unknown ['colour']"),
        (lambda figure: figure["values"][0].pop("from"), "begins on a day"),
        (lambda figure: figure["values"][0].pop("value"), "is missing"),
        (lambda figure: figure["values"][0].update(published="soon"), "is a day"),
        (lambda figure: figure["values"][0].update(note={"en": "x"}), "exactly `fr` and `en`"),
        (
            lambda figure: figure["values"][0].update(note="why", confidence="low"),
            "needs `fr` and `en`",
        ),
        (lambda figure: figure["values"][0].update(withdrawn=GIVEN_UP), "an earlier `published`"),
        (
            lambda figure: figure["values"][0].update(withdrawn=GIVEN_UP, published=GIVEN_UP),
            "an earlier `published`",
        ),
        (
            lambda figure: [
                value.update(withdrawn=GIVEN_UP, published=date(2004, 1, 1))
                for value in figure["values"]
            ],
            "ascending",
        ),
    ],
)
def test_an_incomplete_figure_does_not_load(copy, change, word):
    message = changed(copy, change)
    assert "participation.per_act" in message
    assert word in message


def test_the_law_loads_and_every_value_has_a_source():
    data = load.law()
    assert all(value.sources for figure in data.figures.values() for value in figure.values)


def test_a_figure_that_ended_is_absent_in_later_periods():
    row = tables(load.law()).grid("tariff.C", SECTORS)
    assert row[-1][0] == ABSENT
    assert row[0][0] == 2000


@pytest.mark.parametrize(
    ("name", "entry", "change", "word"),
    [
        ("sources.yaml", "loi-2004-810", {"colour": "red"}, "unknown ['colour']"),
        ("sources.yaml", "loi-2004-810", {"kind": ""}, "`kind` is missing"),
        ("sources.yaml", "loi-2004-810", {"kind": "rumour"}, "`kind` is one of"),
        ("sources.yaml", "loi-2004-810", {"url": ""}, "`url`"),
        ("acts.yaml", "G", {"family": "dance"}, "`family` is one of"),
        ("acts.yaml", "G", {"kind": "barber"}, "`kind` is one of"),
        ("acts.yaml", "G", {"franchise": "haircut"}, "`franchise` is one of"),
        ("modifiers.yaml", "F", {"letter": ""}, "`letter` is missing"),
        ("modifiers.yaml", "F", {"specialties": ["barber"]}, "unknown specialties"),
        ("acts.yaml", "G", {"prevention": ["yoga"]}, "`prevention` is out of"),
        ("acts.yaml", "G", {"priced": "auction"}, "`priced` is one of"),
        ("acts.yaml", "G", {"most": {"sources": ["ccam"]}}, "`most` holds"),
        ("acts.yaml", "G", {"most": {"price": 1, "quantity": 1}}, "`most` holds"),
        ("acts.yaml", "G", {"most": {"quantity": 1}}, "no source"),
        ("acts.yaml", "G", {"most": {"quantity": 1, "inferred": ["price"]}}, "`most` holds"),
        ("acts.yaml", "G", {"most": {"quantity": 0, "sources": ["ccam"]}}, "a number from 1"),
        ("acts.yaml", "G", {"most": {"quantity": 1.5, "sources": ["ccam"]}}, "a number from 1"),
        ("acts.yaml", "G", {"most": {"coefficient": True}}, "a number from 1"),
        ("places.yaml", "reunion", {"label": "Réunion"}, "`fr` and `en`"),
        ("acts.yaml", "C2", {"replaced_by": []}, "go together"),
        ("acts.yaml", "G", {"label": "GP"}, "`fr` and `en`"),
    ],
)
def test_an_incomplete_source_or_act_does_not_load(copy, name, entry, change, word):
    document = yaml.safe_load((copy / name).read_text())
    document[entry].update(change)
    (copy / name).write_text(yaml.safe_dump(document, allow_unicode=True))
    with pytest.raises(FiguresError) as caught:
        load.read(copy)
    assert entry in str(caught.value)
    assert word in str(caught.value)


def test_an_act_says_whether_it_has_participation(copy):
    document = yaml.safe_load((copy / "acts.yaml").read_text())
    del document["G"]["participation"]
    (copy / "acts.yaml").write_text(yaml.safe_dump(document, allow_unicode=True))
    with pytest.raises(FiguresError, match="`participation` is missing"):
        load.read(copy)


@pytest.mark.parametrize(
    ("text", "word"),
    [("title: [", "not YAML"), ("title: {fr: a, en: b}", "exactly `title` and `figures`")],
)
def test_a_figure_file_of_another_shape_does_not_load(copy, text, word):
    (copy / FIGURE).write_text(text)
    with pytest.raises(FiguresError, match=word):
        load.read(copy)


def test_a_figure_stands_in_one_file_only(copy):
    tariffs = copy / "figures" / "tariffs"
    shutil.copy(tariffs / "dentists.yaml", tariffs / "x.yaml")
    with pytest.raises(FiguresError, match=r"stands in figures/tariffs/dentists.yaml too"):
        load.read(copy)


def test_the_keys_of_a_figure_stay_the_same(copy):
    path = copy / "figures" / "solidarity.yaml"
    path.write_text(path.read_text().replace('"c2s": 10000', '"acs": 10000', 1))
    with pytest.raises(FiguresError, match="not the same in every value"):
        load.read(copy)


def test_the_tables_refuse_a_figure_or_a_key_they_do_not_know():
    made = tables(load.law())
    with pytest.raises(FiguresError, match=r"tariff\.NONE"):
        made.row("tariff.NONE")
    with pytest.raises(FiguresError, match="unknown keys"):
        made.grid("tariff.C", SECTORS[:1])


def test_a_figure_is_shown_whole_or_on_a_day():
    data = load.law()
    figure = data.figures["participation.per_act"]
    whole = history.document(data, figure, "en", None)
    assert [value["value"] for value in whole["values"]][:2] == [100, 200]
    day = history.document(data, figure, "fr", date(2014, 3, 12))
    assert [value["since"] for value in day["values"]] == ["2005-01-01"]
    assert "2024-05-15  2.00 €  [high]" in "\n".join(history.lines(data, figure, "en", None))
    rates = "\n".join(history.lines(data, data.figures["rate.ald"], "en", None))
    assert "dispensing_complex 100 %, device 100 %" in rates
    assert "daily_charge -" in rates
    ages = history.lines(data, data.figures["pathway.gp_age"], "en", date(2014, 3, 12))
    assert "  2005-01-01  16  [high]" in list(ages)


def test_an_amount_holds_since_it_last_changed_for_its_key():
    figure = load.law().figures["tariff.C"]
    assert figure.unchanged_since(date(2014, 3, 12), "1").since == date(2011, 1, 1)
    assert figure.unchanged_since(date(2014, 3, 12), "optam").since == date(2013, 12, 1)
    assert figure.unchanged_since(date(2001, 1, 1), "1") is None


def test_the_check_names_gaps_doubts_and_what_nobody_cites(copy):
    path = copy / "figures" / "deferral.yaml"
    path.write_text(
        path.read_text()
        .replace("from: 2005-01-01", "from: 2006-01-01")
        .replace("confidence: high", "confidence: low")
        .split("        note:")[0]
    )
    (copy / "sources.yaml").write_text(
        (copy / "sources.yaml").read_text() + "lonely:\n  title: {fr: a, en: b}\n  kind: example\n"
    )
    acts = yaml.safe_load((copy / "acts.yaml").read_text())
    acts["NEW"] = acts["G"]
    (copy / "acts.yaml").write_text(yaml.safe_dump(acts, allow_unicode=True))
    supplements = copy / "figures" / "tariffs" / "supplements.yaml"
    supplements.write_text(supplements.read_text().replace("\n  MD:\n", "\n  MDX:\n"))
    told = "\n".join(one.en for one in check.problems(load.read(copy)))
    assert "deferral.applies begins after 2005-01-01: a gap" in told
    assert "deferral.applies of 2006-01-01 is doubtful and does not say why" in told
    assert "NEW has no tariff" in told
    assert "lonely is cited nowhere" in told
    assert "overseas.yaml: MD has no tariff on the mainland" in told


def test_the_law_shipped_passes_its_own_check():
    assert list(check.problems(load.law())) == []
