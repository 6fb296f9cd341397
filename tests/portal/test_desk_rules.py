"""Rules at the desk: why this file, not one's own, not too many, and four eyes."""

from datetime import date

import pytest
from django.db import DatabaseError
from django.urls import reverse

from decompte.portal.agency import access
from decompte.portal.audit.models import Event
from decompte.portal.outbox.models import Message
from decompte.portal.people import conflicts, numbers, search
from decompte.portal.people.invented import reserved_nir
from decompte.portal.people.scope import AgencyScope, entered, system
from decompte.portal.requests import duplicates, review, thread
from decompte.portal.requests.models import Request
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return cast.sent(cast.student("lmde"))


@pytest.fixture
def agent(client):
    user = cast.staff("lmde")
    client.force_login(user)
    return user


def page(client, made, name="agency:review"):
    return client.get(reverse(name, args=[made.public_id]))


def codes(code):
    with system("test"):
        return Event.objects.filter(code=code).count()


def test_a_file_of_the_work_list_opens_and_is_recorded(client, made, agent):
    assert page(client, made).status_code == 200
    assert codes("request.opened") == 1


def test_a9_no_page_of_a_file_outside_ones_work_opens_without_a_reason(client, made, agent):
    with system("test"):
        paper = review.services.current_papers(made)["care-form"]
        twin = cast.sent(made.member)
        review.take(made, cast.staff("lmde"))
    pages = [
        *(reverse(f"agency:{name}", args=[made.public_id]) for name in ("review", "refuse")),
        reverse("agency:key_line", args=[made.public_id, 1]),
        reverse("agency:beside", args=[made.public_id, twin.public_id]),
        reverse("agency:page", args=[paper.public_id, 0]),
    ]
    ask = reverse("agency:reason", args=[made.public_id])
    assert [client.get(path).headers.get("Location") for path in pages] == [ask] * len(pages)
    assert codes("request.opened") == codes("paper.viewed") == 0
    client.post(ask, {"reason": "telephone"})
    assert [client.get(path).status_code for path in pages] == [200] * len(pages)
    assert codes("request.opened") == 5
    assert codes("paper.viewed") == 1


def test_p8_what_cannot_be_told_to_the_trail_is_not_done(client, made, agent, monkeypatch):
    def fails(*_args, **_more):
        raise DatabaseError

    monkeypatch.setattr(Event.objects, "bulk_create", fails)
    client.raise_request_exception = False
    paths = [reverse(f"agency:{name}", args=[made.public_id]) for name in ("settle", "take")]
    assert page(client, made).status_code == 500
    assert [client.post(path).status_code for path in paths] == [500, 500]
    with system("test"):
        assert Request.objects.get(pk=made.pk).state == made.state


def test_a_file_on_a_colleagues_desk_asks_a_reason_which_is_kept(client, made, agent):
    with system("test"):
        review.take(made, cast.staff("lmde"))
    ask = page(client, made)
    assert ask.headers["Location"] == reverse("agency:reason", args=[made.public_id])
    address = ask.headers["Location"]
    assert client.post(address, {"reason": "curiosity"}).status_code == 422
    assert codes("request.wide_lookup") == 0
    assert client.post(address, {"reason": "telephone"}).status_code == 302
    assert page(client, made).status_code == 200
    with system("test"):
        kept = Event.objects.get(code="request.wide_lookup")
    assert kept.detail == {"reason": "telephone"}
    client.force_login(cast.staff("lmde", "auditor"))
    seen = client.get(reverse("agency:openings")).content.decode()
    for said in ("agent lmde", "Opened off the work list", made.reference, "on the telephone"):
        assert said in seen


def test_the_two_hundred_and_first_file_of_an_hour_is_stopped(client, made, agent):
    subjects = [f"request:{n}" for n in range(access.MOST_FILES_AN_HOUR)]
    with system("test"):
        for subject in subjects:
            access.audit.record(access.OPENED, subject, actor=agent.public_id, agency="lmde")
    supervisor = cast.staff("lmde", "supervisor")
    cast.sign_in(client, agent)
    assert page(client, made).status_code == 429
    assert codes("reading.stopped") == 1
    assert client.post(reverse("agency:glass"), {"reason": "because"}).status_code == 302
    assert page(client, made).status_code == 429
    client.post(reverse("agency:glass"), {"reason": "danger"})
    assert page(client, made).status_code == 200
    with system("test"):
        assert Message.objects.filter(recipient=supervisor.email).count() == 1
        assert Event.objects.get(code="reading.break_glass").detail == {"reason": "danger"}


def test_a_heavy_day_is_never_stopped(client, made, agent):
    with system("test"):
        for n in range(60):
            access.audit.record(access.OPENED, f"request:{n}", actor=agent.public_id, agency="lmde")
    assert page(client, made).status_code == 200


@pytest.mark.parametrize("near", ["declared", "same account"])
def test_nobody_works_on_a_file_too_near_to_them(client, made, agent, near):
    if near == "declared":
        with system("test"):
            conflicts.declare(agent, made.member, "test")
            conflicts.declare(agent, made.member, "test")
    else:
        own = cast.student("lmde").user
        with system("test"):
            cast.people.add_staff(own, "lmde", "agent", "Student and agent")
        client.force_login(own)
    assert page(client, made).status_code == 403
    assert codes("request.conflict") == 1
    for name in ("settle", "take", "send_back", "reply"):
        address = reverse(f"agency:{name}", args=[made.public_id])
        assert client.post(address).status_code == 404, name
    with system("test"):
        assert Request.objects.get(pk=made.pk).state == "submitted"


def test_staff_do_not_use_the_members_pages_around_the_gate(client, made, agent):
    for name in ("requests:detail", "requests:dossier", "decisions:estimate"):
        assert page(client, made, name).status_code == 404, name
    assert client.post(reverse("requests:send", args=[made.public_id])).status_code == 404


def test_a_name_is_found_by_its_beginning_and_within_the_agency_only(made):
    with system("test"):
        member = made.member
        member.given_name, member.family_name = "Éloïse", "D'Ornano"
        member.save()
        search.index(member)
    with entered(AgencyScope("lmde")):
        for typed in ("elo", "ORN", "éloïse ornano", "o r n elo"):
            expected = [member.pk] if "r n" not in typed else search.found(typed)
            assert search.found(typed) == expected, typed
        assert search.found("elo smith") == search.found("x") == search.found("") == []
    with entered(AgencyScope("smerep")):
        assert search.found("elo") == []


def test_the_one_page_view_tells_where_it_is_and_what_is_missing(client, made, agent):
    with system("test"):
        paper = review.services.current_papers(made)["care-form"]
        review.refuse_paper(paper, "not signed", "test")
        review.send_back(made, "", "test")
    text = client.get(reverse("agency:member", args=[made.member.public_id])).content.decode()
    assert made.reference in text
    assert "Completed care form" in text


def test_the_search_of_the_list_finds_a_member_and_a_reference(client, made, agent):
    found = client.post(reverse("agency:worklist"), {"reference": made.reference.lower()})
    assert found.status_code == 302
    text = client.post(reverse("agency:worklist"), {"reference": "Berg"}).content.decode()
    assert reverse("agency:member", args=[made.member.public_id]) in text


def test_the_search_takes_a_number_an_accounts_end_and_words_within_the_agency(client, made):
    number = reserved_nir(made.member.birth_date, 7)
    with system("test"):
        numbers.give(made.member, number)
        made.member.save()
        thread.write_as_member(made, "Où en est ma visite chez l'ostéopathe ?", made.member.user)
    asked = (number, "•••• 2606", "lambert", "OSTEOPATHE visite", "10001234567")
    for agency, is_found in (("lmde", True), ("smerep", False)):
        client.force_login(cast.staff(agency))
        for one in asked:
            text = client.post(reverse("agency:worklist"), {"reference": one}).content.decode()
            ways = (made.public_id, made.member.public_id)
            assert any(way in text for way in ways) == is_found, one
        text = client.post(reverse("agency:worklist"), {"reference": "ostéopathe lyon"})
        assert made.public_id not in text.content.decode()


def test_a_line_is_keyed_from_the_form_and_computed_while_typing(client, made, agent):
    line = {
        **cast.visit(),
        "care_date": "2014-03-16",
        "price_cents": "250,00",
        "practitioner_number": "",
        "version": made.version,
    }
    line.pop("has_prescription")
    line.pop("is_third_party_payment")
    shown = client.post(reverse("agency:preview", args=[made.public_id, 1]), line).content.decode()
    assert "Sunday" in shown
    assert "The price is high" in shown
    with system("test"):
        assert Request.objects.get(pk=made.pk).lines.get().price_cents == 2300
    address = reverse("agency:key_line", args=[made.public_id, 1])
    assert client.get(address).status_code == 200
    assert client.post(address, line).status_code == 302
    assert client.post(address, line).status_code == 422
    with system("test"):
        assert Request.objects.get(pk=made.pk).lines.get().price_cents == 25000


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"practitioner_name": "Dr Other", "practitioner_number": ""}, duplicates.SAME),
        ({"price_cents": 2500}, duplicates.SAME_DOCTOR),
        ({"care_date": date(2014, 3, 15)}, duplicates.CLOSE_BY),
        ({"care_date": date(2014, 3, 16)}, ""),
        ({"price_cents": 2500, "practitioner_number": "10009999999"}, ""),
    ],
)
def test_near_duplicates_say_what_they_share(made, changes, why):
    with system("test"):
        other = cast.sent(made.member, **changes)
        for one in (made, other):
            one.papers.update(sha256=one.public_id)
        told = [(found.pk, said) for found, said in duplicates.alike(made)]
        assert told == ([(other.pk, why)] if why else [])
        Request.objects.filter(pk=other.pk).update(state="draft")
        assert duplicates.alike(made) == []


def test_one_care_form_sent_with_two_requests_is_seen(made):
    with system("test"):
        other = cast.sent(made.member, care_date=date(2014, 2, 3), price_cents=2600)
        assert duplicates.alike(made) == [(other, duplicates.SAME_FILE)]


def test_a_supervisor_puts_a_request_on_a_colleagues_desk(client, made):
    agent, near, boss = cast.staff("lmde"), cast.staff("lmde"), cast.staff("lmde", "supervisor")
    with system("test"):
        conflicts.declare(near, made.member, "test")
    address = reverse("agency:assign", args=[made.public_id])
    client.force_login(agent)
    assert client.post(address, {"to": agent.public_id}).status_code == 404
    client.force_login(boss)
    for wrong in (near, cast.staff("smerep"), cast.staff("lmde", "auditor")):
        client.post(address, {"to": wrong.public_id})
    client.post(address, {"to": agent.public_id})
    with system("test"):
        now = Request.objects.get(pk=made.pk)
    assert (now.state, now.assigned_to_id) == ("in_review", agent.pk)


def test_two_requests_of_the_same_care_stand_side_by_side(client, made, agent):
    other = cast.sent(made.member)
    text = page(client, made).content.decode()
    address = reverse("agency:beside", args=[made.public_id, other.public_id])
    assert address in text
    assert other.reference in client.get(address).content.decode()
    foreign = cast.sent(cast.student("lmde"))
    address = reverse("agency:beside", args=[made.public_id, foreign.public_id])
    assert client.get(address).status_code == 404
