"""2D-Doc codes: the published specimens are read; anything else is no code."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from decompte.exchange import two_d_doc
from decompte.intake.door import examine
from tests import cast

RIB = (
    "DC03FR000001FFFF1636030130M SPECIMEN NOA\x1d31FR7630006000011234567890189\x1d"
    "32AGRIFRPP\x1d\x1fSIGNATURE"
)
CVEC = (
    "DC04FR0000011A5E1A5EB101FRBK18-ROSWFTHR-35B0CORINNE/NATACHA\x1dB2BERTHIER\x1dB3\x1d"
    "B712071973BB9654321785T\x1d\x1fSIGNATURE"
)
ADDRESS = (
    "DC03FR000001123F1636000126FR245700010MLLE/SAMPLE/ANGELA\x1d20\x1d21BAT 2 ETG 3\x1d"
    "227 PLACE DES SPECIMENS\x1d23\x1d25METZ\x1d\x1fSIGNATURE"
)


@pytest.mark.parametrize(
    ("text", "kind", "values", "issued_on"),
    [
        (
            RIB,
            "bank-details",
            {
                "holder": "M SPECIMEN NOA",
                "iban": "FR7630006000011234567890189",
                "bic": "AGRIFRPP",
            },
            None,
        ),
        (
            CVEC,
            "cvec",
            {
                "number": "18-ROSWFTHR-35",
                "given_names": "CORINNE NATACHA",
                "family_name": "BERTHIER",
                "birth": "12071973",
                "ine": "9654321785T",
            },
            date(2018, 6, 25),
        ),
        (
            ADDRESS,
            "address",
            {
                "country": "FR",
                "postal_code": "57000",
                "name": "MLLE SAMPLE ANGELA",
                "line_2": "BAT 2 ETG 3",
                "street": "7 PLACE DES SPECIMENS",
                "town": "METZ",
            },
            date(2012, 10, 15),
        ),
    ],
)
def test_a_code_is_read_field_by_field(text, kind, values, issued_on):
    found = two_d_doc.read(text)
    assert found == (kind, values, issued_on)


def test_the_published_specimens_are_read(shared):
    lines = (shared / "data" / "2ddoc" / "official_examples.txt").read_text().splitlines()
    codes = [
        line.partition(": ")[2].replace("<GS>", "\x1d").replace("<US>", "\x1f")
        for line in lines
        if ": DC" in line
    ]
    kinds = [found.kind for code in codes if (found := two_d_doc.read(code))]
    assert sorted(kinds) == ["address", "bank-details", "cvec"]


@given(st.text(max_size=120))
def test_any_text_is_a_code_or_none(text):
    assert two_d_doc.read(text) is None
    two_d_doc.read(RIB[:22] + text)
    two_d_doc.read("DC04" + text)


def test_the_code_on_a_photographed_sheet_comes_through_the_door():
    code = zxingcpp.create_barcode(RIB, zxingcpp.BarcodeFormat.DataMatrix)
    drawn = zxingcpp.write_barcode_to_image(code, scale=6)
    sheet = Image.open(BytesIO(cast.picture("PNG")))
    sheet.paste(Image.fromarray(np.asarray(drawn)).convert("RGB"), (250, 480))
    written = BytesIO()
    sheet.save(written, "PNG")
    (page,) = examine(written.getvalue(), "rib.png").codes
    assert [two_d_doc.read(text).values["iban"] for text in page] == ["FR7630006000011234567890189"]
