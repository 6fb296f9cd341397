"""A proposed decision at the desk: what it comes to, its letter, and the second person's yes.

The decision, its money, its letter and the request's state are one transaction.
"""

from typing import Any, NamedTuple

from django.db import transaction

from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import Lang, Refusal
from decompte.portal import clock
from decompte.portal.decisions import amendments, changes
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services as payments
from decompte.portal.requests import answers, phrases


class Money(NamedTuple):
    """What a decision moves, in cents.

    Attributes:
        leaves_cents: the payment it orders.
        kept_cents: what was kept back from it for what the member owed.
        owed_cents: what was paid too much before and becomes a debt.
        is_anew: a payment that had not left was cancelled and is made anew.
    """

    leaves_cents: int
    kept_cents: int
    owed_cents: int
    is_anew: bool


class Outlook(NamedTuple):
    """What a proposal would come to if it were approved now.

    Attributes:
        before: the decision that stands, or None.
        after: the decision as it would be.
        computed: the engine's own answer where amounts are set by hand; None where it has none.
        money: what it would move.
        paragraphs: of the letter, in the member's language.
    """

    before: Any
    after: Any
    computed: Any
    money: Money
    paragraphs: tuple[str, ...]


def outlook(found: Any) -> Outlook:
    """Return what an open proposal would come to: it is carried out, looked at, and rolled back.

    Raises:
        Refusal: the law of a line is not known here, or a payment of it lies in a file.
    """
    ruling = amendments.ruling(found, "")
    before = ruling.corrects
    with transaction.atomic():
        after = decisions.keep(found.request, ruling)
        money = _pay(after, "")
        paragraphs = _letter(found, before, after, money).paragraphs
        transaction.set_rollback(True)
    computed = _by_the_engine(found.request, ruling) if ruling.by_hand else None
    return Outlook(before, after, computed, money, paragraphs)


def approve(found: Any, user: Any, shown_cents: int) -> bool:
    """Approve a proposal as its second person: decision, money, letter. False if done before.

    Raises:
        Refusal: see `amendments.approve` and `payments.correct`.
    """
    with transaction.atomic():
        decision = amendments.approve(found, user, shown_cents)
        if decision is None:
            return False
        money = _pay(decision, user.public_id)
        paper = _letter(found, decision.corrects, decision, money)
        sent = answers.keep(found.request, found.kind, found.reason, paper, user.public_id)
        answers.announce(found.request, sent)
    return True


def _pay(decision: Any, actor: str) -> Money:
    """Order what a decision pays, or the difference of a correction."""
    earlier = [one for one in decisions.chain(decision.request_id) if one.pk != decision.pk]
    unsent_cents = payments.unsent_cents([one.pk for one in earlier])
    order = (
        payments.correct(earlier, decision, actor)
        if decision.corrects
        else payments.order(decision, actor)
    )
    return Money(
        order.amount_cents if order else 0,
        order.kept_cents if order else 0,
        sum(one.amount_cents for one in payments.overpayments(decision)),
        is_anew=unsent_cents > 0,
    )


def _letter(found: Any, before: Any, after: Any, money: Money) -> Any:
    why = answers.reason(found.kind, found.reason)
    assert why is not None, "a proposal is made with a reason of its kind"
    lang = answers.language_of(found.request)
    told = _told(before, after, money, lang)
    return answers.drafted(found.request, found.kind, why, found.words, told)


def _told(before: Any, after: Any, money: Money, lang: Lang) -> tuple[str, ...]:
    """Return what changed and what becomes of the money, a paragraph each."""
    total = euros(after.payable_cents, lang)
    if before is None:
        return (phrases.DECIDED.fill(after=total).to(lang),)
    changed = [
        phrases.BEFORE_AND_AFTER.fill(**one._asdict()).to(lang)
        for one in changes.changes(before, after, lang)
    ]
    old = euros(before.payable_cents, lang)
    return (
        "\n".join(changed),
        phrases.IN_ALL.fill(before=old, after=total).to(lang),
        *_of_money(money, lang),
    )


def _of_money(money: Money, lang: Lang) -> tuple[str, ...]:
    told = []
    if money.leaves_cents:
        words = phrases.ANEW if money.is_anew else phrases.MORE
        told.append(words.fill(amount=euros(money.leaves_cents, lang)))
    if money.kept_cents:
        told.append(phrases.KEPT.fill(amount=euros(money.kept_cents, lang)))
    if money.owed_cents:
        begins, share = payments.overpayment_rule(clock.today())
        filled = {
            "amount": euros(money.owed_cents, lang),
            "day": day_in_words(begins, lang),
            "share": share,
        }
        told += [phrases.OVERPAID.fill(**filled), phrases.OVERPAID_CHOICES]
    return tuple(one.to(lang) for one in told or [phrases.NO_DIFFERENCE])


def _by_the_engine(request: Any, ruling: Any) -> Any:
    try:
        return decisions.made(request, ruling._replace(by_hand=(), words=""))
    except Refusal:
        return None
