"""Money: two people, one payment, sums that hold, rows that cannot be changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from lxml import etree

from decompte.errors import Refusal
from decompte.exchange import sepa
from decompte.portal import clock
from decompte.portal.agency import services as agency
from decompte.portal.audit.models import Event
from decompte.portal.decisions.models import Decision
from decompte.portal.payments import orders, services
from decompte.portal.payments.models import Entry, PaymentOrder, Posting
from decompte.portal.people import services as people
from decompte.portal.people.models import BankAccount
from decompte.portal.people.scope import AgencyScope, entered, system
from tests import bank, cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def scope():
    with system("test"):
        yield


@pytest.fixture
def batch(scope):
    for _student in range(2):
        agency.settle_request(cast.sent(cast.student()), "test")
    return services.prepare("lmde", cast.staff("lmde", "finance"), TOMORROW)


def test_the_file_is_valid_against_the_official_schema(batch, shared):
    schema = etree.XMLSchema(etree.parse(shared / "data" / "sepa" / "pain.001.001.09.xsd"))
    assert schema.validate(etree.fromstring(services.content(batch))), schema.error_log


def test_the_file_holds_the_orders_and_no_health_data(batch):
    content = services.content(batch)
    assert sepa.sums(content)[1:] == (2, 2 * 1510)
    assert b"Lambert" not in content
    assert cast.IBAN.encode() in content


def test_the_preparer_cannot_release(batch):
    with pytest.raises(Refusal):
        services.release(batch, batch.prepared_by, batch.sha256)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(batch).objects.filter(pk=batch.pk).update(released_by=batch.prepared_by)


def test_released_twice_pays_once(batch):
    second = cast.staff("lmde", "finance")
    assert services.release(batch, second, batch.sha256)
    assert not services.release(batch, second, batch.sha256)
    assert Entry.objects.filter(code="payment.released").count() == 2
    assert services.everything() == []


def test_a_file_that_was_made_cannot_be_changed(batch):
    rows = type(batch).objects.filter(pk=batch.pk)
    other = ({"content_sealed": b"other"}, {"content_sealed": b""})
    for change in ({"total_cents": 1}, {"sha256": "0" * 64}, *other):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_another_digest_releases_nothing(batch):
    with pytest.raises(Refusal):
        services.release(batch, cast.staff("lmde", "finance"), "0" * 64)
    assert len(services.orders_of(batch)) == 2
    assert services.balance("transit", "lmde") == 0


def test_a_discarded_file_gives_its_orders_back(batch):
    assert services.discard(batch, batch.prepared_by)
    assert len(services.waiting()) == 2
    assert not services.discard(batch, batch.prepared_by)


def test_nothing_waiting_makes_no_file(scope):
    with pytest.raises(Refusal):
        services.prepare("smerep", cast.staff("smerep", "finance"), TOMORROW)
    assert services.batches() == []


def test_one_decision_has_one_live_order(batch):
    order = PaymentOrder.objects.first()
    order.pk, order.public_id, order.end_to_end_id = None, "other", "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save()


@pytest.mark.parametrize("model", [Entry, Posting, Decision, Event])
def test_the_database_refuses_to_change_or_delete(batch, model):
    for attack in (lambda rows: rows.update(agency="x"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack(model.objects.order_by("pk"))


def test_a_later_account_does_not_divert_an_order(batch):
    order = PaymentOrder.objects.select_related("member").first()
    from_then = order.iban_last4
    people.set_bank_account(order.member, holder="X", iban="DE89370400440532013000")
    order.refresh_from_db()
    assert order.iban_last4 == from_then


def test_a_released_file_is_put_out_once_and_never_again(batch):
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    target = services.outgoing() / f"{batch.msg_id}.xml"
    assert target.read_bytes() == services.content(batch)
    target.unlink()  # the bank's transport took it
    assert services.put_out() == 0
    assert not target.exists()
    assert services.everything() == []


def test_no_statement_and_no_answer_of_the_bank_reads_the_bytes_of_a_payment_file(batch):
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    order = services.orders_of(batch)[0]
    with CaptureQueriesContext(connection) as asked:
        services.statement(order.decision, "en")
        services.orders_for(order.decision_id)
        services.put_out()
        rejected = bank.pain_002(batch.msg_id, rejected=[order.end_to_end_id])
        file = services.read_bank_file("lmde", rejected, "test")[0]
        services.lines_of(file)
        services.work_list()
    read = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    assert read
    assert not [one for one in read if '"payments_batch"."content_sealed"' in one]


def test_each_agency_releases_within_its_own_walls():
    for name in ("lmde", "smerep", "lmde"):
        with system("test"):
            agency.settle_request(cast.sent(cast.student(name)), "test")
        with entered(AgencyScope(name)):
            made = services.prepare(name, cast.staff(name, "finance"), TOMORROW)
            assert services.release(made, cast.staff(name, "finance"), made.sha256)


def test_a_file_for_a_day_that_is_over_is_not_made(scope):
    with pytest.raises(Refusal, match="this date is over"):
        services.prepare("lmde", cast.staff("lmde", "finance"), DAY - timedelta(days=1))


def test_an_order_no_bank_would_take_is_left_out_and_waits_for_a_person(scope):
    unreadable = cast.student()
    BankAccount.objects.filter(member_id=unreadable.pk).update(holder="…")
    for member in (unreadable, cast.student()):
        agency.settle_request(cast.sent(member), "test")
    made = services.prepare("lmde", cast.staff("lmde", "finance"), TOMORROW)
    assert [one.holder for one in services.orders_of(made)] == ["Noa Berg"]
    assert [one.member_id for one in services.held()] == [unreadable.pk]


def test_an_account_outside_the_area_is_paid_with_the_members_address(scope, settings):
    member = cast.student()
    people.set_bank_account(member, holder="Noa Berg", iban="CH7009000000300000001")
    settings.DAYS_BACK -= 4  # a changed account is used after 72 hours
    agency.settle_request(cast.sent(member), "test")
    made = services.prepare("lmde", cast.staff("lmde", "finance"), clock.today())
    written = services.content(made)
    assert b"75007" in written
    assert b"Paris" in written
    assert services.order_of(services.orders_of(made)[0].decision_id) == services.orders_of(made)[0]


def test_a_decision_is_ordered_once_even_when_nothing_of_it_was_to_be_paid(scope):
    made = cast.sent(cast.student(), is_third_party_payment=True)
    agency.settle_request(made, "test")
    decision = Decision.objects.get()
    assert services.order(decision, "test") is None
    assert Entry.objects.filter(code="decision.owed").count() == 1


def test_without_an_account_nothing_is_ordered_and_nothing_sent_again(batch):
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    order = services.orders_of(batch)[0]
    rejected = bank.pain_002(batch.msg_id, rejected=[order.end_to_end_id])
    services.read_bank_file("lmde", rejected, "test")
    BankAccount.objects.filter(member_id=order.member_id).delete()
    with pytest.raises(Refusal, match="no bank account"):
        services.resume(services.held()[0], "test")
    corrected = Decision(corrects=order.decision, member_id=order.member_id)
    with pytest.raises(Refusal, match="no bank account"):
        orders.pay(corrected, {"care-amo": 100}, "test")


def test_what_is_asked_for_by_its_public_name_is_found(batch):
    (order, _other), none = services.orders_of(batch), "nobody"
    assert services.find_order(order.public_id) == order
    assert services.find_batch(batch.public_id) == batch
    assert services.orders_by_decision([order.decision_id]) == {order.decision_id: order}
    for find in (services.find_order, services.find_batch, services.find_debt, services.find_due):
        assert find(none) is None


def test_what_waits_and_what_left_is_counted(batch):
    assert services.waiting_sum() == (0, 0)
    assert services.released_transfers() == []
    agency.settle_request(cast.sent(cast.student()), "test")
    assert services.waiting_sum() == (1, 1510)
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    assert services.released_transfers() == [batch]


def test_files_are_kept_while_money_is_under_way_and_emptied_when_they_are_old(batch, settings):
    (order, _other) = services.orders_of(batch)
    assert services.is_open(order.member_id)
    assert services.open_decisions([order.decision_id]) == {order.decision_id}
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    told = bank.Statements("lmde", DAY).next((-batch.total_cents, {"msg_id": batch.msg_id}))
    services.read_bank_file("lmde", told, "test")
    assert not services.is_open(order.member_id)
    assert services.open_decisions([order.decision_id]) == set()
    assert services.empty_files(batch.prepared_at) == 0
    settings.DAYS_BACK -= 1
    assert services.empty_files(clock.now()) == 2
    assert services.everything() == []
