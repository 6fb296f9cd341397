"""Two laws over the same lines: the sums are those of the batch under each, and nothing is lost."""

import json
import re
import resource
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from decompte.cli import main
from decompte.commands.compare import documents
from decompte.engine.periods import compiled, periods
from decompte.engine.tally import AMOUNTS
from decompte.errors import Refusal
from decompte.exchange import compare, generate, ordered, stream
from decompte.exchange.settler import Settler
from decompte.law.load import law
from decompte.law.reform import reformed
from tests.engine import people

REFORMS = Path(__file__).resolve().parents[2] / "examples" / "reforms"
NAMES = ("consultation", "franchise", "penalty")


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "year.parquet"
    generate.generate(path, students=400, year=2013, seed=1, workers=2)
    return path


def question(name, *, workers=2, holds_prices=False):
    reform = reformed(law(), documents(REFORMS / f"{name}.yaml"))
    after = compiled(reform.law)
    return compare.Question(periods(), after, reform.changed, people.TODAY, holds_prices, workers)


def compared(path, name, **options):
    return compare.compare(path, question(name, **options), lambda _done, _rows: None)


def settled(path, law_of):
    settler = Settler(law_of, people.TODAY)
    amounts = settler.amounts(settler.read(pq.read_table(path)))
    return {name: int(getattr(amounts, name).sum()) for name in AMOUNTS}


def side(cells, which):
    return {name: cells.amount(0, name, which) for name in AMOUNTS}


@pytest.mark.parametrize("name", ["franchise", "penalty"])
def test_the_sums_are_those_of_the_batch_under_each_law(year, name):
    total = compared(year, name).total
    assert side(total, "base") == settled(year, periods())
    assert side(total, "reform") == settled(year, question(name).reform)
    assert side(total, "base") != side(total, "reform")


def test_a_price_at_the_tariff_follows_it_and_one_above_stays_above(year):
    lines = int(np.sum(np.array(pq.read_table(year)["act"].to_pylist()) == "G"))
    assert lines > 500
    moved = compared(year, "consultation").total
    assert moved.amount(0, "price", "difference") == lines * 100
    assert moved.amount(0, "base", "difference") == lines * 100
    held = compared(year, "consultation", holds_prices=True).total
    assert held.amount(0, "price", "difference") == 0
    assert held.amount(0, "base", "difference") == 0


def test_every_table_adds_up_to_the_total_published_or_not(year):
    found = compared(year, "franchise")
    for one in (found, compare.public(found)):
        shown = [cells for cells in (*one.tables.values(), one.bands) if cells is not None]
        assert len(shown) >= 3
        for cells in shown:
            for measure in cells.measures:
                parts = sum(
                    cells.amount(place, measure, "difference") for place in range(len(cells.names))
                )
                assert parts == one.total.amount(0, measure, "difference")


def test_order_kind_of_file_and_workers_change_nothing(year, tmp_path, monkeypatch):
    table = pq.read_table(year)
    wanted = _plain(compared(year, "penalty"))
    monkeypatch.setattr(ordered, "BLOCK", 512)
    monkeypatch.setattr(stream, "BLOCK", 512)
    assert _plain(compared(year, "penalty", workers=3)) == wanted
    shuffled = table.take(np.random.default_rng(1).permutation(len(table)))
    pq.write_table(shuffled, tmp_path / "shuffled.parquet")
    assert _plain(compared(tmp_path / "shuffled.parquet", "penalty", workers=1)) == wanted
    pyarrow.csv.write_csv(
        table.drop_columns(["declared_gp_since"])
        .append_column("declared_gp_since", table["declared_gp_since"])
        .combine_chunks(),
        tmp_path / "year.csv",
    )
    assert _plain(compared(tmp_path / "year.csv", "penalty")) == wanted


def _plain(found):
    named = {"total": found.total, "bands": found.bands, **found.tables}
    return {
        (table, name): (int(cells.people[at]), cells.sums[at].tolist())
        for table, cells in named.items()
        for at, name in enumerate(cells.names)
        if cells.people[at]
    }


def test_a_row_that_one_law_cannot_settle_counts_under_neither(year, tmp_path):
    path = tmp_path / "ends.yaml"
    path.write_text('figures: {tariff.CS: [{from: 2013-07-01, value: {"1": null, "2": null}}]}')
    reform = reformed(law(), documents(path))
    asked = question("penalty")._replace(reform=compiled(reform.law), changed=reform.changed)
    found = compare.compare(year, asked, lambda _done, _rows: None)
    acts = Counter(
        (row["act"], row["date"].month >= 7)
        for row in pq.read_table(year, columns=["act", "date"]).to_pylist()
    )
    assert found.apart == acts["CS", True] > 0
    assert "no tariff" in found.reasons[0][0].en
    place = found.tables["act"].names.index("CS")
    assert int(found.tables["act"].lines[place]) == acts["CS", False]


def test_a_reform_under_which_somebody_pays_less_than_nothing_is_refused(year):
    lowered = law().figures["rate.doctor"]
    below = lowered.values[0]._replace(amount=-7000)
    figures = {**law().figures, "rate.doctor": lowered._replace(values=(below,))}
    asked = question("penalty")._replace(reform=compiled(law()._replace(figures=figures)))
    with pytest.raises(Refusal, match="less than nothing"):
        compare.compare(year, asked, lambda _done, _rows: None)


def command(*words):
    return main(["compare", *map(str, words)])


def test_the_command_writes_a_folder_with_a_page_plots_and_cells(year, tmp_path, capsys):
    out = tmp_path / "out"
    assert command("current", REFORMS / "penalty.yaml", year, "--out", out, "--lang", "fr") == 0
    assert "Qui gagne, qui perd" in capsys.readouterr().out
    plots = sorted(path.stem for path in out.glob("*.svg"))
    assert plots == ["act", "age", "bands", "month", "payers"]
    for path in out.glob("*.svg"):
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314  (our own)
        title, told = root[0].text, root[1].text
        assert title
        assert any(figure.isdigit() for figure in told)
        colours = set(re.findall(r"(?:fill|stroke): #(\w{2})(\w{2})(\w{2})", path.read_text()))
        assert all(len(set(colour)) == 1 for colour in colours)
    page = (out / "report.html").read_text()
    assert 'lang="fr"' in page
    assert "aria-labelledby" in page
    cells = pq.read_table(out / "cells.parquet")
    assert cells.num_rows == len(pyarrow.csv.read_csv(out / "cells.csv"))
    assert json.loads((out / "report.json").read_text())["small_cells_hidden"] is True


def test_json_is_one_document_and_nothing_else(year, capsys):
    assert command("current", REFORMS / "franchise.yaml", year, "--json", "--all-cells") == 0
    told = json.loads(capsys.readouterr().out)
    total = told["tables"]["total"][0]["amounts_cents"]
    assert total["patient"]["difference"] == -total["mandatory"]["difference"] > 0
    assert told["reform"]["figures"] == ["franchise.per_unit"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nothing", REFORMS / "penalty.yaml", "year"), "neither `current`, nor a day"),
        (("current", "nowhere.yaml", "year"), "cannot be read"),
        (("current", REFORMS / "penalty.yaml", "nowhere.parquet"), "nowhere.parquet"),
        (("current", REFORMS.parent / "seed-visit.yaml", "year"), "holds `figures`"),
        (("current", REFORMS / "penalty.yaml", REFORMS / "penalty.yaml"), "cannot be read"),
        (("current", REFORMS / "penalty.yaml", "year", "--out", REFORMS), "name is taken"),
        (("current", REFORMS / "penalty.yaml", "year", "--out", "no/where"), "parent is no folder"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(words, told, year, tmp_path, capsys):
    given = [year if word == "year" else word for word in words]
    assert command(*given) == 2
    assert told in capsys.readouterr().err


def test_few_people_are_not_published_and_a_missing_column_is_named(year, tmp_path, capsys):
    table = pq.read_table(year)
    few = table.slice(0, 40)
    pq.write_table(few, tmp_path / "few.parquet")
    assert command("current", REFORMS / "penalty.yaml", tmp_path / "few.parquet") == 2
    assert "--all-cells" in capsys.readouterr().err
    assert (
        command("current", REFORMS / "penalty.yaml", tmp_path / "few.parquet", "--all-cells") == 0
    )
    pq.write_table(table.drop_columns(["price_cents"]), tmp_path / "none.parquet")
    assert command("current", REFORMS / "penalty.yaml", tmp_path / "none.parquet") == 2
    assert "price_cents: this column is needed" in capsys.readouterr().err


def test_a_full_disk_leaves_nothing_under_the_name(year, tmp_path, capsys):
    out = tmp_path / "out"
    asked = ("current", REFORMS / "penalty.yaml", year, "--out", out)
    assert command(*asked[:3]) == 0  # what is compiled for it is kept on disk as well
    capsys.readouterr()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        code = command(*asked)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 2
    assert "cannot be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_reform_after_the_last_care_says_that_nothing_changes(year, tmp_path, capsys):
    path = tmp_path / "later.yaml"
    path.write_text("figures: {participation.per_act: [{from: 2014-01-01, value: 150}]}")
    assert command("current", path, year) == 0
    assert "nothing changes" in capsys.readouterr().out
