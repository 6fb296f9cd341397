"""What was decided and paid in a period, on one or two pages, as PDF/UA."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from decompte.documents.statement import Cap, caps
from decompte.documents.typeset import typeset
from decompte.documents.words import PARTS, WORDS, day_in_words, words
from decompte.engine.explain import euros
from decompte.errors import Lang, Text

COLUMNS = (
    Text(fr="Décidé le", en="Decided on"),
    Text(fr="Demande", en="Request"),
    Text(fr="Payé", en="Paid"),
    Text(fr="Obligatoire", en="Mandatory"),
    Text(fr="Complém.", en="Complem."),
    Text(fr="Au praticien", en="To the doctor"),
    Text(fr="Retenu", en="Kept back"),
    Text(fr="Versé", en="Paid to you"),
)
TITLE = Text(fr="Vos remboursements", en="Your reimbursements")
PERIOD = Text(fr="Du {since} au {until}", en="From {since} to {until}")
MESSAGE = Text(
    fr="{paid} versés sur votre compte pour {price} de soins.",
    en="{paid} paid to your account for {price} of care.",
)
COMING = Text(
    fr="{paid} versés sur votre compte pour {price} de soins ; {coming} à venir.",
    en="{paid} paid to your account for {price} of care; {coming} to come.",
)


class Row(NamedTuple):
    """One decision: when, which request, and its amounts in cents.

    Attributes:
        direct_cents: what was paid to the practitioner instead of the member.
        kept_cents: what was kept back for what the member owed.
    """

    day: date
    reference: str
    price_cents: int
    amo_cents: int
    amc_cents: int
    direct_cents: int
    kept_cents: int
    paid_cents: int


class Summary(NamedTuple):
    """A period of one person.

    Attributes:
        since, until: its days, both included.
        day: day of the document.
        recipient: address lines.
        rows: the decisions, oldest first.
        totals: who bears what, in cents.
        caps: yearly caps, and how far they are used up.
        coming_cents: what is decided and has not left yet.
        notes: what else is good to know.
    """

    since: date
    until: date
    day: date
    recipient: tuple[str, ...]
    rows: Sequence[Row]
    totals: Mapping[str, int]
    caps: Sequence[Cap]
    coming_cents: int = 0
    notes: Sequence[str] = ()


def summary_pdf(summary: Summary, *, lang: Lang) -> bytes:
    """Return a summary as PDF/UA."""
    amounts = [row[2:] for row in summary.rows]
    totals = [sum(column) for column in zip(*amounts, strict=True)] or [0] * len(COLUMNS[2:])
    parts = [
        {
            "label": WORDS[name].to(lang),
            "amount": euros(summary.totals[name], lang),
            "cents": summary.totals[name],
        }
        for name in PARTS
    ]
    title = TITLE.to(lang)
    data = {
        "lang": lang,
        "title": title,
        "words": words(lang),
        "footer": title,
        "recipient": summary.recipient,
        "period": PERIOD.fill(
            since=day_in_words(summary.since, lang), until=day_in_words(summary.until, lang)
        ).to(lang),
        "message": (COMING if summary.coming_cents else MESSAGE)
        .fill(
            paid=euros(totals[-1], lang),
            price=euros(summary.totals["price"], lang),
            coming=euros(summary.coming_cents, lang),
        )
        .to(lang),
        "columns": [column.to(lang) for column in COLUMNS],
        "rows": [
            [
                day_in_words(row.day, lang),
                row.reference,
                *(euros(cents, lang) for cents in row[2:]),
            ]
            for row in summary.rows
        ],
        "total": [WORDS["total"].to(lang), "", *(euros(cents, lang) for cents in totals)],
        "parts": parts,
        "parts_alt": ", ".join(f"{part['label']} {part['amount']}" for part in parts),
        "caps": caps(summary.caps, lang),
        "notes": summary.notes,
    }
    return typeset("summary", data, day=summary.day)
