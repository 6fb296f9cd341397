"""A request is found by the words on its papers: read, not verified, and by its agency alone."""

import logging
import shutil
from io import BytesIO

import pikepdf
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from decompte.portal.people.scope import AgencyScope, entered, system
from decompte.portal.requests import reading
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import Paper, PaperWord
from tests import cast

pytestmark = pytest.mark.django_db
TESSERACT = shutil.which("tesseract") or ""
WORDS = ("kinesitherapie", "quintard", "88731")


def with_text(text):
    """Return a PDF of one page that bears a text."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream(f"BT /F1 12 Tf 60 760 Td ({text}) Tj ET".encode())
    written = BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.fixture
def made():
    found = cast.draft(cast.student())
    told = with_text("Facture 88731 de Madame Quintard, seances de kinesitherapie du genou")
    with system("test"):
        requests.add_paper(found, "care-form", told, "facture.pdf", "test")
        assert requests.submit(found, "test")
    return found


def read():
    call_command("read", verbosity=0)


def found_by(client, word, agency="lmde"):
    client.force_login(cast.staff(agency))
    return client.post(reverse("agency:worklist"), {"reference": word}).content.decode()


def test_an_agent_finds_a_request_by_a_word_on_its_paper_marked_as_read(client, made):
    assert made.reference not in found_by(client, WORDS[0])
    read()
    for word in (*WORDS, "QUINTARD Genou", "quintard lambert"):
        page = found_by(client, word)
        assert made.reference in page
        assert "read, not verified" in page
    assert "read, not verified" not in found_by(client, "lambert")
    assert made.reference not in found_by(client, "quintard dupont")


def test_the_other_agency_finds_nothing_and_has_other_digests(client, made):
    read()
    assert made.reference not in found_by(client, WORDS[0], "smerep")
    assert set(reading.digests("lmde", WORDS)).isdisjoint(reading.digests("smerep", WORDS))
    with entered(AgencyScope("smerep")):
        assert not PaperWord.objects.exists()
    with entered(AgencyScope("lmde")):
        assert PaperWord.objects.exists()


def test_neither_database_nor_log_holds_a_word_of_a_paper(made, caplog):
    caplog.set_level(logging.DEBUG)
    read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM requests_paperword")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT word FROM requests_word")
        kept += str(cursor.fetchall())
    kept += "".join(record.getMessage() for record in caplog.records if "INSERT" not in record.msg)
    assert not [word for word in WORDS if word in kept.lower()]


def test_a_paper_is_read_once_and_one_that_was_replaced_is_found_no_more(client, made):
    read()
    with system("test"):
        before = PaperWord.objects.count()
    read()
    with system("test"):
        assert PaperWord.objects.count() == before
        made.refresh_from_db()
        type(made).objects.filter(pk=made.pk).update(state="returned")
        requests.add_paper(made, "care-form", with_text("Tout autre chose ici"), "b.pdf", "test")
    assert made.reference not in found_by(client, WORDS[0])
    read()
    assert made.reference in found_by(client, "chose")


def test_a_paper_the_virus_scanner_has_not_cleared_is_not_read(made):
    with system("test"):
        Paper.objects.filter(request=made).update(state="waiting", page_count=0)
        read()
        assert not PaperWord.objects.exists()


@pytest.mark.skipif(not TESSERACT, reason="needs tesseract-ocr with its French data")
def test_a_photo_is_read_where_the_host_names_a_reader(client, settings):
    member = cast.student()
    found = cast.draft(member)
    with system("test"):
        Paper.objects.filter(request=found).exclude(kind="care-form").delete()
        photo = cast.picture(size=(1240, 1754), text="Docteur Quintard facture 88731")
        requests.add_paper(found, "care-form", photo, "photo.jpg", "test")
        type(found).objects.filter(pk=found.pk).update(state="submitted")
    read()
    assert found.reference not in found_by(client, "quintard")
    settings.READER = TESSERACT
    read()
    assert found.reference in found_by(client, "quintard")


@pytest.mark.parametrize("reader", ["/nowhere/tesseract", "/bin/false"])
def test_a_reader_that_does_not_work_stops_nothing(made, settings, reader):
    settings.READER = reader
    with system("test"):
        assert reading.go_on()["text"] == 1
        papers = Paper.objects.filter(replaced_at__isnull=True)
        assert set(papers.values_list("words_from", flat=True)) == {"text", "none"}
        assert sum(reading.go_on().values()) == 0
