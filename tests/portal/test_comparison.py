"""What each formula leaves to pay in a typical year, computed for this student."""

from datetime import date

import pytest
from django.urls import reverse

from decompte.exchange import situation as situations
from decompte.portal import clock
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration import services
from decompte.portal.registration.comparison import lines, offers
from decompte.procedure.years import academic_year
from tests import cast
from tests.portal.test_journey import STEP_1

pytestmark = pytest.mark.one_database


def said(year, born):
    document = {
        "person": {
            "birth_date": born,
            "nationality": "US",
            "residence": "FR-75",
            "parents": {"scheme": "abroad"},
        },
        "study": {"from": f"{year}-09-02", "to": f"{year + 1}-06-30"},
    }
    return situations.read(document, today=date(2026, 11, 24))


@pytest.mark.parametrize("year", [2005, 2008, 2013, 2018, 2024])
def test_the_parts_add_up_to_the_price_and_a_formula_never_leaves_more(year):
    found = offers(said(year, f"{year - 20}-06-15"))
    without = found[0]
    assert without.formula == ""
    for offer in found:
        assert sum(share.amount_cents for share in offer.shares) == offer.price_cents
        assert offer.patient_cents <= without.patient_cents
        assert sum(share.width for share in offer.shares) in range(998, 1003)


def test_the_law_of_the_students_own_year_and_age_is_taken():
    grown, minor = offers(said(2013, "1993-06-15")), offers(said(2013, "1998-06-15"))
    assert grown[0].patient_cents > minor[0].patient_cents, "no participation from a minor"
    assert {line["act"] for line in lines(date(2008, 9, 2))} >= {"C", "CS"}
    assert "G" in {line["act"] for line in lines(date(2013, 9, 2))}


def test_a_year_begun_in_any_month_has_real_days():
    for month in range(1, 13):
        assert all(date.fromisoformat(line["date"]) for line in lines(date(2013, month, 1)))


@pytest.mark.django_db
def test_step_2_shows_the_comparison_before_the_choice(client):
    with system("test"):
        user = cast.account()
        member = people.save_identity(
            user,
            {
                "given_name": "N",
                "family_name": "B",
                "birth_date": date(1993, 6, 15),
                "nationality": "US",
                "address_line": "x",
                "address_extra": "",
                "postal_code": "75007",
                "city": "Paris",
            },
        )
        opened = services.open_registration(member)
        services.save_answers(opened, cast.answers())
    client.force_login(user)
    content = client.get(reverse("registration:step", args=[2])).content.decode()
    assert content.count('<svg class="bar"') == len(offers(said(2013, "1993-06-15")))
    assert "<table" in content


@pytest.mark.django_db
def test_today_nobody_is_asked_for_an_agency_and_the_papers_of_the_general_scheme_are_named(
    client, settings
):
    settings.DAYS_BACK = 0
    client.force_login(cast.account())
    this_year = academic_year(clock.today())
    studies = {"study_from": f"{this_year}-09-01", "study_to": f"{this_year + 1}-06-30"}
    born = {"birth_date": f"{this_year - 20}-02-01"}
    page = reverse("registration:step", args=[1])
    assert client.post(page, {**STEP_1, **studies, **born}).status_code == 302
    text = client.get(reverse("registration:step", args=[2])).content.decode()
    for words in (
        "No agency to choose",
        "Papers for your registration",
        "Identity card or passport",
    ):
        assert words in text
    assert f"from 1 September {this_year} on" in text
