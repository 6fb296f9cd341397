"""M12: a corrected decision moves the difference only, in the ledger, on statements, for verify.

Each scenario is worked by hand: a GP visit of price p pays 70 % of at most 23.00 less 1.00.
"""

from datetime import timedelta

import pytest

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import orders, services
from decompte.portal.payments.models import Debt, PaymentOrder
from decompte.portal.people.scope import system
from tests import bank, cast
from tests.portal.histories import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books_are_right_afterwards():
    with system("test"):
        yield
        assert services.books() == []


@pytest.fixture
def member():
    return cast.student()


def decided(member, price_cents, **more):
    """A decision of a visit of today at a doctor of its own, not ordered yet."""
    made = asked(member, clock.today() - timedelta(days=5), price_cents=price_cents, **more)
    return decisions.decide(made, "test")


def first(member, price_cents, **more):
    decision = decided(member, price_cents, **more)
    services.order(decision, "test")
    return decision


def send():
    batch = services.prepare("lmde", cast.staff("lmde", "finance"), clock.today())
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    return batch


def waiting():
    return [one.amount_cents for one in services.waiting()]


def debts():
    return list(Debt.objects.values_list("kind", "amount_cents", "left_cents"))


def accounts():
    return {row["account"]: row["cents"] for row in services.balances("lmde") if row["cents"]}


def test_before_it_left_the_order_is_replaced(member):
    early, late = first(member, 1000), decided(member, 2300)
    services.correct([early], late, "test")
    assert waiting() == [1510]
    assert sorted(PaymentOrder.objects.values_list("state", flat=True)) == ["cancelled", "ordered"]
    assert accounts() == {"care-amo": 1510, "members": -1510}


def test_more_than_was_paid_pays_the_difference(member):
    early = first(member, 1000)
    send()
    services.correct([early], decided(member, 2300), "test")
    assert waiting() == [1510 - 600]
    assert accounts() == {"care-amo": 1510, "members": -910, "transit": -600}


def test_less_than_was_paid_is_owed_and_waits_to_be_contested(member):
    early, late = first(member, 2300), decided(member, 1000)
    send()
    services.correct([early], late, "test")
    assert waiting() == []
    assert debts() == [("overpayment", 910, 910)]
    assert Debt.objects.get().takeable_from == clock.today().replace(month=5)
    assert accounts() == {"care-amo": 600, "recoveries": 910, "transit": -1510}


def test_asked_twice_it_is_corrected_once(member):
    early, late = first(member, 1000), decided(member, 2300)
    one = services.correct([early], late, "test")
    assert services.correct([early], late, "test") == one
    assert waiting() == [1510]


def test_the_same_amount_moves_nothing(member):
    early, late = first(member, 2300), decided(member, 2300)
    send()
    assert services.correct([early], late, "test") is None
    assert (waiting(), debts()) == ([], [])


def test_in_a_file_that_waits_nothing_can_be_corrected(member):
    early, late = first(member, 2300), decided(member, 1000)
    batch = services.prepare("lmde", cast.staff("lmde", "finance"), clock.today())
    with pytest.raises(Refusal, match="discard it, first"):
        services.correct([early], late, "test")
    services.discard(batch, cast.staff("lmde", "finance"))
    services.correct([early], late, "test")
    assert waiting() == [600]


def test_a_second_correction_upwards_takes_the_overpayment_back_first(member):
    early, lower, higher = first(member, 2300), decided(member, 1000), decided(member, 2000)
    send()
    services.correct([early], lower, "test")
    services.correct([early, lower], higher, "test")
    assert debts() == [("overpayment", 910, 210)]
    assert waiting() == []
    assert accounts() == {"care-amo": 1300, "recoveries": 210, "transit": -1510}


def test_a_second_correction_above_the_first_pays_what_is_left(member):
    early, lower, higher = first(member, 2000), decided(member, 1000), decided(member, 2300)
    send()
    services.correct([early], lower, "test")
    services.correct([early, lower], higher, "test")
    assert debts() == [("overpayment", 700, 0)]
    assert waiting() == [210]


def test_what_was_deferred_and_is_not_owed_comes_off_the_debts(member):
    early = first(member, 2300, is_direct=True)
    assert debts() == [("participation", 100, 100)]
    services.correct([early], decided(member, 2300), "test")
    assert debts() == [("participation", 100, 0)]
    assert waiting() == [1510]
    assert accounts() == {"care-amo": 1510, "members": -1510}


def test_what_was_kept_back_in_vain_is_paid(member):
    early = first(member, 2300, is_direct=True)
    first(member, 2300)
    assert waiting() == [1410]
    services.correct([early], decided(member, 2300), "test")
    assert sorted(waiting()) == [1410, 1610]
    assert accounts() == {"care-amo": 3020, "members": -3020}


def test_what_was_kept_back_in_vain_is_not_asked_for_by_the_next_correction(member):
    early = first(member, 2300, is_direct=True)
    first(member, 2300)
    second = decided(member, 2300)
    services.correct([early], second, "test")
    assert sorted(waiting()) == [1410, 1610]
    send()
    services.correct([early, second], decided(member, 2000), "test")
    assert debts() == [("participation", 100, 0), ("overpayment", 210, 210)]


def test_what_is_deferred_only_now_is_owed_and_what_was_paid_comes_back(member):
    early = first(member, 2300)
    send()
    services.correct([early], decided(member, 2300, is_direct=True), "test")
    assert debts() == [("participation", 100, 100), ("overpayment", 1510, 1510)]
    assert accounts() == {
        "care-amo": 1510,
        "practitioners": -1610,
        "recoveries": 1610,
        "transit": -1510,
    }


def test_returned_money_of_a_corrected_decision_leaves_as_corrected(member):
    early = first(member, 2300)
    batch = send()
    order = services.orders_of(batch)[0]
    services.read_bank_file("lmde", rejection(batch, order), "test")
    services.correct([early], decided(member, 1000), "test")
    assert sorted(PaymentOrder.objects.values_list("state", flat=True)) == [
        "cancelled",
        "ordered",
        "rejected",
    ]
    assert waiting() == [600]


def rejection(batch, order):
    return bank.pain_002(batch.msg_id, rejected=[order.end_to_end_id])


def test_a_decision_that_gave_nothing_is_corrected_like_any_other(member):
    early = first(member, 100)
    assert early.payable_cents == 0
    services.correct([early], decided(member, 2300), "test")
    assert waiting() == [1510]
    assert accounts() == {"care-amo": 1510, "members": -1510}


def test_what_was_kept_back_from_the_earlier_payment_was_given_too(member):
    first(member, 2300, is_direct=True)
    early = first(member, 2300)
    send()
    services.correct([early], decided(member, 1000), "test")
    assert ("overpayment", 1510 - 600, 1510 - 600) in debts()


def test_an_order_that_does_not_say_whose_money_it_is_is_read_from_its_decision(member):
    """Invented years and the oldest orders are such: their decision and its takings say it."""
    first(member, 2300, is_direct=True)
    early = first(member, 2300)
    order = services.order_of(early.pk)
    told = orders.parts_of(order)
    order.parts = {}
    assert {payer: cents for payer, cents in orders.parts_of(order).items() if cents} == told
    assert told == {"care-amo": 1410}


def test_what_was_given_up_is_not_paid_back_by_a_correction(member):
    early = first(member, 2300, is_direct=True, pathway="out-of-pathway")
    penalty = Debt.objects.get(kind="penalty")
    one, other = (cast.staff("lmde", "finance") for _n in range(2))
    asked = services.propose(penalty, "forgiven", penalty.left_cents, "Hardship", one)
    assert services.decide(asked, other, is_approved=True)
    services.correct([early], decided(member, 2300), "test")
    assert waiting() == [1510]
