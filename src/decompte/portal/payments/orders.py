"""Orders: what is to be paid for a decision, once, and again when the bank gave it back.

One live order a decision: the database holds it. An order whose money came back is never used
again; its replacement waits until there is an account that works.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import translation
from django.utils.translation import gettext

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.decisions import services as decisions
from decompte.portal.outbox import services as outbox
from decompte.portal.payments import ledger, recoveries
from decompte.portal.payments.models import Account, PaymentOrder
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import DEAD, WITH_THE_BANK, OrderState
from decompte.portal.people import services as people
from decompte.portal.requests import services as requests

PARTS = (
    (Account.CARE_AMO, "amo"),
    (Account.CARE_LOCAL, "local"),
    (Account.CARE_SOLIDARITY, "solidarity"),
    (Account.CARE_AMC, "amc"),
)


def order(decision: Any, actor: str) -> PaymentOrder | None:
    """Owe a decision's amount to its member and order its payment; None when nothing is to go out.

    What the member owes from before is kept back first (`recoveries`).

    Raises:
        Refusal: the member has no bank account.
    """
    assert decision.corrects_id is None, "a correction pays its difference: corrections.py"
    with transaction.atomic():
        if ledger.find(f"owed:{decision.public_id}"):
            return order_of(decision.pk)
        ledger.book_all([owed(decision)])
        recoveries.owe_deferred(decision)
        return pay(decision, shares(decision), actor)


def pay(decision: Any, given: Mapping[str, int], actor: str) -> PaymentOrder | None:
    """Order what payers give for a decision, less what the member owes; None when nothing is left.

    Args:
        decision: the decision.
        given: cents by payer.
        actor: who asks.

    Raises:
        Refusal: the member has no bank account.
    """
    kept = recoveries.take(decision, given)
    parts = {payer: cents - kept.get(payer, 0) for payer, cents in given.items()}
    if not any(parts.values()):
        requests.mark_settled(decision.request_id, actor)
        return None
    return _order(decision, {p: cents for p, cents in parts.items() if cents}, kept, actor)


def owed(decision: Any) -> ledger.Event:
    """Return the event of a decision: what each payer bears, to the member or to practitioners."""
    to_member, direct = _borne(decision)
    deferred = decision.deferred_cents
    amounts = [
        *((account, to_member[account] + direct[account]) for account, _name in PARTS),
        (Account.MEMBERS, -sum(to_member.values())),
        (Account.RECOVERIES, deferred),
        (Account.PRACTITIONERS, -sum(direct.values()) - deferred),
    ]
    return ledger.Event(
        f"owed:{decision.public_id}",
        "decision.owed",
        decision.agency,
        decision.member_id,
        amounts,
    )


def shares(decision: Any) -> dict[str, int]:
    """Return what each payer gives to the member for a decision, in cents."""
    return {str(account): cents for account, cents in _borne(decision)[0].items()}


def parts_of(one: PaymentOrder) -> dict[str, int]:
    """Return what an order pays by payer, in cents."""
    if one.parts:
        return dict(one.parts)
    given = Counter(shares(one.decision))
    for taking in recoveries.takings_of(one.decision_id):
        given[taking.debt.payer] -= taking.amount_cents
    return dict(given)


def orders_by_decision(decision_ids: Sequence[int]) -> dict[int, PaymentOrder]:
    """Return the live orders of decisions, by the key of the decision."""
    found = _with_file(PaymentOrder.objects.filter(decision_id__in=decision_ids))
    return {one.decision_id: one for one in found.exclude(state__in=DEAD)}


def order_of(decision_id: int) -> PaymentOrder | None:
    """Return the live order of a decision, or None."""
    live = PaymentOrder.objects.filter(decision_id=decision_id).exclude(state__in=DEAD)
    found: PaymentOrder | None = _with_file(live).first()
    return found


def orders_for(decision_id: int) -> list[PaymentOrder]:
    """Return every order there ever was for a decision, oldest first."""
    return list(_with_file(PaymentOrder.objects.filter(decision_id=decision_id)))


def paid_by_decision(decision_ids: Sequence[int]) -> Counter[int]:
    """Return the cents that left for decisions and stayed there, by the key of the decision."""
    gone = PaymentOrder.objects.filter(decision_id__in=decision_ids, state__in=WITH_THE_BANK)
    found = gone.order_by().values_list("decision_id").annotate(total=Sum("amount_cents"))
    return Counter(dict(found))


def order_of_request(request_id: int) -> PaymentOrder | None:
    """Return the newest order of a request that is or was with the bank, or None."""
    known = [one.pk for one in decisions.chain(request_id)]
    gone = PaymentOrder.objects.filter(decision_id__in=known, batch__isnull=False)
    found: PaymentOrder | None = gone.order_by("-pk").first()
    return found


def waiting(most: int | None = None) -> list[PaymentOrder]:
    """Return orders of the scope's agency that are in no file yet, oldest first."""
    return _in_state(OrderState.ORDERED, most)


def waiting_sum() -> tuple[int, int]:
    """Return how many orders of the scope's agency are in no file yet, and their cents."""
    found = PaymentOrder.objects.filter(state=OrderState.ORDERED).aggregate(
        number=Count("pk"), total=Sum("amount_cents")
    )
    return found["number"], found["total"] or 0


def held() -> list[PaymentOrder]:
    """Return the orders whose money came back and that wait for an account that works."""
    return _in_state(OrderState.HELD)


def unsent_cents(decision_ids: Sequence[int]) -> int:
    """Return what has not left yet of the live orders of decisions, in cents."""
    states = (OrderState.ORDERED, OrderState.HELD, OrderState.BATCHED)
    found = PaymentOrder.objects.filter(decision_id__in=decision_ids, state__in=states)
    return sum(found.values_list("amount_cents", flat=True))


def find_order(public_id: str) -> PaymentOrder | None:
    """Return an order within the scope, or None."""
    found: PaymentOrder | None = PaymentOrder.objects.filter(public_id=public_id).first()
    return found


def give_back(one: PaymentOrder, state: str, reason: str, actor: str) -> bool:
    """Open an order's money again after the bank rejected or returned it; False if it was before.

    The entry of its release is taken back, once: the database allows no second one.
    """
    with transaction.atomic():
        moved = PaymentOrder.objects.filter(pk=one.pk, state__in=WITH_THE_BANK).update(
            state=state, bank_reason=reason
        )
        if not moved:
            return False
        released = ledger.find(f"released:{one.public_id}")
        assert released is not None, "an order with the bank has its entry"
        ledger.reverse(released, f"{state}:{one.public_id}", f"payment.{state}")
        _replace(one, actor)
        _notify(one)
        _tell(one, f"payment.{state}", actor, {"reason": reason})
    return True


def cancel(one: PaymentOrder, actor: str) -> bool:
    """Cancel an order that has not left, because its decision was corrected; False if it has."""
    moved = PaymentOrder.objects.filter(
        pk=one.pk, state__in=[OrderState.ORDERED, OrderState.HELD]
    ).update(state=OrderState.CANCELLED)
    if moved:
        _tell(one, "payment.cancelled", actor, {})
    return bool(moved)


def resume(one: PaymentOrder, actor: str) -> bool:
    """Send an order that waits to the account the member has now; False if it waits no longer.

    Raises:
        Refusal: the member has no account.
    """
    account = people.bank_account(one.member_id)
    if account is None:
        raise _no_account()
    with transaction.atomic():
        moved = PaymentOrder.objects.filter(pk=one.pk, state=OrderState.HELD).update(
            state=OrderState.ORDERED,
            holder=account.holder,
            iban_sealed=account.iban_sealed,
            iban_last4=account.iban_last4,
            bic=account.bic,
        )
        if moved:
            _tell(one, "payment.resumed", actor, {})
    return bool(moved)


def resume_changed(agency: str, actor: str) -> int:
    """Resume the waiting orders whose member has given another account since; return how many."""
    count = 0
    for one in PaymentOrder.objects.filter(agency=agency, state=OrderState.HELD):
        account = people.bank_account(one.member_id)
        if account is not None and account.recorded_at > one.ordered_at:
            count += resume(one, actor)
    return count


def _order(
    decision: Any, parts: Mapping[str, int], kept: Mapping[str, int], actor: str
) -> PaymentOrder:
    account = people.bank_account(decision.member_id)
    if account is None:
        raise _no_account()
    ordered = PaymentOrder.objects.create(
        decision_id=decision.pk,
        member_id=decision.member_id,
        agency=decision.agency,
        amount_cents=sum(parts.values()),
        kept_cents=sum(kept.values()),
        parts=dict(parts),
        holder=account.holder,
        iban_sealed=account.iban_sealed,
        iban_last4=account.iban_last4,
        bic=account.bic,
        end_to_end_id=_end_to_end_id(decision.request),
        ordered_at=clock.now(),
    )
    _tell(ordered, "payment.ordered", actor, {"kept_cents": ordered.kept_cents})
    return ordered  # type: ignore[no-any-return]


def _replace(one: PaymentOrder, actor: str) -> PaymentOrder:
    replacement = PaymentOrder.objects.create(
        decision_id=one.decision_id,
        member_id=one.member_id,
        agency=one.agency,
        state=OrderState.HELD,
        replaces=one,
        amount_cents=one.amount_cents,
        kept_cents=one.kept_cents,
        parts=one.parts,
        holder=one.holder,
        iban_sealed=one.iban_sealed,
        iban_last4=one.iban_last4,
        bic=one.bic,
        end_to_end_id=_end_to_end_id(one.decision.request),
        ordered_at=clock.now(),
    )
    _tell(replacement, "payment.ordered", actor, {"replaces": one.public_id})
    return replacement  # type: ignore[no-any-return]


def _notify(one: PaymentOrder) -> None:
    """Tell the member that the money came back, without saying what it was for."""
    user = one.member.user
    with translation.override(user.language):
        outbox.enqueue(
            f"order:{one.public_id}:came_back",
            recipient=user.email,
            language=user.language,
            subject=gettext("Your bank sent a payment back"),
            body=gettext(
                "A payment to you came back. Sign in and check your bank details: "
                "the money leaves again as soon as there is another account."
            ),
        )


def _end_to_end_id(request: Any) -> str:
    """Return an identity that the bank has never seen: the reference, numbered from the second."""
    first = f"D{request.reference}"
    known = [one.pk for one in decisions.chain(request.pk)]
    used = PaymentOrder.objects.filter(decision_id__in=known).count()
    return f"{first}-{used + 1}" if used else first


def _borne(decision: Any) -> tuple[dict[Account, int], dict[Account, int]]:
    """Return what each payer bears to the member, and what it paid to practitioners directly."""
    to_member = dict.fromkeys((account for account, _name in PARTS), 0)
    direct = dict(to_member)
    inputs, answered = decision.inputs["lines"], decision.answers["en"]["lines"]
    for asked, line in zip(inputs, answered, strict=True):
        borne = direct if asked["third_party_payment"] else to_member
        for account, name in PARTS:
            borne[account] += int(line[name].replace(".", ""))
    return to_member, direct


def _with_file(rows: Any) -> Any:
    """Return orders with the payment file of each, without its bytes: they are many."""
    return rows.select_related("batch").defer("batch__content_sealed")


def _in_state(state: str, most: int | None = None) -> list[PaymentOrder]:
    return list(
        PaymentOrder.objects.filter(state=state)
        .select_related("decision__request", "member")
        .order_by("id")[:most]
    )


def _no_account() -> Exception:
    return refusal("bank.missing")


def _tell(one: PaymentOrder, code: str, actor: str, detail: dict[str, object]) -> None:
    audit.record(code, f"order:{one.public_id}", actor=actor, agency=one.agency, detail=detail)
