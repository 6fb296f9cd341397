"""What a member reads: a statement for each decision, for a period, and for a year.

Everything a statement says comes from what was kept: the decision's answer, its orders, what was
kept back, and the law that decided. Statements stay online: none is ever taken away.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from decompte.documents import summary as documents
from decompte.documents.statement import Cap, Change, Kept, Statement
from decompte.documents.summary import Row, Summary
from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import Lang, Text
from decompte.portal import clock
from decompte.portal.decisions import changes
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import orders, recoveries
from decompte.portal.payments.models import PaymentOrder
from decompte.portal.payments.states import WITH_THE_BANK, DebtKind, OrderState
from decompte.portal.people import services as people
from decompte.procedure.agencies import agency as paying_agency

PARTS = ("price", "amo", "local", "solidarity", "amc", "patient")
FACTS = ("request", "decided_on", "law")
COLUMNS = (
    *FACTS,
    *("date", "act", "price", "base", "rate", "penalty", "participation", "franchise"),
    *("amo", "local", "solidarity", "amc", "patient", "deferred"),
)
WHY_KEPT = {
    DebtKind.PARTICIPATION: Text(
        fr="Participation forfaitaire, le professionnel ayant été payé directement",
        en="Flat participation, the professional having been paid directly",
    ),
    DebtKind.FRANCHISE: Text(
        fr="Franchise médicale, le professionnel ayant été payé directement",
        en="Medical franchise, the professional having been paid directly",
    ),
    DebtKind.PENALTY: Text(
        fr="Majoration hors parcours, le professionnel ayant été payé directement",
        en="Out-of-pathway penalty, the professional having been paid directly",
    ),
    DebtKind.OVERPAYMENT: Text(
        fr="Trop-versé d'une décision précédente",
        en="Paid too much by an earlier decision",
    ),
}
CORRECTED = Text(
    fr="Décision corrigée : elle remplace celle du {day}. Deux personnes l'ont vue.",
    en="Corrected decision: it replaces that of {day}. Two people saw it.",
)
BY_HAND = Text(
    fr="Un montant de ce décompte a été fixé par une personne et contrôlé par une deuxième.",
    en="An amount of this statement was set by a person and checked by a second one.",
)
OVERPAID = Text(
    fr="{amount_fr} de trop vous ont été versés : ils sont repris sur vos prochains "
    "remboursements à partir du {day_fr}, {share} % de chacun au plus.",
    en="{amount_en} were paid to you too much: they are taken from your next reimbursements from "
    "{day_en} on, at most {share} % of each.",
)
OF_CARE = Text(fr="soins du {day}", en="care of {day}")
CONTEST = Text(
    fr="Vous n'êtes pas d'accord ? Écrivez à la commission de recours amiable de votre organisme "
    "dans les deux mois, en joignant ce décompte.",
    en="You do not agree? Write to the amicable appeal commission of your agency within two "
    "months, with this statement.",
)
STILL_OWED = Text(
    fr="Il reste {amount} à reprendre sur vos prochains remboursements.",
    en="{amount} are still to be taken from your next reimbursements.",
)
DIRECT = Text(
    fr="« Au praticien » : ce que votre organisme a payé à votre place, et que vous n'avez pas eu "
    "à avancer.",
    en="“To the doctor”: what your agency paid in your place, and you did not have to advance.",
)


class Period(NamedTuple):
    """The decisions of a period that are in force, their sums in cents, and what was paid.

    What was paid counts the payments of corrected decisions too: that money did leave.
    """

    since: date
    until: date
    decisions: tuple[Any, ...]
    totals: dict[str, int]
    kept_cents: int
    paid_cents: int
    coming_cents: int


def statement(decision: Any, lang: Lang) -> Statement:
    """Return the statement of a decision in a language, for its page and its PDF."""
    member, agency = decision.member, paying_agency(decision.agency)
    facts = [
        (Text(fr="Demande", en="Request").to(lang), decision.request.reference),
        (Text(fr="Décidé le", en="Decided on").to(lang), _day(decision, lang)),
    ]
    if number := people.masked_nir(member):
        facts.append((Text(fr="Numéro", en="Number").to(lang), number))
    before = decision.corrects
    return Statement(
        document=decision.answers[lang],
        day=decision.decided_at.date(),
        sender=(agency.name.to(lang), *(agency.address[1:] if agency.address else ())),
        recipient=_address(member),
        facts=tuple(facts),
        message=payment_message(decision).to(lang),
        notes=_notes(decision, lang),
        kept=_kept(decision, lang),
        caps=_caps(decision),
        mark=_mark(decision, lang),
        changes=tuple(
            Change(*one) for one in (changes.changes(before, decision, lang) if before else ())
        ),
    )


def payment_message(decision: Any) -> Text:
    """Return the one sentence that matters: how much comes, when, and where."""
    if later := decisions.replaced([decision.pk]).get(decision.pk):
        return Text(
            fr=f"Ce décompte est remplacé par celui du {_day(later, 'fr')}.",
            en=f"This statement is replaced by that of {_day(later, 'en')}.",
        )
    one = orders.order_of(decision.pk)
    if one is None and decision.corrects is not None:
        return _without_payment(decision)
    if one is None and decision.payable_cents and recoveries.takings_of(decision.pk):
        return Text(
            fr="Tout a servi à reprendre ce que vous deviez : rien n'est versé.",
            en="Everything went to what you owed: nothing is paid out.",
        )
    if one is None:
        return Text(
            fr="Rien n'est à verser pour cette demande.",
            en="Nothing is to be paid for this request.",
        )
    amounts = {"fr": euros(one.amount_cents, "fr"), "en": euros(one.amount_cents, "en")}
    if one.state == OrderState.HELD:
        return Text(
            fr=f"Votre banque a renvoyé {amounts['fr']} : indiquez un autre compte et l'argent "
            "repart.",
            en=f"Your bank sent {amounts['en']} back: give another account and the money leaves "
            "again.",
        )
    if one.state not in WITH_THE_BANK or one.batch is None:
        return Text(
            fr=f"{amounts['fr']} vous seront versés sur le compte finissant par {one.iban_last4}.",
            en=f"{amounts['en']} will be paid to your account ending in {one.iban_last4}.",
        )
    day = one.settled_on or one.batch.execution_date
    return Text(
        fr=f"{amounts['fr']} versés le {day_in_words(day, 'fr')} sur le compte finissant par "
        f"{one.iban_last4}.",
        en=f"{amounts['en']} paid on {day_in_words(day, 'en')} to your account ending in "
        f"{one.iban_last4}.",
    )


def _without_payment(decision: Any) -> Text:
    """Return what a correction that pays nothing says: what is owed back, or that nothing is."""
    owed_cents = sum(one.amount_cents for one in recoveries.overpayments(decision))
    if not owed_cents:
        return Text(
            fr="La correction ne change pas ce qui vous a été versé.",
            en="The correction does not change what was paid to you.",
        )
    begins, share = recoveries.overpayment_rule(decision.decided_at.date())
    return OVERPAID.fill(
        amount_fr=euros(owed_cents, "fr"),
        amount_en=euros(owed_cents, "en"),
        day_fr=day_in_words(begins, "fr"),
        day_en=day_in_words(begins, "en"),
        share=share,
    )


def _mark(decision: Any, lang: Lang) -> str:
    """Return what stands at the head of a corrected statement, or of one with amounts set."""
    if decision.corrects is not None:
        told = CORRECTED.fill(day=day_in_words(decision.corrects.decided_at.date(), lang))
    elif decision.by_hand:
        told = BY_HAND
    else:
        return ""
    return f"{told.to(lang)} {decision.words}".strip()


def _day(decision: Any, lang: Lang) -> str:
    return day_in_words(decision.decided_at.date(), lang)


def period(member_id: int, since: date, until: date) -> Period:
    """Return what was decided for a member from one day to another, both included."""
    found = [
        one for one in decisions.decisions_of(member_id) if since <= one.decided_at.date() <= until
    ]
    replaced = decisions.replaced([one.pk for one in found])
    in_force = [one for one in found if one.pk not in replaced]
    return Period(
        since,
        until,
        tuple(reversed(in_force)),
        {name: sum(getattr(one, f"{name}_cents") for one in in_force) for name in PARTS},
        sum(taking.amount_cents for one in found for taking in recoveries.takings_of(one.pk)),
        sum(_paid(one.pk) for one in found),
        orders.unsent_cents([one.pk for one in found]),
    )


def years(member_id: int) -> list[int]:
    """Return the years in which something was decided for a member, newest first."""
    days = {one.decided_at.date().year for one in decisions.decisions_of(member_id)}
    return sorted(days, reverse=True)


def data(found: Period) -> dict[str, Any]:
    """Return a period as data: amounts as text in euros, one row a care line."""
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "totals": {name: _decimal(cents) for name, cents in found.totals.items()},
        "kept_back": _decimal(found.kept_cents),
        "paid": _decimal(found.paid_cents),
        "to_come": _decimal(found.coming_cents),
        "lines": [row for one in found.decisions for row in rows(one)],
    }


def caps(found: Period) -> tuple[Cap, ...]:
    """Return how far the yearly caps were used up by the last decision of a period."""
    return _caps(found.decisions[-1]) if found.decisions else ()


def summary_pdf(found: Period, lang: Lang) -> bytes:
    """Return a period as PDF/UA."""
    member = found.decisions[0].member if found.decisions else None
    shown = Summary(
        since=found.since,
        until=found.until,
        day=clock.today(),
        recipient=_address(member) if member else (),
        rows=[
            Row(
                one.decided_at.date(),
                one.request.reference,
                one.price_cents,
                one.amo_cents,
                one.amc_cents,
                _direct_cents(one),
                *_kept_and_paid(one),
            )
            for one in found.decisions
        ],
        totals=found.totals,
        caps=caps(found),
        coming_cents=found.coming_cents,
        notes=_notes_of(found, lang),
    )
    return documents.summary_pdf(shown, lang=lang)


def _direct_cents(decision: Any) -> int:
    """Return what was paid to practitioners instead of the member."""
    names = ("amo", "local", "solidarity", "amc")
    borne: int = sum(getattr(decision, f"{name}_cents") for name in names)
    return borne - int(decision.payable_cents)


def _notes_of(found: Period, lang: Lang) -> tuple[str, ...]:
    """Return what is good to know about a period: what went elsewhere, what is still owed."""
    if not found.decisions:
        return ()
    owed = recoveries.owed_cents(found.decisions[0].member_id)
    return (
        *((DIRECT.to(lang),) if any(_direct_cents(one) for one in found.decisions) else ()),
        *((STILL_OWED.fill(amount=euros(owed, lang)).to(lang),) if owed else ()),
    )


def _kept_and_paid(decision: Any) -> tuple[int, int]:
    """Return what was kept back and paid for a request, by its corrected decisions too."""
    known = [one.pk for one in decisions.chain(decision.request_id) if one.pk <= decision.pk]
    kept = sum(taking.amount_cents for one in known for taking in recoveries.takings_of(one))
    return kept, sum(_paid(one) for one in known)


def rows(decision: Any) -> list[dict[str, Any]]:
    """Return the care lines of a decision as flat rows."""
    return [
        {
            "request": decision.request.reference,
            "decided_on": decision.decided_at.date().isoformat(),
            "law": decision.law_version,
            **{name: line.get(name, "") for name in COLUMNS[len(FACTS) :]},
        }
        for line in decision.answers["en"]["lines"]
    ]


def _address(member: Any) -> tuple[str, ...]:
    address = (
        member.name,
        member.address_line,
        member.address_extra,
        f"{member.postal_code} {member.city.upper()}",
    )
    return tuple(line for line in address if line)


def _paid(decision_id: int) -> int:
    live: Sequence[PaymentOrder] = orders.orders_for(decision_id)
    return sum(one.amount_cents for one in live if one.state in WITH_THE_BANK)


def _kept(decision: Any, lang: Lang) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            WHY_KEPT[DebtKind(taking.debt.kind)].to(lang),
            OF_CARE.fill(day=day_in_words(taking.debt.care_date, lang)).to(lang),
            taking.amount_cents,
        )
        for taking in recoveries.takings_of(decision.pk)
    )


def _caps(decision: Any) -> tuple[Cap, ...]:
    """Return how far the yearly caps were used up, for the year of the decision's care."""
    return tuple(Cap(*used) for used in decisions.caps(decision))


def _notes(decision: Any, lang: Lang) -> tuple[str, ...]:
    owed = recoveries.owed_cents(decision.member_id)
    return (
        *((STILL_OWED.fill(amount=euros(owed, lang)).to(lang),) if owed else ()),
        CONTEST.to(lang),
    )


def _decimal(amount_cents: int) -> str:
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"
