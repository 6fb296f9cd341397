"""Statements on the page and as files: what came, what was kept back and why; one, and a year."""

import csv
import json
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from decompte.portal import clock
from decompte.portal.agency import corrections
from decompte.portal.agency import services as agency
from decompte.portal.decisions import amendments
from decompte.portal.decisions import services as decisions
from decompte.portal.decisions.outcome import ByHand
from decompte.portal.payments import services
from decompte.portal.people import numbers
from decompte.portal.people.scope import MemberScope, entered, system
from decompte.portal.requests.models import Request
from decompte.procedure.agencies import agency as paying_agency
from tests import bank, cast
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NIR = "184127645108946"
YEAR = {"since": "2014-01-01", "until": "2014-12-31"}
EARLIER = DAY - timedelta(days=6)


@pytest.fixture
def member():
    return cast.student()


@pytest.fixture
def page(client, member):
    client.force_login(member.user)
    return client


def decided(member, **changes):
    with system("test"):
        made = cast.sent(member, **changes)
        agency.settle_request(made, "test")
        decision = decisions.of_request(made.pk)
        assert decision.request == made
    return decision


def corrected(decision, price_cents):
    """Two people change the price of a decision's only line."""
    crew = cast.staff("lmde"), cast.staff("lmde", "adjudicator")
    with system("test"):
        made = Request.objects.get(pk=decision.request_id)
        lines = [amendments.written(one) | {"price_cents": price_cents} for one in made.lines.all()]
        asked = amendments.Proposal(lines, (), "mistake", "The price was read wrongly.")
        found = amendments.propose(made, asked, crew[0], made.version)
        assert corrections.approve(found, crew[1], corrections.outlook(found).after.payable_cents)
        return decisions.of_request(made.pk)


def send():
    with system("test"):
        batch = services.prepare("lmde", cast.staff("lmde", "finance"), clock.today())
        services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    return batch


def shown(page, decision):
    return page.get(reverse("payments:statement", args=[decision.public_id])).content.decode()


def text_of(answer):
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def message(decision):
    with system("test"):
        return services.payment_message(decision).en


def test_before_the_first_decision_there_is_nothing_to_read(page, client):
    assert "No statement yet" in page.get(reverse("payments:statements")).content.decode()
    assert "Nothing was decided" in page.get(reverse("payments:summary")).content.decode()
    assert text_of(page.get(reverse("payments:summary_pdf"))).startswith("Your reimbursements")
    client.force_login(cast.staff("lmde"))
    assert client.get(reverse("payments:statements")).status_code == 404
    client.force_login(cast.account())
    assert "No statement yet" in client.get(reverse("payments:statements")).content.decode()


def test_the_page_and_the_pdf_say_the_same(page, member):
    decided(member, is_third_party_payment=True)
    decision = decided(member, care_date=EARLIER)
    seen = shown(page, decision)
    pdf = page.get(reverse("payments:statement_pdf", args=[decision.public_id]))
    assert pdf["Content-Disposition"].endswith(f'decompte-{decision.request.reference}.pdf"')
    for words in (
        "€14.10 will be paid to your account ending in 2606.",
        "Flat participation, the professional having been paid directly",
        "care of 12 March 2014",
        "within two months",
    ):
        assert words in seen
        assert words in text_of(pdf)
    for line in paying_agency(decision.agency).address[1:]:
        assert line in text_of(pdf)


def test_a_member_who_has_a_number_finds_it_masked(page, member):
    with system("test"):
        numbers.give(member, NIR)
        member.save()
    decision = decided(member)
    pdf = text_of(page.get(reverse("payments:statement_pdf", args=[decision.public_id])))
    assert "Number" in pdf
    assert NIR not in pdf.replace(" ", "")


def test_another_members_statement_does_not_exist(page):
    decision = decided(cast.student())
    for name in ("statement", "statement_pdf"):
        address = reverse(f"payments:{name}", args=[decision.public_id])
        assert page.get(address).status_code == 404


def test_money_on_its_way_sent_and_come_back_is_told(member):
    decision = decided(member)
    assert message(decision) == "€15.10 will be paid to your account ending in 2606."
    batch = send()
    assert message(decision) == "€15.10 paid on 20 March 2014 to your account ending in 2606."
    with system("test"):
        (order,) = services.orders_of(batch)
        told = bank.pain_002(batch.msg_id, rejected=[order.end_to_end_id])
        services.read_bank_file("lmde", told, "test")
    assert message(decision).startswith("Your bank sent €15.10 back: give another account")


def test_where_the_doctor_was_paid_there_is_nothing_to_pay(member):
    decision = decided(member, is_third_party_payment=True)
    assert message(decision) == "Nothing is to be paid for this request."


def test_a_correction_says_what_it_replaces_and_what_is_owed_back(page, member):
    before = decided(member)
    send()
    after = corrected(before, 1000)
    assert message(before) == "This statement is replaced by that of 20 March 2014."
    assert message(after).startswith("€9.10 were paid to you too much")
    assert "from 20 May 2014 on, at most 50 %" in message(after)
    seen = shown(page, after)
    assert "Corrected decision: it replaces that of 20 March 2014." in seen
    assert "€9.10 are still to be taken" in seen
    assert "<s>€15.10</s>" in page.get(reverse("payments:statements")).content.decode()


def test_a_correction_shows_what_changed_on_the_page_and_on_the_pdf(page, member):
    after = corrected(decided(member), 1000)
    pdf = page.get(reverse("payments:statement_pdf", args=[after.public_id]))
    for words in ("Total paid", "€23.00", "€10.00", "Before", "Now"):
        assert words in shown(page, after)
        assert words in text_of(pdf)


def test_a_french_statement_writes_amounts_and_rates_as_french_does(page, member):
    decision = decided(member)
    path = reverse("payments:statement_pdf", args=[decision.public_id])
    told = text_of(page.get(path, headers={"Accept-Language": "fr"}))
    assert "15,10" in told
    assert not re.search(r"€\d|\d\.\d", told)


def test_a_correction_that_changes_no_amount_says_so(member):
    before = decided(member)
    send()
    assert message(corrected(before, 2400)) == (
        "The correction does not change what was paid to you."
    )


def test_an_amount_set_by_hand_is_marked(page, member):
    with system("test"):
        made = cast.sent(member)
        first, second = cast.staff("lmde"), cast.staff("lmde", "adjudicator")
        lines = [amendments.written(one) for one in made.lines.all()]
        asked = amendments.Proposal(lines, (ByHand(1, 1200, 0),), "agreement", "No tariff.")
        found = amendments.propose(made, asked, first, made.version)
        amount = corrections.outlook(found).after.payable_cents
        assert corrections.approve(found, second, amount)
        decision = decisions.of_request(made.pk)
    assert "set by a person and checked by a second one" in shown(page, decision)


def test_a_year_as_page_pdf_json_and_csv_says_the_same(page, member):
    decided(member, is_third_party_payment=True)
    decided(member, care_date=EARLIER)
    send()
    decided(member, care_date=EARLIER + timedelta(days=1))
    seen = page.get(reverse("payments:summary"), YEAR).content.decode()
    file = page.get(reverse("payments:summary_pdf"), YEAR)
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].endswith('"decompte-2014-01-01-2014-12-31.pdf"')
    pdf = text_of(file)
    for words in ("€69.00", "€14.10", "€15.10", "“To the doctor”: what your agency paid"):
        assert words in seen
        assert words in pdf
    assert "€15.10 to come" in pdf
    data = json.loads(page.get(reverse("payments:summary_json"), YEAR).content)
    assert {name: data[name] for name in YEAR} == YEAR
    assert (data["kept_back"], data["paid"], data["to_come"]) == ("1.00", "14.10", "15.10")
    written = page.get(reverse("payments:summary_csv"), YEAR).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(written)))
    assert [row["amo"] for row in rows] == [line["amo"] for line in data["lines"]]
    assert len(rows) == 3


def test_the_pdf_of_a_period_is_in_its_readers_language(page, member):
    decided(member)
    pdf = page.get(reverse("payments:summary_pdf"), YEAR, headers={"Accept-Language": "fr"})
    assert "Qui paie quoi" in text_of(pdf)


def test_what_is_still_owed_stands_on_the_page_and_on_the_pdf_of_a_period(page, member):
    decided(member, is_third_party_payment=True)
    words = "€1.00 are still to be taken from your next reimbursements."
    assert words in page.get(reverse("payments:summary"), YEAR).content.decode()
    assert words in text_of(page.get(reverse("payments:summary_pdf"), YEAR))


def test_days_that_are_none_are_refused_with_words(page):
    answer = page.get(reverse("payments:summary"), {"since": "2014-02-30", "until": ""})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_years_are_those_in_which_something_was_decided(member, settings):
    decided(member)
    settings.DAYS_BACK -= 365
    decided(member, care_date=EARLIER)
    with entered(MemberScope(member.pk)):
        assert services.years(member.pk) == [2015, 2014]


def test_a_franchise_has_its_column_where_one_was_kept(page, member):
    visit = decided(member)
    box = decided(
        member,
        act="PH7",
        specialty="pharmacist",
        price_cents=1000,
        has_prescription=True,
        care_date=EARLIER,
    )
    assert box.answers["en"]["lines"][0]["franchise"] == "0.50"
    assert "Franchise</th>" in shown(page, box)
    assert "Franchise</th>" not in shown(page, visit)
