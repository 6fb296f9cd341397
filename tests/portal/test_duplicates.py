"""M15: the same care sent twice is seen, and one slip of the pen; other care is left alone."""

import os
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

import pytest
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.agency import population
from decompte.portal.agency import services as agency
from decompte.portal.payments import services as payments
from decompte.portal.people.scope import system
from decompte.portal.requests import duplicates
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import CareLine, Request
from tests import cast
from tests.conftest import DAY

PAIRS = int(os.environ.get("DECOMPTE_PAIRS", "2000"))
EVENING = datetime(2014, 6, 30, 18, tzinfo=UTC)
AGENTS = {"lmde": [("one", 1)], "smerep": [("two", 2)]}


def lived(pairs):
    """The care of an invented year, student by student: those sent twice are on one day."""
    frame = population.Frame(1, max(pairs // 10, 20), pairs, EVENING, AGENTS)
    for first in population.chunks(frame):
        known = population.people(frame, first)
        for asked in population.year(frame, first, known):
            yield [line(one.care_date, one.acts[0]) for one in asked]


def line(day, act):
    return CareLine(
        care_date=day,
        act=act.act,
        price_cents=act.price_cents,
        practitioner_name=act.practitioner_name,
        practitioner_number=act.practitioner_number,
    )


CARE = [one for lines in lived(PAIRS) for one in lines]


def changed(one, **changes):
    names = ("care_date", "act", "price_cents", "practitioner_name", "practitioner_number")
    return CareLine(**{name: getattr(one, name) for name in names} | changes)


def written(one, chance):
    """The same care as another hand writes it down: by post, on the portal, through the API."""
    name = one.practitioner_name
    forms = (name.upper(), name.replace("Dr ", "Docteur "), name.replace("Dr ", ""), f"{name} Anne")
    number = chance.choice((one.practitioner_number, ""))
    return changed(one, practitioner_name=chance.choice(forms), practitioner_number=number)


def slipped(one, chance):
    """The same care with one thing written wrongly."""
    day, price = one.care_date, one.price_cents
    slips = [
        {"care_date": day + timedelta(days=chance.choice((-3, -2, -1, 1, 2, 3)))},
        {"care_date": day.replace(year=day.year - 1, day=min(day.day, 28))},
        {"price_cents": price + chance.choice((-100, 100, 900, 2700))},
        {"price_cents": price // 10 or 1},
        {"act": "CS" if one.act != "CS" else "G"},
        {"practitioner_number": one.practitioner_number[::-1]},
        {"practitioner_number": "", "practitioner_name": "Dr Lambrt"},
    ]
    if day.day <= 12 and day.day != day.month:
        slips.append({"care_date": day.replace(day=day.month, month=day.day)})
    return changed(one, **chance.choice(slips))


def test_m15_the_same_care_written_by_another_hand_is_always_seen():
    chance = Random(15)
    pairs = [(one, written(one, chance)) for one in CARE]
    assert len(pairs) >= PAIRS // 2
    assert {duplicates.likeness(one, two) for one, two in pairs} == {duplicates.SAME}
    assert all(duplicates.is_same(one, two) for one, two in pairs)


def test_m15_nearly_all_care_with_one_slip_is_put_to_a_person():
    chance = Random(15)
    found = [duplicates.likeness(one, slipped(one, chance)) for one in CARE]
    assert sum(not why for why in found) <= len(found) * 5 // 100


def test_m15_other_care_of_the_same_student_is_left_alone():
    pairs = [
        (one, two)
        for lines in lived(PAIRS)
        for one, two in combinations(lines, 2)
        if one.care_date != two.care_date
    ]
    asked = sum(bool(duplicates.likeness(one, two)) for one, two in pairs)
    assert len(pairs) >= PAIRS
    assert asked <= len(pairs) * 2 // 100
    assert not [one for one, two in pairs if duplicates.is_same(one, two)]


@pytest.mark.parametrize(
    ("name", "other", "is_same"),
    [
        ("Dr LÉVY", "docteure Levy", True),
        ("Lambert", "Dr Jean Lambert", True),
        ("Dr", "Dr", False),
        ("Dr Lambert", "Dr Dumont", False),
    ],
)
def test_a_doctor_without_a_number_is_known_by_name(name, other, is_same):
    one = changed(CARE[0], practitioner_name=name, practitioner_number="")
    two = changed(CARE[0], practitioner_name=other, price_cents=CARE[0].price_cents + 1)
    assert bool(duplicates.likeness(one, two)) == is_same


@pytest.fixture
def paid():
    """A member one of whose visits was decided already, and the one who decides."""
    member, agent = cast.student(), cast.staff("lmde")
    with system("test"):
        assert agency.settle_request(cast.sent(member), "test")
    return member, agent


HANDS = [
    {"practitioner_name": "DOCTEUR LAMBERT", "practitioner_number": ""},
    {"practitioner_name": "Lambert", "is_third_party_payment": True},
    {"pathway": "referred"},
]


@pytest.mark.django_db
@pytest.mark.parametrize("hand", HANDS)
def test_m15_the_very_same_care_is_not_paid_twice_by_itself(paid, hand):
    member, agent = paid
    made = cast.sent(member, **hand)
    with system("test"):
        with pytest.raises(Refusal, match="this care was decided already"):
            agency.settle_request(made, agent.public_id)
        assert requests.find(made.public_id).state == "submitted"
        assert [one.amount_cents for one in payments.waiting()] == [1510]
        assert agency.settle_request(made, agent.public_id, is_compared=True)
        told = requests.timeline(requests.find(made.public_id))
    assert "Compared with a request of the same care" in str(told)


@pytest.mark.django_db
def test_m15_the_desk_says_what_stops_it_and_asks_to_compare(client, paid):
    member, agent = paid
    made = cast.sent(member)
    client.force_login(agent)
    page = reverse("agency:review", args=[made.public_id])
    address = reverse("agency:settle", args=[made.public_id])
    assert 'name="compared"' in client.get(page).content.decode()
    refused = client.post(address, {"version": made.version})
    assert refused.status_code == 422
    assert "compare the two requests" in refused.content.decode()
    assert client.post(address, {"version": made.version, "compared": "yes"}).status_code == 302
    with system("test"):
        assert len(payments.waiting()) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"price_cents": 2400},
        {"care_date": DAY - timedelta(days=7)},
        {"practitioner_number": "10009999999"},
    ],
)
def test_m15_care_that_differs_in_one_thing_is_paid(paid, other):
    member, agent = paid
    with system("test"):
        assert agency.settle_request(cast.sent(member, **other), agent.public_id)


@pytest.mark.django_db
def test_m15_of_two_that_wait_the_second_is_stopped_and_a_refused_one_stops_nothing():
    member, agent = cast.student(), cast.staff("lmde")
    one, two = cast.sent(member), cast.sent(member)
    with system("test"):
        assert duplicates.given(one) == []
        Request.objects.filter(pk=two.pk).update(state="refused")
        assert agency.settle_request(one, agent.public_id)
        assert not agency.settle_request(one, agent.public_id)
        Request.objects.filter(pk=two.pk).update(state="submitted")
        assert duplicates.given(two) == [one]
