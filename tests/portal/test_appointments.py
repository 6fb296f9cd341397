"""Appointments: times offered, booked by one, moved, cancelled; what to bring; the day."""

import threading
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from decompte.errors import Refusal
from decompte.portal.appointments import services
from decompte.portal.appointments.models import Appointment, Slot
from decompte.portal.audit.models import Event
from decompte.portal.outbox.models import Message
from decompte.portal.people import conflicts
from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests
from tests import cast
from tests.conftest import DAY

FUND = "cpam-paris-international"
NINE = timezone.make_aware(datetime.combine(DAY + timedelta(days=1), time(9)))


def offer(hours=2, agency=FUND, **more):
    asked = {"minutes": 30, "way": "desk", "place": "Room 4", "actor": "test", **more}
    with system("test"):
        return services.open_slots(agency, NINE, NINE + timedelta(hours=hours), **asked)


def announced():
    with system("test"):
        made = requests.begin(cast.student("", card=True), cast.visit(pathway="referred"))
        requests.announce(made, "test")
        assert made.member.user.pk
    assert made.agency == FUND
    return made


@pytest.fixture
def made(db):
    return announced()


def booked(made, place=0):
    with system("test"):
        return services.book(made, services.free_slots(FUND)[place], "test")


def test_times_are_offered_once_and_not_in_the_past(db):
    assert offer() == 4
    assert offer(hours=3) == 2
    for wrong in ({"minutes": 200}, {"minutes": 1}):
        with pytest.raises(Refusal):
            offer(**wrong)
    asked = {"minutes": 30, "way": "desk", "place": "x", "actor": "test"}
    with pytest.raises(Refusal):
        services.open_slots(FUND, NINE - timedelta(days=2), NINE, **asked)
    assert len(services.free_slots(FUND)) == 6


def test_a_european_student_books_reads_what_to_bring_and_moves_it(client, made):
    offer()
    client.force_login(made.member.user)
    page = client.get(reverse("appointments:choose", args=[made.public_id])).content.decode()
    assert "European health insurance card" in page
    slots = services.free_slots(FUND)
    choice = reverse("appointments:choose", args=[made.public_id])
    first = client.post(choice, {"slot": slots[0].public_id}).headers["Location"]
    assert "21 March 2014, 09:00" in client.get(first).content.decode()
    calendar = Calendar.from_ical(client.get(f"{first}appointment.ics").content)
    event = calendar.walk("VEVENT")[0]
    assert event["dtstart"].dt == NINE
    assert "European" in event["description"]
    moved = client.post(choice, {"slot": slots[2].public_id}).headers["Location"]
    assert "10:00" in client.get(moved).content.decode()
    assert len(services.free_slots(FUND)) == 3
    assert client.post(choice, {"slot": slots[2].public_id}).status_code == 422
    client.post(f"{moved}cancel/")
    assert "Cancelled" in client.get(moved).content.decode()
    with system("test"):
        mails = Message.objects.filter(key__contains="appointment:")
        bodies = " ".join(mails.values_list("body", flat=True))
        assert "Room 4" in bodies
        assert "Lambert" not in bodies
        assert Event.objects.filter(code__startswith="appointment.").count() == 3


def test_of_two_at_once_one_has_the_time_and_the_other_is_told(committed):
    made = [announced() for _n in range(3)]
    offer(hours=1, minutes=60)
    start, won = threading.Barrier(len(made)), []

    def work(one):
        with system("test"):
            slot = Slot.objects.get()
            start.wait()
            try:
                won.append(services.book(one, slot, "test").pk)
            except Refusal as refusal:
                won.append(refusal.problems[0].code)
        connection.close()

    crew = [threading.Thread(target=work, args=(one,)) for one in made]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert won.count("slot.taken") == 2
    with system("test"):
        assert Appointment.objects.count() == 1


def test_the_desk_sees_its_day_books_by_telephone_and_notes_who_came(client, made, settings):
    offer()
    found = booked(made)
    client.force_login(cast.staff(FUND))
    day = reverse("agency:appointments") + "?day=2014-03-21"
    assert made.reference in client.get(day).content.decode()
    page = reverse("agency:appointment", args=[found.public_id])
    assert "European health insurance card" in client.get(page).content.decode()
    member = reverse("agency:member", args=[made.member.public_id])
    assert "Appointment:" in client.get(member).content.decode()
    client.post(page, {"verdict": "kept"})
    free = services.free_slots(FUND)
    telephone = reverse("agency:appointment", args=[free[1].public_id])
    client.post(telephone, {"verdict": "book", "reference": made.reference})
    with system("test"):
        assert services.of_request(made.pk).slot_id == free[1].pk
        client.post(reverse("agency:appointment", args=[free[0].public_id]), {"verdict": "close"})
        assert Slot.objects.get(pk=free[0].pk).closed_at
        later = services.of_request(made.pk)
    settings.DAYS_BACK -= 2
    client.post(reverse("agency:appointment", args=[later.public_id]), {"verdict": "kept"})
    with system("test"):
        assert Appointment.objects.get(pk=later.pk).state == "kept"


def test_a_day_is_offered_by_form_and_nothing_wrong_is(client, db):
    client.force_login(cast.staff(FUND))
    form = {
        "day": "2014-03-24",
        "first": "09:00",
        "until": "10:00",
        "minutes": "20",
        "way": "phone",
        "place": "01 23 45 67 89",
    }
    address = reverse("agency:appointments")
    assert client.post(address, form).headers["Location"].endswith("?day=2014-03-24")
    for wrong in ({"until": "08:00"}, {"day": DAY.isoformat()[:7]}, {"minutes": "7"}):
        assert client.post(address, {**form, **wrong}).status_code == 422
    for day in ("nonsense", "9999-12-31", "0001-01-01"):
        assert client.get(f"{address}?day={day}").status_code == 200
        assert client.post(address, {**form, "day": day}).status_code == 422


def test_other_agencies_and_those_near_do_not_see_who_comes(client, made):
    offer()
    found = booked(made)
    page = reverse("agency:appointment", args=[found.public_id])
    client.force_login(cast.staff("lmde"))
    assert client.get(page).status_code == 404
    assert client.post(page, {"verdict": "cancel"}).status_code == 404
    near = cast.staff(FUND)
    with system("test"):
        conflicts.declare(near, made.member, "test")
    client.force_login(near)
    day = client.get(reverse("agency:appointments") + "?day=2014-03-21").content.decode()
    assert made.member.name not in day
    assert client.get(page).status_code == 403
    client.force_login(cast.student("lmde").user)
    assert client.get(reverse("appointments:detail", args=[found.public_id])).status_code == 404


def test_the_day_asks_the_database_few_questions_however_many_come(
    client, db, django_assert_max_num_queries
):
    offer(hours=3)
    for _n in range(3):
        booked(announced())
    client.force_login(cast.staff(FUND))
    with django_assert_max_num_queries(15):
        client.get(reverse("agency:appointments") + "?day=2014-03-21")
