"""Codes on papers: read, shown as not verified, compared; and bank details filled in from one."""

from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from decompte.portal.people.scope import system
from decompte.portal.requests import services
from tests import cast
from tests.exchange.test_two_d_doc import RIB
from tests.portal.test_journey import STEP_1

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
IBAN = "FR7630006000011234567890189"


def sheet(text):
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    drawn = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(code, scale=4)))
    page = Image.open(BytesIO(cast.picture("PNG")))
    page.paste(drawn.convert("RGB"), (18, 600))
    written = BytesIO()
    page.save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("iban", "remark"),
    [(IBAN, "another account than the one in use"), (cast.IBAN, "the account in use")],
)
def test_member_and_agent_see_what_the_code_says_and_never_the_whole_account(client, iban, remark):
    made = cast.draft(cast.student())
    with system("test"):
        rib = sheet(RIB.replace(IBAN, iban))
        paper = services.add_paper(made, "bank-details", rib, "rib.png", "test")
        assert iban.encode() not in bytes(paper.read_sealed)
        services.submit(made, "test")
    for user, page in (
        (made.member.user, reverse("requests:detail", args=[made.public_id])),
        (cast.staff("lmde"), reverse("agency:review", args=[made.public_id])),
    ):
        client.force_login(user)
        shown = client.get(page).content.decode()
        assert "not verified" in shown
        assert "M SPECIMEN NOA" in shown
        assert f"({remark})" in shown
        assert iban not in shown


def test_a_code_of_something_else_says_nothing():
    made = cast.draft(cast.student())
    with system("test"):
        other = sheet("https://example.org")
        paper = services.add_paper(made, "bank-details", other, "rib.png", "test")
        assert paper.read_sealed is None


@pytest.fixture
def step_3(client):
    client.force_login(cast.account())
    client.post(reverse("registration:step", args=[1]), STEP_1)
    client.post(reverse("registration:step", args=[2]), {"agency": "lmde", "complementary": ""})
    return client


def test_step_3_is_filled_in_from_the_code_and_nothing_is_kept(step_3):
    page = reverse("registration:step", args=[3])
    file = SimpleUploadedFile("rib.png", sheet(RIB))
    answer = step_3.post(page, {"read": "1", "details": file})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert f'value="{IBAN}"' in shown
    assert "not verified" in shown
    assert step_3.get(reverse("registration:step", args=[4])).status_code == 302


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "Choose a file first."),
        (b"not a picture", "not a file of an accepted kind"),
        ("plain", "type the IBAN"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_form_stays(step_3, data, said):
    content = cast.picture("PNG") if data == "plain" else data
    sent = {"read": "1"}
    if content is not None:
        sent["details"] = SimpleUploadedFile("rib.png", content)
    answer = step_3.post(reverse("registration:step", args=[3]), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
