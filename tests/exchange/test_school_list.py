"""A school's list as offices write it: read whole, or told row by row what is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompte.errors import Refusal
from decompte.exchange import cells, school_list

TODAY = date(2014, 3, 20)
HEAD = "Numéro étudiant;NOM;Prénom;Date de naissance;Courriel"
NOA = "1300001;Berg;Noa;15/06/1993;noa@decompte.example"


def read(text, encoding="utf-8"):
    return school_list.read(text.encode(encoding), today=TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_list_is_read_in_the_encodings_of_offices(encoding):
    (one,) = read(f"{HEAD}\n1300001;Lefèvre;Zoé;15/06/1993;z@decompte.example", encoding).students
    assert (one.family_name, one.given_name) == ("Lefèvre", "Zoé")


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{NOA}",
        f"{HEAD}\r\n{NOA}\r\n;;;;\r\n",
        f"{HEAD}\r{NOA}",
        f"Liste des inscrits 2013;;;;\n\n{HEAD}\n{NOA}",
        f"{HEAD};\n{NOA};",
        HEAD.replace(";", "\t") + "\n" + NOA.replace(";", "\t"),
        HEAD.replace(";", ",") + "\n" + NOA.replace(";", ","),
        "Email,Birth date,First name,Last name,Student ID\n"
        '" NOA@decompte.example ",1993-06-15 00:00:00,Noa,Berg,1300001',
        f"{HEAD}\n1300001;\u00a0Berg ;Noa;15.06.1993;<mailto:noa@decompte.example>",
        f'{HEAD}\n1300001;"Berg";Noa;15-06-1993;noa@decompte.example',
    ],
)
def test_a_list_is_read_whatever_wrote_it(text):
    (one,) = read(text).students
    assert one == ("1300001", "Berg", "Noa", date(1993, 6, 15), "noa@decompte.example")


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("1300001;Berg;Noa;31/02/1993;noa@decompte.example", "birth_date", "15/06/1993"),
        ("1300001;Berg;Noa;06/15/1993;noa@decompte.example", "birth_date", "15/06/1993"),
        ("1300001;Berg;Noa;15/06/93;noa@decompte.example", "birth_date", "four digits"),
        ("1300001;Berg;Noa;15/06/2013;noa@decompte.example", "birth_date", "12 to 100"),
        ("1300001;Berg;Noa;15/06/2093;noa@decompte.example", "birth_date", "12 to 100"),
        ("1300001;;Noa;15/06/1993;noa@decompte.example", "family_name", "empty"),
        ("1300001;42;Noa;15/06/1993;noa@decompte.example", "family_name", "no name"),
        ("1300001;Berg;" + "x" * 39 + ";15/06/1993;n@decompte.example", "given_name", "too long"),
        ("13 1;Berg;Noa;15/06/1993;noa@decompte.example", "student_number", "without spaces"),
        ("1300001;Berg;Noa;15/06/1993;noa@decompte", "email", "no address"),
        ("1300001;Berg;Noa;15/06/1993;a@b.fr, c@d.fr", "email", "no address"),
        ("1300001;Berg;Noa;15/06/1993", "", "4 cells for 5 columns"),
        ("1300001;Berg;Noa;15/06/1993;noa@decompte.example;more", "", "6 cells"),
    ],
)
def test_a_wrong_row_is_told_by_its_number_and_column_and_holds_up_no_other(row, column, said):
    found = read(f"{HEAD}\n{row}\n{NOA.replace('1300001', '1300002')}")
    assert [one.student_number for one in found.students] == ["1300002"]
    ((number, _cells, problems),) = found.wrong
    assert number == 2
    assert [(name, said in text.en) for name, text in problems] == [(column, True)]


def test_the_same_row_again_is_counted_and_another_with_its_number_is_told():
    found = read(f"{HEAD}\n{NOA}\n{NOA}\n{NOA.replace('Noa', 'Noé')}")
    assert (len(found.students), found.repeated) == (1, 1)
    assert "row 2 already" in found.wrong[0].problems[0][1].en


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"", ["file"]),
        (b"PK\x03\x04 a spreadsheet", ["file"]),
        (b"a;b\0", ["file"]),
        (b"hello", list(school_list.COLUMNS)),
        (f"{HEAD.replace('Courriel', 'Ville')}\n{NOA}".encode(), ["email"]),
        ((f'{HEAD}\n1300001;"Berg;Noa;15/06/1993;n@e.fr\n' + f"{NOA}\n" * 9).encode(), ["file"]),
    ],
)
def test_what_is_no_list_is_refused_by_name(data, fields):
    with pytest.raises(Refusal) as refused:
        school_list.read(data, today=TODAY)
    assert [problem.field for problem in refused.value.problems] == fields


STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "'", "''", "'=", "''+", "＝", "＠"])


@given(STARTS, st.text())
def test_a_neutral_cell_runs_nowhere_and_gives_the_text_back(start, rest):
    text = start + rest
    cell = cells.neutral(text)
    assert cell[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert cells.original(cell) == text


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_a_refusal(data):
    try:
        school_list.read(HEAD.encode() + b"\n" + data, today=TODAY)
    except Refusal as refusal:
        fields = {problem.field for problem in refusal.problems}
        assert fields <= {"file", *school_list.COLUMNS}
