"""M15: the same care sent twice is seen, and one slip of the pen; other care is left alone."""

import os
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

import pytest

from decompte.portal.agency import population
from decompte.portal.requests import duplicates
from decompte.portal.requests.models import CareLine

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
    found = [duplicates.likeness(one, written(one, chance)) for one in CARE]
    assert len(found) >= PAIRS // 2
    assert set(found) == {duplicates.SAME}


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
    stopped = sum(bool(duplicates.likeness(one, two)) for one, two in pairs)
    assert len(pairs) >= PAIRS
    assert stopped <= len(pairs) * 2 // 100


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
