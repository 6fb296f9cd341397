"""A statement as a document, a table or the text of a PDF."""

from datetime import date

import pytest

from decompte.engine.recheck import recheck
from decompte.errors import Refusal
from decompte.exchange import paid, paid_text

TODAY = date(2026, 11, 24)


def document(**said):
    line = {"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}
    person = {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"}
    return {"person": person, "lines": [line | {"paid": said}]}


def test_a_statement_is_read_and_answered_in_euros():
    case, said = paid.read(document(amount="5.90", base="23.00", rate="70"), today=TODAY)
    answer = paid.write(recheck(case, said), "en")
    assert answer["totals"] == {"expected": "15.10", "paid": "5.90", "missing": "9.20"}
    assert answer["lines"][0]["departures"][0]["code"] == "penalty"


def test_all_problems_are_told_at_once():
    wrong = document(amount="x", rate="150")
    wrong["lines"][0]["act"] = "ZZ"
    with pytest.raises(Refusal) as refused:
        paid.read(wrong, today=TODAY)
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"lines[0].act", "lines[0].paid.amount", "lines[0].paid.rate"}


@pytest.mark.parametrize("wrong", [None, [], "x", {"lines": "x"}, {"lines": [1]}])
def test_what_is_no_statement_is_refused(wrong):
    with pytest.raises(Refusal):
        paid.read(wrong, today=TODAY)


def test_a_french_table_is_read():
    read = paid_text.from_csv(
        "Date des soins;Nature des prestations;Montant payé;Base de remboursement;Taux;"
        "Montant remboursé\n12/03/2014;Consultation;23,00 €;23,00;70 %;5,90\n"
    )
    assert read.rows == (
        {
            "date": "2014-03-12",
            "act": "G",
            "price": "23.00",
            "base": "23.00",
            "rate": "70",
            "paid": "5.90",
        },
    )


def test_an_english_table_with_commas_is_read():
    read = paid_text.from_csv("date,act,price,paid,participation\n2014-03-12,G,23.00,16.10,-1.00\n")
    assert read.rows[0]["participation"] == "1.00"


def test_a_table_without_its_columns_names_those_that_miss():
    with pytest.raises(Refusal) as refused:
        paid_text.from_csv("date;prix\n1;2\n")
    assert "act, paid" in refused.value.problems[0].message.en


def test_too_long_a_table_is_refused():
    with pytest.raises(Refusal):
        paid_text.from_csv("date;act;price;paid\n" + "2014-01-01;G;1;1\n" * 61)


def test_the_text_of_a_statement_is_read_and_what_is_not_understood_comes_back():
    read = paid_text.from_text(
        "Relevé de remboursements\n"
        "12/03/2026 CONSULTATION GENERALISTE 30,00 30,00 70 % 21,00\n"
        "   PARTICIPATION FORFAITAIRE -2,00\n"
        "05.02.26 Consultation spécialiste 60,00 23,00 30% 6,90\n"
        "07/02/2026 PHARMACIE 12,00 8,00\n"
        "Total 25,90\n"
    )
    first, second = read.rows
    assert (first["act"], first["price"], first["paid"]) == ("G", "30.00", "21.00")
    assert first["participation"] == "2.00"
    assert (second["date"], second["act"], second["rate"]) == ("2026-02-05", "CS", "30")
    assert read.left == ("07/02/2026 PHARMACIE 12,00 8,00",)


def test_before_2011_a_gps_consultation_is_c():
    assert paid_text.letter("Consultation généraliste", "2010-03-01") == "C"
    assert paid_text.letter("Consultation généraliste", "2012-03-01") == "G"


@pytest.mark.parametrize("text", ["", "\0" * 50, "31/02/2014 consultation 1,00 2,00", "é" * 9999])
def test_odd_text_gives_no_rows(text):
    assert paid_text.from_text(text).rows == ()
