"""The contribution on the member's side: the mandate signed, the card, and what the school sees."""

import subprocess

import pytest
from django.urls import reverse

from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people.models import BankAccount
from decompte.portal.people.scope import system
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/contribution/"
GERMAN = "DE89370400440532013000"
SIGNED = {"holder": "Noa Berg", "iban": "", "signed": "on"}


@pytest.fixture
def member():
    return cast.student("lmde")


@pytest.fixture
def page(client, member):
    client.force_login(member.user)
    return client


def due(member):
    with system("test"):
        (found,) = payments.dues_of(member.pk)
    return found


def mandate(member):
    with system("test"):
        return payments.mandate_of(member.pk, "lmde")


def test_a_confirmed_registration_leads_to_what_is_owed(page, member):
    shown = page.get(PAGE).content.decode()
    assert "€211.00" in shown
    assert "To be paid" in shown
    assert due(member).amount_cents == 21_100


def test_a_mandate_is_signed_for_the_account_in_use_and_given_as_pdf(page, member, tmp_path):
    answer = page.post(PAGE, SIGNED, follow=True).content.decode()
    signed = mandate(member)
    assert signed.reference in answer
    assert "2606" in answer
    assert cast.IBAN not in answer
    paper = tmp_path / "mandate.pdf"
    paper.write_bytes(page.get(reverse("contribution:mandate", args=[signed.public_id])).content)
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    for word in (signed.reference, "FR14 2004 1010", "FR72ZZZ123456", "20 March 2014", "Noa Berg"):
        assert word in text


def test_a_mandate_can_be_signed_for_another_account_and_the_one_before_ends(page, member):
    page.post(PAGE, SIGNED)
    first = mandate(member)
    page.post(reverse("contribution:end_mandate", args=[first.public_id]))
    assert mandate(member) is None
    page.post(PAGE, {**SIGNED, "iban": GERMAN})
    assert mandate(member).iban_last4 == "3000"
    with system("test"):
        assert people.bank_account(member.pk).iban_last4 == "2606"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"signed": ""}, "Without your signature nothing is collected"),
        ({"iban": "FR1520041010050500013M02606"}, "this IBAN is wrong"),
        ({"holder": ""}, "This field is required"),
        ({"iban": "GB29NWBK60161331926819"}, "outside the European Economic Area"),
    ],
)
def test_what_is_wrong_with_a_mandate_is_said_and_nothing_is_signed(page, member, change, said):
    answer = page.post(PAGE, {**SIGNED, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert mandate(member) is None


def pay(page, answer="pay"):
    till = page.post(reverse("contribution:card"))["Location"]
    assert page.get(till).status_code == 200
    return page.post(till, {"answer": answer})["Location"]


def test_a_card_pays_once_however_often_its_answer_comes(page, member):
    back = pay(page)
    for _again in range(3):
        assert page.get(back).status_code == 302
    paid = due(member)
    assert paid.state == "paid"
    assert "Paid by card" in paid.reason
    with system("test"):
        assert payments.balance("till", "lmde") == 21_100
    assert page.post(reverse("contribution:card"))["Location"] == PAGE


def test_who_does_not_pay_owes_still_and_a_made_up_answer_is_nothing(page, member):
    page.get(pay(page, "no"))
    assert due(member).state == "open"
    assert page.get(reverse("contribution:back", args=["made-up"])).status_code == 404
    assert page.get(reverse("contribution:till", args=["made-up"])).status_code == 302


def test_another_members_payment_and_mandate_do_not_exist(page, member, client):
    page.post(PAGE, SIGNED)
    signed, back = mandate(member), pay(page)
    client.force_login(cast.student("lmde").user)
    assert client.get(reverse("contribution:mandate", args=[signed.public_id])).status_code == 404
    assert client.get(back).status_code == 404
    assert due(member).state == "open"


def test_a_payment_by_card_is_over_after_half_an_hour(page, member, monkeypatch):
    till = page.post(reverse("contribution:card"))["Location"]
    assert page.get(till).status_code == 200
    monkeypatch.setattr("decompte.portal.payments.till.LASTS", -1)
    assert page.get(till).status_code == 302


def test_without_a_till_and_without_a_creditor_there_is_no_such_way(page, settings):
    settings.CARD_PAYMENTS = ""
    settings.DEBTORS = {"lmde": {**settings.DEBTORS["lmde"], "creditor_id": ""}}
    shown = page.get(PAGE).content.decode()
    assert "Pay by card" not in shown
    assert "I sign" not in shown
    assert page.post(reverse("contribution:card")).status_code == 404
    assert page.post(PAGE, SIGNED).status_code == 404


def test_who_owes_nothing_has_no_mandate_to_sign(client):
    client.force_login(cast.student("", card=True).user)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, SIGNED).status_code == 404


def test_a_mandate_is_taken_back_once_and_one_that_is_not_there_does_not_exist(page, member):
    page.post(PAGE, SIGNED)
    address = reverse("contribution:end_mandate", args=[mandate(member).public_id])
    assert "has ended" in page.post(address, follow=True).content.decode()
    assert "has ended" not in page.post(address, follow=True).content.decode()
    assert page.post(reverse("contribution:end_mandate", args=["nobody"])).status_code == 404
    assert page.get(reverse("contribution:mandate", args=["nobody"])).status_code == 404


def test_who_has_no_account_gives_the_one_to_collect_from(page, member):
    with system("test"):
        BankAccount.objects.filter(member_id=member.pk).delete()
    assert "required" in page.post(PAGE, SIGNED).content.decode()
    assert mandate(member) is None
    page.post(PAGE, {**SIGNED, "iban": GERMAN})
    assert mandate(member).iban_last4 == "3000"


def test_where_nobody_takes_cards_the_till_is_no_page(page, settings):
    settings.CARD_PAYMENTS = ""
    assert page.get(reverse("contribution:till", args=["x"])).status_code == 404
    assert page.get(reverse("contribution:back", args=["x"])).status_code == 404
