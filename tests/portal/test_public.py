"""The pages for everybody: what comes back, and a statement checked and contested."""

import io
import re

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decompte.documents.letter import Letter, letter_pdf
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CARE = {
    "birth_date": "2005-02-01",
    "declared_gp_since": "2025-10-01",
    "date": "2026-02-12",
    "act": "g",
    "price": "30",
    "pathway": "declared-gp",
    "sector": "1",
}
TEXT = (
    "12/03/2026 CONSULTATION GENERALISTE 30,00 30,00 30 % 9,00\nPARTICIPATION FORFAITAIRE -2,00\n"
)


def lines(*rows, **about):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, "birth_date": "2005-02-01"}
    data |= {"declared_gp_since": "2025-10-01"} | about
    for place, row in enumerate(rows):
        data |= {f"form-{place}-{name}": value for name, value in row.items()}
    return data


def line(**changes):
    return {
        "date": "2026-03-12",
        "act": "G",
        "price": "30,00",
        "paid": "7,00",
        "pathway": "declared-gp",
        "sector": "1",
        "quantity": "1",
    } | changes


def letter_fields(**changes):
    return {
        "name": "Noa Berg",
        "address_line": "27 rue Saint-Guillaume",
        "town": "75007 PARIS",
        "recipient": "CPAM de Paris\r\n75948 PARIS CEDEX 19",
        "statement_date": "2026-03-20",
    } | changes


def test_anybody_learns_what_comes_back_for_care_of_any_day(client):
    page = client.post(reverse("public:what_comes_back"), CARE, headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "€19.00" in page.content.decode()


def test_a_wrong_act_and_a_wrong_price_are_both_named(client):
    wrong = CARE | {"act": "ZZZ", "price": "x"}
    page = client.post(reverse("public:what_comes_back"), wrong)
    assert page.status_code == 422
    page = client.post(reverse("public:what_comes_back"), CARE | {"act": "ZZZ"})
    assert "ZZZ" in page.content.decode()
    assert page.status_code == 422


def test_a_pasted_statement_becomes_lines_to_complete(client):
    page = client.post(reverse("public:check"), {"text": TEXT})
    content = page.content.decode()
    assert 'value="2026-03-12"' in content
    assert 'value="9.00"' in content
    assert 'value="2.00"' in content


def test_a_statement_as_pdf_is_read_in_the_fenced_child(client):
    text = Letter((), ("A",), "", DAY, "x", "", tuple(TEXT.splitlines()), (), "", "")
    file = SimpleUploadedFile("statement.pdf", letter_pdf(text, lang="fr"))
    page = client.post(reverse("public:check"), {"file": file})
    assert 'value="2026-03-12"' in page.content.decode()


def test_a_table_is_read(client):
    file = SimpleUploadedFile("x.csv", b"date;act;price;paid\n12/03/2026;G;30,00;7,00\n")
    page = client.post(reverse("public:check"), {"file": file})
    assert 'value="30.00"' in page.content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.pdf", b"%PDF-1.7 broken"), ("x.csv", b"\0\0"), ("x.csv", b"a;b"), ("x.exe", b"MZ")],
)
def test_a_file_that_cannot_be_read_is_refused_kindly(client, name, data):
    page = client.post(reverse("public:check"), {"file": SimpleUploadedFile(name, data)})
    assert page.status_code == 422


def test_a_wrongly_taken_penalty_is_shown_with_its_source_and_contested(client):
    asked = lines(line(), line(date="2026-04-02", paid="19,00"))
    page = client.post(reverse("public:check_lines"), asked, headers={"accept-language": "en"})
    content = page.content.decode()
    assert "€12.00 were taken off as for care out of the pathway" in content
    assert "legifrance" in content
    letter = client.post(reverse("public:letter"), asked | letter_fields())
    assert letter.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(letter.content)) as pdf:
        assert len(pdf.pages) == 1


def test_a_letter_without_an_address_says_what_is_missing(client):
    page = client.post(reverse("public:letter"), lines(line()) | letter_fields(name=""))
    assert page.status_code == 422
    assert 'id="id_name"' in page.content.decode()


def test_an_address_that_does_not_fit_the_window_is_refused(client):
    long = letter_fields(recipient="x" * 60)
    assert client.post(reverse("public:letter"), lines(line()) | long).status_code == 422


def test_there_is_no_letter_against_a_right_statement(client):
    answer = client.post(reverse("public:letter"), lines(line(paid="19,00")) | letter_fields())
    assert answer.status_code == 302


def test_an_offered_line_that_stays_empty_is_left_out(client):
    page = client.get(reverse("public:check_lines")).content.decode()
    offered = dict(re.findall(r'name="form-(\w+_FORMS)" value="(\d+)"', page))
    assert offered["TOTAL_FORMS"] == "2"
    untouched = {"pathway": "declared-gp", "sector": "1", "quantity": "1", "date": "", "act": ""}
    data = lines(line(), untouched) | {f"form-{name}": n for name, n in offered.items()}
    answer = client.post(reverse("public:check_lines"), data, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "This field is required" not in answer.content.decode()


def test_more_lines_keep_what_was_typed(client):
    page = client.post(reverse("public:check_lines"), lines(line()) | {"more": "1"})
    content = page.content.decode()
    assert page.status_code == 200
    assert 'name="form-TOTAL_FORMS" value="3"' in content
    assert 'value="30,00"' in content


def test_an_empty_line_is_left_out_and_none_at_all_is_said(client):
    empty = {"pathway": "declared-gp", "sector": "1", "quantity": "1"}
    page = client.post(reverse("public:check_lines"), lines(line(), empty))
    assert page.status_code == 200
    page = client.post(reverse("public:check_lines"), lines({"pathway": "declared-gp"}))
    assert page.status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"form-TOTAL_FORMS": "x"},
        {"form-TOTAL_FORMS": "999999999", "form-INITIAL_FORMS": "0"},
        lines(line(price="1e9", act="\x01", rate="-1", coefficient="NaN")),
        lines(line(rate="70%0", coefficient="9" * 8, date="0001-01-01")),
        lines(line(), birth_date="9999-12-31", rights="x"),
    ],
)
def test_nonsense_is_refused_without_a_fault(client, data):
    for name in ("check_lines", "letter", "what_comes_back", "check"):
        assert client.post(reverse(f"public:{name}"), data).status_code in {200, 422}
    more = client.post(reverse("public:check_lines"), data | {"more": "1"})
    assert more.status_code in {200, 422}


def test_nothing_personal_is_read_or_written(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.post(reverse("public:check_lines"), lines(line()))
