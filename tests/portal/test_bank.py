"""The bank's answers: everything is booked once, what came back is open once, the rest is asked."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.signals import pre_save

from decompte.errors import Refusal
from decompte.portal.agency import services as agency
from decompte.portal.agency.rehearsal import RehearsalBank
from decompte.portal.outbox.models import Message
from decompte.portal.payments import orders, services
from decompte.portal.payments.models import BankFile, BankLine, PaymentOrder
from decompte.portal.payments.states import LineState, OrderState
from decompte.portal.people import services as people
from decompte.portal.people.models import User
from decompte.portal.people.scope import system
from tests import bank, cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)
OTHER_IBAN = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def books_are_right_afterwards():
    with system("test"):
        yield
        assert services.everything() == []


@pytest.fixture
def sent():
    """A payment file with the payments of two students, with the bank."""
    for _student in range(2):
        agency.settle_request(cast.sent(cast.student()), "test")
    batch = services.prepare("lmde", cast.staff("lmde", "finance"), NEXT)
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    return batch


@pytest.fixture
def statements():
    return bank.Statements("lmde", DAY)


def read(*contents):
    for content in contents:
        services.read_bank_file("lmde", content, "test")


def states():
    return sorted(PaymentOrder.objects.values_list("state", flat=True))


def accounts():
    return {row["account"]: row["cents"] for row in services.balances("lmde") if row["cents"]}


def ids(batch):
    return [one.end_to_end_id for one in services.orders_of(batch)]


def test_a_payment_goes_out_and_the_statement_books_it(sent, statements):
    read(statements.next((-3020, {"msg_id": sent.msg_id})))
    assert states() == [OrderState.SETTLED] * 2
    assert services.balance("transit", "lmde") == 0
    assert services.balance("bank", "lmde") == -3020


def test_a_rejected_payment_is_open_again_once(sent):
    one, two = ids(sent)
    answer = bank.pain_002(sent.msg_id, rejected=[one])
    read(answer, answer, answer.replace(b"B1", b"B2"))
    assert states() == [OrderState.HELD, OrderState.REJECTED, OrderState.RELEASED]
    assert [order.bank_reason for order in PaymentOrder.objects.filter(state="rejected")] == [
        "AC04"
    ]
    assert two in [order.end_to_end_id for order in PaymentOrder.objects.filter(state="released")]
    assert services.work_list() == []


def test_the_same_line_at_the_banks_of_two_agencies_is_a_line_of_each():
    for name in ("lmde", "smerep"):
        statement = bank.Statements(name, DAY).next((777, {"reference": "N1"}))
        services.read_bank_file(name, statement, "test")
    assert sorted(BankLine.objects.values_list("agency", flat=True)) == ["lmde", "smerep"]


def test_a_rejected_file_opens_all_its_payments(sent):
    read(bank.pain_002(sent.msg_id, group="RJCT", reason="FF01"))
    assert states() == [OrderState.HELD] * 2 + [OrderState.REJECTED] * 2
    assert services.balance("transit", "lmde") == 0


def test_a_return_told_by_notice_and_statement_is_one_return(sent, statements):
    one, _two = ids(sent)
    notice = bank.camt(
        [bank.entry(1510, day=NEXT, end_to_end=one, reason="AC04", reference="N1")],
        iban=statements.iban,
        kind="camt.054",
    )
    booked = statements.next(
        (-3020, {"msg_id": sent.msg_id}), (1510, {"end_to_end": one, "reason": "AC04"})
    )
    read(notice, booked, notice, booked)
    assert states() == [OrderState.HELD, OrderState.RETURNED, OrderState.SETTLED]
    assert services.balance("transit", "lmde") == 0
    assert services.balance("members", "lmde") == -1510


def test_the_return_may_come_before_the_debit(sent, statements):
    one, two = ids(sent)
    first = statements.next((1510, {"end_to_end": one, "reason": "MD07"}))
    later = statements.next((-1510, {"end_to_end": one}), (-1510, {"end_to_end": two}))
    read(later, first)
    assert services.gaps("lmde") == []
    assert states() == [OrderState.HELD, OrderState.RETURNED, OrderState.SETTLED]
    assert services.work_list() == []


def test_returned_money_leaves_again_to_the_new_account_in_a_new_payment(
    sent, statements, settings
):
    one, _two = ids(sent)
    read(statements.next((1510, {"end_to_end": one, "reason": "AC04"})))
    held = services.held()[0]
    people.set_bank_account(held.member, holder="Noa Berg", iban=OTHER_IBAN)
    settings.DAYS_BACK -= 4  # a changed account is used after 72 hours
    again = services.prepare("lmde", sent.prepared_by, NEXT + timedelta(days=5))
    assert ids(again) == [f"{one}-2"]
    assert services.orders_of(again)[0].iban_last4 == "3000"
    services.release(again, cast.staff("lmde", "finance"), again.sha256)


def test_one_of_two_that_wait_goes_on_and_the_other_waits(sent):
    read(bank.pain_002(sent.msg_id, group="RJCT", reason="FF01"))
    one, other = services.held()
    assert services.resume(one, "test")
    assert (services.held(), services.waiting()) == ([other], [one])
    assert (
        orders.unsent_cents([one.decision_id]) == orders.unsent_cents([other.decision_id]) == 1510
    )


def test_a_payment_that_came_back_is_told_in_the_members_language():
    member = cast.student()
    User.objects.filter(pk=member.user_id).update(language="fr")
    agency.settle_request(cast.sent(member), "test")
    batch = services.prepare("lmde", cast.staff("lmde", "finance"), NEXT)
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    read(bank.pain_002(batch.msg_id, group="RJCT", reason="FF01"))
    told = Message.objects.get(key__endswith=":came_back")
    assert (told.language, told.subject) == ("fr", "Votre banque a renvoyé un versement")


def test_without_a_new_account_a_person_decides(sent, statements):
    one, _two = ids(sent)
    read(statements.next((1510, {"end_to_end": one, "reason": "MD07"})))
    held = services.held()[0]
    with pytest.raises(Refusal):
        services.prepare("lmde", sent.prepared_by, NEXT)
    assert services.resume(held, "test")
    assert not services.resume(held, "test")
    assert len(services.waiting()) == 1


@pytest.mark.parametrize(
    ("cents", "told", "trouble"),
    [
        (-1234, {}, "unknown"),
        (1234, {"label": "VIR ETUDIANT"}, "unknown"),
        (-1410, {"end_to_end": "one"}, "wrong-amount"),
        (1410, {"end_to_end": "one", "reason": "AC04"}, "wrong-amount"),
        (-9999, {"msg_id": "batch"}, "wrong-amount"),
        (1510, {"end_to_end": "DNOBODY", "reason": "AC04"}, "unknown"),
    ],
)
def test_what_cannot_be_explained_waits_for_a_person(sent, statements, cents, told, trouble):
    names = {"one": ids(sent)[0], "batch": sent.msg_id}
    read(statements.next((cents, {key: names.get(value, value) for key, value in told.items()})))
    line = services.work_list()[0]
    assert (line.trouble, line.amount_cents) == (trouble, cents)
    assert services.balance("suspense", "lmde") == -cents
    assert services.unexplained_cents("lmde") == cents


def test_a_debit_told_twice_under_two_names_waits(sent, statements):
    read(
        statements.next((-3020, {"msg_id": sent.msg_id})),
        statements.next((-3020, {"msg_id": sent.msg_id})),
    )
    assert [line.trouble for line in services.work_list()] == ["twice"]


def test_a_second_return_of_one_payment_waits(sent, statements):
    one, _two = ids(sent)
    move = {"end_to_end": one, "reason": "AC04"}
    read(statements.next((1510, dict(move))), statements.next((1510, dict(move))))
    assert [line.trouble for line in services.work_list()] == ["twice"]
    assert PaymentOrder.objects.filter(state="held").count() == 1


def test_a_person_explains_with_words_and_once(sent, statements):
    read(statements.next((-250, {"label": "FRAIS"})))
    line, officer = services.work_list()[0], cast.staff("lmde", "finance")
    with pytest.raises(Refusal):
        services.explain(line, "fees", " ", officer)
    with pytest.raises(Refusal):
        services.explain(line, "members", "no", officer)
    assert services.explain(line, "fees", "Fees of March", officer)
    assert not services.explain(line, "fees", "again", officer)
    assert services.balance("fees", "lmde") == 250
    assert services.unexplained_cents("lmde") == 0


def test_a_movement_explained_as_no_payments_leaves_the_file_its_own(statements):
    """The bank named a file before it left; a person says what that was; the file moves later."""
    agency.settle_request(cast.sent(cast.student()), "test")
    batch = services.prepare("lmde", cast.staff("lmde", "finance"), NEXT)
    officer = cast.staff("lmde", "finance")
    read(statements.next((-batch.total_cents, {"msg_id": batch.msg_id})))
    services.release(batch, officer, batch.sha256)
    services.explain(services.work_list()[0], "till", "Cash for the desk", officer)
    read(statements.next((-batch.total_cents, {"msg_id": batch.msg_id})))
    assert services.work_list() == []
    assert states() == [OrderState.SETTLED]
    read(statements.next((-batch.total_cents, {"msg_id": batch.msg_id})))
    assert [line.trouble for line in services.work_list()] == ["twice"]


def test_a_person_finds_the_payment_of_a_return_short_of_a_fee(sent, statements):
    one, _two = ids(sent)
    read(
        statements.next((-3020, {"msg_id": sent.msg_id})),
        statements.next((1410, {"end_to_end": one, "reason": "AC04"})),
    )
    line, officer = services.work_list()[0], cast.staff("lmde", "finance")
    order = PaymentOrder.objects.get(end_to_end_id=one)
    assert services.match(line, order, "The bank kept a euro", officer)
    assert states() == [OrderState.HELD, OrderState.RETURNED, OrderState.SETTLED]
    assert (services.balance("fees", "lmde"), services.balance("transit", "lmde")) == (100, 0)


def test_a_missing_statement_is_a_gap(sent, statements):
    first, missing, last = (statements.next((-100, {})) for _day in range(3))
    read(first, last)
    assert len(services.gaps("lmde")) == 1
    read(missing)
    assert services.gaps("lmde") == []


def test_a_statement_of_another_account_is_refused(sent):
    content = bank.camt([], iban=OTHER_IBAN, opening=0)
    with pytest.raises(Refusal):
        read(content)
    with pytest.raises(Refusal):
        services.read_bank_file("smerep", bank.Statements("lmde", DAY).next(), "test")


def test_an_unknown_rejection_waits_without_money(sent):
    read(bank.pain_002("OTHER", rejected=["DX"]), bank.pain_002(sent.msg_id, rejected=["DX"]))
    assert [line.trouble for line in services.work_list()] == ["unknown"] * 2
    assert BankLine.objects.filter(state=LineState.OPEN, is_movement=True).count() == 0


def test_mock_bank_accepts_pays_and_returns(sent):
    ours = RehearsalBank("lmde", DAY, "return-later", {"days": 2, "reason": "AC04"})
    assert ours.take(services.content(sent)) == "ACCP"
    ours.wait(8)
    answers = ours.answers()
    read(*answers, *reversed(answers))
    assert states() == [OrderState.HELD] * 2 + [OrderState.RETURNED] * 2
    assert services.balance("transit", "lmde") == services.balance("bank", "lmde") == 0
    assert services.work_list() == []
    assert services.gaps("lmde") == []


def test_mock_bank_leaves_a_hole_in_its_statement(sent):
    ours = RehearsalBank("lmde", DAY, "statement-gap")
    ours.take(services.content(sent))
    ours.wait(4)
    with pytest.raises(Refusal):
        read(*ours.answers(("camt.053",)))


def test_somebody_who_reads_the_same_at_the_same_moment_books_it_once(sent, statements):
    told, rivals = statements.next((-3020, {"msg_id": sent.msg_id})), [1]

    def another_first(instance, **_more):
        if rivals:
            rivals.pop()
            there = {name: getattr(instance, name) for name in ("agency", "sha256", "read_at")}
            BankFile.objects.bulk_create([BankFile(**there, content_sealed=b"")])

    pre_save.connect(another_first, sender=BankFile)
    try:
        read(told)
    finally:
        pre_save.disconnect(another_first, sender=BankFile)
    assert len(services.bank_files()) == 1
    assert not rivals
    assert services.balance("bank", "lmde") == -3020


def test_the_wrong_payment_is_refused_and_a_closed_line_stays_closed(sent, statements):
    one, two = PaymentOrder.objects.order_by("pk")
    read(
        statements.next((-1510, {"end_to_end": one.end_to_end_id})),
        statements.next((-1410, {"end_to_end": two.end_to_end_id})),
    )
    line, officer = services.work_list()[0], cast.staff("lmde", "finance")
    assert services.find_line(line.public_id) == line
    with pytest.raises(Refusal, match="counted for it before"):
        services.match(line, one, "The bank kept a euro", officer)
    assert services.match(line, two, "The bank kept a euro", officer)
    line.refresh_from_db()
    assert not services.match(line, two, "again", officer)
    assert services.balance("fees", "lmde") == -100


def test_a_rejection_nobody_could_place_is_placed_by_a_person(sent):
    one = PaymentOrder.objects.order_by("pk").first()
    read(bank.pain_002(sent.msg_id, rejected=["DX"]))
    line, officer = services.work_list()[0], cast.staff("lmde", "finance")
    assert services.match(line, one, "The bank cut the reference", officer)
    assert states() == [OrderState.HELD, OrderState.REJECTED, OrderState.RELEASED]
    read(bank.pain_002(sent.msg_id, rejected=["DY"]))
    (second,) = services.work_list()
    with pytest.raises(Refusal, match="never left"):
        services.match(second, one, "the same again", officer)
    assert services.explain(second, "fees", "Of another creditor", officer)
    assert services.balance("fees", "lmde") == 0


def test_money_a_member_pays_back_through_the_bank_lowers_what_they_owe(statements):
    agency.settle_request(cast.sent(cast.student(), is_third_party_payment=True), "test")
    (debt,) = services.owing()
    assert services.find_debt(debt.public_id) == debt
    read(statements.next((60, {"label": "VIR BERG"}), (-60, {"label": "PRLV BERG"})))
    paid, taken = services.work_list()
    officer = cast.staff("lmde", "finance")
    with pytest.raises(Refusal, match="unexpected account"):
        services.explain(paid, "recoveries", "no debt named", officer)
    with pytest.raises(Refusal, match="pays nothing back"):
        services.explain(taken, "recoveries", "the wrong way", officer, debt)
    assert services.explain(paid, "recoveries", "Paid back by transfer", officer, debt)
    debt.refresh_from_db()
    assert debt.left_cents == 40
    assert services.balance("recoveries", "lmde") == 40
    services.explain(taken, "fees", "of the bank", officer)


def test_more_than_is_owed_cannot_be_booked_on_a_debt(statements):
    agency.settle_request(cast.sent(cast.student(), is_third_party_payment=True), "test")
    read(statements.next((101, {"label": "VIR BERG"})))
    (debt,), (line,) = services.owing(), services.work_list()
    with pytest.raises(Refusal, match="less than this is left owed"), transaction.atomic():
        services.explain(line, "recoveries", "Too much", cast.staff("lmde", "finance"), debt)
    assert services.unexplained_cents("lmde") == 101


def test_a_notice_is_no_money_and_pays_no_debt(sent, statements):
    agency.settle_request(cast.sent(cast.student(), is_third_party_payment=True), "test")
    (debt,) = services.owing()
    told = [bank.entry(60, day=NEXT, end_to_end="DX", reason="AC04", reference="N1")]
    read(bank.camt(told, iban=statements.iban, kind="camt.054"))
    (line,) = services.work_list()
    with pytest.raises(Refusal, match="pays nothing back"):
        services.explain(line, "recoveries", "a notice", cast.staff("lmde", "finance"), debt)


def test_a_movement_or_return_of_a_payment_that_never_left_waits(statements):
    agency.settle_request(cast.sent(cast.student()), "test")
    made = services.prepare("lmde", cast.staff("lmde", "finance"), NEXT)
    (one,) = ids(made)
    returned = [bank.entry(1510, day=NEXT, end_to_end=one, reason="AC04", reference="N1")]
    read(
        statements.next((-1510, {"end_to_end": one})),
        bank.camt(returned, iban=statements.iban, kind="camt.054"),
    )
    assert [line.trouble for line in services.work_list()] == ["not-sent"] * 2


def test_a_notice_of_another_amount_waits(sent, statements):
    one, _two = ids(sent)
    told = [bank.entry(1410, day=NEXT, end_to_end=one, reason="AC04", reference="N1")]
    read(bank.camt(told, iban=statements.iban, kind="camt.054"))
    assert [line.trouble for line in services.work_list()] == ["wrong-amount"]
    assert states() == [OrderState.RELEASED] * 2


def test_a_payment_told_with_its_file_and_alone_waits(sent, statements):
    one, _two = ids(sent)
    read(
        statements.next((-3020, {"msg_id": sent.msg_id})),
        statements.next((-1510, {"end_to_end": one})),
    )
    assert [line.trouble for line in services.work_list()] == ["twice"]
