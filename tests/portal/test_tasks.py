"""Work in the background is done once, whoever asks how often, and goes on after a stop."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from decompte.portal import clock
from decompte.portal.agency import tasks
from decompte.portal.agency.services import settle_request
from decompte.portal.audit import services as audit
from decompte.portal.background import services as background
from decompte.portal.background import workers
from decompte.portal.background.models import Job
from decompte.portal.outbox.models import Message
from decompte.portal.people.scope import system
from decompte.portal.requests import review
from decompte.portal.requests.models import Request
from decompte.portal.rights.purge import purge as purged
from tests import cast

PLACE = {"args_kwargs": {}, "task_path": "purge", "backend_name": "default"}


@pytest.fixture
def returned(committed, settings):
    made = [cast.sent(cast.student()) for _n in range(2)]
    with system("test"):
        for one in made:
            assert review.send_back(one, "sign it", "test")
    settings.DAYS_BACK -= review.REMINDER_DAYS[0]
    return made


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR = tmp_path


def work():
    call_command("work", batch=True, startup_delay=False, verbosity=0)


def reminders():
    with system("test"):
        return Message.objects.filter(key__contains=":remind:").count()


def standings():
    with system("test"):
        return {(one.job.kind, one.state, one.job.count) for one in background.latest()}


def test_reminders_on_the_queue_go_out_once_however_often_asked(returned):
    for _turn in range(2):
        call_command("remind", verbosity=0)
    assert reminders() == 0
    assert standings() == {("reminders", "waiting", 0)}
    work()
    work()
    assert reminders() == 2
    assert standings() == {("reminders", "done", 2)}


def test_what_a_stopped_worker_left_is_done_by_the_next(returned):
    with system("the first half, before the stop"):
        assert review.remind(Request.objects.get(pk=returned[0].pk))
    call_command("remind", verbosity=0)
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["gone"], started_at=clock.now())
    assert standings() == {("reminders", "stopped", 0)}
    work()
    assert reminders() == 2
    assert standings() == {("reminders", "done", 1)}


def test_what_a_living_worker_does_is_left_to_it(returned):
    call_command("remind", verbosity=0)
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["other"], started_at=clock.now())
    with workers.alive("other"):
        assert standings() == {("reminders", "running", 0)}
        assert background.take_back() == 0
    assert background.take_back() == 1


def test_what_stops_its_workers_again_and_again_is_given_up(returned):
    call_command("remind", verbosity=0)
    for turn in range(background.MOST_STOPS):
        assert standings() == {("reminders", "waiting", 0)}
        gone = [f"gone{n}" for n in range(turn + 1)]
        DBTaskResult.objects.update(status="RUNNING", worker_ids=gone, started_at=clock.now())
        background.take_back()
    assert standings() == {("reminders", "failed", 0)}


def test_what_was_done_long_ago_goes_and_the_trail_says_what_it_was(client, decided, settings):
    ask(client)
    work()
    ask(client, since="2014-03-02")
    DBTaskResult.objects.filter(status="READY").update(status="FAILED")
    with system("test"):
        done, failed = Job.objects.order_by("pk")
    long_ago = clock.by_machine(clock.now()) - timedelta(days=400)
    DBTaskResult.objects.create(status="SUCCESSFUL", finished_at=long_ago, **PLACE)
    assert purged().jobs == 0
    settings.DAYS_BACK -= 370
    assert purged().jobs == 1
    assert purged().jobs == 0
    with system("test"):
        assert list(Job.objects.values_list("pk", flat=True)) == [failed.pk]
        told = {event.code: event for event in audit.history(f"job:{done.public_id}")}
    assert list(told) == ["job.asked", "job.forgotten"]
    assert (told["job.forgotten"].detail["count"], told["job.forgotten"].agency) == (3, "lmde")
    assert [str(one) for one in DBTaskResult.objects.values_list("pk", flat=True)] == [
        str(failed.turn)
    ]


def test_a_purge_stopped_half_way_is_done_by_the_next(client, decided, settings, monkeypatch):
    ask(client)
    work()
    settings.DAYS_BACK -= 370
    monkeypatch.setattr(audit, "record", lambda *_told, **_more: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        purged()
    monkeypatch.undo()
    with system("test"):
        assert Job.objects.count() == 1
    assert (purged().jobs, DBTaskResult.objects.count()) == (1, 0)


def test_before_the_day_nobody_is_reminded(db):
    made = cast.sent(cast.student())
    with system("test"):
        assert review.send_back(made, "sign it", "test")
        assert review.remind_due() == 0
        assert tasks.ask_for_reminders() == []


def test_two_who_remind_from_the_same_reading_remind_once(returned):
    with system("test"):
        seen = [Request.objects.get(pk=returned[0].pk) for _n in range(2)]
        assert [review.remind(one) for one in seen] == [True, False]


@pytest.fixture
def decided(committed):
    member = cast.student()
    made = [cast.sent(member, care_date=date(2014, 3, day)) for day in (10, 11, 12)]
    with system("test"):
        for one in made:
            assert settle_request(one, "test")
    return made


def ask(client, **days):
    client.force_login(cast.staff("lmde", "supervisor"))
    period = {"since": "2014-03-01", "until": "2014-03-20", **days}
    return client.post(reverse("agency:queue_recompute"), period, follow=True)


def test_a_supervisor_has_a_period_recomputed_and_reads_what_differs(client, decided, monkeypatch):
    monkeypatch.setattr(tasks, "STRIDE", 2)
    assert b"waits" in ask(client).content
    work()
    with system("test"):
        job = Job.objects.get()
    assert (job.count, job.found_count) == (3, 0)
    assert b"Nothing." in client.get(reverse("agency:job", args=[job.public_id])).content


def test_a_period_that_ends_before_it_begins_or_in_the_future_is_refused(client, decided):
    assert ask(client, since="2014-03-20", until="2014-03-01").status_code == 422
    assert ask(client, until="2030-01-01").status_code == 422
    assert standings() == set()


def test_what_failed_says_so_and_goes_on_when_asked(client, decided, monkeypatch):
    page = ask(client)
    monkeypatch.setattr(tasks, "_recompute", lambda _job: 1 // 0)
    work()
    listed = client.get(reverse("agency:queue")).content.decode()
    assert "ZeroDivisionError" in listed
    assert "Go on with it" in listed
    monkeypatch.undo()
    path = page.redirect_chain[-1][0]
    client.post(f"{path}again/")
    client.post(f"{path}again/")
    work()
    assert standings() == {("recomputation", "done", 3)}
    assert DBTaskResult.objects.count() == 2


def test_an_agencys_jobs_are_its_own(client, decided):
    path = ask(client).redirect_chain[-1][0]
    client.force_login(cast.staff("smerep", "supervisor"))
    assert client.get(path).status_code == 404
    assert b"Nothing was asked yet" in client.get(reverse("agency:queue")).content
    client.force_login(cast.staff("lmde", "agent"))
    assert client.get(path).status_code == 404


def test_an_administrator_starts_work_again_and_judges_nothing(client, db):
    client.force_login(cast.staff("lmde", "administrator"))
    assert b"Recompute" not in client.get(reverse("agency:queue")).content
    period = {"since": "2014-03-01", "until": "2014-03-20"}
    assert client.post(reverse("agency:queue_recompute"), period).status_code == 404
