"""An agency's weeks are what happened; forecasts are arithmetic; second looks are kept once."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.urls import reverse

from decompte.portal.agency import plots, services, tasks
from decompte.portal.agency import steering as pages
from decompte.portal.background.models import Job
from decompte.portal.people.scope import AgencyScope, entered, system
from decompte.portal.requests import review, sampling, steering, weeks
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import ClosedWeek, Request, Sample
from decompte.portal.requests.states import State, Verdict
from tests import cast

pytestmark = pytest.mark.django_db
THURSDAY = date(2014, 3, 20)
MONDAY = date(2014, 3, 17)


def week(incoming, answered, backlog, in_time=0):
    return steering.Week(MONDAY, incoming, answered, in_time, backlog)


@pytest.fixture
def sent(settings):
    """Two sent three weeks before the day: one settled on the day, one sent back in between."""
    member, stranger = cast.student(), cast.student("smerep")
    settings.DAYS_BACK += 21
    made = [cast.sent(member, care_date=date(2014, 2, day)) for day in (3, 4, 5)]
    other = cast.sent(stranger, care_date=date(2014, 2, 3))
    settings.DAYS_BACK -= 7
    with system("test"):
        review.send_back(made[1], "sign it", "test")
    settings.DAYS_BACK -= 14
    with system("test"):
        services.settle_request(made[0], "test")
        services.settle_request(other, "test")
    return made


def test_weeks_tell_what_came_was_answered_in_time_and_waited(sent):
    with entered(AgencyScope("lmde")):
        known = weeks.latest("lmde", THURSDAY, 5)
    assert [one.monday for one in known] == [
        MONDAY - timedelta(days=7 * n) for n in (4, 3, 2, 1, 0)
    ]
    assert [one.incoming for one in known] == [0, 3, 0, 0, 0]
    assert [one.answered for one in known] == [0, 0, 1, 0, 1]
    assert [one.in_time for one in known] == [0, 0, 1, 0, 0]
    assert [one.backlog for one in known] == [
        (0, 0, 0, 0),
        (3, 0, 0, 0),
        (0, 2, 0, 0),
        (0, 0, 2, 0),
        (0, 0, 1, 0),
    ]


def test_what_was_missing_is_counted_by_the_agency_alone(sent):
    for agency, lacking in (("lmde", {"": 1}), ("smerep", {})):
        with entered(AgencyScope(agency)):
            assert steering.lacking(weeks.latest(agency, THURSDAY)) == lacking


def count():
    """Let the queue count the weeks that are closed, as it does every night."""
    call_command("count", verbosity=0)
    with system("test"):
        waiting = list(Job.objects.filter(done_at__isnull=True))
    for job in waiting:
        tasks.count_weeks.func(job.public_id)


def counted_both_ways(agency="lmde"):
    with entered(AgencyScope(agency)):
        read, counted = weeks.latest(agency, THURSDAY), weeks.counted(agency, THURSDAY)
    return read, counted


def test_closed_weeks_are_read_as_counted_and_the_running_one_is_counted(sent):
    for agency in ("lmde", "smerep"):
        cast.staff(agency, "supervisor")
    count()
    for agency in ("lmde", "smerep"):
        read, counted = counted_both_ways(agency)
        assert read == counted
    with system("test"):
        assert ClosedWeek.objects.count() == 2 * (weeks.SHOWN - 1)
        ClosedWeek.objects.filter(agency="lmde", monday=date(2014, 2, 24)).update(incoming=77)
    read, _counted = counted_both_ways()
    assert 77 in [one.incoming for one in read]


def test_a_week_that_changes_late_is_counted_again_the_next_night(sent, settings):
    cast.staff("lmde", "supervisor")
    count()
    with system("test"):
        assert requests.submit(Request.objects.get(pk=sent[1].pk), "cast")
    read, counted = counted_both_ways()
    assert read != counted
    settings.DAYS_BACK -= 1
    count()
    read, counted = counted_both_ways()
    assert read == counted
    assert [one.incoming for one in read][-4:] == [2, 0, 0, 1]


def test_a_closed_week_that_was_not_counted_yet_is_counted_by_the_page(sent, settings):
    cast.staff("lmde", "supervisor")
    count()
    later = THURSDAY + timedelta(days=7)
    with entered(AgencyScope("lmde")):
        assert weeks.latest("lmde", later) == weeks.counted("lmde", later)


def test_the_forecast_is_the_backlog_over_what_is_gained_a_week():
    steady = [week(10, 15, ())] * 4
    assert steering.forecast([*steady, week(0, 0, (11, 0, 0, 0))], MONDAY).on == MONDAY + timedelta(
        days=21
    )
    assert steering.forecast([*[week(15, 15, ())] * 4, week(0, 0, (1, 0))], MONDAY).on is None
    assert steering.forecast([*steady, week(0, 0, (0,))], MONDAY).on == MONDAY


def test_the_weeks_begin_with_the_first_that_has_something():
    quiet, first = week(0, 0, (0, 0)), week(3, 0, (3, 0))
    assert steering.begun([quiet, quiet, first, quiet]) == [first, quiet]
    assert steering.begun([quiet, quiet]) == []
    assert steering.forecast([first], MONDAY).weeks == 0
    assert steering.forecast([week(0, 6, ()), week(0, 0, (6,))], MONDAY).on == MONDAY + timedelta(7)


def test_a_young_agency_reads_nothing_yet_and_then_its_first_week(client, db):
    client.force_login(cast.staff("lmde", "supervisor"))
    page = client.get(reverse("agency:steering")).content.decode()
    assert "Nothing yet: no request has come in." in page
    assert "0.00" not in page
    assert "<rect" not in page
    cast.sent(cast.student())
    page = client.get(reverse("agency:steering")).content.decode()
    assert "The first week is running" in page
    assert "17 March 2014" in page
    assert "10 March 2014" not in page


def test_bars_stand_on_one_another_and_below_the_top():
    plot = plots.stacked("p", [MONDAY], ["a", "b"], [[30], [10]])
    low, high = plot.bars
    assert (low.y + low.height, high.y + high.height) == (plots.HEIGHT, low.y)
    assert low.height == 3 * high.height
    assert plots.stacked("p", [MONDAY], ["a"], [[0]]).bars == ()


def test_a_plot_shows_the_three_kinds_most_asked_for_and_the_others(client):
    def asked(*lacking):
        return steering.Week(MONDAY, 0, 0, 0, (0, 0, 0, 0), lacking)

    kinds = ("bank-details", "care-form", "prescription", "gp-choice", "")
    weeks_ = [asked(*((kind, 9 - n) for n, kind in enumerate(kinds))), asked(("", 7))]
    plot = pages._returns(weeks_)
    assert len(plot.parts) == plots.PARTS
    assert plot.parts[-1] == "Others"
    assert {bar.part for bar in plot.bars} == {1, 2, 3, 4}


def test_the_page_and_both_files_say_the_same(client, sent):
    client.force_login(cast.staff("lmde", "supervisor"))
    page = client.get(reverse("agency:steering"))
    assert page.status_code == 200
    read = client.get(reverse("agency:figures_csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(read), delimiter=";"))
    table = pq.read_table(BytesIO(client.get(reverse("agency:figures_parquet")).content))
    assert [{k: str(v) for k, v in one.items()} for one in table.to_pylist()] == rows
    incoming = {one["week"]: one["value"] for one in rows if one["measure"] == "incoming"}
    assert incoming["2014-02-24"] == "3"
    (returned,) = [one for one in rows if one["measure"] == "sent-back"]
    assert (returned["week"], returned["of"], returned["value"]) == ("2014-03-03", "", "1")


def test_a_second_look_is_drawn_once_kept_once_and_says_what_is_wrong(client, sent):
    client.force_login(cast.staff("lmde", "auditor"))
    for _turn in range(2):
        client.post(reverse("agency:draw"), {"number": "10"})
    with system("test"):
        (drawn,) = Sample.objects.all()
    assert drawn.agency == "lmde"
    judge = reverse("agency:judge_sample", args=[drawn.public_id])
    assert client.post(judge, {"verdict": "amount", "words": ""}).status_code == 422
    client.post(judge, {"verdict": "amount", "words": "G is 23"})
    client.post(judge, {"verdict": "right"})
    with entered(AgencyScope("lmde")):
        found = sampling.results("lmde")
        assert (found.looked, found.right, found.by_verdict) == (1, 0, {Verdict.AMOUNT: 1})
    assert "G is 23" in client.get(reverse("agency:samples")).content.decode()


def test_another_agency_judges_no_sample(client, sent):
    with entered(AgencyScope("lmde")):
        assert sampling.draw("lmde", 1, "test") == 1
    with system("test"):
        drawn = Sample.objects.get()
        assert drawn.request.state == State.DECIDED
    client.force_login(cast.staff("smerep", "supervisor"))
    client.post(reverse("agency:judge_sample", args=[drawn.public_id]), {"verdict": "right"})
    with system("test"):
        assert Sample.objects.get().verdict == ""
