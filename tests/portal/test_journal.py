"""What happens to money is told: who did it in the trail, what moved in the books, the member."""

from datetime import timedelta

import pytest

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.agency import services as agency
from decompte.portal.audit import services as audit
from decompte.portal.outbox.models import Message
from decompte.portal.payments import refusals, services
from decompte.portal.payments.models import Entry
from decompte.portal.people.scope import system
from tests import bank, cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)
COLLECT_ON = DAY + timedelta(days=14)


@pytest.fixture(autouse=True)
def books_are_right_afterwards():
    with system("test"):
        yield
        assert services.everything() == []


@pytest.fixture
def officers():
    return cast.staff("lmde", "finance"), cast.staff("lmde", "finance")


def trail(subject):
    return [(one.code, one.actor, one.agency, one.detail) for one in audit.history(subject)]


def journal():
    """What was booked, oldest first: its key without the identity, its code, whose, what moved."""
    return [
        (
            one.key.split(":")[0],
            one.code,
            one.agency,
            one.member_id,
            {line.account: line.amount_cents for line in one.postings.all()},
        )
        for one in Entry.objects.order_by("pk")
    ]


def settled(**changes):
    member = cast.student()
    agency.settle_request(cast.sent(member, **changes), "agent")
    return member


def test_a_payment_out_and_back(officers):
    first, second = officers
    member = settled()
    batch = services.prepare("lmde", first, NEXT)
    (order,) = services.orders_of(batch)
    services.release(batch, second, batch.sha256)
    told = bank.pain_002(batch.msg_id, rejected=[order.end_to_end_id])
    (file,) = services.read_bank_file("lmde", told, "job")
    (waiting,) = services.held()
    assert services.resume(waiting, "agent")
    made = {"sha256": batch.sha256, "total_cents": 1510}
    assert trail(f"batch:{batch.public_id}") == [
        ("batch.prepared", first.public_id, "lmde", made),
        ("batch.released", second.public_id, "lmde", made),
    ]
    assert trail(f"order:{order.public_id}") == [
        ("payment.ordered", "agent", "lmde", {"kept_cents": 0}),
        ("payment.rejected", "job", "lmde", {"reason": "AC04"}),
    ]
    assert trail(f"order:{waiting.public_id}") == [
        ("payment.ordered", "job", "lmde", {"replaces": order.public_id}),
        ("payment.resumed", "agent", "lmde", {}),
    ]
    assert trail(f"bankfile:{file.public_id}") == [
        ("bank.read", "job", "lmde", {"kind": "pain.002", "items": 1})
    ]
    assert journal() == [
        ("owed", "decision.owed", "lmde", member.pk, {"care-amo": 1510, "members": -1510}),
        ("released", "payment.released", "lmde", member.pk, {"members": 1510, "transit": -1510}),
        ("rejected", "payment.rejected", "lmde", member.pk, {"members": -1510, "transit": 1510}),
    ]
    assert Entry.objects.get(code="payment.rejected").reverses == Entry.objects.get(
        code="payment.released"
    )
    mail = Message.objects.get(key=f"order:{order.public_id}:came_back")
    assert (mail.recipient, mail.subject) == (
        member.user.email,
        "Your bank sent a payment back",
    )
    assert "as soon as there is another account" in mail.body


def test_a_discarded_file(officers):
    settled()
    batch = services.prepare("lmde", officers[0], NEXT)
    services.discard(batch, officers[1])
    assert trail(f"batch:{batch.public_id}")[1:] == [
        (
            "batch.discarded",
            officers[1].public_id,
            "lmde",
            {"sha256": batch.sha256, "total_cents": 1510},
        )
    ]


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_proposal_and_its_answer(officers, is_approved):
    first, second = officers
    member = settled(is_third_party_payment=True)
    other = settled(is_third_party_payment=True)
    debt, untouched = services.debts_of(member.pk)[0], services.debts_of(other.pk)[0]
    left_open = services.propose(untouched, "collected", 10, "Another one", first)
    made = services.propose(debt, "collected", 60, " Cheque of 3 March ", first)
    assert services.decide(made, second, is_approved=is_approved)
    made.refresh_from_db()
    left_open.refresh_from_db()
    assert (made.proposed_by, made.decided_by, made.is_approved) == (first, second, is_approved)
    assert made.proposed_at <= made.decided_at <= clock.now()
    assert (made.reason, made.agency, made.member_id) == ("Cheque of 3 March", "lmde", member.pk)
    assert left_open.decided_by is None
    answer = "debt.approved" if is_approved else "debt.turned_down"
    assert trail(f"debt:{debt.public_id}") == [
        ("debt.proposed", first.public_id, "lmde", {"how": "collected", "cents": 60}),
        (answer, second.public_id, "lmde", {"how": "collected"}),
    ]
    moved = ("collected", "debt.collected", "lmde", member.pk, {"till": 60, "recoveries": -60})
    assert journal()[2:] == ([moved] if is_approved else [])
    (debt,) = services.debts_of(member.pk)
    takings = [
        (one.how, one.amount_cents, one.reason, one.agency, one.decision_id)
        for one in debt.takings.all()
    ]
    kept = [("collected", 60, "Cheque of 3 March", "lmde", None)]
    assert takings == (kept if is_approved else [])


def test_what_is_kept_back(officers):
    member = settled(is_third_party_payment=True)
    agency.settle_request(cast.sent(member, care_date=DAY - timedelta(days=6)), "agent")
    (debt,) = services.debts_of(member.pk)
    (taking,) = debt.takings.all()
    (order,) = services.waiting()
    assert (taking.how, taking.amount_cents, taking.decision_id, taking.reason) == (
        "taken",
        100,
        order.decision_id,
        "",
    )
    assert (taking.agency, taking.member_id, taking.key.split(":")[0]) == (
        "lmde",
        member.pk,
        "kept",
    )
    assert journal() == [
        (
            "owed",
            "decision.owed",
            "lmde",
            member.pk,
            {"care-amo": 1510, "recoveries": 100, "practitioners": -1610},
        ),
        ("owed", "decision.owed", "lmde", member.pk, {"care-amo": 1510, "members": -1510}),
        ("kept", "debt.lowered", "lmde", member.pk, {"members": 100, "recoveries": -100}),
    ]
    assert (debt.care_date, debt.takeable_from, debt.amount_cents, debt.agency) == (
        DAY - timedelta(days=8),
        DAY,
        100,
        "lmde",
    )


def test_a_line_that_a_person_explains(officers):
    statements = bank.Statements("lmde", DAY)
    services.read_bank_file("lmde", statements.next((-250, {"label": "FRAIS"})), "job")
    (line,) = services.work_list()
    services.explain(line, "fees", " Fees of March ", officers[0])
    line.refresh_from_db()
    assert (line.state, line.resolution, line.closed_by) == (
        "explained",
        "Fees of March",
        officers[0].public_id,
    )
    assert line.closed_at is not None
    assert (line.day, line.label, line.amount_cents, line.is_movement) == (
        NEXT,
        "FRAIS",
        -250,
        True,
    )
    assert trail(f"bankline:{line.public_id}") == [
        ("bank.explained", officers[0].public_id, "lmde", {})
    ]
    assert journal() == [
        ("bank", "bank.moved", "lmde", None, {"bank": -250, "suspense": 250}),
        ("explained", "bank.explained", "lmde", None, {"suspense": -250, "fees": 250}),
    ]


def test_a_contribution_collected_and_sent_back(officers):
    first, second = officers
    member = cast.student()
    mandate = services.sign_mandate(
        member, "lmde", holder="Noa Berg", iban=cast.IBAN, actor="member"
    )
    (batch,) = services.prepare_debits("lmde", first, COLLECT_ON)
    services.release(batch, second, batch.sha256)
    (one,) = services.collections_of(batch)
    told = bank.pain_002(batch.msg_id, rejected=[one.end_to_end_id], reason="MD01")
    services.read_bank_file("lmde", told, "job")
    (due,) = services.dues_of(member.pk)
    cents = due.amount_cents
    assert trail(f"mandate:{mandate.public_id}") == [
        ("mandate.signed", "member", "lmde", {"iban_last4": "2606"}),
        ("mandate.ended", "job", "lmde", {"why": "bank.MD01"}),
    ]
    assert trail(f"due:{due.public_id}") == [
        ("due.made", first.public_id, "lmde", {}),
        ("contribution.rejected", "job", "lmde", {"reason": "MD01"}),
    ]
    assert [one[1:] for one in journal()] == [
        ("contribution.due", "lmde", member.pk, {"dues": cents, "contributions": -cents}),
        ("contribution.released", "lmde", member.pk, {"transit": cents, "dues": -cents}),
        ("contribution.rejected", "lmde", member.pk, {"transit": -cents, "dues": cents}),
    ]
    keys = [f"collection:{one.public_id}:announced", f"collection:{one.public_id}:came_back"]
    announced, back = (Message.objects.get(key=key) for key in keys)
    assert announced.subject == "A direct debit is to come"
    for word in ("2013-2014", "€211.00", "3 April 2014", "2606", mandate.reference, "FR72ZZZ"):
        assert word in announced.body
    assert back.subject == "Your bank did not pay a direct debit"


def test_every_refusal_says_its_code_its_field_and_both_languages():
    for code, (field, said) in refusals.REFUSALS.items():
        values = {"wrong": "I1", "day": DAY, "message": "M", "payment": "P"}
        (problem,) = refusals.refusal(code, **values).problems
        assert (problem.code, problem.field) == (code, field)
        assert problem.message == said.fill(**values)
        assert problem.message.fr != problem.message.en or code == "books.red"


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("batch.same_person", lambda batch: services.release(batch, batch.prepared_by, "")),
        ("batch.other_digest", lambda batch: services.release(batch, cast.account(), "0" * 64)),
        ("date.past", lambda batch: services.prepare("lmde", cast.account(), DAY - timedelta(1))),
        ("orders.none", lambda batch: services.prepare("lmde", cast.account(), NEXT)),
        ("notice.short", lambda batch: services.prepare_debits("lmde", cast.account(), NEXT)),
        ("dues.none", lambda batch: services.prepare_debits("lmde", cast.account(), COLLECT_ON)),
    ],
)
def test_what_is_refused_says_why(officers, code, ask):
    settled()
    batch = services.prepare("lmde", officers[0], NEXT)
    with pytest.raises(Refusal) as refused:
        ask(batch)
    assert [one.code for one in refused.value.problems] == [code]


def test_a_balance_is_that_of_its_agency_and_member():
    one = settled()
    settled()
    agency.settle_request(cast.sent(cast.student("smerep")), "agent")
    assert services.balance("members", "lmde") == -3020
    assert services.balance("members", "smerep") == -1510
    assert services.balance("members", "lmde", one.pk) == -1510
    assert services.balance("members", "smerep", one.pk) == 0
    assert [(row["account"], row["label"], row["cents"]) for row in services.balances("lmde")] == [
        ("care-amo", "Care, mandatory part", 3020),
        ("members", "Owed to members", -3020),
    ]
