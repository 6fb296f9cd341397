"""What a member reads: a statement for each decision, for a period, and for a year.

Everything a statement says comes from what was kept: the decision's answer, its orders, what was
kept back, and the law that decided. Statements stay online: none is ever taken away.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from decompte.documents import summary as documents
from decompte.documents.statement import Cap, Kept, Statement
from decompte.documents.summary import Row, Summary
from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import Lang, Text
from decompte.portal import clock
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
LAW = Text(
    fr="Calculé d'après le droit connu sous l'empreinte {law}.",
    en="Computed under the law known by the digest {law}.",
)


class Period(NamedTuple):
    """The decisions of a period, their sums in cents, and what was paid of them."""

    since: date
    until: date
    decisions: tuple[Any, ...]
    totals: dict[str, int]
    kept_cents: int
    paid_cents: int


def statement(decision: Any, lang: Lang) -> Statement:
    """Return the statement of a decision in a language, for its page and its PDF."""
    member, agency = decision.member, paying_agency(decision.agency)
    facts = [(Text(fr="Demande", en="Request").to(lang), decision.request.reference)]
    if number := people.masked_nir(member):
        facts.append((Text(fr="Numéro", en="Number").to(lang), number))
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
    )


def payment_message(decision: Any) -> Text:
    """Return the one sentence that matters: how much comes, when, and where."""
    one = orders.order_of(decision.pk)
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


def period(member_id: int, since: date, until: date) -> Period:
    """Return what was decided for a member from one day to another, both included."""
    found = [
        one for one in decisions.decisions_of(member_id) if since <= one.decided_at.date() <= until
    ]
    return Period(
        since,
        until,
        tuple(reversed(found)),
        {name: sum(getattr(one, f"{name}_cents") for one in found) for name in PARTS},
        sum(taking.amount_cents for one in found for taking in recoveries.takings_of(one.pk)),
        sum(_paid(one.pk) for one in found),
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
                sum(taking.amount_cents for taking in recoveries.takings_of(one.pk)),
                _paid(one.pk),
            )
            for one in found.decisions
        ],
        totals=found.totals,
        caps=caps(found),
    )
    return documents.summary_pdf(shown, lang=lang)


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
        LAW.fill(law=decision.law_version[:12]).to(lang),
    )


def _decimal(amount_cents: int) -> str:
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"
