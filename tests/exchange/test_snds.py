"""The exports have the columns of the national base; their sums are those of the settled lines."""

import resource
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from decompte.cli import main
from decompte.engine.periods import periods
from decompte.exchange import generate, ordered, stream
from decompte.exchange.disclosure import LEAST, published, unsafe
from decompte.exchange.settler import batch
from decompte.exchange.settler import settler as settler_of
from decompte.exchange.snds import coded, damir, dcir, export, shapes
from tests.engine import people

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations" / "exports.md"
KEYS = [
    *("DCT_ORD_NUM", "FLX_DIS_DTD", "FLX_EMT_NUM", "FLX_EMT_ORD", "FLX_EMT_TYP", "FLX_TRT_DTD"),
    *("ORG_CLE_NUM", "PRS_ORD_NUM", "REM_TYP_AFF"),
]


def test_every_fee_and_medicine_of_a_pharmacist_has_its_nature():
    acts = periods().data.acts.values()
    letters = {
        act.letter for act in acts if act.practitioner == "pharmacist" and not act.prevention
    }
    natures = [shapes.codes()["nature"].get(letter) for letter in sorted(letters)]
    assert None not in natures
    assert len(set(natures)) == len(letters)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    path = tmp_path_factory.mktemp("snds") / "year.parquet"
    generate.generate(path, students=500, year=2013, seed=2, workers=2)
    return path


def cared(table):
    settler = settler_of(people.TODAY)
    lines = settler.read(table)
    return coded.care(table, lines, settler.amounts(lines), periods(), coded.Start(0, 0))


def rows(*given):
    """Return rows of ER_PRS_F for lines of one person, from what is not usual about them."""
    usual = {
        "beneficiary": 1,
        "date": date(2014, 3, 12),
        "act": "G",
        "price_cents": 2300,
        "pathway": "declared-gp",
        "birth_date": date(1993, 6, 15),
        "declared_gp_since": date(2013, 1, 1),
    }
    lines = [usual | {"line": number} | one for number, one in enumerate(given)]
    return dcir.prs(cared(pa.Table.from_pylist(lines))).to_pylist()


def amounts(row, *names):
    return tuple(float(value) if isinstance(value := row[n], Decimal) else value for n in names)


def test_a_consultation_is_its_row_and_one_for_what_is_kept_back():
    act, kept = rows({})
    assert amounts(act, "PRS_NAT_REF", "BSE_PRS_NAT", "CPL_PRS_NAT", "CPL_MAJ_TOP") == (
        *(1110, 1110, 0, 0),
    )
    paid = ("PRS_PAI_MNT", "BSE_REM_BSE", "BSE_REM_MNT", "RGO_REM_TAU", "CPL_REM_MNT")
    assert amounts(act, *paid) == (23, 23, 16.1, 70, 0)
    assert amounts(kept, "PRS_NAT_REF", "BSE_PRS_NAT", "CPL_PRS_NAT", "CPL_AFF_COD") == (
        *(1110, 0, 1951, 16),
    )
    assert amounts(kept, *paid) == (0, 0, 0, 100, -1)
    assert (kept["CPL_MAJ_TOP"], kept["CPL_REM_SGN"], act["BSE_REM_SGN"]) == (2, 2, 1)


def test_out_of_the_pathway_the_rate_is_lowered_or_the_penalty_comes_later():
    direct = rows({"pathway": "out-of-pathway"})[0]
    about = ("RGO_THE_TAU", "RGO_REM_TAU", "RGO_MOD_MNT", "BSE_REM_MNT", "RGO_FTA_COD")
    assert amounts(direct, *about) == (70, 30, 9.2, 6.9, 1)
    assert direct["PRS_PDS_QCP"] == 23
    later = rows({"pathway": "out-of-pathway", "third_party_payment": True})
    assert amounts(later[0], *about) == (70, 70, 9.2, 16.1, 3)
    assert [row["CPL_PRS_NAT"] for row in later] == [0, 1952, 1957]
    assert amounts(later[2], "CPL_AFF_COD", "CPL_REM_MNT") == (24, -9.2)
    assert later[0]["DRG_NAT"] == 35


def test_a_supplement_is_a_complement_of_the_act_before_it_on_that_day():
    found = rows(
        {"act": "CS", "price_cents": 2500, "pathway": "referred"},
        {"act": "MPC", "price_cents": 200, "pathway": "referred"},
    )
    supplement = found[-1]
    assert found[0]["PRS_NAT_REF"] == 1112
    assert amounts(supplement, "PRS_NAT_REF", "BSE_PRS_NAT", "CPL_PRS_NAT", "CPL_AFF_COD") == (
        *(1112, 0, 1116, 26),
    )
    assert amounts(supplement, "CPL_REM_BSE", "BSE_REM_BSE") == (2, 0)


def test_the_local_scheme_and_the_solidarity_cover_have_rows_of_their_own():
    line = {
        **{"beneficiary": 1, "line": 1, "date": date(2014, 3, 12), "act": "G"},
        **{"price_cents": 2300, "scheme": "alsace-moselle", "pathway": "declared-gp"},
        "declared_gp_since": date(2013, 1, 1),
    }
    local = dcir.aro(cared(pa.Table.from_pylist([line]))).to_pylist()
    assert [amounts(row, "ARO_REM_TYP", "ARO_REM_MNT", "ARO_REM_TAU") for row in local] == [
        (4, 4.6, 20)
    ]
    table = pa.Table.from_pylist([line | {"scheme": "general", "covers": 4}])
    solidarity = dcir.aro(cared(table)).to_pylist()
    assert [amounts(row, "ARO_REM_TYP", "ARO_REM_MNT") for row in solidarity] == [(5, 6.9)]


def test_who_does_not_say_when_they_were_born_has_no_age():
    act = rows({"birth_date": None})[0]
    assert (act["BEN_NAI_ANN"], act["BEN_AMA_COD"]) == (None, None)
    baby = rows({"birth_date": date(2013, 1, 13), "pathway": "not-concerned"})[0]
    assert (baby["BEN_NAI_ANN"], baby["BEN_AMA_COD"]) == ("2013", 1013)


@pytest.fixture(scope="module")
def wide():
    """Lines of every kind that the law knows."""
    return cared(people.table(lines=1500, seed=9, since=2024))


def test_columns_are_those_of_the_published_schema_and_values_fit_into_them(wide):
    done = wide
    for name, table in (("ER_PRS_F", dcir.prs(done)), ("ER_ARO_F", dcir.aro(done))):
        columns = shapes.tables()[name]
        assert table.schema.names == list(columns)
        for column, about in columns.items():
            values = [value for value in table[column].to_pylist() if value is not None]
            assert table.schema.field(column).type == about.type
            width = int(about.length.partition(",")[0])
            if about.kind in {"string", "yearmonth", "year"}:
                assert all(len(value) <= width for value in values), column
            if about.kind == "integer" and name == "ER_PRS_F" and column != "REM_TYP_AFF":
                assert all(len(str(value)) <= width for value in values), column


def test_over_the_rows_of_a_line_the_amounts_are_those_of_the_batch(wide):
    done = wide
    table, other = dcir.prs(done).to_pylist(), dcir.aro(done).to_pylist()
    row, _kind = coded.rows(done)
    spent, paid = np.zeros(len(done.kept), object), np.zeros(len(done.kept), object)
    for place, one in zip(row, table, strict=True):
        spent[place] += int(one["PRS_PAI_MNT"] * 100)
        paid[place] += int((one["BSE_REM_MNT"] + one["CPL_REM_MNT"]) * 100)
    assert spent.tolist() == done.row("price").tolist()
    assert paid.tolist() == done.amount("amo").tolist()
    others = sum(int(one["ARO_REM_MNT"] * 100) for one in other)
    assert others == int(done.amount("local").sum() + done.amount("solidarity").sum())


def test_the_nine_keys_are_never_null_name_one_row_and_join_the_tables(wide):
    done = wide
    table, other = dcir.prs(done), dcir.aro(done)
    keys = list(zip(*(table[name].to_pylist() for name in KEYS), strict=True))
    assert all(value is not None for key in keys for value in key)
    assert len(set(keys)) == len(keys)
    assert set(zip(*(other[name].to_pylist() for name in KEYS), strict=True)) <= set(keys)


def test_the_page_lists_what_is_filled_and_nothing_else(wide):
    done = wide
    page = DOCS.read_text()
    for name, table in (("ER_PRS_F", dcir.prs(done)), ("ER_ARO_F", dcir.aro(done))):
        section = page.partition(f"### `{name}`")[2].partition("\n### ")[0]
        told = {column for column in shapes.tables()[name] if f"`{column}`" in section}
        assert told == {one for one in table.schema.names if table[one].null_count < len(table)}


def exported(path, target, workers=2):
    return export.to_dcir(path, target, periods(), people.TODAY, workers, lambda _done, _rows: None)


def test_order_and_workers_change_nothing(year, tmp_path, monkeypatch):
    written = exported(year, tmp_path / "one", workers=1)
    assert dict(written.tables)["ER_PRS_F"] > written.rows
    monkeypatch.setattr(ordered, "BLOCK", 512)
    monkeypatch.setattr(stream, "BLOCK", 512)
    table = pq.read_table(year)
    shuffled = table.take(np.random.default_rng(1).permutation(len(table)))
    pq.write_table(shuffled, tmp_path / "shuffled.parquet")
    exported(tmp_path / "shuffled.parquet", tmp_path / "two", workers=3)
    for name in ("ER_PRS_F", "ER_ARO_F", "correspondence"):
        one, two = (pq.read_table(tmp_path / n / f"{name}.parquet") for n in ("one", "two"))
        assert one.equals(two)
    assert one.num_rows == len(set(table["beneficiary"].to_pylist()))


def test_the_aggregate_hides_small_cells_and_keeps_every_sum(year, tmp_path):
    assert main(["export", "damir", str(year), str(tmp_path / "a.parquet")]) == 0
    found = pq.read_table(tmp_path / "a.parquet")
    assert found.schema.equals(shapes.schema("OPEN_DAMIR"))
    assert len(found) > 50
    table = pq.read_table(year)
    amo = batch(table, today=people.TODAY)["amo"].to_pylist()
    sums = {name: sum(found[name].to_pylist()) * 100 for name in ("FLT_PAI_MNT", "FLT_REM_MNT")}
    assert sums == {"FLT_PAI_MNT": sum(table["price_cents"].to_pylist()), "FLT_REM_MNT": sum(amo)}


def test_every_row_of_the_aggregate_has_ten_people_at_least(year):
    done = cared(pq.read_table(year))
    coarser, added = {}, damir.cells(done, {})
    assert unsafe(added)
    for hidden in damir.steps():
        coarser = damir.coarsened(coarser, added, hidden)
        added = damir.cells(done, coarser)
    shown = published(added)
    assert int(shown.people.min()) >= LEAST
    assert unsafe(shown) == []


def test_the_aggregate_is_written_as_csv_or_parquet(year, tmp_path):
    assert main(["export", "damir", str(year), str(tmp_path / "a.csv")]) == 0
    assert main(["export", "damir", str(year), str(tmp_path / "a.parquet")]) == 0
    options = pyarrow.csv.ParseOptions(delimiter=";")
    text = pyarrow.csv.read_csv(tmp_path / "a.csv", parse_options=options)
    assert text.num_rows == pq.read_metadata(tmp_path / "a.parquet").num_rows
    assert text.column_names == list(shapes.tables()["OPEN_DAMIR"])


def test_what_is_wrong_is_told_and_nothing_is_left(year, tmp_path, capsys):
    few, none = tmp_path / "few.parquet", tmp_path / "none.parquet"
    pq.write_table(pq.read_table(year).slice(0, 30), few)
    pq.write_table(pq.read_table(year).drop_columns(["act"]), none)
    out = tmp_path / "out"
    for words, told in (
        (("damir", few, out), "nothing may be published"),
        (("dcir", none, out), "act: this column is needed"),
        (("dcir", tmp_path / "nowhere.parquet", out), "cannot be read"),
        (("dcir", year, tmp_path), "this name is taken"),
    ):
        assert main(["export", *map(str, words)]) == 2
        assert told in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["few.parquet", "none.parquet"]


@pytest.mark.parametrize("shape", ["dcir", "damir"])
def test_a_full_disk_leaves_nothing_under_the_name(shape, year, tmp_path, capsys):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        code = main(["export", shape, str(year), str(tmp_path / "out.parquet")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 2
    assert "cannot be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_kill_leaves_nothing_under_the_name_and_the_next_run_works(year, tmp_path):
    big, out = tmp_path / "big.parquet", tmp_path / "out"
    generate.generate(big, students=60_000, year=2013, seed=2, workers=2)
    command = [sys.executable, "-m", "decompte.cli", "export", "dcir", str(big), str(out)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while process.poll() is None and not out.with_name("out.partial").exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not out.exists()
    exported(year, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big.parquet", "out"]
