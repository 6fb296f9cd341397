"""Direct debits: contributions collected under mandates, in files a second person releases.

A due is taken into a file by a conditional update and has one live collection: the database holds
it. Members are told the day and the amount when the file is released, so many days before as the
scheme asks. What the bank sends back is owed again, once; some reasons end the mandate too.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import Lang
from decompte.exchange import sepa
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.payments import contributions, failpoints, ledger, making, mandates
from decompte.portal.payments.models import Account, Batch, Collection, Due, Mandate
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.states import WITH_THE_BANK, DueState, OrderState
from decompte.portal.people import sealing
from decompte.portal.people import services as people

ROWS = 2000


def first_day() -> date:
    """Return the first day that members can still be told of in time."""
    return clock.today() + timedelta(days=sepa.debit_rules(clock.today())["notice_days"])


def check_notice(collect_on: date) -> None:
    """Refuse a day that members cannot be told of in time.

    Raises:
        Refusal: it is too near.
    """
    if collect_on < first_day():
        raise refusal("notice.short", day=first_day())


def prepare(agency: str, user: Any, collect_on: date) -> list[Batch]:
    """Make the direct debit files of what is due: one of first collections, one of later ones.

    Raises:
        Refusal: the day is too near, or nothing can be collected.
    """
    check_notice(collect_on)
    contributions.owe_all(agency, user.public_id)
    with transaction.atomic():
        failpoints.reach("prepare.begun")
        ready = _ready(agency)
        made = [
            _make(agency, user, collect_on, some)
            for is_first in (True, False)
            if (some := [one for one in ready if mandates.has_collected(one[1]) != is_first])
        ]
        if not made:
            transaction.set_rollback(True)
            raise refusal("dues.none")
    return made


def collected_in(batch: Batch) -> QuerySet[Collection]:
    """Return the collections in a file of direct debits, to be cut into pages."""
    return batch.collection.select_related("due", "mandate", "member").order_by("id")


def collections_of(batch: Batch) -> list[Collection]:
    """Return the collections in a file of direct debits."""
    return list(collected_in(batch))


def find_collection(end_to_end_id: str) -> Collection | None:
    """Return a collection within the scope by its identity at the bank, or None."""
    found: Collection | None = Collection.objects.filter(end_to_end_id=end_to_end_id).first()
    return found


def book(batch: Batch) -> None:
    """Book the collections of a file as asked of the bank, and tell their members."""
    rows = collections_of(batch)
    ledger.book_all(
        ledger.Event(
            f"released:{one.public_id}",
            "contribution.released",
            batch.agency,
            one.member_id,
            [(Account.TRANSIT, one.amount_cents), (Account.DUES, -one.amount_cents)],
        )
        for one in rows
    )
    batch.collection.update(state=OrderState.RELEASED)
    _dues(batch).update(state=DueState.COLLECTED)
    for one in rows:
        _announce(one)


def let_go(batch: Batch) -> None:
    """Give the dues of a discarded file free again."""
    batch.collection.update(state=OrderState.CANCELLED)
    _dues(batch).update(state=DueState.OPEN)


def give_back(one: Collection, state: str, reason: str, actor: str) -> bool:
    """Owe a collection's money again after the bank sent it back; False if it was before.

    The entry of its release is taken back, once: the database allows no second one.
    """
    with transaction.atomic():
        moved = Collection.objects.filter(pk=one.pk, state__in=WITH_THE_BANK).update(
            state=state, bank_reason=reason
        )
        if not moved:
            return False
        released = ledger.find(f"released:{one.public_id}")
        assert released is not None, "a collection with the bank has its entry"
        ledger.reverse(released, f"{state}:{one.public_id}", f"contribution.{state}")
        Due.objects.filter(pk=one.due_id, state=DueState.COLLECTED).update(state=DueState.HELD)
        if reason in sepa.debit_rules(clock.today())["mandate_ends_with"]:
            mandates.end(one.mandate, f"bank.{reason}", actor)
        _notify(one)
        audit.record(
            f"contribution.{state}",
            f"due:{one.due.public_id}",
            actor=actor,
            agency=one.agency,
            detail={"reason": reason},
        )
    return True


def _ready(agency: str) -> list[tuple[Due, Mandate]]:
    """Return what can be collected, with its mandate; at most what fits into a file."""
    waiting = Due.objects.select_for_update().filter(agency=agency, state=DueState.OPEN)
    found = []
    for due in waiting.order_by("pk")[: sepa.MOST]:
        mandate = mandates.mandate_of(due.member_id, agency)
        if mandate is not None:
            found.append((due, mandate))
    return found


def _make(agency: str, user: Any, collect_on: date, some: list[tuple[Due, Mandate]]) -> Batch:
    debtor = settings.DEBTORS[agency]
    batch = making.new_batch(agency, user, collect_on, sepa.DEBITS_BESIDE[debtor["version"]])
    taken = [_take(batch, due, mandate) for due, mandate in some]
    failpoints.reach("prepare.taken")
    making.keep(batch, tuple(_debit(one) for one in taken), user, debtor["creditor_id"])
    return batch


def _take(batch: Batch, due: Due, mandate: Mandate) -> Collection:
    moved = Due.objects.filter(pk=due.pk, state=DueState.OPEN).update(state=DueState.COLLECTING)
    assert moved, "a due that is locked waits"
    name = f"C{due.academic_year}-{due.pk:08d}"
    before = due.collections.count()
    taken: Collection = Collection.objects.create(
        due=due,
        mandate=mandate,
        member_id=due.member_id,
        agency=due.agency,
        batch=batch,
        amount_cents=due.amount_cents,
        is_first=not mandates.has_collected(mandate),
        end_to_end_id=f"{name}-{before + 1}" if before else name,
        collect_on=batch.execution_date,
    )
    return taken


def _debit(one: Collection) -> sepa.Debit:
    mandate = one.mandate
    return sepa.Debit(
        end_to_end_id=one.end_to_end_id,
        holder=mandate.holder,
        iban=sealing.open_sealed(mandate.iban_sealed, people.IBAN_CONTEXT).decode(),
        bic=mandate.bic,
        amount_cents=one.amount_cents,
        remittance=f"DECOMPTE {one.end_to_end_id[1:]}",
        mandate=mandate.reference,
        signed_on=mandate.signed_on,
        is_first=one.is_first,
    )


def _dues(batch: Batch) -> Any:
    return Due.objects.filter(pk__in=batch.collection.order_by().values("due_id"))


def _announce(one: Collection) -> None:
    """Tell the member when and how much is collected, under which mandate."""
    user = one.member.user
    lang: Lang = "fr" if user.language == "fr" else "en"
    with translation.override(lang):
        told = gettext(
            "Your contribution for %(year)s, %(amount)s, is collected on %(day)s from the account "
            "ending in %(last4)s, under the mandate %(mandate)s of the creditor %(creditor)s. If "
            "that is not right, write to your agency before."
        )
        outbox.enqueue(
            f"collection:{one.public_id}:announced",
            recipient=user.email,
            language=user.language,
            subject=gettext("A direct debit is to come"),
            body=told
            % {
                "year": f"{one.due.academic_year}-{one.due.academic_year + 1}",
                "amount": euros(one.amount_cents, lang),
                "day": day_in_words(one.collect_on, lang),
                "last4": one.mandate.iban_last4,
                "mandate": one.mandate.reference,
                "creditor": settings.DEBTORS[one.agency]["creditor_id"],
            },
        )


def _notify(one: Collection) -> None:
    """Tell the member that the bank did not pay, without more."""
    user = one.member.user
    with translation.override(user.language):
        outbox.enqueue(
            f"collection:{one.public_id}:came_back",
            recipient=user.email,
            language=user.language,
            subject=gettext("Your bank did not pay a direct debit"),
            body=gettext(
                "Your contribution could not be collected: sign in, check your mandate, or pay "
                "otherwise."
            ),
        )
