"""The guide: few questions, one page, kept when signed in; changes, letters and sheets."""

from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from decompte.portal.guide.models import SavedAdvice
from decompte.portal.people.scope import system
from decompte.portal.people.walls import condition
from decompte.procedure.agencies import agencies
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ANSWERS = {
    "study_dates": {"first": "2013-09-02", "last": "2014-06-30"},
    "nationality": {"answer": "US"},
    "birth_date": {"answer": "1993-05-02"},
    "residence": {"answer": "75"},
    "cards": {},
    "circumstances": {},
    "parents": {"answer": "abroad"},
    "scholarship": {"answer": "no"},
    "agency": {"answer": "lmde"},
    "care_date": {"answer": "2014-03-12"},
    "first": {"answer": "yes"},
    "prescribed": {"answer": "no"},
    "declared_gp": {"answer": "yes"},
    "account": {"answer": "own"},
    "card_expiry": {"answer": "2014-12-31"},
}
CARD = {"cards": {"answer": ["ehic"]}, "nationality": {"answer": "ES"}}
SENDER = {"name": "Noa Berg", "address": "27 rue Saint-Guillaume\n75007 PARIS"}


def text_of(response):
    reader = PdfReader(BytesIO(response.content))
    return "\n".join(page.extract_text() for page in reader.pages), len(reader.pages)


def walked(client, answers=ANSWERS):
    """Answer every question that comes, and return their names."""
    asked = []
    page = client.get(reverse("guide:ask"))
    while page.status_code == 200:
        question = page.context["question"].id
        asked.append(question)
        page = client.post(reverse("guide:ask"), {"question": question, **answers[question]})
        assert page.status_code == 302, page.content.decode()
        page = client.get(page["Location"])
    return asked


def test_a_student_of_the_scheme_gets_one_page_with_the_address(client):
    assert len(walked(client)) <= 14
    page = client.get(reverse("guide:answer")).content.decode()
    assert "35070 RENNES CEDEX 09" in page
    assert "€211.00" in page
    text, pages = text_of(client.get(reverse("guide:answer_pdf")))
    assert pages == 1
    assert "Centre 601" in text


def test_a_card_holder_is_asked_less_and_told_to_call(client):
    asked = walked(client, ANSWERS | CARD)
    assert len(asked) < 11
    assert not {"parents", "scholarship", "agency", "declared_gp"} & set(asked)
    page = client.get(reverse("guide:answer")).content.decode()
    assert "3646" in page
    assert "75948 Paris Cedex 19" in page


def test_a_wrong_answer_is_named_and_the_question_stays(client):
    wrong = {"question": "study_dates", "first": "2014-06-30", "last": "2013-09-02"}
    page = client.post(reverse("guide:ask"), wrong)
    assert page.status_code == 422
    assert "before the beginning" in page.content.decode()
    assert client.get(reverse("guide:answer"))["Location"] == reverse("guide:ask")


@pytest.mark.parametrize("first", ["2003-09-01", "1804-01-01"])
def test_a_year_before_the_data_is_refused_where_it_was_asked(client, first):
    told = {"question": "study_dates", "first": first, "last": "2004-06-30"}
    page = client.post(reverse("guide:ask"), told)
    assert page.status_code == 422
    assert client.get(reverse("guide:ask")).context["question"].id == "study_dates"


def test_answers_that_no_longer_make_sense_begin_again(client):
    session = client.session
    session["guide"] = {"document": {"study": {"from": "soon"}}, "answered": ["study_dates"]}
    session.save()
    assert client.get(reverse("guide:ask")).context["question"].id == "study_dates"


def test_the_last_answer_can_be_taken_back_and_all_of_them(client):
    walked(client)
    client.post(reverse("guide:back"))
    assert client.get(reverse("guide:ask")).status_code == 200
    client.post(reverse("guide:back"), {"all": "1"})
    assert client.get(reverse("guide:ask")).context["question"].id == "study_dates"


def test_an_answer_is_kept_for_its_member_alone(client):
    member, other = cast.student("lmde"), cast.student("smerep")
    client.force_login(member.user)
    walked(client)
    kept = client.post(reverse("guide:save"))["Location"]
    assert "35070 RENNES" in client.get(kept).content.decode()
    assert text_of(client.get(f"{kept}print/"))[1] == 1
    assert kept in client.get(reverse("guide")).content.decode()
    client.force_login(other.user)
    assert client.get(kept).status_code == 404
    assert client.get(f"{kept}print/").status_code == 404
    client.force_login(cast.staff("lmde"))
    assert client.get(kept).status_code == 404


def test_the_database_itself_shows_kept_answers_to_their_member_alone():
    told = condition(SavedAdvice)
    assert "guide_savedadvice.member_id" in told
    assert "agency" not in told


def test_nothing_is_kept_without_an_account(client):
    walked(client)
    assert reverse("account_login") in client.post(reverse("guide:save"))["Location"]
    with system("test"):
        assert not SavedAdvice.objects.exists()


@pytest.mark.parametrize(
    ("event", "on", "words"),
    [
        ("scholarship", "2013-11-10", "€211.00"),
        ("end-of-studies", "2013-07-05", "31 December 2013"),
        ("passage", "2018-11-10", "31 August 2019"),
        ("birthday-28", "2013-11-10", "9 November 2014"),
    ],
)
def test_a_change_tells_what_on_which_day(client, event, on, words):
    asked = {"event": event, "on": on, "birth_date": "1985-11-10"}
    page = client.get(reverse("guide:change"), asked).content.decode()
    assert words in page


def test_a_change_before_birth_names_both_days(client):
    asked = {"event": "job", "on": "2013-01-10", "birth_date": "2013-05-02"}
    page = client.get(reverse("guide:change"), asked)
    assert page.status_code == 422
    assert "2013-05-02" in page.content.decode()


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("reminder", {"agency": "lmde", "sent_on": "2014-01-10"}, "35070 RENNES CEDEX 09"),
        ("complaint", {"agency": "smerep", "on": "2019-10-01", "department": "75"}, "CPAM"),
        ("duplicate", {"doctor": "Lambert", "care_date": "2014-01-10"}, "Docteur Lambert"),
        ("appeal", {"department": "69", "why": "A reason."}, "CPAM (Rhône, 69)"),
        ("court", {"on": "2018-11-01"}, "Tribunal des affaires"),
        ("court", {"on": "2020-11-01"}, "Tribunal judiciaire"),
        ("refund", {"on": "2013-11-10", "why": "une bourse."}, "211,00"),
        ("mutation", {"department": "75"}, "CPAM (Paris, 75)"),
        ("mediator", {"department": "75"}, "médiateur"),
        ("moving", {"agency": "lmde", "why": "moved"}, "Centre 601"),
        ("leaving", {}, "…"),
    ],
)
def test_a_letter_is_ready_to_sign_and_never_to_a_dead_address(client, kind, more, words):
    response = client.post(reverse("guide:letter", args=[kind]), {**SENDER, **more})
    text, pages = text_of(response)
    assert pages == 1
    assert "Noa Berg" in text
    assert words in text
    assert more.get("on", "2014") < "2019-09" or "CLICHY" not in text


def test_a_letter_is_in_french_for_its_reader_and_in_english_for_its_writer(client):
    address = reverse("guide:letter", args=["appeal"])
    told = {**SENDER, "department": "69", "why": "a reason"}
    assert "Read it in English" in client.get(address).content.decode()
    to_sign, _pages = text_of(client.post(address, told))
    assert "Madame, Monsieur," in to_sign
    to_read, _pages = text_of(client.post(address, told | {"to_read": "1"}))
    assert "Madame, Monsieur," not in to_read


def test_a_letter_knows_who_is_signed_in_and_what_was_told_before(client):
    client.force_login(cast.student("lmde").user)
    address = reverse("guide:letter", args=["reminder"])
    page = client.get(address, {"sent_on": "2014-01-15"}).content.decode()
    assert "27 rue Saint-Guillaume" in page
    assert 'value="2014-01-15"' in page


def test_a_letter_without_sender_or_with_a_long_address_is_refused(client):
    address = reverse("guide:letter", args=["reminder"])
    assert client.post(address, {}).status_code == 422
    long = {"name": "Noa", "address": "x" * 60}
    assert client.post(address, long).status_code == 422
    assert client.get(reverse("guide:letter", args=["nothing"])).status_code == 404


def test_s29_a_care_form_is_checked_field_by_field(client):
    page = client.post(reverse("guide:care_form"), {"patient_name": "Noa Berg", "number": "123"})
    told = page.content.decode()
    assert "sent back" in told
    assert "13 or 15" in told
    assert "missing: Your signature" in told


def test_s13_the_sheets_say_that_they_are_not_official(client):
    member = cast.student("lmde")
    client.force_login(member.user)
    assert "Noa Berg" in client.get(reverse("guide:gp_choice")).content.decode()
    told = {"patient_name": "Noa Berg", "doctor_name": "Dr Lambert", "print": "1"}
    text, pages = text_of(client.post(reverse("guide:gp_choice"), told))
    assert pages == 1
    assert "not the official form" in text
    assert "Dr Lambert" in text


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_page_of_every_year_and_school_opens(client, year):
    for school in ("sciences-po", "any"):
        asked = {"year": year, "establishment": school}
        page = client.get(reverse("guide_topic", args=["reimbursement-procedures"]), asked)
        assert page.status_code == 200
        told = page.content.decode()
        assert ("35070 RENNES" in told) is (year <= 2018)
        assert ("Sciences Po" in told) or school == "any"


def test_a_year_that_is_not_described_is_refused_gently(client):
    page = client.get(reverse("guide_topic", args=["reimbursement-procedures"]), {"year": "1999"})
    assert page.status_code == 422
    assert "not described here" in page.content.decode()
    assert client.get(reverse("guide_topic", args=["nothing"])).status_code == 404


def test_a_late_answer_opens_steps_with_their_letters(client):
    asked = {"care_date": "2014-01-10", "sent_on": "2014-01-15"}
    page = client.get(reverse("guide:late"), asked).content.decode()
    assert reverse("guide:letter", args=["reminder"]) in page
    assert "26 February 2014" in page
    wrong = client.get(reverse("guide:late"), {"care_date": "2014-01-10", "sent_on": "2014-01-01"})
    assert wrong.status_code == 422


def test_the_solidarity_cover_says_whose_application_it_is_and_what_an_income_gives(client):
    asked = {"on": "2024-03-01", "birth_date": "2001-05-02", "people": "1", "income": "10000"}
    page = client.get(reverse("guide:solidarity"), asked).content.decode()
    assert "The application is your family" in page
    apart = client.get(reverse("guide:solidarity"), {**asked, "is_apart": "on"}).content.decode()
    assert "An application of your own" in apart
    assert "€8.00" in apart
    assert "€9,719.00" in apart
    for wrong in ({"on": "2004-01-01"}, {"people": "0"}, {"income": "-1"}, {"birth_date": ""}):
        assert client.get(reverse("guide:solidarity"), {**asked, **wrong}).status_code == 422


def test_d5_the_days_of_an_answer_go_into_a_calendar_with_a_reminder(client):
    walked(client)
    file = client.get(reverse("guide:calendar"))
    assert file["Content-Type"] == "text/calendar"
    told = file.content.decode()
    assert "DTSTART;VALUE=DATE:20160331" in told
    assert "TRIGGER:-P14D" in told


def test_s16_an_appointment_is_recorded_in_a_calendar_with_what_to_bring(client):
    walked(client, ANSWERS | CARD)
    file = client.get(reverse("guide:calendar"), {"appointment": "2014-04-02T10:30"})
    told = file.content.decode().replace("\r\n ", "")
    assert "20140402T103000" in told
    assert "care form" in told.lower()
    wrong = client.get(reverse("guide:calendar"), {"appointment": "soon"})
    assert wrong["Location"] == reverse("guide:answer")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_agency_has_a_page_with_its_addresses_and_where_they_are_from(client, language):
    listed = client.get(reverse("guide:agencies"), headers={"accept-language": language})
    for one in agencies().values():
        address = reverse("guide:agency", args=[one.id])
        assert address in listed.content.decode()
        page = client.get(address, headers={"accept-language": language})
        shown = unescape(page.content.decode())
        for place in (*one.addresses, *one.offices):
            assert all(line in shown for line in place.lines)
        assert all(source.title.to(language) in shown for source in one.sources)


def test_an_agency_that_is_not_known_has_no_page(client):
    assert client.get(reverse("guide:agency", args=["mutuelle"])).status_code == 404
