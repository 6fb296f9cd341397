"""What members owe is kept, taken in the declared order, never more than was owed or given."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from decompte.errors import Refusal
from decompte.portal.agency import services as agency
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import recoveries, services
from decompte.portal.payments.models import Debt, Taking
from decompte.portal.people.scope import system
from tests import cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db
RULE = {"on": DAY, "share_bp": 5000}


@pytest.fixture(autouse=True)
def books_are_right_afterwards():
    with system("test"):
        yield
        assert services.everything() == []


def settled(member, **changes):
    made = cast.sent(member, **changes)
    agency.settle_request(made, "test")
    return decisions.of_request(made.pk)


def debt(cents, *, kind="participation", day=date(2014, 3, 1), payer="care-amo", name="a"):
    return Debt(
        public_id=name, kind=kind, payer=payer, care_date=day, amount_cents=cents, left_cents=cents
    )


def taken(debts, shares, **changes):
    done = recoveries.allocate(debts, shares, **{**RULE, **changes})
    return [(one.public_id, cents, cancelled) for one, cents, cancelled in done]


@pytest.fixture
def owing():
    """A student whose doctor was paid directly: a participation of one euro is deferred."""
    member = cast.student()
    settled(member, is_third_party_payment=True)
    return member


def test_what_could_not_be_kept_back_is_owed(owing):
    only = services.debts_of(owing.pk)[0]
    assert (only.kind, only.left_cents, only.payer) == ("participation", 100, "care-amo")
    assert services.balance("recoveries", "lmde", owing.pk) == 100
    assert services.waiting() == []


def test_it_is_taken_from_the_next_payment_and_told(owing):
    decision = settled(owing, care_date=date(2014, 3, 14))
    order = services.order_of(decision.pk)
    assert (order.amount_cents, order.kept_cents) == (1410, 100)
    assert services.owed_cents(owing.pk) == 0
    statement = services.statement(decision, "en")
    assert [(one.amount_cents, one.of) for one in statement.kept] == [
        (100, "care of 12 March 2014")
    ]


def test_asked_twice_it_is_taken_once(owing):
    decision = settled(owing, care_date=date(2014, 3, 14))
    assert services.order(decision, "test") == services.order_of(decision.pk)
    assert Taking.objects.count() == 1


def test_the_oldest_care_goes_first_and_of_one_day_the_participation():
    old = debt(500, kind="penalty", day=date(2014, 1, 1), name="old")
    fee = debt(50, kind="franchise", name="fee")
    flat = debt(100, name="flat")
    assert taken([fee, flat, old], {"care-amo": 620}) == [
        ("old", 500, 0),
        ("flat", 100, 0),
        ("fee", 20, 0),
    ]


def test_a_debt_is_taken_from_its_own_payer_only():
    assert taken([debt(100)], {"care-amc": 5000}) == []
    assert taken([debt(100, payer="care-amc")], {"care-amo": 10, "care-amc": 60}) == [("a", 60, 0)]


def test_an_overpayment_takes_its_share_after_the_others():
    undue = debt(5000, kind="overpayment", day=date(2013, 1, 1), name="undue")
    assert taken([undue, debt(100)], {"care-amo": 1000}) == [("a", 100, 0), ("undue", 500, 0)]
    assert taken([undue, debt(900)], {"care-amo": 1000}) == [("a", 900, 0), ("undue", 100, 0)]


def test_what_the_time_limit_has_passed_is_cancelled_not_taken():
    old = debt(100, day=date(2009, 3, 19))
    assert taken([old], {"care-amo": 1000}) == [("a", 0, 100)]
    assert taken([old], {"care-amo": 1000}, on=date(2014, 3, 19)) == [("a", 100, 0)]


def test_a_cancelled_debt_is_booked_as_given_up(owing, settings):
    settings.DAYS_BACK -= 365 * 6
    later = SimpleNamespace(pk=None, member_id=owing.pk, agency="lmde", public_id="later")
    assert recoveries.take(later, {"care-amo": 1000}) == {}
    assert services.balance("forgiven", "lmde") == 100


def test_an_overpayment_waits_until_it_can_no_longer_be_contested(owing):
    decision = settled(owing, care_date=date(2014, 3, 14))
    made = owe_overpayment(decision, 2000)
    assert made.takeable_from == date(2014, 5, 20)
    settled(owing, care_date=date(2014, 3, 15))
    made.refresh_from_db()
    assert made.left_cents == 2000


def owe_overpayment(decision, cents):
    recoveries.ledger.book(
        recoveries.ledger.Event(
            f"overpaid:{decision.public_id}",
            "debt.overpaid",
            "lmde",
            decision.member_id,
            [("recoveries", cents), ("care-amo", -cents)],
        )
    )
    return recoveries.owe_overpayment(decision, "care-amo", cents, date(2014, 3, 14))


def test_one_proposes_another_forgives(owing):
    decision = settled(owing, care_date=date(2014, 3, 14))
    made = owe_overpayment(decision, 2000)
    first, second = (cast.staff("lmde", "finance") for _n in range(2))
    proposal = services.propose(made, "forgiven", 1500, "Hardship", first)
    with pytest.raises(Refusal):
        services.decide(proposal, first, is_approved=True)
    assert services.decide(proposal, second, is_approved=True)
    assert not services.decide(proposal, second, is_approved=True)
    made.refresh_from_db()
    assert made.left_cents == 500
    assert services.balance("forgiven", "lmde") == 1500


def test_a_proposal_turned_down_changes_nothing(owing):
    debt_ = services.debts_of(owing.pk)[0]
    first, second = (cast.staff("lmde", "finance") for _n in range(2))
    proposal = services.propose(debt_, "collected", 100, "Cheque of 3 March", first)
    assert services.find_proposal(proposal.public_id) == proposal
    assert services.decide(proposal, second, is_approved=False)
    assert services.owed_cents(owing.pk) == 100


@pytest.mark.parametrize(
    ("how", "cents", "reason"),
    [
        ("forgiven", 100, "pity"),
        ("collected", 101, "too much"),
        ("collected", 0, "nothing"),
        ("collected", 100, "  "),
        ("taken", 100, "not a choice"),
    ],
)
def test_a_proposal_the_law_or_the_debt_does_not_allow_is_refused(owing, how, cents, reason):
    with pytest.raises(Refusal):
        services.propose(
            services.debts_of(owing.pk)[0], how, cents, reason, cast.staff("lmde", "finance")
        )


def test_one_proposal_at_a_time(owing):
    one, officer = services.debts_of(owing.pk)[0], cast.staff("lmde", "finance")
    services.propose(one, "collected", 50, "Cheque", officer)
    with pytest.raises(Refusal):
        services.propose(one, "collected", 50, "Cheque", officer)


def test_the_database_holds_what_is_left_within_what_was_owed(owing):
    rows = Debt.objects.filter(member_id=owing.pk)
    for left in (-1, 101):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(left_cents=left)
    settled(owing, care_date=DAY - timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Taking.objects.update(amount_cents=1)


def test_nothing_is_left_to_pay_when_everything_is_kept(owing):
    rest = services.debts_of(owing.pk)[0]
    Debt.objects.create(
        key="more",
        member_id=owing.pk,
        agency="lmde",
        kind="penalty",
        payer="care-amo",
        decision_id=rest.decision_id,
        care_date=date(2014, 3, 1),
        amount_cents=3000,
        left_cents=3000,
        takeable_from=DAY,
        made_at=rest.made_at,
    )
    recoveries.ledger.book(
        recoveries.ledger.Event(
            "more", "test", "lmde", owing.pk, [("recoveries", 3000), ("care-amo", -3000)]
        )
    )
    decision = settled(owing, care_date=date(2014, 3, 14))
    assert services.order_of(decision.pk) is None
    assert "Everything went" in services.payment_message(decision).en
    assert services.owed_cents(owing.pk) == 100 + 3000 - 1510


def test_a_summary_says_what_was_paid_and_what_is_to_come(owing):
    settled(owing, care_date=date(2014, 3, 14))
    year = (owing.pk, date(2014, 1, 1), date(2014, 12, 31))
    before = services.data(services.period(*year))
    assert (before["kept_back"], before["paid"], before["to_come"]) == ("1.00", "0.00", "14.10")
    batch = services.prepare("lmde", cast.staff("lmde", "finance"), DAY)
    services.release(batch, cast.staff("lmde", "finance"), batch.sha256)
    after = services.data(services.period(*year))
    assert (after["paid"], after["to_come"]) == ("14.10", "0.00")
    assert services.summary_pdf(services.period(*year), "en").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2013, 11, 30), 3, date(2014, 2, 28)),
        (date(2013, 12, 31), 1, date(2014, 1, 31)),
        (date(2014, 1, 31), 23, date(2015, 12, 31)),
        (date(2014, 5, 31), 0, date(2014, 5, 31)),
    ],
)
def test_some_months_later_is_the_same_day_or_the_months_last(day, months, later):
    assert recoveries.months_later(day, months) == later
