"""`verify` is worth what it finds: each invariant is broken once, and says so by name.

The database's own guards are set aside for it, as somebody with the keys to the server could. A
release stops at the same questions.
"""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from decompte.errors import Refusal
from decompte.portal.agency import services as agency
from decompte.portal.decisions import again
from decompte.portal.decisions.models import Decision
from decompte.portal.payments import failpoints, register, services, verify
from decompte.portal.payments.models import (
    BankFile,
    Batch,
    Debt,
    Entry,
    PaymentOrder,
    Posting,
)
from decompte.portal.people.scope import system
from tests import bank, cast
from tests.conftest import DAY, ON_POSTGRESQL

NEXT = DAY + timedelta(days=1)
OWNER = "RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
TRIGGERS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT 'ALTER TABLE ' || tgrelid::regclass || ' DISABLE TRIGGER USER' "
    "FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture(autouse=True)
def scope():
    with system("test"):
        yield


@pytest.fixture
def batch(db):
    """A payment file with one payment, made and not released."""
    agency.settle_request(cast.sent(cast.student()), "test")
    return services.prepare("lmde", cast.staff("lmde", "finance"), NEXT)


@pytest.fixture
def sent(batch):
    """The same file, with the bank."""
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def unguarded(batch):
    """The database refuses nothing any more, until the test is over."""
    with connection.cursor() as cursor:
        if ON_POSTGRESQL:
            cursor.execute(OWNER)
        cursor.execute(TRIGGERS[connection.vendor])
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def found(name=""):
    """What `verify` says, without the guards that the test set aside."""
    said = [one for one in verify.everything() if not one.startswith("I7:")]
    return [one for one in said if one.startswith(name)]


def test_what_is_right_is_not_complained_about(sent):
    assert verify.everything() == []


def test_i1_an_entry_that_does_not_sum_to_zero(sent, unguarded):
    Posting.objects.filter(account="members", amount_cents__lt=0).update(
        amount_cents=F("amount_cents") - 1
    )
    (said,) = found("I1")
    assert said.endswith("sums to -1")


def test_i1_an_entry_without_postings(sent, unguarded):
    one = Entry.objects.get(code="payment.released")
    Posting.objects.filter(entry=one)._raw_delete("default")
    assert found("I1") == [f"I1: entry {one.key} has no posting"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sha256": "0" * 64}, "is not the file that was made"),
        ({"total_cents": 1509}, "does not sum to its batch"),
        ({"order_count": 2}, "do not sum to its batch"),
    ],
)
def test_i4_a_file_that_is_not_its_orders(sent, unguarded, change, says):
    Batch.objects.filter(pk=sent.pk).update(**change)
    assert [one for one in found("I4") if says in one]


def test_i4_what_left_is_not_in_the_ledger(sent, unguarded):
    transit = Posting.objects.filter(account="transit")
    transit.update(account="bank")
    assert f"I4: the ledger does not hold what left with {sent.msg_id}" in found("I4")
    assert found("I5")


def test_i4_a_file_that_need_not_be_kept_any_more_is_not_asked(sent):
    Batch.objects.filter(pk=sent.pk).update(content_sealed=b"")
    assert verify.everything() == []


def test_i5_a_balance_that_its_lines_do_not_come_to(sent, unguarded):
    statement = bank.Statements("lmde", DAY).next((-1510, {"msg_id": sent.msg_id}))
    services.read_bank_file("lmde", statement, "test")
    BankFile.objects.update(closing_cents=F("closing_cents") + 1)
    assert found() == ["I5: the bank's balance of lmde is not what its lines come to"]


def test_i6_a_debt_that_its_takings_do_not_come_to(unguarded):
    member = cast.student()
    agency.settle_request(cast.sent(member, is_third_party_payment=True), "test")
    Debt.objects.update(left_cents=99)
    assert found("I6")
    assert found("I5") == [
        f"I5: owed by member {member.pk}: 100 in the books, 99 in fact",
    ]


def test_i7_a_guard_that_is_missing(batch, unguarded):
    missing = verify.nothing_can_be_changed()
    assert "guard payments_posting_keeps_update is missing" in missing
    assert [one for one in missing if "is missing" not in one] == []


def test_i8_a_payment_nobody_was_told_of(sent, unguarded):
    PaymentOrder.objects.update(public_id="untold")
    assert "I8: order untold was not told" in found("I8")


def test_i9_a_payment_that_left_with_two_files_and_a_file_that_never_left(sent):
    ids = tuple(one.end_to_end_id for one in services.orders_of(sent))
    with register.opened() as known:
        known.write(register.OUT, "OTHER", "0" * 64, ids)
        known.write(register.GOING, sent.msg_id, sent.sha256, ids)
    assert found() == [
        f"I9: payment {ids[0]} left with {sent.msg_id} and OTHER",
        f"I9: {sent.msg_id} was released and is not out",
    ]


def test_i2_i6_a_care_line_that_does_not_sum_and_caps_that_are_passed(sent, unguarded):
    one = Decision.objects.get()
    line = one.answers["en"]["lines"][0]
    line |= {"amo": "99.00", "participation": "51.00"}
    Decision.objects.filter(pk=one.pk).update(answers=one.answers, law_version="of another day")
    assert found("I2 I6 I11") == [
        f"I2 I6 I11: decision {one.public_id}, care of 2014-03-12: "
        f"its parts sum to {9900 + 790} cents of 2300",
        "I2 I6 I11: participation of 2014: 5100 cents of one person, over the cap of 5000",
        "I2 I6 I11: participation of 2014-03-12: 5100 cents at one practitioner, over 400",
    ]
    line |= {"amo": "-1.00", "participation": "0.00"}
    Decision.objects.filter(pk=one.pk).update(answers=one.answers)
    negative = f"decision {one.public_id}, care of 2014-03-12: a part is negative"
    assert found("I2 I6 I11") == [f"I2 I6 I11: {negative}"]


@pytest.mark.parametrize("processes", [1, 2])
def test_i11_a_decision_that_does_not_come_out_again(sent, unguarded, monkeypatch, processes):
    agency.settle_request(cast.sent(cast.student()), "test")
    monkeypatch.setattr(again.os, "cpu_count", lambda: processes)
    monkeypatch.setattr(again, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(again, "ROWS", 1)
    assert again.problems() == []
    one, other = Decision.objects.order_by("pk")
    Decision.objects.filter(pk=one.pk).update(payable_cents=1509)
    Decision.objects.filter(pk=other.pk).update(payable_cents=1, law_version="of another day")
    assert again.problems() == [f"decisions: {one.public_id} does not come out again"]


def test_i12_money_that_came_back_and_is_not_open_again(sent, unguarded):
    PaymentOrder.objects.update(state="returned")
    assert len(found("I12")) == 2


def test_a_release_stops_at_red_books(batch, unguarded):
    Posting.objects.filter(account="members").update(amount_cents=-1)
    with pytest.raises(Refusal, match="I1: entry"):
        services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    batch.refresh_from_db()
    assert batch.state == "prepared"
    assert not list(services.outgoing().glob(f"{batch.msg_id}*"))


def test_who_reads_an_old_page_releases_nothing_twice(batch):
    seen_before, second = services.find_batch(batch.public_id), cast.staff("lmde", "finance")
    assert services.release(batch, second, batch.sha256)
    assert not services.release(seen_before, second, batch.sha256)
    assert Entry.objects.filter(code="payment.released").count() == 1


def test_the_checks_are_asked_of_one_moment(committed):
    """Outside a transaction one is opened; within one it is that."""
    assert services.books() == []
    assert not connection.in_atomic_block


@pytest.mark.parametrize(
    "stop",
    ["sending.written", "sending.going", "sending.renamed"],
)
def test_a_file_that_was_stopped_on_its_way_goes_out_once(batch, settings, stop):
    second = cast.staff("lmde", "finance")
    settings.FAILPOINT = f"{stop}:error:5"
    with pytest.raises(OSError, match=f"stopped at {stop}"):
        services.release(batch, second, batch.sha256)
    settings.FAILPOINT = "sending.out:error:5"
    with pytest.raises(OSError, match=r"stopped at sending\.out"):
        services.put_out()
    settings.FAILPOINT = ""
    assert services.put_out() == 0
    assert (services.outgoing() / f"{batch.msg_id}.xml").read_bytes() == services.content(batch)
    assert verify.everything() == []


def test_a_failpoint_kills_when_it_is_told_to(settings, monkeypatch):
    class KilledError(Exception):
        pass

    def kill(*told):
        raise KilledError(*told)

    settings.FAILPOINT = "release.moved:kill"
    monkeypatch.setattr(failpoints.os, "kill", kill)
    failpoints.reach("release.booked")
    with pytest.raises(KilledError) as killed:
        failpoints.reach("release.moved")
    assert killed.value.args == (failpoints.os.getpid(), failpoints.signal.SIGKILL)


def test_a_payment_that_another_message_carried_never_leaves(batch):
    ids = [one.end_to_end_id for one in services.orders_of(batch)]
    earlier = cast.staff("lmde", "finance")
    Batch.objects.create(
        agency="lmde",
        msg_id="EARLIER",
        state="released",
        order_count=1,
        total_cents=1510,
        execution_date=DAY,
        content_sealed=b"",
        sha256="1" * 64,
        prepared_by=batch.prepared_by,
        prepared_at=batch.prepared_at,
        released_by=earlier,
        released_at=batch.prepared_at,
    )
    with register.opened() as known:
        known.write(register.GOING, "EARLIER", "1" * 64, tuple(ids))
        known.write(register.OUT, "EARLIER", "1" * 64)
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="released", released_by=earlier)
        with pytest.raises(Refusal, match=f"payment {ids[0]} went out before"):
            services.put_out()


def test_a_database_older_than_the_register_sends_nothing(batch):
    with register.opened() as known:
        known.write(register.OUT, "LATER", "0" * 64, ())
    with pytest.raises(Refusal, match=r"older than what was sent \(LATER\)"):
        services.release(batch, cast.staff("lmde", "finance"), batch.sha256)


def test_bytes_that_are_not_those_that_were_made_are_not_put_out(batch, unguarded):
    Batch.objects.filter(pk=batch.pk).update(
        sha256="0" * 64, state="released", released_by=cast.staff("lmde", "finance")
    )
    with pytest.raises(Refusal, match="not the file that was made"):
        services.put_out()


def test_the_register_forgets_a_line_that_was_cut_off_and_refuses_one_that_does_not_follow(
    settings,
):
    with register.opened() as known:
        known.write(register.OUT, "ONE", "0" * 64, ("D1",))
    whole = settings.REGISTER.read_bytes()
    settings.REGISTER.write_bytes(whole + b'{"after": "')
    with register.opened() as known:
        assert list(known.sent) == ["ONE"]
    assert settings.REGISTER.read_bytes() == whole
    settings.REGISTER.write_bytes(whole + whole)
    with pytest.raises(register.BrokenRegister), register.opened():
        pass
