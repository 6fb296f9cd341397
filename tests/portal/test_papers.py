"""Papers of a request: several photos make one, what is proved is not asked again, and dates."""

import io
from datetime import date

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from icalendar import Calendar

from decompte.documents.cover import Cover, read, written
from decompte.intake.door import sheets
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.requests import calendars, proofs, review, services, status
from decompte.portal.requests.models import Paper
from decompte.portal.requests.states import State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def scope():
    with system("test"):
        yield


@pytest.fixture
def made():
    return services.begin(cast.student(), cast.visit())


def send_photos(client, made, *texts):
    files = [SimpleUploadedFile(f"{text}.jpg", cast.picture(text=text)) for text in texts]
    client.force_login(made.member.user)
    return client.post(
        reverse("requests:paper", args=[made.public_id]), {"kind": "care-form", "file": files}
    )


def test_several_photos_become_one_paper_and_one_clean_pdf(client, made):
    assert send_photos(client, made, "front", "back").status_code == 302
    paper = services.current_papers(made)["care-form"]
    assert paper.page_count == 2
    page = client.get(reverse("requests:paper_file", args=[made.public_id, paper.public_id]))
    with pikepdf.open(io.BytesIO(page.content)) as pdf:
        assert [round(float(one.mediabox[3])) for one in pdf.pages] == [842, 842]


def test_the_same_photo_twice_is_one_paper(client, made):
    for _turn in range(2):
        send_photos(client, made, "front")
    assert Paper.objects.filter(request=made, kind="care-form").count() == 1


def test_another_student_does_not_get_the_clean_pdf(client, made):
    send_photos(client, made, "front")
    paper = services.current_papers(made)["care-form"]
    client.force_login(cast.student().user)
    path = reverse("requests:paper_file", args=[made.public_id, paper.public_id])
    assert client.get(path).status_code == 404


def test_no_file_and_a_bad_file_among_good_ones_are_refused(client, made):
    client.force_login(made.member.user)
    path = reverse("requests:paper", args=[made.public_id])
    assert client.post(path, {"kind": "care-form"}).status_code == 422
    files = [SimpleUploadedFile("a.jpg", cast.picture()), SimpleUploadedFile("b.jpg", b"x")]
    assert client.post(path, {"kind": "care-form", "file": files}).status_code == 422
    assert not Paper.objects.exists()


def accepted(member, **changes):
    sent = cast.sent(member, **changes)
    assert review.accept_papers(sent, "agent")
    return sent


def test_bank_details_that_were_accepted_are_proved_until_the_account_changes(settings):
    member = cast.student()
    accepted(member)
    second = services.begin(member, cast.visit(care_date=date(2014, 3, 14)))
    assert "bank-details" in proofs.proved(second)
    people.set_bank_account(member, holder="N", iban="DE89370400440532013000")
    assert "bank-details" in proofs.proved(second)
    settings.DAYS_BACK -= 4
    assert "bank-details" not in proofs.proved(second)


def test_the_affiliation_is_proved_for_its_academic_year_only():
    member = cast.student()
    accepted(member)
    second = services.begin(member, cast.visit(care_date=date(2014, 3, 14)))
    assert "affiliation" in proofs.proved(second)


def test_a_paper_only_received_proves_nothing_yet():
    member = cast.student()
    cast.sent(member)
    second = services.begin(member, cast.visit(care_date=date(2014, 3, 14)))
    assert proofs.proved(second) == {}


def test_what_another_agency_accepted_proves_nothing_here():
    member = cast.student()
    accepted(member)
    second = services.begin(member, cast.visit(care_date=date(2014, 3, 14)))
    second.agency = "smerep"
    assert proofs.proved(second) == {}


def test_the_care_form_is_checked_with_what_the_visit_says(client, made):
    client.force_login(made.member.user)
    page = client.get(reverse("requests:care_form", args=[made.public_id])).content.decode()
    for known in ('value="2014-03-12"', 'value="23,00"', "Dr Lambert 10001234567", "Noa Berg"):
        assert known in page
    detail = reverse("requests:detail", args=[made.public_id])
    told = {"patient_name": "Noa Berg", "signature": "on"}
    page = client.post(reverse("requests:care_form", args=[made.public_id]), told)
    assert "missing: The doctor&#x27;s signature" in page.content.decode()
    assert "missing: Your signature" not in page.content.decode()
    assert detail in page.content.decode()
    assert (
        reverse("requests:care_form", args=[made.public_id]) in client.get(detail).content.decode()
    )


@pytest.mark.parametrize(
    ("state", "day"),
    [
        (State.DECIDED, date(2014, 3, 30)),
        (State.CORRECTED, date(2014, 3, 30)),
        (State.REFUSED, date(2014, 5, 20)),
        (State.APPEALED, date(2014, 4, 19)),
        (State.UPHELD, date(2014, 5, 20)),
        (State.SUBMITTED, date(2014, 4, 4)),
    ],
)
def test_after_each_step_there_is_a_day_for_the_next(made, state, day):
    made.state, made.promised_on = state, date(2014, 4, 4)
    assert status.of(made, date(2014, 3, 12), date(2014, 3, 20)).day == day


@pytest.mark.parametrize("state", [State.SUBMITTED, State.DECIDED, State.APPEALED])
def test_a_promise_that_was_not_kept_is_said(made, state):
    made.state, made.promised_on = state, date(2014, 2, 4)
    said = status.of(made, date(2014, 1, 12), date(2014, 1, 20))
    assert "write to" in said.next
    assert said.day is None


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_and_a_day_that_is_the_members_or_the_agencys(made, state):
    made.state, made.promised_on = state, date(2014, 4, 4)
    said = status.of(made, date(2014, 3, 12))
    assert said.now
    assert said.next
    assert "None" not in said.next


def test_a_draft_must_be_sent_within_the_claim_period(made):
    said = status.of(made, date(2014, 3, 12))
    assert (said.day, said.is_yours) == (date(2016, 3, 31), True)
    assert status.of(made, None).day is None


def test_the_calendar_file_has_the_date_and_nothing_personal(client, made):
    client.force_login(made.member.user)
    page = client.get(reverse("requests:calendar", args=[made.public_id]))
    (event,) = Calendar.from_ical(page.content).walk("VEVENT")
    assert event.decoded("dtstart") == date(2016, 3, 31)
    for personal in (made.member.family_name, "Lambert", "23,00"):
        assert personal.encode() not in page.content


def test_a_request_without_a_date_gives_an_empty_calendar(made):
    made.lines.all().delete()
    assert not Calendar.from_ical(calendars.of_request(made, "http://x/y")).walk("VEVENT")


def test_the_posted_request_has_a_code_on_its_letter_and_its_cover_sheet(client, made):
    services.announce(made, "member")
    client.force_login(made.member.user)
    page = client.get(reverse("requests:dossier", args=[made.public_id]))
    letter, cover, *rest = [sheet.codes for sheet in sheets(page.content, "d.pdf")]
    assert read(letter[0]) == Cover(made.reference, ())
    kinds = tuple(needed.kind for needed in services.missing(made))
    assert read(cover[0]) == Cover(made.reference, kinds)
    assert not any(rest)


def test_the_letter_is_in_french_and_what_is_for_the_reader_in_theirs(client, made):
    services.announce(made, "member")
    client.force_login(made.member.user)
    address = reverse("requests:dossier", args=[made.public_id])
    printed = pypdfium2.PdfDocument(client.get(address, headers={"accept-language": "en"}).content)
    letter, cover, checklist = (page.get_textpage().get_text_bounded() for page in printed)
    assert "soins du 12 mars 2014 (23,00 €)" in letter
    assert "Pièces jointes" in letter
    assert "Cover sheet" in cover
    assert "What to put in" in checklist


@pytest.mark.parametrize("text", ["", "DECOMPTE1", "DECOMPTE1 AB", "OTHER AB x", "DECOMPTE1 ../ x"])
def test_a_foreign_code_is_not_ours(text):
    assert read(text) is None


def test_a_code_comes_back_as_it_was_written():
    for cover in (Cover("ABC", ()), Cover("ABC", ("care-form", "bank-details"))):
        assert read(written(cover)) == cover
