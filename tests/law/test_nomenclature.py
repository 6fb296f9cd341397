"""The official files are read as published, each of their traps on its own; history is kept."""

import csv
from datetime import date
from pathlib import Path

import pytest

from decompte.cli import main
from decompte.errors import FiguresError
from decompte.law.nomenclature import importing, official, store

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
JULY = date(2026, 7, 24)
CIP = "3400949497294"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DECOMPTE_VAR", str(tmp_path))
    store._text.cache_clear()
    yield tmp_path / "nomenclatures"
    store._text.cache_clear()


def presentation(code=CIP, rate="65%", price="12,81", with_fee="13,83", label="20 unidoses"):
    cells = ["60002283", "1", label, "active", "commercialisée", "2011", code, "oui", rate]
    return "\t".join([*cells, price, with_fee, "1,02", ""])


def read_bdpm(tmp_path, *lines, encoding="utf-8", end="\n"):
    path = tmp_path / "CIS_CIP_bdpm.txt"
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return list(official.bdpm(path, JULY))


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("24,34", 2434),
        ("1,466,29", 146_629),
        ("66,597,27", 6_659_727),
        ("248, 15", 24_815),
        ("14.77", 1477),
        ("5", 500),
        ("2,5", 250),
        ("1 234,00", 123_400),
        ("", None),
        ("Non pris en charge", None),
        ("-3,00", None),
    ],
)
def test_amounts_are_read_as_they_are_written(text, cents):
    assert official.amount(text) == cents


@pytest.mark.parametrize("rate", ["65%", "65 %", "65"])
def test_a_rate_is_read_with_or_without_a_space(tmp_path, rate):
    (entry,) = read_bdpm(tmp_path, presentation(rate=rate))
    assert (entry.act, entry.tariff, entry.since) == ("PH7", 1383, JULY)


def test_an_empty_rate_is_not_reimbursed(tmp_path):
    (entry,) = read_bdpm(tmp_path, presentation(rate="", price="", with_fee=""))
    assert (entry.act, entry.tariff) == ("PHN", 0)


def test_both_encodings_and_line_ends_are_read(tmp_path):
    names = tmp_path / "CIS_bdpm.txt"
    names.write_bytes("60002283\tANASTROZOLE ACCORD, comprimé\tx\r\n".encode("cp1252"))
    (windows,) = read_bdpm(tmp_path, presentation(label="l¿unité"), encoding="cp1252", end="\r\n")
    assert windows.label == "ANASTROZOLE ACCORD, comprimé, l'unité"
    (unix,) = read_bdpm(tmp_path, presentation(label="comprimé"))
    assert unix.label == "ANASTROZOLE ACCORD, comprimé, comprimé"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (presentation(code="3400949497295"), "the check digit of the CIP13 is wrong"),
        (presentation(code="34009"), "the check digit of the CIP13 is wrong"),
        (presentation(rate="42%"), "unknown rate"),
        (presentation(price="", with_fee=""), "reimbursed, but its price is missing or unreadable"),
        ("un\tdeux", "not the columns of a presentation"),
    ],
)
def test_a_row_that_is_not_understood_is_told(tmp_path, line, why):
    (rejected,) = read_bdpm(tmp_path, line)
    assert (rejected.line, rejected.why) == (1, why)


CCAM = """CNAM - CCAM version 81 applicable 01/01/2026,,,,,,,,,,
Code,,Texte,Activité,Phase,"Tarif
Secteur 1",Tarif,Rembt,Accord,Exo,Regroupement
01.01,,ACTES,,,,,,,,
AHQB024,,"Électromyographie, aiguille",1,0,67.05,60.66,,,2,ATM
"[F, P, S, U]",,Formation,,,,,,,,
,,anesthésie,4,0,48.00,48.00,,,,ADA
AHQP001,,Électromyographie,1,0,Non pris en charge,Non pris en charge,,,2,ATM
HBJD001,,Détartrage,1,0,"248, 15","248, 15",,,2,SDE
ZZZZ001,,Phases,1,0,,,,,,ADC
ZZZZ002,,Par phases,,,,,,,,
"[A, J]",,Phase 1,1,1,10.00,10.00,,,,ADC
,,Phase 2,1,2,20.00,20.00,,,,ADC
,,anesthésie,1,2,20.00,20.00,,,,ADA
ZZZZ003,,Sans prix,,,,,,,,
HBLD634,,Couronne,1,0,120.00,120.00,,,5,PF0
"""


def test_the_ccam_is_read_row_by_row(tmp_path):
    path = tmp_path / "ccam.csv"
    path.write_text(CCAM)
    rows = list(official.ccam(path, None))
    entries = {row.code: row for row in rows if isinstance(row, store.Entry)}
    assert {row.since for row in entries.values()} == {date(2026, 1, 1)}
    assert (entries["AHQB024"].tariff, entries["AHQB024"].tariff_other) == (6705, 6066)
    assert (entries["AHQP001"].act, entries["AHQP001"].tariff) == ("HN", 0)
    assert entries["HBJD001"][2:6] == ("SDE", 10_000, 24_815, -1)
    assert (entries["AHQB024"].modifiers, entries["AHQB024-4-0"].act) == ("FPSU", "ADA")
    assert [entries[f"ZZZZ002-1-{phase}"].tariff for phase in (1, 2)] == [1000, 2000]
    assert entries["ZZZZ002-1-1"].modifiers == "AJ"
    assert entries["HBLD634"].basket == "100-sante"
    assert [row.why for row in rows if isinstance(row, official.Rejected)] == [
        "its price is missing",
        "the same activity and phase twice",
        "no price, not even by phase",
    ]


def test_what_was_not_known_of_an_act_is_completed(tmp_path, folder):
    folder.mkdir(parents=True)
    head = "code,since,act,coefficient,tariff,tariff_other,label\n"
    (folder / "ccam.csv").write_text(head + "AHQB024,2026-01-01,ATM,,6705,6066,Aiguille\n")
    path = tmp_path / "ccam.csv"
    path.write_text(CCAM.replace("Électromyographie, aiguille", "Aiguille"))
    report = importing.import_file("ccam", path, None, None)
    store._text.cache_clear()
    (entry,) = store.history("AHQB024")
    assert (entry.modifiers, report.added) == ("FPSU", report.kept - 1)


def test_a_newer_file_adds_a_period_and_an_older_one_rewrites_nothing(tmp_path, folder):
    path = tmp_path / "CIS_CIP_bdpm.txt"
    for day, fee in (("2026-07-24", "13,83"), ("2027-01-01", "13,83"), ("2027-06-01", "13,50")):
        path.write_text(presentation(with_fee=fee) + "\n")
        importing.import_file("bdpm", path, date.fromisoformat(day), None)
        store._text.cache_clear()
    known = store.history(CIP)
    assert [(entry.since.isoformat(), entry.tariff) for entry in known] == [
        ("2026-07-24", 1383),
        ("2027-06-01", 1350),
    ]
    path.write_text(presentation(with_fee="9,99") + "\n")
    before = (folder / "bdpm.csv").read_bytes()
    with pytest.raises(FiguresError, match="already known"):
        importing.import_file("bdpm", path, date(2027, 6, 1), None)
    assert (folder / "bdpm.csv").read_bytes() == before


def test_what_is_not_an_official_file_changes_nothing(tmp_path, folder, capsys):
    path = tmp_path / "x.txt"
    path.write_text("bonjour")
    for name in store.NAMES:
        assert main(["import", name, str(path), "--since", "2026-01-01"]) == 2
    assert main(["import", "bdpm", str(path)]) == 2
    assert "--since" in capsys.readouterr().err
    assert main(["import", "ccam", str(tmp_path / "absent.csv")]) == 2
    assert not folder.exists()


def test_the_command_tells_what_it_left_out(tmp_path, folder, capsys):
    path = tmp_path / "CIS_CIP_bdpm.txt"
    path.write_text(presentation() + "\n" + presentation(rate="42%") + "\n")
    rejects = tmp_path / "rejects.csv"
    command = ["import", "bdpm", str(path), "--since", "2026-07-24", "--rejects", str(rejects)]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "1 entries understood" in told
    assert "left out: 1 rows: unknown rate" in told
    assert list(csv.reader(rejects.read_text().splitlines()))[1] == ["2", CIP, "unknown rate"]
    assert main([*command, "--json"]) == 0
    assert '"added": 0' in capsys.readouterr().out


def test_codes_are_told_by_their_shape():
    assert [store.nomenclature_of(code) for code in (CIP, "HBJD001", "2223342", "1104", "G")] == [
        "bdpm",
        "ccam",
        "lpp",
        "nabm",
        None,
    ]
    assert store.history("0552")[-1].label.startswith("GLUCOSE")
    assert store.history("G") == ()


def test_another_label_of_the_same_price_corrects_the_label_and_refuses_nothing(tmp_path, folder):
    path = tmp_path / "CIS_CIP_bdpm.txt"
    for day, label in (("2026-07-24", "20 unidose"), ("2026-07-24", "20 unidoses"), *LATER):
        path.write_text(presentation(label=label) + "\n")
        report = importing.import_file("bdpm", path, date.fromisoformat(day), None)
        store._text.cache_clear()
    (entry,) = store.history(CIP)
    assert (entry.since, entry.tariff, entry.label) == (JULY, 1383, "20 flacons")
    assert report.added == 0


def test_an_act_keeps_its_modifiers_when_only_its_label_is_new():
    known = store.Entry("AHQB024", JULY, "ATM", store.ONE, 6705, 6066, "Aiguille", "FPSU", "")
    acts = {"AHQB024": {JULY: known}}
    assert store.merged(acts, [known._replace(label="Une aiguille", modifiers="")]) == 0
    assert acts["AHQB024"][JULY] == known._replace(label="Une aiguille")
    assert store.merged(acts, [known._replace(label="", modifiers="")]) == 0
    assert acts["AHQB024"][JULY].label == "Une aiguille"


def test_of_what_only_has_a_name_another_name_for_the_same_day_is_refused():
    named = store.Entry("99301", JULY, "", store.ONE, -1, -1, "Zaïre")
    with pytest.raises(FiguresError, match="already known"):
        store.merged({"99301": {JULY: named}}, [named._replace(label="Congo")])


def test_a_damaged_file_is_named(folder):
    folder.mkdir(parents=True)
    (folder / "ccam.csv").write_text("code\nHBJD001,hier\n")
    with pytest.raises(FiguresError, match=r"ccam\.csv"):
        store.history("HBJD001")
    (folder / "lpp.csv").mkdir()
    with pytest.raises(FiguresError, match="cannot be read"):
        store.history("2223342")


LATER = [("2027-01-01", "20 flacons")]
OFFICIAL = [
    ("bdpm", "bdpm/CIS_CIP_bdpm.txt", JULY, 20_874, 0),
    ("ccam", "ccam/CCAM_V81_20260101.csv", None, 13_439, 1),
    ("nabm", "schema-snds/nomenclatures/ORAREF/IR_BTF_R.csv", None, 2_164, 3),
    ("lpp", "schema-snds/nomenclatures/ORAREF/NT_LPP.csv", date(2020, 4, 1), 19_770, 0),
    ("prs-nat", "derived/prs_nat_b2.csv", None, 1_317, 161),
    ("generics", "bdpm/CIS_GENER_bdpm.txt", JULY, 1_118, 334),
    ("cog", "insee/v_pays_et_territoire_depuis_1943.csv", None, 497, 0),
]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("official_file", OFFICIAL, ids=lambda row: row[0])
def test_the_official_files_are_read_whole(official_file):
    name, file, since, kept, left = official_file
    if not (DATA / file).exists():
        pytest.skip(f"shared/data/{file} is not here")
    report = importing.import_file(name, DATA / file, since, None)
    assert (report.kept, sum(report.rejected.values())) == (kept, left)
    store._text.cache_clear()
    again = importing.import_file(name, DATA / file, since, None)
    assert again.added == 0


def test_a_bare_name_hides_no_tariff_and_a_retirement_is_told_once():
    priced = store.Entry("2222124", date(2020, 1, 1), "LPP", store.ONE, 900, -1, "Monture")
    gone = priced._replace(since=date(2024, 1, 1), act="", tariff=-1)
    named = priced._replace(since=date(2020, 4, 1), tariff=-1, label="OPTIQUE, MONTURE")
    known = {"2222124": {priced.since: priced, gone.since: gone}}
    assert store.merged(known, [named, gone._replace(label="MONTURE")]) == 0
    assert known["2222124"] == {priced.since: priced, gone.since: gone}
    unpriced = {"2222124": {date(2020, 1, 1): priced._replace(tariff=-1)}}
    assert store.merged(unpriced, [named]) == 0
    assert unpriced["2222124"][priced.since].label == "OPTIQUE, MONTURE"


def test_a_file_that_is_not_there_is_named(tmp_path, folder):
    with pytest.raises(FiguresError, match="no such file"):
        importing.import_file("ccam", tmp_path / "absent.csv", None, None)
    assert not folder.exists()


def test_the_same_file_again_adds_nothing_and_keeps_what_is_known(tmp_path, folder):
    folder.mkdir(parents=True)
    (folder / "ccam.csv").write_text(",".join(store.Entry._fields) + "\n")
    path = tmp_path / "ccam.csv"
    path.write_text(CCAM)
    importing.import_file("ccam", path, None, None)
    store._text.cache_clear()
    before = (folder / "ccam.csv").read_bytes()
    assert importing.import_file("ccam", path, None, None).added == 0
    assert (folder / "ccam.csv").read_bytes() == before


@pytest.mark.parametrize("name", ["nabm", "lpp"])
def test_a_table_with_other_columns_is_not_taken_for_the_nomenclature(tmp_path, folder, name):
    path = tmp_path / "x.csv"
    path.write_text("a;b;c\n1;2;3\n")
    with pytest.raises(FiguresError, match=f"x.csv: not a file of {name}: KeyError"):
        importing.import_file(name, path, JULY, None)
    assert not folder.exists()
