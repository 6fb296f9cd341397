"""Work in the background is done once, whoever asks how often, and goes on after a stop."""

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from decompte.portal.outbox.models import Message
from decompte.portal.people.scope import system
from decompte.portal.requests import review
from decompte.portal.requests.models import Request
from tests import cast


@pytest.fixture
def returned(committed, settings):
    made = [cast.sent(cast.student()) for _n in range(2)]
    with system("test"):
        for one in made:
            assert review.send_back(one, "sign it", "test")
    settings.DAYS_BACK -= review.REMINDER_DAYS[0]
    return made


def work():
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


def reminders():
    with system("test"):
        return Message.objects.filter(key__contains=":remind:").count()


def test_reminders_on_the_queue_go_out_once_however_often_asked(returned):
    for _turn in range(2):
        call_command("remind", verbosity=0)
    assert reminders() == 0
    work()
    work()
    assert reminders() == 2
    done = DBTaskResult.objects.all()
    assert sorted((one.status, one.return_value) for one in done) == [
        ("SUCCESSFUL", 0),
        ("SUCCESSFUL", 2),
    ]


def test_what_a_stopped_worker_left_is_done_by_the_next(returned):
    with system("the first half, before the stop"):
        assert review.remind(Request.objects.get(pk=returned[0].pk))
    call_command("remind", verbosity=0)
    work()
    assert reminders() == 2


def test_before_the_day_nobody_is_reminded(db):
    made = cast.sent(cast.student())
    with system("test"):
        assert review.send_back(made, "sign it", "test")
        assert review.remind_due() == 0
