"""Statements, and the calculation of one case, as PDF/UA. Amounts come as the result format."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from decompte.documents.typeset import typeset
from decompte.documents.words import PARTS, WORDS, day_in_words, only, words
from decompte.engine.explain import euros
from decompte.errors import Lang, Text
from decompte.law.load import law

COLUMNS = (
    Text(fr="Date", en="Date"),
    Text(fr="Acte", en="Act"),
    Text(fr="Payé", en="Paid"),
    Text(fr="Tarif", en="Base"),
    Text(fr="Taux", en="Rate"),
    Text(fr="Retenu", en="Withheld"),
    Text(fr="Obligatoire", en="Mandatory"),
    Text(fr="Complém.", en="Complem."),
    Text(fr="Reste", en="Remains"),
)


CAPS = {
    "participation": Text(
        fr="Participation forfaitaire de l'année : {used} sur {cap} au plus",
        en="Flat participation this year: {used} of at most {cap}",
    ),
    "franchise": Text(
        fr="Franchise médicale de l'année : {used} sur {cap} au plus",
        en="Medical franchise this year: {used} of at most {cap}",
    ),
}


SET_BY_HAND = "set-by-hand"
WITHHELD = ("penalty", "participation", "franchise")


class Kept(NamedTuple):
    """What was kept back from a payment: why, of which care, cents."""

    why: str
    of: str
    amount_cents: int


class Cap(NamedTuple):
    """How far a yearly cap is used up, in cents."""

    name: str
    used_cents: int
    cap_cents: int


class Change(NamedTuple):
    """One thing a correction changed: what, before, after, in words."""

    what: str
    before: str
    after: str


class Statement(NamedTuple):
    """What was paid to somebody and why.

    Attributes:
        document: the result document, in the reader's language.
        day: day of the statement.
        sender, recipient: address lines; empty for a mere calculation.
        facts: label and value of what identifies it (number, reference, ...).
        message: the one sentence that matters, such as when the money comes.
        notes: what else is good to know.
        kept: what was kept back from the payment for what was owed before.
        caps: yearly caps, and how far they are used up.
        mark: that it corrects another, or that a person set an amount; empty else.
        changes: what a correction changed.
    """

    document: Mapping[str, Any]
    day: date
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    caps: tuple[Cap, ...] = ()
    mark: str = ""
    changes: tuple[Change, ...] = ()


def statement_pdf(statement: Statement, *, lang: Lang) -> bytes:
    """Return a statement as PDF/UA."""
    document = statement.document
    title = WORDS["statement" if statement.recipient else "calculation"].to(lang)
    totals, lines = document["totals"], document["lines"]
    is_numbered = len(lines) > 1
    parts = [
        {
            "label": WORDS[name].to(lang),
            "amount": _euros(totals[name], lang),
            "cents": _cents(totals[name]),
        }
        for name in PARTS
    ]
    data = {
        "lang": lang,
        "title": title,
        "words": words(lang),
        "footer": f"{title} · {WORDS['law'].fill(law=document['law']).to(lang)}",
        "sender": statement.sender,
        "recipient": statement.recipient,
        "facts": [{"label": label, "value": value} for label, value in statement.facts],
        "message": statement.message,
        "is_numbered": is_numbered,
        "columns": [WORDS["number"].to(lang)] * is_numbered
        + [column.to(lang) for column in COLUMNS],
        "rows": [
            [str(number)] * is_numbered + _cells(line, lang)
            for number, line in enumerate(lines, start=1)
        ],
        "reasons": _reasons(lines, lang),
        "total": [""] * is_numbered
        + [
            WORDS["total"].to(lang),
            "",
            _euros(totals["price"], lang),
            "",
            "",
            "",
            _euros(totals["amo"], lang),
            _euros(totals["amc"], lang),
            _euros(totals["patient"], lang),
        ],
        "parts": parts,
        "parts_alt": ", ".join(f"{part['label']} {part['amount']}" for part in parts),
        "notes": statement.notes,
        "kept": [
            {"why": one.why, "of": one.of, "amount": euros(one.amount_cents, lang)}
            for one in statement.kept
        ],
        "caps": caps(statement.caps, lang),
        "mark": statement.mark,
        "changed": WORDS["changed"].to(lang),
        "changes": [one._asdict() for one in statement.changes],
        "changes_head": [WORDS[name].to(lang) for name in ("what", "before", "now")],
    }
    return typeset("statement", data, day=statement.day)


def case_pdf(documents: Sequence[Mapping[str, Any]], *, lang: Lang, day: date) -> bytes:
    """Return the calculation of one case as PDF/UA.

    Raises:
        Refusal: there are several; a PDF holds one.
    """
    return statement_pdf(Statement(only(documents), day), lang=lang)


def caps(known: Sequence[Cap], lang: Lang) -> list[dict[str, Any]]:
    """Return the yearly caps as they are drawn: a sentence, and thousandths of the cap used."""
    return [
        {
            "text": CAPS[cap.name]
            .fill(used=euros(cap.used_cents, lang), cap=euros(cap.cap_cents, lang))
            .to(lang),
            "permille": min(cap.used_cents * 1000 // cap.cap_cents, 1000),
        }
        for cap in known
    ]


def _cells(line: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what the table says of a care line."""
    day = day_in_words(date.fromisoformat(line["date"]), lang)
    price, base, *rest = (
        _euros(line[name], lang) for name in ("price", "base", "amo", "amc", "patient")
    )
    rate = f"{line['rate'].replace('.', ',') if lang == 'fr' else line['rate']} %"
    withheld = euros(sum(_cents(line.get(name, "0.00")) for name in WITHHELD), lang)
    if any(reason["code"] == SET_BY_HAND for reason in line["reasons"]):
        base = rate = withheld = "—"
    return [day, _act(line["act"], lang), price, base, rate, withheld, *rest]


def _reasons(lines: Sequence[Mapping[str, Any]], lang: Lang) -> list[dict[str, str]]:
    """Return each reason once, with the lines it holds for; the only line needs no name."""
    told: dict[tuple[str, ...], Mapping[str, Any]] = {}
    holds: dict[tuple[str, ...], list[int]] = {}
    for number, line in enumerate(lines, start=1):
        for reason in line["reasons"]:
            one = (reason["text"], reason["source"]["title"], reason["since"])
            told.setdefault(one, reason)
            holds.setdefault(one, []).append(number)
    return [
        {
            "of": _names(list(dict.fromkeys(holds[one])), len(lines), lang),
            "text": reason["text"],
            "source": reason["source"]["title"],
            "url": reason["source"]["url"],
            "since": WORDS["since"]
            .fill(day=day_in_words(date.fromisoformat(reason["since"]), lang))
            .to(lang),
            "doubt": reason.get("doubt", ""),
        }
        for one, reason in told.items()
    ]


def _names(numbers: Sequence[int], lines: int, lang: Lang) -> str:
    if lines == 1:
        return ""
    if len(numbers) == lines:
        return WORDS["all_lines"].to(lang)
    word = WORDS["line" if len(numbers) == 1 else "some_lines"]
    return word.fill(numbers=", ".join(map(str, numbers))).to(lang)


def _act(letter: str, lang: Lang) -> str:
    """Return what an act is called, and the letter the doctor wrote; a code stands for itself."""
    known = law().acts.get(letter)
    return f"{known.label.to(lang)} ({letter})" if known else letter


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def _euros(amount: str, lang: Lang) -> str:
    return euros(_cents(amount), lang)
