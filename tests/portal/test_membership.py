"""A member's cover through time: numbers, rights, GPs, cards and changes keep their days."""

from datetime import date

import pytest
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.people import numbers, services, situations
from decompte.portal.people.models import IdentityNumber
from decompte.portal.people.scope import system
from tests import cast

pytestmark = pytest.mark.django_db
PROVISIONAL, FOR_LIFE = "784127645108946", "184127645108946"

WRONG = ("18412764510894", "78412764510894X", "7841276451089\u0664\u0665")


@pytest.fixture
def member():
    with system("test"):
        yield cast.student()


def give(member, number):
    return services.save_identity(member.user, {"given_name": "Noa", "nir": number})


def later(settings, days):
    settings.DAYS_BACK -= days


def test_a_provisional_number_gives_way_to_the_one_for_life_and_stays_in_the_history(
    member, settings
):
    give(member, PROVISIONAL)
    later(settings, 30)
    saved = give(member, FOR_LIFE)
    assert not saved.is_nir_provisional
    shown = numbers.history(saved)
    assert [(one.is_provisional, one.since, one.until) for one in shown] == [
        (False, date(2014, 4, 19), None),
        (True, date(2014, 3, 20), date(2014, 4, 19)),
    ]
    assert PROVISIONAL.encode() not in bytes(IdentityNumber.objects.first().number_sealed)


def test_the_same_number_again_adds_nothing(member):
    give(member, FOR_LIFE)
    give(member, FOR_LIFE)
    assert IdentityNumber.objects.count() == 1


def test_a_number_for_life_does_not_go_back_to_a_provisional_one(member):
    give(member, FOR_LIFE)
    with pytest.raises(Refusal) as refused:
        give(services.find_member(member.public_id), PROVISIONAL)
    assert refused.value.problems[0].code == "nir.back"


@pytest.mark.parametrize(
    "number", ["18412764510894", "78412764510894X", "7841276451089\u0664\u0664"]
)
def test_a_number_of_the_wrong_length_or_letters_is_refused(member, number):
    with pytest.raises(Refusal):
        give(member, number)


@pytest.mark.parametrize(
    ("number", "is_of_birth"),
    [("193067645108900", True), ("193427645108900", True), ("193077645108900", False)],
)
def test_a_number_is_compared_with_the_birth_as_far_as_it_tells(member, number, is_of_birth):
    assert numbers.is_of_birth(number, member) is is_of_birth


def test_a_change_is_kept_once_and_says_what_it_brings_about(client, member):
    client.force_login(member.user)
    for _turn in range(2):
        answer = client.post(
            reverse("registration:membership"), {"event": "end-of-studies", "on": "2014-05-31"}
        )
        assert answer.status_code == 302
    told = situations.told(services.find_member(member.public_id))
    assert len(told) == 1
    page = client.get(reverse("registration:membership")).content.decode()
    assert str(told[0].consequence.reason.text.en) in page.replace("&#x27;", "'")


def test_a_change_that_ends_rights_early_is_said_at_the_year_it_ends(member):
    ended = situations.tell(member, event="partner", on=date(2014, 2, 1))
    year = (date(2013, 10, 1), date(2014, 9, 30))
    shortened = situations.shortens(*year, [ended])
    until = ended.consequence.keeps_until
    assert (shortened is not None) == (until is not None and until < year[1])
    assert situations.shortens(date(2012, 10, 1), date(2013, 9, 30), [ended]) is None


@pytest.mark.parametrize(
    ("event", "on", "message"),
    [("none-such", "2014-05-31", "available choices"), ("job", "2014-02-30", "a day that exists")],
)
def test_a_wrong_change_is_said_at_its_field(client, member, event, on, message):
    client.force_login(member.user)
    page = client.post(reverse("registration:membership"), {"event": event, "on": on})
    assert page.status_code == 422
    assert message in page.content.decode()


def test_the_page_shows_every_gp_card_account_and_year_with_its_days(
    client, django_assert_max_num_queries
):
    member = cast.student("lmde", "lmde", card=False)
    with system("test"):
        services.declare_gp(
            member, doctor_name="Dr Zeisig", doctor_number="", since=date(2014, 2, 3)
        )
        services.give_european_card(member, country="DE", expires_on=date(2013, 12, 31))
        services.set_bank_account(member, holder="Noa", iban="DE89370400440532013000")
    client.force_login(member.user)
    client.get(reverse("privacy"))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("registration:membership")).content.decode()
    for text in ("Dr Zeisig", "until 3 February 2014", "expired", "3000", "30 September 2014"):
        assert text in page
    assert "Complementary contract" in page


@pytest.mark.parametrize("country", ["", "FR", "US"])
def test_no_country_of_a_card_is_chosen_beforehand_and_another_state_is_asked(client, country):
    client.force_login(cast.student().user)
    page = client.get(reverse("member:card")).content.decode()
    assert '<option value="" selected>' in page
    told = {"country": country, "expires_on": "2014-12-31"}
    assert client.post(reverse("member:card"), told).status_code == 422
