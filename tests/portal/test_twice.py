"""Two clicks, two tabs, the back button: what is sent twice happens once, and nothing is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from decompte.portal.people.scope import system
from decompte.portal.requests import services, thread
from decompte.portal.requests.models import Request
from tests import cast
from tests.portal.test_journey import STEP_1, VISIT

pytestmark = pytest.mark.django_db


def key(client, page):
    """Return the key of the form of a page, as the browser sends it."""
    text = client.get(page).content.decode()
    return {"idempotency_key": re.search(r'name="idempotency_key" value="([^"]+)"', text)[1]}


@pytest.fixture
def member(client):
    made = cast.student()
    client.force_login(made.user)
    return made


def test_a_visit_saved_by_a_double_click_is_one_request(client, member):
    page = reverse("requests:new")
    form = {**VISIT, **key(client, page)}
    first, second = (client.post(page, form) for _click in range(2))
    assert first.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    with system("test"):
        assert Request.objects.count() == 1


def test_a_form_of_an_old_tab_with_other_words_is_refused_and_leads_to_the_first(client, member):
    page = reverse("requests:new")
    form = {**VISIT, **key(client, page)}
    first = client.post(page, form).headers["Location"]
    other = client.post(page, {**form, "price_cents": "26"})
    assert other.status_code == 422
    assert f'href="{first}"' in other.content.decode()
    with system("test"):
        assert Request.objects.count() == 1


def test_a_wrong_visit_can_be_corrected_with_the_same_form(client, member):
    page = reverse("requests:new")
    form = {**VISIT, **key(client, page)}
    assert client.post(page, {**form, "price_cents": "much"}).status_code == 422
    assert client.post(page, form).status_code == 302


def test_a_second_act_added_by_a_double_click_is_one_line(client, member):
    made = cast.draft(member)
    page = reverse("requests:line", args=[made.public_id, 0])
    form = {**VISIT, "price_cents": "26", **key(client, page)}
    assert {client.post(page, form).status_code for _click in range(2)} == {302}
    with system("test"):
        assert made.lines.count() == 2


def test_a_message_sent_by_a_double_click_is_read_once(client, member):
    made = cast.sent(member)
    form = {
        "text": "Where is it?",
        **key(client, reverse("requests:detail", args=[made.public_id])),
    }
    page = reverse("requests:write", args=[made.public_id])
    assert {client.post(page, form).status_code for _click in range(2)} == {302}
    with system("test"):
        assert len(thread.messages_of(made)) == 1


def test_what_a_tab_left_open_adds_to_a_sent_request_is_refused_in_words(client, member):
    made = cast.sent(member)
    late = client.post(
        reverse("requests:paper", args=[made.public_id]),
        {"kind": "care-form", "file": SimpleUploadedFile("b.jpg", cast.picture(text="late"))},
    )
    changed = client.post(reverse("requests:line", args=[made.public_id, 1]), VISIT)
    for page in (late, changed):
        assert page.status_code == 422
        assert "this request was sent already" in page.content.decode()
    with system("test"):
        assert services.current_papers(made)["care-form"].file_name == "care-form.jpg"


def test_two_tabs_of_the_registration_end_in_one_and_the_older_is_led_on(client):
    client.force_login(cast.account())
    steps = [reverse("registration:step", args=[n]) for n in (1, 2, 3, 4)]
    bank = {"holder": "Ana Souza", "iban": cast.IBAN}
    for page, form in zip(
        steps, (STEP_1, {"agency": "lmde", "complementary": ""}, bank, {}), strict=True
    ):
        assert client.post(page, form).status_code == 302
    old = client.post(steps[1], {"agency": "smerep", "complementary": "smerep"}, follow=True)
    assert "confirmed already" in old.content.decode()
    assert "LMDE" in client.get(reverse("member:dashboard")).content.decode()
    assert client.post(steps[3]).status_code == 302


def test_a_registration_begun_on_one_device_is_taken_up_on_another(client):
    user, phone = cast.account(), Client()
    for device in (client, phone):
        device.force_login(user)
    steps = [reverse("registration:step", args=[n]) for n in (1, 2, 3)]
    assert client.post(steps[0], STEP_1).status_code == 302
    assert phone.post(steps[1], {"agency": "lmde", "complementary": "lmde"}).status_code == 302
    assert "27 rue Saint-Guillaume" in phone.get(steps[0]).content.decode()
    assert 'value="lmde" ' in client.get(steps[1]).content.decode()
    assert client.get(steps[2]).status_code == 200
