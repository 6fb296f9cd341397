"""What is known of a person can be taken along, goes when its time is over, and goes whole."""

import io
import json
import os
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse

from decompte.portal import clock
from decompte.portal.api import tokens
from decompte.portal.audit import services as audit
from decompte.portal.decisions import again
from decompte.portal.decisions import services as decisions
from decompte.portal.decisions.models import Kept
from decompte.portal.outbox.models import Message as Mail
from decompte.portal.payments import services as payments
from decompte.portal.payments.models import Debt, Posting
from decompte.portal.people import services as people
from decompte.portal.people.models import Member, User
from decompte.portal.people.scope import system
from decompte.portal.requests import review, store, thread
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import Paper, Request
from decompte.portal.rights import closing, erasing, exporting, purge, services
from decompte.portal.rights.holdings import BY_MAIL, HOLDINGS, TRAIL, WITHOUT_PEOPLE
from decompte.portal.rights.models import Scrap
from decompte.procedure import retention
from tests import cast

pytestmark = pytest.mark.django_db
REQUESTS = 60 if os.environ.get("DECOMPTE_TIER") == "1" else 2
LONGEST_EXPORT = 60
CANARIES = ("Canarina", "Zeisig", "rue-du-pinson", "Dr Rossignol", "message-du-merle")


def labels():
    return {one.table for one in (*HOLDINGS, BY_MAIL, TRAIL)}


def test_every_table_says_what_it_holds_of_people():
    known = {model._meta.label for model in apps.get_models()}
    assert known - labels() - WITHOUT_PEOPLE.keys() == set(), "add it to rights/holdings.py"
    assert (labels() | WITHOUT_PEOPLE.keys()) - known == set()
    assert labels() & WITHOUT_PEOPLE.keys() == set()


def test_a_table_that_leads_to_a_member_is_never_said_to_hold_nothing():
    for table in WITHOUT_PEOPLE:
        related = {
            field.related_model._meta.label
            for field in apps.get_model(table)._meta.concrete_fields
            if field.is_relation
        }
        assert "people.Member" not in related or table == "mailroom.Scan"


def test_every_holding_has_a_period_with_a_source():
    for one in (*HOLDINGS, BY_MAIL, TRAIL):
        assert retention.period(one.kept).reason.sources


@pytest.mark.parametrize(
    ("began", "kept", "end"),
    [
        (date(2014, 1, 31), "care", date(2019, 1, 31)),
        (date(2014, 3, 20), "books", date(2024, 3, 20)),
        (date(2014, 11, 30), "draft", date(2017, 2, 28)),
    ],
)
def test_a_period_ends_the_same_day_some_months_later(began, kept, end):
    assert retention.ends(kept, began, clock.today()) == end
    assert retention.due_before("trail", clock.today()) is None


@pytest.fixture
def person():
    """A member with a paid request, a message, a draft; every text of theirs is a canary."""
    return someone()


def someone():
    member = cast.student("lmde")
    with system("test"):
        given, family, street, doctor, said = CANARIES
        Member.objects.filter(pk=member.pk).update(
            given_name=given, family_name=family, address_line=street
        )
        member.refresh_from_db()
        made = cast.sent(member, practitioner_name=doctor)
        thread.write_as_member(made, said, member.user)
        pay(made)
        cast.draft(member, practitioner_name=doctor)
    return member


def pay(made):
    review.take(made, cast.staff("lmde"))
    for paper in requests.current_papers(made).values():
        review.accept_paper(paper, "cast")
    review.accept_papers(made, "cast")
    made.refresh_from_db()
    decision = decisions.decide(made, "cast")
    payments.order(decision, "cast")
    batch = payments.prepare("lmde", cast.staff("lmde", "preparer"), date(2014, 3, 24))
    payments.release(batch, cast.staff("lmde", "approver"), batch.sha256)
    return decision


def years_later(settings, years):
    settings.DAYS_BACK -= round(years * 365.25)


def everything_in_the_database():
    """Return every value of every table, as text and as bytes: what a dump would show."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  (our tables)
            for row in cursor.fetchall():
                found += [
                    bytes(value).decode("latin-1")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                ]
    return "\n".join(found)


def test_an_export_holds_every_table_and_every_paper(person):
    with services.export(person.user, "fr") as given, zipfile.ZipFile(given) as archive:
        made = json.loads(archive.read("data.json"))
        names = archive.namelist()
        assert b"%PDF" in archive.read(next(n for n in names if n.startswith("statements/")))
        assert len([n for n in names if n.startswith("papers/")]) >= 2
    assert {one["table"] for one in made["tables"]} == labels()
    text = json.dumps(made, ensure_ascii=False)
    assert [one for one in (*CANARIES, cast.IBAN, person.user.email) if one not in text] == []
    assert "iban_index" not in text
    with system("test"):
        assert audit.history(f"user:{person.user.public_id}")[-1].code == "data.exported"


def test_years_of_requests_are_exported_within_a_minute(person):
    """Five years of care, sixty requests, with `DECOMPTE_TIER=1`; a few by default."""
    with system("test"):
        for _more in range(REQUESTS):
            cast.draft(person)
    begun = time.monotonic()
    with services.export(person.user, "fr") as given, zipfile.ZipFile(given) as archive:
        names = archive.namelist()
    folders = {one.split("/")[1] for one in names if one.startswith("papers/")}
    assert len(folders) >= REQUESTS, "each request with the papers it was sent with"
    assert time.monotonic() - begun < LONGEST_EXPORT


def test_an_export_holds_nothing_of_anybody_else(person):
    other = cast.student("smerep")
    with system("test"):
        text = json.dumps(exporting.document(other.user, other.pk), default=str)
    assert cast.IBAN in text
    assert [one for one in CANARIES if one in text] == []


def test_the_export_is_given_to_its_holder_who_shows_again_who_they_are(client, person):
    client.force_login(person.user)
    assert "reauthenticate" in client.get(reverse("rights:export")).headers["Location"]
    cast.sign_in(client, person.user)
    answer = client.get(reverse("rights:export"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert CANARIES[0] in archive.read("data.json").decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_closing_says_what_stays_ends_every_session_and_drops_what_was_never_sent(client, person):
    elsewhere = type(client)()
    elsewhere.force_login(person.user)
    cast.sign_in(client, person.user)
    page = client.get(reverse("rights:close")).content.decode()
    assert "until 20 March 2019" in page
    assert client.post(reverse("rights:close"), {}).status_code == 422
    page = client.post(reverse("rights:close"), {"sure": "yes"}).content.decode()
    assert "30 September 2019" in page
    assert elsewhere.get(reverse("rights:mine")).status_code == 302
    answer = client.post(
        reverse("account_login"), {"login": person.user.email, "password": cast.PASSWORD}
    )
    assert "_auth_user_id" not in client.session, answer
    with system("test"):
        open_ = Request.objects.filter(forgotten_at__isnull=True)
        assert [one.state for one in open_] == ["paid"]
        assert Mail.objects.filter(key__startswith="account.closed").count() == 1


def test_closing_ends_the_applications_that_act_for_the_member(person):
    with system("test"):
        made = tokens.make("Notebook", "member", user=person.user)
        assert tokens.client_of(made.token.reveal())
        closing.close(person.user)
        assert tokens.client_of(made.token.reveal()) is None


def test_an_account_without_anything_to_keep_is_erased_at_once(client):
    user = cast.account()
    email = user.email
    cast.sign_in(client, user)
    page = client.post(reverse("rights:close"), {"sure": "yes"}).content.decode()
    assert "Nothing is kept of you" in page
    assert email not in everything_in_the_database()


def test_an_erased_person_is_nowhere_and_the_books_still_hold(person, settings):
    email, tokens = person.user.email, paper_tokens(person)
    with system("test"):
        before = books()
        closing.close(person.user)
        years_later(settings, 6)
        done = purge.purge()
        assert (done.requests, done.erased) == (1, 1)
        dump = everything_in_the_database()
        assert [one for one in (*CANARIES, cast.IBAN, email) if one in dump] == []
        assert [one for one in tokens if store._folder(one).exists()] == []
        assert books() == before
        assert payments.everything() == []
        assert audit.seal() > 0
        assert audit.problems() == []
        assert purge.purge() == purge.Purged(0, 0, 0, 0, 0, 0, 0, 0)
    if connection.vendor == "sqlite":
        assert_not_in_the_file(CANARIES)


def assert_not_in_the_file(words):
    content = Path(connection.settings_dict["NAME"]).read_bytes()
    assert [one for one in words if one.encode() in content] == []


def paper_tokens(person):
    with system("test"):
        return list(
            Paper.objects.filter(member=person)
            .exclude(file_token="")
            .values_list("file_token", flat=True)
        )


def books():
    return sorted(Posting.objects.values_list("account", "amount_cents"))


def test_nothing_goes_before_its_time(person, settings):
    with system("test"):
        before = everything_in_the_database()
        for years in (1, 1):
            years_later(settings, years)
            User.objects.update(last_login=clock.now())
            assert purge.purge()[:4] == (0, 0, 0, 0)
        for one in CANARIES:
            assert before.count(one) == everything_in_the_database().count(one)


def test_the_care_of_an_open_account_goes_after_five_years_and_the_member_stays(
    client, person, settings
):
    with system("test"):
        years_later(settings, 5.2)
        User.objects.update(last_login=clock.now())
        assert purge.purge().requests == 2
        assert CANARIES[3] not in everything_in_the_database()
    client.force_login(person.user)
    for name in ("requests:list", "payments:statements", "rights:mine"):
        page = client.get(reverse(name))
        assert page.status_code == 200
    with system("test"):
        assert Request.objects.filter(forgotten_at__isnull=False).count() == 2


def test_care_stays_while_money_is_owed_back(person, settings):
    with system("test"):
        decision = decisions.decisions_of(person.pk)[0]
        Debt.objects.create(
            key="test",
            member=person,
            agency="lmde",
            kind="overpayment",
            payer="amo",
            decision=decision,
            care_date=date(2014, 3, 12),
            amount_cents=100,
            left_cents=100,
            takeable_from=clock.today(),
            made_at=clock.now(),
        )
        closing.close(person.user)
        years_later(settings, 6)
        assert purge.purge()[:4] == (0, 0, 0, 0)


def test_an_unused_account_is_warned_of_then_closed(person, settings):
    with system("test"):
        User.objects.update(last_login=clock.now(), joined_at=clock.now())
        years_later(settings, 1.93)
        assert purge.purge()[1:3] == (1, 0)
        years_later(settings, 0.06)
        assert purge.purge()[1:3] == (0, 0)
        years_later(settings, 0.04)
        assert purge.purge()[1:3] == (0, 1)
        person.user.refresh_from_db()
        assert person.user.closed_at is not None
        assert Mail.objects.filter(key__startswith="account.unused").count() == 1


@pytest.mark.parametrize("step", range(6))
def test_a_purge_killed_at_any_step_is_finished_by_the_next(person, settings, monkeypatch, step):
    class Killed(BaseException):
        """The process is gone."""

    calls = iter(range(1000))
    record = audit.record

    def dying(*values, **named):
        if next(calls) == step:
            raise Killed
        record(*values, **named)

    with system("test"):
        closing.close(person.user)
        years_later(settings, 6)
        monkeypatch.setattr(audit, "record", dying)
        with suppress(Killed):
            purge.purge()
        monkeypatch.setattr(audit, "record", record)
        purge.purge()
        dump = everything_in_the_database()
        assert [one for one in CANARIES if one in dump] == []
        assert Scrap.objects.count() == 0


def test_a_file_whose_row_is_gone_goes_after_a_kill_between_the_two(person):
    token = paper_tokens(person)[0]
    with system("test"):
        Scrap.objects.create(token=token, since=clock.now())
        assert erasing.sweep() == 0, "a row still names it"
        Paper.objects.filter(file_token=token).delete()
        Scrap.objects.create(token=token, since=clock.now())
        assert erasing.sweep() == 1
    assert not store._folder(token).exists()


def test_the_database_refuses_to_change_what_may_only_be_emptied(person):
    with system("test"):
        decision = decisions.decisions_of(person.pk)[0]
        rows = type(decision).related.filter(pk=decision.pk)
        for change in (
            {"inputs": {}},
            {"inputs": {}, "answers": {}, "forgotten_at": clock.now(), "amo_cents": 1},
            {"amo_cents": 1},
        ):
            with pytest.raises(Exception, match="append-only"), transaction.atomic():
                rows.update(**change)
        kept = Kept.objects.filter(decision_id=decision.pk)
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            kept.delete()


def test_emptying_a_decision_untold_is_found(person):
    with system("test"):
        decision = decisions.decisions_of(person.pk)[0]
        type(decision).related.filter(pk=decision.pk).update(
            inputs={}, answers={}, forgotten_at=clock.now()
        )
        assert len(again.problems()) == 1


def test_mails_at_each_step_can_be_refused(client, person):
    client.force_login(person.user)
    client.post(reverse("rights:choose"), {"subject": "mails", "wanted": "no"})
    assert not people.wants_mails(person.user)
    assert client.post(reverse("rights:choose"), {"subject": "other"}).status_code == 404
    client.post(reverse("rights:choose"), {"subject": "notice"})
    assert "You read the notice" in client.get(reverse("rights:mine")).content.decode()


def test_staff_have_no_such_pages(client):
    client.force_login(cast.staff("lmde"))
    assert client.get(reverse("rights:mine")).status_code == 404


def test_anybody_reads_the_notice(client):
    page = client.get(reverse("privacy")).content.decode()
    assert "60 months after" in page
