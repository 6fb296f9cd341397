"""Random histories of money: a machine that does anything that can happen, in any order.

After each step every quick invariant is asked; at the end all of them, and every cent is explained.
"""

from contextlib import contextmanager
from datetime import timedelta
from itertools import count

from django.conf import settings
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.decisions import services as decisions
from decompte.portal.decisions.models import Decision
from decompte.portal.payments import services
from decompte.portal.payments.models import Batch, Debt, PaymentOrder, Proposal
from decompte.portal.people import services as people
from decompte.portal.requests.models import CareLine, Request
from tests import bank

IBANS = (
    "FR1420041010050500013M02606",
    "DE89370400440532013000",
    "FR7630006000011234567890189",
    "ES9121000418450200051332",
)
PICK = st.integers(min_value=0, max_value=10_000)
_numbers = count(1)


@contextmanager
def refused(*codes):
    """Let a refusal of these codes pass, with nothing done; any other is a failure."""
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        if refusal.problems[0].code not in codes:
            raise


def decided(member, day, **more):
    """Return the decision of a request, its payment ordered."""
    decision = decisions.decide(asked(member, day, **more), "history")
    services.order(decision, "history")
    return decision


def asked(member, day, *, price_cents=2300, is_direct=False, pathway="declared-gp"):
    """Return an accepted request made straight in the table: papers are not the subject."""
    number = next(_numbers)
    request = Request.objects.create(
        reference=f"H{number:09d}",
        member=member,
        agency="lmde",
        state="accepted",
        created_at=clock.now(),
        submitted_at=clock.now(),
    )
    CareLine.objects.create(
        request=request,
        member=member,
        agency="lmde",
        position=1,
        care_date=day,
        act="G",
        price_cents=price_cents,
        practitioner_name="Dr Lambert",
        practitioner_number=f"{10_000_000_000 + number}",
        specialty="general-practice",
        sector="1",
        pathway=pathway,
        is_third_party_payment=is_direct,
    )
    return request


class Money(RuleBasedStateMachine):
    """Everything that can happen to money; `members` and `officers` are set by the test."""

    members = ()
    officers = ()

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.days_back = settings.DAYS_BACK
        self.register = settings.REGISTER
        settings.REGISTER = self.register.with_name(f"sent-{next(_numbers)}.jsonl")
        self.statements = bank.Statements("lmde", clock.today() + timedelta(days=1))
        self.files = []
        self.undelivered = []

    def teardown(self):
        try:
            for file in self.undelivered:
                services.read_bank_file("lmde", file, "history")
            for line in services.work_list():
                services.explain(line, "fees", "history", self.officers[0])
            found = services.everything()
            assert not found, found
            assert services.unexplained_cents("lmde") == 0
            assert services.balance("suspense", "lmde") == 0
        finally:
            settings.DAYS_BACK = self.days_back
            settings.REGISTER = self.register
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(who=PICK, price=st.integers(500, 9000), is_direct=st.booleans(), days=st.integers(1, 40))
    def a_request_is_decided(self, who, price, is_direct, days):
        decided(
            self.one(self.members, who),
            clock.today() - timedelta(days=days),
            price_cents=price,
            is_direct=is_direct,
        )

    @precondition(lambda self: Decision.objects.exists())
    @rule(which=PICK, price=st.integers(500, 9000), is_direct=st.booleans())
    def a_decision_is_corrected(self, which, price, is_direct):
        in_force = Decision.objects.filter(corrected_by__isnull=True).order_by("pk")
        before = self.one(list(in_force), which)
        inputs = decisions.case_document(before.request)
        paid = f"{price // 100}.{price % 100:02d}"
        inputs["lines"][0] |= {"price": paid, "third_party_payment": is_direct}
        ruling = decisions.Ruling(inputs, "second", reason="mistake", proposed_by="first")
        with refused("payment.in_file"):
            later = decisions.keep(before.request, ruling._replace(corrects=before))
            earlier = decisions.chain(before.request_id)[:-1]
            services.correct(earlier, later, "history")

    @rule(who=PICK, which=PICK)
    def a_member_gives_another_account(self, who, which):
        member = self.one(self.members, who)
        people.set_bank_account(member, holder=member.name, iban=IBANS[which % len(IBANS)])

    @rule(days=st.integers(1, 25))
    def days_go_by(self, days):
        settings.DAYS_BACK -= days

    @rule(who=PICK)
    def a_file_is_made(self, who):
        with refused("orders.none"):
            services.prepare("lmde", self.one(self.officers, who), clock.today())

    @precondition(lambda self: Batch.objects.exists())
    @rule(which=PICK, who=PICK)
    def a_file_is_released(self, which, who):
        batch = self.one(list(Batch.objects.order_by("pk")), which)
        with refused("batch.same_person"):
            services.release(batch, self.one(self.officers, who), batch.sha256)

    @precondition(lambda self: Batch.objects.exists())
    @rule(which=PICK)
    def a_file_is_discarded(self, which):
        services.discard(self.one(list(Batch.objects.order_by("pk")), which), self.officers[0])

    @precondition(lambda self: Batch.objects.exists())
    @rule(which=PICK, off=st.sampled_from([0, 0, 0, 1, -7]))
    def the_bank_debits_a_file(self, which, off):
        batch = self.one(list(Batch.objects.order_by("pk")), which)
        self.tell((-batch.total_cents + off, {"msg_id": batch.msg_id}))

    @precondition(lambda self: PaymentOrder.objects.exists())
    @rule(which=PICK, off=st.sampled_from([0, 0, 0, -100]), is_credit=st.booleans())
    def the_bank_moves_one_payment(self, which, off, is_credit):
        order = self.one(list(PaymentOrder.objects.order_by("pk")), which)
        sign = 1 if is_credit else -1
        told = {"end_to_end": order.end_to_end_id, "reason": "AC04" if is_credit else ""}
        if order.amount_cents + off > 0:
            self.tell((sign * (order.amount_cents + off), told))

    @precondition(lambda self: Batch.objects.exists())
    @rule(which=PICK, payment=PICK, is_whole=st.booleans())
    def the_bank_rejects(self, which, payment, is_whole):
        batch = self.one(list(Batch.objects.order_by("pk")), which)
        ids = [one.end_to_end_id for one in services.orders_of(batch)] or ["DNONE"]
        self.give(
            bank.pain_002(batch.msg_id, group="RJCT")
            if is_whole
            else bank.pain_002(batch.msg_id, rejected=[self.one(ids, payment)])
        )

    @rule(cents=st.integers(-5000, 5000).filter(bool))
    def the_bank_moves_something_unknown(self, cents):
        self.tell((cents, {"label": "UNKNOWN"}))

    @precondition(lambda self: self.files)
    @rule(which=PICK)
    def a_file_of_the_bank_comes_twice(self, which):
        services.read_bank_file("lmde", self.one(self.files, which), "history")

    @precondition(lambda self: self.undelivered)
    @rule(which=PICK)
    def a_late_statement_comes(self, which):
        file = self.undelivered.pop(which % len(self.undelivered))
        self.give(file)

    @precondition(lambda self: services.held())
    @rule(which=PICK)
    def an_officer_sends_again(self, which):
        services.resume(self.one(services.held(), which), "history")

    @precondition(lambda self: services.work_list())
    @rule(which=PICK, order=PICK, is_matched=st.booleans())
    def an_officer_explains(self, which, order, is_matched):
        line = self.one(services.work_list(), which)
        orders = list(PaymentOrder.objects.order_by("pk"))
        if not (is_matched and orders and line.amount_cents > 0):
            services.explain(line, "fees", "history", self.officers[0])
            return
        with refused("order.not-sent", "order.twice"):
            services.match(line, self.one(orders, order), "history", self.officers[0])

    @precondition(lambda self: Debt.objects.filter(left_cents__gt=0).exists())
    @rule(which=PICK, share=st.integers(1, 100), who=PICK)
    def an_officer_proposes(self, which, share, who):
        debt = self.one(services.owing(), which)
        cents = max(debt.left_cents * share // 100, 1)
        with refused("proposal.open"):
            services.propose(debt, "collected", cents, "history", self.one(self.officers, who))

    @precondition(lambda self: Proposal.objects.filter(decided_by=None).exists())
    @rule(which=PICK, who=PICK, is_approved=st.booleans())
    def another_officer_decides(self, which, who, is_approved):
        proposal = self.one(list(Proposal.objects.filter(decided_by=None)), which)
        with refused("proposal.same_person", "debt.less"):
            services.decide(proposal, self.one(self.officers, who), is_approved=is_approved)

    @invariant()
    def the_books_are_right(self):
        found = services.books()
        assert not found, found

    def tell(self, move):
        """Put a movement on the next statement, which may come late."""
        file = self.statements.next(move)
        if self.statements.number % 3 == 0:
            self.undelivered.append(file)
        else:
            self.give(file)

    def give(self, file):
        self.files.append(file)
        services.read_bank_file("lmde", file, "history")

    @staticmethod
    def one(things, pick):
        return things[pick % len(things)]
