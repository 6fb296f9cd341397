"""Wrong input on the pages: a clear message at the field, nothing lost, nothing half saved."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests
from tests import cast
from tests.portal.test_journey import STEP_1, VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("care_date", "2013-02-29", "a day that exists"),
        ("care_date", "2014-12-24", "in the future"),
        ("price_cents", "23,001", "at most two decimals"),
        ("price_cents", "-5", "at most two decimals"),
        ("act", "ZZ", "not one of the available choices"),
        ("practitioner_number", "12", "Nine or eleven digits"),
        ("sector", "7", "not one of the available choices"),
        ("care_date", "2012-03-12", "no confirmed registration covers that day"),
        ("sector", "optam", None),
    ],
)
def test_a_wrong_visit_names_the_field_and_what_is_allowed(client, field, value, message):
    member = cast.student()
    client.force_login(member.user)
    page = client.post(reverse("requests:new"), {**VISIT, field: value})
    if message is None:
        assert page.status_code == 302
        return
    assert page.status_code == 422
    text = page.content.decode()
    assert message in text
    assert "Dr Lambert" in text
    with system("test"):
        assert requests.requests_of(member.pk) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("birth_date", "2013-02-29", "a day that exists"),
        ("postal_code", "7500", "five digits"),
        ("nir", "184127645108947", "wrong check key"),
        ("study_to", "2012-01-01", "before the beginning"),
    ],
)
def test_a_wrong_first_step_keeps_what_was_typed(client, field, value, message):
    client.force_login(cast.account())
    page = client.post(reverse("registration:step", args=[1]), {**STEP_1, field: value})
    assert page.status_code == 422
    assert message in page.content.decode()
    assert "27 rue Saint-Guillaume" in page.content.decode()


def test_s26_an_iban_with_a_wrong_check_digit_is_refused(client):
    cast.sign_in(client, cast.student().user)
    page = client.post(
        reverse("member:bank"), {"holder": "N", "iban": "FR1520041010050500013M02606"}
    )
    assert page.status_code == 422
    assert "this IBAN is wrong" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"not a picture", "form.jpg"),
        (b"", "form.jpg"),
        (b"PK\x03\x04", "form.pdf"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_rest_stays(client, data, name):
    member = cast.student()
    made = cast.draft(member)
    client.force_login(member.user)
    page = client.post(
        reverse("requests:paper", args=[made.public_id]),
        {"kind": "care-form", "file": SimpleUploadedFile(name, data)},
    )
    assert page.status_code == 422
    with system("test"):
        assert "care-form" in requests.current_papers(made)


def test_the_message_comes_in_the_readers_language(client):
    cast.sign_in(client, cast.student().user)
    page = client.post(
        reverse("member:bank"), {"holder": "N", "iban": "FR00"}, headers={"Accept-Language": "fr"}
    )
    assert "cet IBAN est faux" in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/requests/x/",
        "/statements/x/",
        "/statements/x.pdf",
        "/agency/requests/x/",
        "/registration/step/9/",
        "/guide/nothing/",
        "/agency/batches/x/",
        "/nowhere",
    ],
)
def test_what_does_not_exist_is_404_never_500(client, path):
    client.force_login(cast.student().user)
    assert client.get(path, follow=True).status_code in {404, 200}


def test_a_care_form_of_a_year_without_a_tariff_is_said_at_the_act(client):
    client.force_login(cast.student().user)
    page = client.post(reverse("requests:new"), {**VISIT, "sector": "none", "act": "V"})
    assert "no official fee" in page.content.decode()
