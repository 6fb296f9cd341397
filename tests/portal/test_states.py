"""A request moves along the table and nowhere else; of two people at once, one wins."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.audit import services as audit
from decompte.portal.audit.models import Event
from decompte.portal.outbox.models import Message
from decompte.portal.people.scope import system
from decompte.portal.requests import review, services, thread, transitions, worklists
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import TRANSITIONS, State
from tests import cast

NAMES = sorted({one.name for one in TRANSITIONS})


@pytest.fixture
def scope(db):
    with system("test"):
        yield


@pytest.fixture
def made(scope):
    return cast.sent(cast.student())


def put(request, state):
    Request.objects.filter(pk=request.pk).update(state=state)
    request.refresh_from_db()


@pytest.mark.parametrize("name", NAMES)
def test_a_transition_works_from_its_states_and_from_no_other(made, name):
    ways = {one.before: one.after for one in TRANSITIONS if one.name == name}
    for state in State:
        put(made, state)
        events, version = Event.objects.count(), made.version
        assert transitions.move(made, name, "test") is (state in ways)
        made.refresh_from_db()
        assert made.state == ways.get(state, state)
        assert Event.objects.count() - events == made.version - version == (state in ways)


def test_every_state_can_be_reached_and_only_ends_have_no_way_out():
    reached = {State.DRAFT} | {one.after for one in TRANSITIONS}
    assert reached == set(State)
    assert {state for state in State if all(one.before != state for one in TRANSITIONS)} == set()
    assert len({(one.name, one.before) for one in TRANSITIONS}) == len(TRANSITIONS)


def test_a_transition_nobody_listed_is_a_defect(made):
    with pytest.raises(KeyError):
        transitions.move(made, "teleport", "test")


def test_state_audit_and_mail_stand_or_fall_together(made):
    before = (made.state, Event.objects.count(), Message.objects.count())
    with transaction.atomic():
        assert review.send_back(made, "sign it", "test")
        transaction.set_rollback(True)
    made.refresh_from_db()
    assert (made.state, Event.objects.count(), Message.objects.count()) == before


def test_who_saw_an_older_version_is_told_and_changes_nothing(made):
    shown = made.version
    paper = services.current_papers(made)["care-form"]
    review.refuse_paper(paper, "not signed", "first", shown)
    with pytest.raises(Refusal) as told:
        review.send_back(made, "nothing", "second", shown)
    assert told.value.problems[0].code == "request.changed"
    made.refresh_from_db()
    assert made.state == State.SUBMITTED


def test_the_page_tells_the_second_agent_and_overwrites_nothing(client, made):
    shown = made.version
    review.take(made, cast.staff("lmde"))
    client.force_login(cast.staff("lmde"))
    page = client.post(reverse("agency:settle", args=[made.public_id]), {"version": shown})
    assert page.status_code == 422
    assert "somebody worked on this request" in page.content.decode()
    made.refresh_from_db()
    assert made.state == State.IN_REVIEW


def test_reminders_go_out_on_their_days_and_stop(made, settings):
    assert review.send_back(made, "sign it", "test")
    assert not review.remind(made)
    sent = Counter()
    for day in range(1, 100):
        settings.DAYS_BACK -= 1
        sent[day] = review.remind(made) + review.remind(made)
    assert [day for day, number in sent.items() if number] == list(review.REMINDER_DAYS)
    assert max(sent.values()) == 1
    assert Message.objects.filter(key__contains=":remind:").count() == 3
    assert made.state == State.RETURNED


def test_a_member_contests_once_and_the_thread_keeps_why(made):
    user = made.member.user
    with pytest.raises(Refusal):
        services.appeal(made, "why?", user)
    put(made, State.REFUSED)
    assert services.appeal(made, "I was referred by my GP", user)
    assert not services.appeal(made, "again", user)
    assert [one.text for one in thread.messages_of(made)] == ["I was referred by my GP"]
    assert worklists.counts()["appeals"] == worklists.counts()["messages"] == 1
    thread.write_as_agency(made, "We look at it again.", "test")
    assert worklists.counts()["messages"] == 0
    assert "look at it" not in Message.objects.get(key__contains=":message:").body


def test_a_message_says_something_and_not_too_much(made):
    for text in ("  ", "x" * (thread.MOST_CHARACTERS + 1)):
        with pytest.raises(Refusal):
            thread.write_as_agency(made, text, "test")


def test_two_agents_at_once_one_wins_and_the_other_is_told(committed):
    made = cast.sent(cast.student())
    agents = [cast.staff("lmde") for _n in range(4)]
    start, won = threading.Barrier(len(agents)), []

    def work(agent):
        with system("test"):
            mine = Request.objects.get(pk=made.pk)
            start.wait()
            won.append(review.take(mine, agent))
        connection.close()

    crew = [threading.Thread(target=work, args=(agent,)) for agent in agents]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert sorted(won) == [False, False, False, True]
    with system("test"):
        codes = [event.code for event in audit.history(f"request:{made.public_id}")]
    assert codes.count("request.take") == 1


def test_the_first_page_tells_what_waits_for_the_member_and_where_every_request_is(client, made):
    member = made.member
    begun, posted = cast.draft(member), cast.draft(member)
    services.announce(posted, "test")
    review.send_back(made, "Please sign the care form.", "test")
    client.force_login(member.user)
    page = client.get(reverse("member:dashboard")).content.decode()
    told = [
        f"Complete request {made.reference}",
        "Something is missing: Please sign the care form.",
    ]
    told += [f"Post the papers of request {posted.reference}", f"Finish request {begun.reference}"]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    for one in (made, begun, posted):
        assert page.count(reverse("requests:detail", args=[one.public_id])) == 2
