"""A request from the sign-up to the statement, through the pages, and what stands in its way."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.audit import services as audit
from decompte.portal.decisions import services as decisions
from decompte.portal.outbox.models import Message
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people.models import User
from decompte.portal.people.scope import system
from decompte.portal.requests import review
from decompte.portal.requests import services as requests
from tests import cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db

STEP_1 = {
    "given_name": "Ana",
    "family_name": "Souza",
    "birth_date": "1993-06-15",
    "nationality": "BR",
    "address_line": "27 rue Saint-Guillaume",
    "postal_code": "75007",
    "city": "Paris",
    "study_from": "2013-09-02",
    "study_to": "2014-06-30",
    "parents": "abroad",
}
VISIT = {
    "care_date": "2014-03-12",
    "act": "G",
    "price_cents": "23,00 €",
    "practitioner_name": "Dr Lambert",
    "practitioner_number": "10001234567",
    "specialty": "general-practice",
    "sector": "1",
    "pathway": "declared-gp",
}


def signed_in(client, user):
    cast.sign_in(client, user)
    return client


def registered(client, agency="lmde", complementary="lmde", **step_1):
    signed_in(client, cast.account())
    step = [reverse("registration:step", args=[n]) for n in (1, 2, 3, 4)]
    assert client.post(step[0], {**STEP_1, **step_1}).status_code == 302
    choice = {"agency": agency, "complementary": complementary} if agency else {}
    assert client.post(step[1], choice).status_code == 302
    bank = {
        "holder": "Ana Souza",
        "iban": cast.IBAN,
        "doctor_name": "Dr Lambert",
        "doctor_number": "10001234567",
        "since": "2013-10-15",
    }
    assert client.post(step[2], bank).status_code == 302
    assert client.post(step[3]).status_code == 302
    return client


def sent(client):
    page = client.post(reverse("requests:new"), VISIT)
    detail = page.headers["Location"]
    with system("test"):
        made = requests.find(detail.strip("/").split("/")[-1])
        kinds = [needed.kind for needed in requests.required_papers(made)]
    for kind in kinds:
        file = SimpleUploadedFile(f"{kind}.jpg", cast.picture())
        answer = client.post(f"{detail}papers/", {"kind": kind, "file": file})
        assert answer.status_code == 302, answer.content
    assert client.post(f"{detail}send/").status_code == 302
    return made.public_id


@pytest.mark.parametrize("agency", ["lmde", "smerep"])
def test_s04_both_agencies_pay_the_same_request_alike(client, agency):
    registered(client, agency, agency)
    public_id = sent(client)
    agent, first, second = (cast.staff(agency, role) for role in ("agent", "finance", "finance"))
    assert (
        signed_in(client, agent).post(reverse("agency:settle", args=[public_id])).status_code == 302
    )
    day = (DAY + timedelta(days=1)).isoformat()
    page = signed_in(client, first).post(reverse("agency:payments"), {"execution_date": day})
    batch = page.headers["Location"]
    with system("test"):
        digest = {"digest": payments.batches()[0].sha256}
    assert client.post(f"{batch}release/", digest).status_code == 422
    assert signed_in(client, second).post(f"{batch}release/").status_code == 422
    assert signed_in(client, second).post(f"{batch}release/", digest).status_code == 302
    with system("test"):
        request = requests.find(public_id)
        assert request.state == "paid"
        assert decisions.of_request(request.pk).payable_cents == 1510 + 690
        assert payments.everything() == []
        student = request.member.user
        decision = decisions.of_request(request.pk)
    page = signed_in(client, student).get(reverse("payments:statement", args=[decision.public_id]))
    assert "€22.00 paid on 21 March 2014" in page.content.decode()
    pdf = client.get(reverse("payments:statement_pdf", args=[decision.public_id]))
    assert pdf.content.startswith(b"%PDF")
    with system("test"):
        audit.seal()
        assert audit.problems() == []


def test_s06_the_complementary_is_bought_in_step_2_only(client):
    registered(client, "lmde", "")
    page = client.post(
        reverse("registration:step", args=[2]),
        {"agency": "lmde", "complementary": "lmde"},
        follow=True,
    )
    assert "confirmed already" in page.content.decode()


def test_s05_the_complementary_of_the_other_agency_is_refused(client):
    signed_in(client, cast.account())
    client.post(reverse("registration:step", args=[1]), STEP_1)
    page = client.post(
        reverse("registration:step", args=[2]), {"agency": "lmde", "complementary": "smerep"}
    )
    assert page.status_code == 422
    assert "must be of the same agency: LMDE" in page.content.decode()


def test_s03_an_agency_must_be_chosen_and_no_other_is_offered(client):
    signed_in(client, cast.account())
    client.post(reverse("registration:step", args=[1]), STEP_1)
    for choice in ({}, {"agency": "vittavi"}):
        page = client.post(reverse("registration:step", args=[2]), choice)
        assert page.status_code == 422


def test_going_back_loses_nothing_and_steps_cannot_be_skipped(client):
    signed_in(client, cast.account())
    assert client.get(reverse("registration:step", args=[4])).status_code == 302
    client.post(reverse("registration:step", args=[1]), STEP_1)
    page = client.get(reverse("registration:step", args=[1])).content.decode()
    assert "27 rue Saint-Guillaume" in page
    assert "2013-09-02" in page
    assert client.get(reverse("registration:step", args=[4])).status_code == 302


def test_s15_a_european_is_asked_no_agency_and_gets_the_dossier_for_the_cpam(client):
    registered(
        client,
        "",
        "",
        nationality="ES",
        has_card="on",
        card_country="ES",
        card_expires_on="2014-12-31",
    )
    page = client.post(reverse("requests:new"), {**VISIT, "pathway": "referred"})
    detail = page.headers["Location"]
    text = client.get(detail).content.decode()
    assert "CPAM CS 70001" in text
    assert "3646" in text
    assert client.post(f"{detail}send/").status_code == 422
    assert client.post(f"{detail}announce/").status_code == 302
    pdf = client.get(f"{detail}dossier.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"


def test_d4_a_posted_request_is_received_and_reviewed(client):
    member = cast.student()
    with system("test"):
        made = requests.begin(member, cast.visit())
        assert requests.announce(made, "test")
    signed_in(client, cast.staff("lmde"))
    with system("test"):
        kinds = [needed.kind for needed in requests.required_papers(made)]
    assert (
        client.post(
            reverse("agency:receive", args=[made.public_id]), {"arrived": kinds}
        ).status_code
        == 302
    )
    assert client.post(reverse("agency:settle", args=[made.public_id])).status_code == 302


def test_a_double_click_on_send_sends_once(client):
    member = cast.student()
    made = cast.draft(member)
    signed_in(client, member.user)
    url = reverse("requests:send", args=[made.public_id])
    assert [client.post(url).status_code for _click in range(2)] == [302, 302]
    with system("test"):
        events = [event["code"] for event in requests.timeline(made)]
        assert Message.objects.filter(key__endswith=":submitted").count() == 1
    assert events.count("request.submit") == 1


def test_deciding_twice_pays_once(client):
    made = cast.sent(cast.student())
    signed_in(client, cast.staff("lmde"))
    for _click in range(2):
        assert client.post(reverse("agency:settle", args=[made.public_id])).status_code in {
            302,
            422,
        }
    with system("test"):
        assert len(payments.waiting()) == 1


def test_d1_s24_sent_back_names_what_is_missing_and_comes_back(client):
    member = cast.student()
    made = cast.sent(member)
    agent = cast.staff("lmde")
    with system("test"):
        paper = requests.current_papers(made)["care-form"]
    signed_in(client, agent).post(
        reverse("agency:judge", args=[made.public_id, paper.public_id]),
        {"verdict": "refuse", "refusal": "Not signed"},
    )
    client.post(reverse("agency:send_back", args=[made.public_id]))
    page = signed_in(client, member.user).get(reverse("requests:detail", args=[made.public_id]))
    assert "Not signed" in page.content.decode()
    assert "Completed care form" in page.content.decode()
    assert client.post(reverse("requests:send", args=[made.public_id])).status_code == 422
    client.post(
        reverse("requests:paper", args=[made.public_id]),
        {"kind": "care-form", "file": SimpleUploadedFile("b.jpg", cast.picture())},
    )
    assert client.post(reverse("requests:send", args=[made.public_id])).status_code == 302


def test_a_request_without_its_papers_is_not_sent_and_each_is_named(client):
    member = cast.student()
    with system("test"):
        made = requests.begin(member, cast.visit())
    page = signed_in(client, member.user).post(reverse("requests:send", args=[made.public_id]))
    assert page.status_code == 422
    text = page.content.decode()
    assert '<a href="#care-form">missing: Completed care form. The care form proves' in text
    assert '<a href="#affiliation">missing: Proof of affiliation. It is your first' in text


def test_caps_count_what_earlier_decisions_kept():
    member = cast.student()
    with system("test"):
        for _visit in range(5):
            made = cast.sent(member)
            assert review.accept_papers(made, "test")
            last = decisions.decide(made, "test")
        assert last.inputs["person"]["used"] == {"2014": {"participation": "4.00"}}
        assert last.answers["en"]["lines"][0]["participation"] == "0.00"


def test_nothing_payable_is_paid_at_once():
    member = cast.student()
    with system("test"):
        made = cast.sent(member, is_third_party_payment=True)
        review.accept_papers(made, "test")
        decision = decisions.decide(made, "test")
        assert payments.order(decision, "test") is None
        assert requests.find(made.public_id).state == "paid"


def test_s19_s25_the_agency_of_the_day_of_care_gets_the_request_and_keeps_seeing_it(
    client, settings
):
    now = settings.DAYS_BACK
    settings.DAYS_BACK = now + 365
    first_year = ("2012-09-03", "2013-06-28")
    member = cast.student("lmde", study=first_year)
    settings.DAYS_BACK = now
    with system("next year"):
        cast.register(member, "smerep", "")
        before = requests.begin(member, cast.visit(care_date=date(2013, 6, 12)))
        after = requests.begin(member, cast.visit())
        assert (before.agency, after.agency) == ("lmde", "smerep")
        with pytest.raises(Refusal):
            requests.save_line(before, cast.visit())
        kinds = [paper.kind for paper in requests.required_papers(after)]
        assert "affiliation" in kinds
        requests.announce(before, "test")
    signed_in(client, cast.staff("lmde"))
    assert client.get(reverse("agency:review", args=[before.public_id])).status_code == 200
    assert client.get(reverse("agency:review", args=[after.public_id])).status_code == 404


def test_sign_up_and_sign_in_with_the_mail_address(client):
    page = client.post(
        "/accounts/signup/", {"email": "new@decompte.example", "password1": cast.PASSWORD}
    )
    assert page.status_code == 302
    assert User.objects.filter(email="new@decompte.example").exists()
    assert client.get(reverse("member:dashboard")).status_code == 200
    assert people.staff_role(User.objects.get(email="new@decompte.example")) is None
