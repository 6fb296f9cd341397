"""What members owe: kept per person, taken from later payments, forgiven or paid back.

The order of taking is the engine's (`engine.recovery`): the oldest care first; of one day the
participation, the franchise, the penalty; then what was paid unduly. A debt is only taken from
what its own payer gives. Deferred amounts may take all of that; overpayments a share, and not
before they can no longer be contested. What the time limit has passed is cancelled. The member's
debts are locked while a payment is cut.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import transaction
from django.db.models import F, Sum

from decompte.engine.recovery import Owed, recover
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.payments import ledger
from decompte.portal.payments.models import Account, Debt, Proposal, Taking
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import DebtKind, How

DEFERRED = (
    (DebtKind.PARTICIPATION, "participation"),
    (DebtKind.FRANCHISE, "franchise"),
    (DebtKind.PENALTY, "penalty"),
)
UNDUE = "undue"
NEVER_GIVEN_UP = (DebtKind.PARTICIPATION, DebtKind.FRANCHISE)
WHOLE_BP = 10_000
DEBITED = {How.COLLECTED: Account.TILL, How.FORGIVEN: Account.FORGIVEN}


def rules(day: date) -> dict[str, Any]:
    """Return the rules of taking in force on a day."""
    found: dict[str, Any] = [rule for rule in _data()["rules"] if rule["from"] <= day][-1]
    return found


def owe_deferred(decision: Any) -> list[Debt]:
    """Keep what a decision could not keep back because somebody else was paid directly."""
    return [
        owe_part(decision, position, kind, day, cents)
        for (position, kind), (day, cents) in deferred(decision).items()
    ]


def deferred(decision: Any) -> dict[tuple[int, str], tuple[date, int]]:
    """Return what a decision could not keep back: by line and kind, the day of care and cents."""
    asked, answered = decision.inputs["lines"], decision.answers["en"]["lines"]
    found = {}
    for position, (line, answer) in enumerate(zip(asked, answered, strict=True), start=1):
        left = _cents(answer.get("deferred", "0.00"))
        for kind, name in DEFERRED:
            amount = min(left, _cents(answer.get(name, "0.00")))
            if amount:
                found[position, str(kind)] = (date.fromisoformat(line["date"]), amount)
                left -= amount
        assert left == 0, "a deferred amount has its kinds"
    return found


def owe_part(decision: Any, position: int, kind: str, care_date: date, cents: int) -> Debt:
    """Owe what was deferred on a line; the decision's own entry books it."""
    key = f"deferred:{decision.public_id}:{position}:{kind}"
    return _owe(key, decision, kind, care_date, cents)


def owe_overpayment(decision: Any, payer: str, amount_cents: int, care_date: date) -> Debt:
    """Owe what earlier decisions paid too much of a payer's money, found out by this one.

    `corrections.correct` calls it and books it; it may be kept back when it can no longer be
    contested.
    """
    wait = rules(clock.today())["overpayment_wait_months"]
    return _owe(
        f"overpaid:{decision.public_id}:{payer}",
        decision,
        DebtKind.OVERPAYMENT,
        care_date,
        amount_cents,
        payer=payer,
        takeable_from=months_later(clock.today(), wait),
    )


def overpayments(decision: Any) -> list[Debt]:
    """Return what a correction said was paid too much."""
    return list(Debt.objects.filter(decision_id=decision.pk, kind=DebtKind.OVERPAYMENT))


def overpayment_rule(day: date) -> tuple[date, int]:
    """Return from when an overpayment told on a day may be kept back, and its share in percent."""
    rule = rules(day)
    begins = months_later(day, rule["overpayment_wait_months"])
    return begins, rule["overpayment_share_bp"] * 100 // WHOLE_BP


def take(decision: Any, shares: Mapping[str, int]) -> dict[str, int]:
    """Keep debts back from what a decision gives, and return how many cents by payer."""
    with transaction.atomic():
        debts = list(
            Debt.objects.select_for_update()
            .filter(
                member_id=decision.member_id,
                agency=decision.agency,
                left_cents__gt=0,
                takeable_from__lte=clock.today(),
            )
            .order_by("care_date", "id")
        )
        today = clock.today()
        done = allocate(debts, shares, rules(today)["overpayment_share_bp"], today)
        total = sum(taken for _debt, taken, _cancelled in done)
        kept = _book(f"kept:{decision.public_id}", decision, Account.MEMBERS, total)
        gone = sum(cancelled for _debt, _taken, cancelled in done)
        expired = _book(f"expired:{decision.public_id}", decision, Account.FORGIVEN, gone)
        for debt, taken, cancelled in done:
            if taken:
                _lower(debt, taken, How.TAKEN, kept, decision=decision)
            if cancelled:
                _lower(debt, cancelled, How.EXPIRED, expired)
    by_payer: Counter[str] = Counter()
    for debt, taken, _cancelled in done:
        by_payer[debt.payer] += taken
    return +by_payer


def allocate(
    debts: Sequence[Debt], shares: Mapping[str, int], share_bp: int, on: date
) -> list[tuple[Debt, int, int]]:
    """Return what one payment does to each debt: cents taken, and cents cancelled by time.

    Args:
        debts: what the member owes and may be taken now; of two alike the first is taken first.
        shares: cents that each payer gives in this payment.
        share_bp: of it, what overpayments may take at most, in basis points.
        on: day of the payment.
    """
    by_name = {f"{place:09d}": debt for place, debt in enumerate(debts)}
    found = []
    for payer in sorted({debt.payer for debt in debts}):
        whole = shares.get(payer, 0)
        deferred = recover(_owed(by_name, payer), whole, on)
        most = min(deferred.paid_cents, whole * share_bp // WHOLE_BP)
        undue = recover(_owed(by_name, payer, UNDUE), most, on)
        found += [
            (by_name[one.owed.id], one.taken_cents, one.cancelled_cents)
            for one in (*deferred.debts, *undue.debts)
            if one.taken_cents or one.cancelled_cents
        ]
    return found


def debts_of(member_id: int) -> list[Debt]:
    """Return what a member owes or owed, oldest care first, with how it went away."""
    return list(Debt.objects.filter(member_id=member_id).prefetch_related("takings"))


def owing() -> list[Debt]:
    """Return the debts of the scope's agency that are not at an end, oldest care first."""
    found = Debt.objects.filter(left_cents__gt=0)
    return list(found.select_related("member").prefetch_related("proposals"))


def takings_of(decision_id: int) -> list[Taking]:
    """Return what was kept back from a decision's payment."""
    return list(Taking.objects.filter(decision_id=decision_id).select_related("debt"))


def kept_by_decision(decision_ids: Sequence[int]) -> Counter[int]:
    """Return the cents kept back from the payments of decisions, by the key of the decision."""
    rows = Taking.objects.filter(decision_id__in=decision_ids).order_by().values("decision_id")
    found = rows.annotate(total=Sum("amount_cents")).values_list("decision_id", "total")
    return Counter(dict(found))


def find_debt(public_id: str) -> Debt | None:
    """Return a debt within the scope, or None."""
    found: Debt | None = Debt.objects.filter(public_id=public_id).first()
    return found


def find_proposal(public_id: str) -> Proposal | None:
    """Return a proposal within the scope, or None."""
    found: Proposal | None = Proposal.objects.filter(public_id=public_id).first()
    return found


def propose(debt: Debt, how: str, amount_cents: int, reason: str, user: Any) -> Proposal:
    """Propose to forgive a part of a debt, or to book it as paid back.

    Raises:
        Refusal: the amount is not owed, no reason is given, or another proposal is open.
    """
    if how not in DEBITED:
        raise refusal("how.unknown")
    if how == How.FORGIVEN and debt.kind in NEVER_GIVEN_UP:
        raise refusal("debt.never_given_up")
    if not reason.strip():
        raise refusal("field.missing")
    if not 0 < amount_cents <= debt.left_cents:
        raise refusal("amount.not_owed")
    if debt.proposals.filter(decided_by__isnull=True).exists():
        raise refusal("proposal.open")
    made: Proposal = Proposal.objects.create(
        debt=debt,
        member_id=debt.member_id,
        agency=debt.agency,
        how=how,
        amount_cents=amount_cents,
        reason=reason.strip()[:300],
        proposed_by=user,
        proposed_at=clock.now(),
    )
    _tell(debt, "debt.proposed", user, {"how": how, "cents": amount_cents})
    return made


def decide(proposal: Proposal, user: Any, *, is_approved: bool) -> bool:
    """Approve or turn down a proposal as its second person; False when it was decided before.

    Raises:
        Refusal: the same person proposed it, or so much is no longer owed.
    """
    if proposal.proposed_by_id == user.pk:
        raise refusal("proposal.same_person")
    with transaction.atomic():
        moved = Proposal.objects.filter(pk=proposal.pk, decided_by__isnull=True).update(
            decided_by=user, decided_at=clock.now(), is_approved=is_approved
        )
        if moved and is_approved:
            _settle(proposal)
        if moved:
            code = "debt.approved" if is_approved else "debt.turned_down"
            _tell(proposal.debt, code, user, {"how": proposal.how})
    return bool(moved)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def repaid(debt: Debt, amount_cents: int, key: str, reason: str) -> None:
    """Lower a debt by money that came in through the bank; the entry `key` books it."""
    _lower(debt, amount_cents, How.COLLECTED, key, reason=reason)


def made_by(decision_ids: Sequence[int]) -> list[Debt]:
    """Return the debts that decisions made, in the order they were made, locked."""
    rows = Debt.objects.select_for_update().filter(decision_id__in=decision_ids)
    return list(rows.order_by("id"))


def place(debt: Debt) -> tuple[int, str]:
    """Return the line and kind of a deferred debt."""
    position, kind = debt.key.split(":")[-2:]
    return int(position), kind


def gone(debt: Debt, how: str) -> int:
    """Return how many cents of a debt went away in a way."""
    return debt.takings.filter(how=how).aggregate(t=Sum("amount_cents"))["t"] or 0


def refunded(debt: Debt) -> int:
    """Return how many cents of a debt the member got back, having paid what was never owed."""
    back = debt.takings.filter(how__in=[How.TAKEN, How.COLLECTED], amount_cents__lt=0)
    return -(back.aggregate(t=Sum("amount_cents"))["t"] or 0)


def take_back(debt: Debt, amount_cents: int, how: str, key: str) -> None:
    """Undo that a part of a debt went away; the entry `key` books it."""
    _lower(debt, -amount_cents, how, key)


def undo(debt: Debt, amount_cents: int, key: str) -> None:
    """Take off a debt what a correction says was never owed; the entry `key` books it."""
    _lower(debt, amount_cents, How.UNDONE, key)


def owed_cents(member_id: int) -> int:
    """Return what a member still owes, in cents."""
    total = Debt.objects.filter(member_id=member_id).aggregate(t=Sum("left_cents"))["t"]
    return total or 0


def _settle(proposal: Proposal) -> None:
    debt, cents = proposal.debt, proposal.amount_cents
    how = How(proposal.how)
    key = f"{how}:{proposal.public_id}"
    ledger.book(
        ledger.Event(
            key,
            f"debt.{how}",
            debt.agency,
            debt.member_id,
            [
                (DEBITED[how], cents),
                (Account.RECOVERIES, -cents),
            ],
        )
    )
    _lower(debt, cents, how, key, reason=proposal.reason)


def _book(key: str, decision: Any, account: str, cents: int) -> str:
    ledger.book_all(
        [
            ledger.Event(
                key,
                "debt.lowered",
                decision.agency,
                decision.member_id,
                [(account, cents), (Account.RECOVERIES, -cents)],
            )
        ]
    )
    return key


def _owed(debts: Mapping[str, Debt], payer: str, kind: str = "") -> list[Owed]:
    """Return a payer's debts as the engine takes them: those of deferred amounts, or undue ones."""
    return [
        Owed(name, _kind(debt), debt.care_date, debt.left_cents)
        for name, debt in debts.items()
        if debt.payer == payer and (_kind(debt) == UNDUE) == (kind == UNDUE)
    ]


def _kind(debt: Debt) -> str:
    return UNDUE if debt.kind == DebtKind.OVERPAYMENT else debt.kind


def _owe(  # noqa: PLR0913
    key: str,
    decision: Any,
    kind: str,
    care_date: date,
    amount_cents: int,
    *,
    payer: str = Account.CARE_AMO,
    takeable_from: date | None = None,
) -> Debt:
    made: Debt = Debt.objects.create(
        key=key,
        member_id=decision.member_id,
        agency=decision.agency,
        kind=kind,
        payer=payer,
        decision_id=decision.pk,
        care_date=care_date,
        amount_cents=amount_cents,
        left_cents=amount_cents,
        takeable_from=takeable_from or clock.today(),
        made_at=clock.now(),
    )
    return made


def _lower(
    debt: Debt, cents: int, how: str, key: str, *, decision: Any = None, reason: str = ""
) -> None:
    lowered = Debt.objects.filter(pk=debt.pk, left_cents__gte=cents).update(
        left_cents=F("left_cents") - cents
    )
    if not lowered:
        raise refusal("debt.less")
    Taking.objects.create(
        debt=debt,
        member_id=debt.member_id,
        agency=debt.agency,
        decision_id=decision.pk if decision is not None else None,
        how=how,
        amount_cents=cents,
        key=key,
        reason=reason,
        at=clock.now(),
    )


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = files(__package__).joinpath("recoveries.yaml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def _tell(debt: Debt, code: str, user: Any, detail: dict[str, object]) -> None:
    audit.record(
        code, f"debt:{debt.public_id}", actor=user.public_id, agency=debt.agency, detail=detail
    )
