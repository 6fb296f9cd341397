"""A law that is incomplete does not load, and says where."""

import shutil

import pytest
import yaml

from decompte.engine.periods import SECTORS
from decompte.errors import FiguresError
from decompte.law import load
from decompte.law.tables import ABSENT, tables

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
