"""The door: what is let in, what is not, and that nothing foreign can hurt."""

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from decompte.errors import Refusal
from decompte.intake.door import clean_name, examine
from tests.cast import picture


def pdf(pages=1, **root):
    made, written = pikepdf.new(), BytesIO()
    for _page in range(pages):
        made.add_blank_page()
    for name, value in root.items():
        made.Root[f"/{name}"] = value
    made.save(written)
    return written.getvalue()


def refused(data, name):
    with pytest.raises(Refusal) as caught:
        examine(data, name)
    (problem,) = caught.value.problems
    assert problem.field == "file"
    assert "PDF, JPEG, PNG" in problem.message.fr
    return problem.code


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (picture(), "form.jpg"),
        (picture("PNG"), "form.PNG"),
        (pdf(2), "form.pdf"),
    ],
)
def test_a_sound_file_is_drawn_anew(data, name):
    examined = examine(data, name)
    assert examined.pages
    for page in examined.pages:
        assert Image.open(BytesIO(page)).format == "JPEG"
        assert not Image.open(BytesIO(page)).getexif()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "empty.pdf", "file.empty"),
        (b"PK\x03\x04 zip", "a.pdf", "file.kind"),
        (b"<svg onload='x'/>", "a.png", "file.kind"),
        (picture(), "photo.pdf", "file.name"),
        (pdf(), "scan.jpg", "file.name"),
        (picture()[:100], "cut.jpg", "file.unreadable"),
        (b"%PDF-1.7 nonsense", "broken.pdf", "file.unreadable"),
        (pdf(21), "long.pdf", "file.pages"),
        (pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript)), "js.pdf", "file.active"),
        (picture(size=(9000, 9000)), "large.jpg", "file.pixels"),
        (b"%PDF-" + b"0" * 10_000_001, "fat.pdf", "file.large"),
    ],
)
def test_what_is_not_let_in_says_why_and_what_is_allowed(data, name, code):
    assert refused(data, name) == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\x\\scan.pdf", "scan.pdf"),
        ("a\u202efdp.exe.jpg", "afdp.exe.jpg"),
        ("n" * 300 + ".pdf", "n" * 96 + ".pdf"),
        ("", "file"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert clean_name(given) == kept


def test_a_machine_without_time_does_not_call_the_file_damaged(monkeypatch):
    monkeypatch.setattr("decompte.intake.door.WAIT_SECONDS", 0.001)
    with pytest.raises(Refusal) as told:
        examine(picture(), "photo.jpg")
    (problem,) = told.value.problems
    assert problem.code == "file.busy"
    assert "again in a minute" in problem.message.en
