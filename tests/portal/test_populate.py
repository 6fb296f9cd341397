"""An invented year holds against every question of `verify`, and nobody in it could be somebody."""

import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from decompte.portal.agency import copies, population
from decompte.portal.payments import invented, verify
from decompte.portal.people import services as people
from decompte.portal.people.models import BankAccount, Member, User
from decompte.portal.people.scope import system
from decompte.portal.requests import review, services
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import State
from tests import cast

pytestmark = pytest.mark.django_db
SIZE = {"members": 18, "drawn": 9, "requests": 300}


class Sink:
    def write(self, *_text, **_more):
        pass

    def isatty(self):
        return False


def populate(**changes):
    call_command("populate", **{**SIZE, "stderr": Sink(), **changes})


@pytest.fixture
def populated(db):
    populate()
    with system("test"):
        yield


def test_what_was_invented_holds_and_nobody_in_it_could_be_somebody(populated):
    assert Member.objects.count() == 18
    assert Request.objects.count() == 300
    assert verify.everything() == []
    assert len(set(Request.objects.values_list("state", flat=True))) >= 4
    numbers = [people.nir(one).reveal() for one in Member.objects.filter(nir_index__isnull=False)]
    assert numbers
    assert [one for one in numbers if not re.fullmatch(r"[12]\d{4}99999\d{5}", one)] == []
    accounts = [people.iban(one).reveal() for one in BankAccount.objects.all()]
    assert [one for one in accounts if one[4:14] != "9999999999"] == []
    addresses = User.objects.values_list("email", flat=True)
    assert [one for one in addresses if not one.endswith("@invented.decompte.example")] == []


def test_an_invented_request_is_worked_on_like_any_other(populated):
    waiting = Request.objects.filter(state=State.SUBMITTED)
    complete = next(one for one in waiting if not services.missing(one))
    assert review.take(complete, cast.staff(complete.agency))


def test_a_stopped_run_goes_on_and_a_finished_one_is_not_done_again(db, monkeypatch):
    def stopped(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(copies, "copy", stopped)
        with pytest.raises(KeyboardInterrupt):
            populate()
    with monkeypatch.context() as patch:
        patch.setattr(invented, "close_files", stopped)
        with pytest.raises(KeyboardInterrupt):
            populate()
    populate()
    with system("test"):
        assert Request.objects.count() == 300
        assert verify.everything() == []
    with pytest.raises(CommandError, match="complete"):
        populate()


@pytest.mark.parametrize("until", [date(2007, 3, 1), date(2018, 3, 1), timezone.localdate()])
def test_a_year_can_be_invented_up_to_any_day(db, until):
    populate(members=2, drawn=2, requests=60, until=until)
    with system("test"):
        assert Request.objects.count() == 60
        assert verify.everything() == []


def test_the_same_seed_draws_the_same_year(settings):
    now = population.datetime(2014, 3, 20, 18, tzinfo=population.UTC)
    agents = {"lmde": [("a", 1)], "smerep": [("b", 2)]}
    one, other = (population.Frame(seed, 20, 200, now, agents) for seed in (5, 6))
    drawn = [population.year(frame, 0, population.people(frame, 0)) for frame in (one, one, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert sum(len(each) for each in drawn[0]) == 200


def test_real_people_are_left_alone(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="demonstration"):
        populate()
