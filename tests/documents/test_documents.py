"""Papers: accessible, in their language, the same bytes for the same input, nothing executed."""

from copy import deepcopy
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from decompte.documents.letter import Letter, letter_pdf
from decompte.documents.statement import Cap, Statement, case_pdf, statement_pdf
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case

DAY = date(2014, 3, 20)
CAPS = (Cap("participation", 500, 5000), Cap("franchise", 0, 5000))
CASE = {
    "person": {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"},
    "lines": [{"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}],
}


def document(lang="en"):
    return case.write(settle(case.read(CASE, today=date(2026, 1, 1))), lang)


def letter(recipient=("LMDE Assurance maladie", "Centre 601", "35070 RENNES CEDEX 09"), name="N"):
    return Letter((name,), recipient, "Paris", DAY, "Subject", "REF", ("Text",), (), "Bye", name)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def _plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize(("lang", "amount"), [("fr", "15,10"), ("en", "€15.10")])
def test_a_statement_is_tagged_titled_and_in_its_language(lang, amount):
    pdf = statement_pdf(Statement(document(lang), DAY), lang=lang)
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(lang)
    assert amount in text_of(pdf)


def test_every_reason_and_its_source_stand_on_the_statement():
    shown = document()
    printed = " ".join(text_of(statement_pdf(Statement(shown, DAY), lang="en")).split())
    for reason in shown["lines"][0]["reasons"]:
        assert reason["text"] in printed
        assert reason["source"]["title"] in printed


FIVE = [
    ("2014-03-03", "23.00", "declared-gp"),
    ("2014-03-05", "25.00", "declared-gp"),
    ("2014-03-06", "30.00", "declared-gp"),
    ("2014-03-10", "23.00", "declared-gp"),
    ("2014-03-12", "23.00", "out-of-pathway"),
]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_five_lines_stand_on_one_page_and_each_reason_once_with_its_lines(lang):
    lines = [
        {"date": day, "act": "G", "price": price, "pathway": pathway}
        for day, price, pathway in FIVE
    ]
    shown = case.write(settle(case.read(CASE | {"lines": lines}, today=DAY)), lang)
    address = ("Noa Berg", "27 rue Saint-Guillaume", "75007 PARIS")
    pdf = statement_pdf(
        Statement(shown, DAY, address, address, message="x", notes=("x" * 120,), caps=CAPS),
        lang=lang,
    )
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    printed = _plain(text_of(pdf))
    told = {"fr": ("Toutes les lignes", "Lignes 1, 2, 3, 4", "Ligne 5")}.get(
        lang, ("All lines", "Lines 1, 2, 3, 4", "Line 5")
    )
    rate, pathway, penalty = (
        next(
            _plain(r["text"])
            for line in shown["lines"]
            for r in line["reasons"]
            if r["code"] == code
        )
        for code in ("rate.consultation", "pathway.within", "pathway.penalty")
    )
    for lines_of, reason in zip(told, (rate, pathway, penalty), strict=True):
        assert f"{lines_of} · {reason}" in printed
    for line in shown["lines"]:
        for reason in line["reasons"]:
            assert printed.count(_plain(reason["text"])) == 1


def test_the_same_input_gives_the_same_bytes():
    one, two = (statement_pdf(Statement(document(), DAY), lang="en") for _turn in range(2))
    assert one == two


@pytest.mark.parametrize("name", ["#panic()", "*bold* _x_ $1$", "<b>&\"'", "@ref \\ [x]"])
def test_a_name_is_printed_as_it_is(name):
    assert name.replace(" ", "") in text_of(letter_pdf(letter(name=name), lang="en")).replace(
        " ", ""
    )


def test_the_address_stands_in_the_window_of_the_envelope():
    page = pypdfium2.PdfDocument(letter_pdf(letter(), lang="fr"))[0]
    found = page.get_textpage().search("RENNES").get_next()
    left, _bottom, _right, top = page.get_textpage().get_charbox(found[0])
    millimetres = 72 / 25.4
    assert left / millimetres > 100
    assert 45 < (page.get_height() - top) / millimetres < 80


def test_an_address_that_does_not_fit_is_refused():
    with pytest.raises(Refusal):
        letter_pdf(letter(recipient=("x" * 39,)), lang="en")


def test_a_calculation_on_paper_is_that_of_one_case():
    one = document()
    assert case_pdf([one], lang="en", day=DAY) == statement_pdf(Statement(one, DAY), lang="en")
    with pytest.raises(Refusal):
        case_pdf([one, one], lang="en", day=DAY)


def test_an_amount_set_by_hand_has_no_tariff_and_no_rate_on_paper():
    shown = deepcopy(document())
    rate = f"{shown['lines'][0]['rate']} %"
    assert rate in text_of(statement_pdf(Statement(shown, DAY), lang="en"))
    shown["lines"][0]["reasons"][0]["code"] = "set-by-hand"
    printed = text_of(statement_pdf(Statement(shown, DAY), lang="en"))
    assert rate not in printed
    assert "—" in printed
