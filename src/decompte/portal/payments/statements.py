"""What a member reads of a decision: its statement. Those of a period are in `summaries.py`.

Everything a statement says comes from what was kept: the decision's answer, its orders, what was
kept back, and the law that decided. Statements stay online: none is ever taken away.
"""

from typing import Any

from decompte.documents.statement import Cap, Change, Kept, Statement
from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import Lang, Text
from decompte.portal.decisions import changes
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import orders, recoveries
from decompte.portal.payments.states import WITH_THE_BANK, DebtKind, OrderState
from decompte.portal.people import services as people
from decompte.procedure.agencies import agency as paying_agency

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
        recipient=address(member),
        facts=tuple(facts),
        message=payment_message(decision).to(lang),
        notes=(*still_owed(decision.member_id, lang), CONTEST.to(lang)),
        kept=_kept(decision, lang),
        caps=caps(decision),
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


def address(member: Any) -> tuple[str, ...]:
    """Return the lines of a member's address."""
    written = (
        member.name,
        member.address_line,
        member.address_extra,
        f"{member.postal_code} {member.city.upper()}",
    )
    return tuple(line for line in written if line)


def _kept(decision: Any, lang: Lang) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            WHY_KEPT[DebtKind(taking.debt.kind)].to(lang),
            OF_CARE.fill(day=day_in_words(taking.debt.care_date, lang)).to(lang),
            taking.amount_cents,
        )
        for taking in recoveries.takings_of(decision.pk)
    )


def caps(decision: Any) -> tuple[Cap, ...]:
    """Return how far the yearly caps were used up, for the year of the decision's care."""
    return tuple(Cap(*used) for used in decisions.caps(decision))


def still_owed(member_id: int, lang: Lang) -> tuple[str, ...]:
    """Return the note about what is still to be taken from later payments, where something is."""
    owed = recoveries.owed_cents(member_id)
    return (STILL_OWED.fill(amount=euros(owed, lang)).to(lang),) if owed else ()
