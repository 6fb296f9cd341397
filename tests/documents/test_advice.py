"""The advice is one page for everybody, with its address where the envelope's window is."""

from datetime import date
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from decompte.documents.advice import advice_pdf
from decompte.exchange.advice import write
from decompte.procedure.advise import advise
from tests.procedure.situations import advised
from tests.procedure.test_tables import anyone

DAY = date(2014, 3, 20)
MM = 72 / 25.4


def pdf_of(advice, lang="en"):
    return PdfReader(BytesIO(advice_pdf([write(advice, lang)], lang=lang, day=DAY)))


@settings(max_examples=25, deadline=None)
@given(anyone())
def test_every_answer_fits_on_one_page_in_both_languages(asked):
    advice = advise(asked)
    for lang in ("fr", "en"):
        assert len(pdf_of(advice, lang).pages) == 1


@pytest.mark.parametrize("line", ["LMDE Assurance maladie", "35070 RENNES CEDEX 09"])
def test_the_address_stands_in_the_window(line):
    document = pdfium.PdfDocument(advice_pdf([write(advised(), "en")], lang="en", day=DAY))
    text = document[0].get_textpage()
    index, _count = text.search(line).get_next()
    left, bottom, _right, top = text.get_charbox(index)
    assert 100 <= left / MM <= 105
    assert 45 <= 297 - top / MM < 297 - bottom / MM <= 80


def test_it_says_why_and_what_is_not_sure():
    advice = advised(
        person={"birth_date": "1984-05-02"},
        study={"from": "2006-10-02", "to": "2007-06-30"},
        request={"care_date": "2007-02-03", "on": "2007-02-10"},
    )
    text = pdf_of(advice).pages[0].extract_text()
    assert "between €186.00 and €192.00" in " ".join(text.split())
    assert "URSSAF" in text
    assert "Sources" in text
