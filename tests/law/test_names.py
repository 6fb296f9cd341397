"""Places, natures of care, products and analyses: each trap of the files on its own."""

from datetime import date

import pytest

from decompte.errors import FiguresError
from decompte.law.nomenclature import importing, names, official, store
from decompte.law.nomenclature.official import Rejected

DAY = date(2020, 4, 1)


def written(tmp_path, *lines, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def told(rows):
    return [
        (row.code, row.why if isinstance(row, Rejected) else (row.since.isoformat(), row.label))
        for row in rows
    ]


PLACES = "COG,CRPAY,LIBCOG,LIBENR,DATE_DEBUT,DATE_FIN"


def test_a_country_that_ended_loses_its_name_and_one_renamed_keeps_its_code(tmp_path):
    path = written(
        tmp_path,
        PLACES,
        "99123,,URSS,Union,1943-01-01,1991-12-26",
        "99301,,Zaïre,Zaïre,1971-10-27,1997-05-17",
        "99301,,Congo (RDC),Congo,1997-05-17,",
    )
    assert told(names.cog(path, None)) == [
        ("99123", ("1943-01-01", "URSS")),
        ("99123", ("1991-12-26", "")),
        ("99301", ("1971-10-27", "Zaïre")),
        ("99301", ("1997-05-17", "Congo (RDC)")),
    ]


def test_a_delegated_commune_has_the_code_of_another(tmp_path):
    path = written(
        tmp_path,
        "TYPECOM,COM,LIBELLE",
        'COM,01015,"Arboys en Bugey"',
        "COMD,01015,Arbignieu",
        "COM,,",
    )
    assert told(names.cog(path, date(2024, 1, 1))) == [
        ("01015", ("2024-01-01", "Arboys en Bugey")),
        ("01015", "no code of its own"),
        ("", "no code of its own"),
    ]


def test_places_without_days_need_one_and_other_files_are_refused(tmp_path):
    with pytest.raises(FiguresError, match="--since"):
        list(names.cog(written(tmp_path, "TYPECOM,COM,LIBELLE", "COM,01001,X"), None))
    for lines in (("A,B", "1,2"), (PLACES,)):
        with pytest.raises(FiguresError, match="neither"):
            list(names.cog(written(tmp_path, *lines), DAY))


NATURES = "prs_nat,b2_codes,label,note"


@pytest.mark.parametrize(
    ("cell", "letters"),
    [
        ("G", "G"),
        ("MX4/PH7", "MX4 PH7"),
        ("IK IKP", "IK IKP"),
        ("PH7/ANTI GRIPPE", "PH7"),
        ("ZM DEPISTAGE/ADI", "ZM ADI"),
        ("CAR +", "CAR+"),
        ("NOR-/REN-/MIN-", "NOR- REN- MIN-"),
    ],
)
def test_a_cell_may_hold_several_letters_signs_and_words(tmp_path, cell, letters):
    path = written(tmp_path, NATURES, f"1111,{cell},NOM,")
    assert told(names.prs_nat(path, None)) == [("1111", ("2005-01-01", f"{letters}: NOM"))]


def test_one_letter_stands_for_several_natures(tmp_path):
    path = written(tmp_path, NATURES, "1971,FRH,MEDICAMENT,", "1973,FRH,TRANSPORT,")
    assert [row.code for row in names.prs_nat(path, None)] == ["1971", "1973"]


def test_a_letter_or_a_nature_may_be_closed_by_a_remark(tmp_path):
    path = written(
        tmp_path,
        NATURES,
        "3313,PH7/PG7,PHARMACIE 65%,PG7 : fermé le 01/10/2007",
        "1234,ABC,X,ferme le 14/09/2018",
        "1235,ABD,X,fermé le 30/09/2002",
        "1236,ABE/ABF,X,ABF : fermé le 01/02/2011 ABE : fermé le 01/01/2010",
    )
    assert told(names.prs_nat(path, None)) == [
        ("3313", ("2005-01-01", "PH7 PG7: PHARMACIE 65%")),
        ("3313", ("2007-10-02", "PH7: PHARMACIE 65%")),
        ("1234", ("2005-01-01", "ABC: X")),
        ("1234", ("2018-09-15", "")),
        ("1235", ("2005-01-01", "")),
        ("1236", ("2005-01-01", "ABE ABF: X")),
        ("1236", ("2010-01-02", "ABF: X")),
        ("1236", ("2011-02-02", "")),
    ]


def test_a_nature_without_letter_is_left_out_and_another_table_refused(tmp_path):
    path = written(tmp_path, NATURES, "0,,SANS OBJET,", "6113,1/1-,IJ REDUITES,")
    assert told(names.prs_nat(path, None)) == [("0", "no letter"), ("6113", "no letter")]
    with pytest.raises(FiguresError, match="prs_nat"):
        list(names.prs_nat(written(tmp_path, "a,b"), None))


def test_a_file_of_which_nothing_is_understood_changes_nothing(tmp_path):
    path = written(tmp_path, NATURES, "0,,SANS OBJET,")
    with pytest.raises(FiguresError, match="nothing of prs-nat"):
        importing.import_file("prs-nat", path, None, None, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_products_need_the_day_of_their_table(tmp_path):
    with pytest.raises(FiguresError, match="--since"):
        list(official.lpp(written(tmp_path, PRODUCTS), None))


PRODUCTS = "LPP_PRS_IDE;LPP_RED_LIB;LPP_VAL_DTF"


def test_a_product_with_a_last_day_is_retired_the_day_after(tmp_path):
    path = written(
        tmp_path,
        PRODUCTS,
        "1100028;SOLUTION  OPHTALMIQUE;",
        "1100029;SOLUTION;01JUN2020:00:00:00",
        "1100030;SOLUTION;22SEP2004:00:00:00",
        "12;SOLUTION;",
    )
    rows = list(official.lpp(path, DAY))
    entries = [(row.code, row.since.isoformat(), row.act) for row in rows[:-1]]
    assert entries == [
        ("1100028", "2020-04-01", "LPP"),
        ("1100029", "2020-04-01", "LPP"),
        ("1100029", "2020-06-02", ""),
        ("1100030", "2004-09-23", ""),
    ]
    assert rows[0].label == "SOLUTION OPHTALMIQUE"
    assert rows[-1] == Rejected(5, "12", "not a code of seven digits")


def test_a_place_that_is_renamed_adds_a_period():
    zaire = store.Entry("99301", date(1971, 10, 27), "", 10_000, -1, -1, "Zaïre")
    congo = zaire._replace(since=date(1997, 5, 17), label="Congo (RDC)")
    known = {"99301": {zaire.since: zaire}}
    assert store.merged(known, [congo]) == 1
    assert list(known["99301"]) == [zaire.since, congo.since]


def test_another_name_of_a_place_on_the_same_day_is_a_contradiction():
    place = store.Entry("99301", date(1971, 10, 27), "", 10_000, -1, -1, "Zaïre")
    with pytest.raises(FiguresError, match="already known"):
        store.merged({"99301": {place.since: place}}, [place._replace(label="Congo")])


ANALYSES = "BTF_PRS_IDE;BTF_HIS_DTD;BTF_TAR_NAT;BTF_HIS_DTF;BTF_TAR_COF"


def test_an_analysis_keeps_its_history_and_ends(tmp_path):
    path = written(
        tmp_path,
        ANALYSES,
        "559;19JAN2010:00:00:00;B;31DEC2012:00:00:00;35",
        "559;11DEC2005:00:00:00;B;18JAN2010:00:00:00;40",
        "557;30MAR1997:00:00:00;B;31DEC9999:00:00:00;20.5",
        "558;30MAR1997:00:00:00;KB;31DEC9999:00:00:00;5",
        name="IR_BTF_R.csv",
    )
    written(
        tmp_path,
        "BIO_PRS_IDE;BIO_INF_LIB",
        "559;GLYCÉMIE À JEUN",
        name="IR_BIO_R.csv",
        encoding="cp1252",
    )
    rows = list(official.nabm(path, None))
    entries = [(row.code, row.since.isoformat(), row.act, row.coefficient) for row in rows[:1]]
    assert entries == [("557", "1997-03-30", "B", 205_000)]
    assert rows[1].why == "not charged in B"
    assert [(row.since.isoformat(), row.act, row.coefficient) for row in rows[2:]] == [
        ("2005-12-11", "B", 400_000),
        ("2010-01-19", "B", 350_000),
        ("2013-01-01", "", 10_000),
    ]
    assert rows[2].label == "GLYCÉMIE À JEUN"


def test_places_and_natures_ship_with_the_program():
    assert store.read("cog")["99100"][date(1943, 1, 1)].label == "France"
    labels = [one.label for known in store.read("prs-nat").values() for one in known.values()]
    assert any(label.startswith("GS: ") for label in labels)
