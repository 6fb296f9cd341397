"""A mandate for direct debits, as PDF/UA: what the member signed, for their own keeping."""

from datetime import date
from typing import NamedTuple

from decompte.documents.typeset import typeset
from decompte.documents.words import day_in_words
from decompte.errors import Lang, Text

TITLE = Text(fr="Mandat de prélèvement SEPA", en="SEPA direct debit mandate")
LEAVE = Text(
    fr="En signant ce mandat, vous autorisez {creditor} à demander à votre banque de prélever "
    "votre compte, et votre banque à le prélever comme {creditor} le demande.",
    en="By signing this mandate you allow {creditor} to ask your bank to debit your account, and "
    "your bank to debit it as {creditor} asks.",
)
REFUND = Text(
    fr="Votre banque vous rembourse un prélèvement, selon votre contrat avec elle, si vous le "
    "demandez dans les huit semaines qui suivent le débit ; dans les treize mois s'il n'était "
    "pas autorisé.",
    en="Your bank refunds a direct debit, under your agreement with it, if you ask within eight "
    "weeks of the debit; within thirteen months if it was not authorised.",
)
SIGNED = Text(
    fr="Signé en ligne le {day} par {name}, avec son compte.",
    en="Signed online on {day} by {name}, with their account.",
)
ENDED = Text(fr="Ce mandat a pris fin le {day}.", en="This mandate ended on {day}.")
LABELS = {
    "reference": Text(fr="Référence unique du mandat (RUM)", en="Unique mandate reference (UMR)"),
    "creditor": Text(fr="Créancier", en="Creditor"),
    "creditor_id": Text(fr="Identifiant du créancier (ICS)", en="Creditor identifier (ICS)"),
    "holder": Text(fr="Titulaire du compte", en="Account holder"),
    "address": Text(fr="Adresse", en="Address"),
    "iban": Text(fr="IBAN", en="IBAN"),
    "bic": Text(fr="BIC", en="BIC"),
    "kind": Text(fr="Genre de paiement", en="Kind of payment"),
    "signed_on": Text(fr="Signé le", en="Signed on"),
}
RECURRENT = Text(fr="répétitif (une fois par année)", en="recurrent (once a year)")


class SignedMandate(NamedTuple):
    """Who may collect from which account, under which reference, since when.

    Attributes:
        reference: unique mandate reference.
        creditor, creditor_id: who collects, and the identifier banks know them by.
        name: of the member who signed; `holder` is the account's.
        address: of the member, in one line.
        iban, bic: of the account; the BIC may be empty.
        signed_on: day of the signature; `ended_on` the day it ended, or None.
        day: day of the paper.
    """

    reference: str
    creditor: str
    creditor_id: str
    name: str
    holder: str
    address: str
    iban: str
    bic: str
    signed_on: date
    ended_on: date | None
    day: date


def mandate_pdf(mandate: SignedMandate, *, lang: Lang) -> bytes:
    """Return the mandate as PDF/UA."""
    groups = [mandate.iban[n : n + 4] for n in range(0, len(mandate.iban), 4)]
    facts = {
        "reference": mandate.reference,
        "creditor": mandate.creditor,
        "creditor_id": mandate.creditor_id,
        "holder": mandate.holder,
        "address": mandate.address,
        "iban": " ".join(groups),
        "bic": mandate.bic,
        "kind": RECURRENT.to(lang),
        "signed_on": day_in_words(mandate.signed_on, lang),
    }
    notes = [
        LEAVE.fill(creditor=mandate.creditor),
        REFUND,
        SIGNED.fill(day=day_in_words(mandate.signed_on, lang), name=mandate.name),
    ]
    if mandate.ended_on:
        notes.append(ENDED.fill(day=day_in_words(mandate.ended_on, lang)))
    data = {
        "lang": lang,
        "title": TITLE.to(lang),
        "footer": mandate.reference,
        "facts": [
            {"label": LABELS[name].to(lang), "value": value}
            for name, value in facts.items()
            if value
        ],
        "notes": [note.to(lang) for note in notes],
    }
    return typeset("mandate", data, day=mandate.day)
