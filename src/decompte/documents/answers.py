"""Statements, letters and dossiers as PDF, from plain data. Amounts come as the result format."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from decompte.documents.typeset import typeset
from decompte.engine.explain import euros
from decompte.errors import Lang, Problem, Refusal, Text

ADDRESS_LINES, ADDRESS_WIDTH = 6, 38
PARTS = ("amo", "local", "solidarity", "amc", "patient")
WORDS: Mapping[str, Text] = {
    "lines": Text(fr="Vos soins", en="Your care"),
    "parts": Text(fr="Qui paie quoi", en="Who pays what"),
    "why": Text(fr="Pourquoi ces montants", en="Why these amounts"),
    "notes": Text(fr="À savoir", en="Good to know"),
    "since": Text(fr="en vigueur depuis le {day}", en="in force since {day}"),
    "total": Text(fr="Total", en="Total"),
    "amo": Text(fr="Part obligatoire", en="Mandatory part"),
    "local": Text(fr="Régime local", en="Local scheme"),
    "solidarity": Text(fr="Complémentaire solidaire", en="Solidarity cover"),
    "amc": Text(fr="Complémentaire", en="Complementary"),
    "patient": Text(fr="Reste à votre charge", en="Remains to you"),
    "checklist": Text(fr="À joindre", en="What to put in"),
    "checklist_lead": Text(
        fr="Cochez chaque pièce en la glissant dans l'enveloppe.",
        en="Tick each paper as you put it in the envelope.",
    ),
    "paper": Text(fr="Pièce", en="Paper"),
    "form": Text(fr="Original ou copie", en="Original or copy"),
    "original": Text(fr="original", en="original"),
    "copy": Text(fr="copie", en="copy"),
    "keep": Text(fr="Gardez-en une copie.", en="Keep a copy of it."),
    "deadline": Text(fr="Jusqu'à quand", en="Until when"),
    "appointment": Text(fr="Ou sur rendez-vous", en="Or by appointment"),
    "call": Text(fr="Appelez le", en="Call"),
    "care_form": Text(fr="La feuille de soins, à vérifier", en="The care form, to check"),
    "enclosures": Text(fr="Pièces jointes :", en="Enclosures:"),
    "statement": Text(fr="Votre décompte", en="Your statement"),
    "calculation": Text(fr="Calcul du remboursement", en="Calculation of the reimbursement"),
    "advice": Text(fr="Vos démarches", en="Your procedure"),
}
CARE_FORM = (
    Text(
        fr="Votre numéro de sécurité sociale, ou le numéro provisoire.",
        en="Your social security number, or the provisional one.",
    ),
    Text(fr="Votre date de naissance et votre adresse.", en="Your birth date and address."),
    Text(fr="Votre signature, en bas.", en="Your signature, at the bottom."),
    Text(
        fr="La date, l'acte, le montant et la signature du médecin.",
        en="The date, act, amount and signature of the doctor.",
    ),
)
COLUMNS = (
    Text(fr="Date", en="Date"),
    Text(fr="Acte", en="Act"),
    Text(fr="Payé", en="Paid"),
    Text(fr="Tarif", en="Base"),
    Text(fr="Taux", en="Rate"),
    Text(fr="Obligatoire", en="Mandatory"),
    Text(fr="Complém.", en="Complem."),
    Text(fr="À vous", en="To you"),
)


class Statement(NamedTuple):
    """What was paid to somebody and why.

    Attributes:
        document: the result document, in the reader's language.
        day: day of the statement.
        sender, recipient: address lines; empty for a mere calculation.
        facts: label and value of what identifies it (number, reference, ...).
        message: the one sentence that matters, such as when the money comes.
        notes: what else is good to know.
    """

    document: Mapping[str, Any]
    day: date
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()


class Letter(NamedTuple):
    """A letter for a window envelope.

    Attributes:
        sender, recipient: address lines, at most six of 38 characters.
        place, day: where and when.
        subject, reference: what it is about.
        paragraphs: the text.
        enclosures: what goes with it.
        closing, signature: how it ends.
    """

    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    place: str
    day: date
    subject: str
    reference: str
    paragraphs: tuple[str, ...]
    enclosures: tuple[str, ...]
    closing: str
    signature: str


class ChecklistPaper(NamedTuple):
    """A paper to put in: what it is, what makes it valid, why, original or copy."""

    label: str
    valid: str
    why: str
    is_original: bool
    keep_copy: bool


class Dossier(NamedTuple):
    """A request by post: the letter, the checklist, the deadline, the other way by phone."""

    letter: Letter
    checklist: tuple[ChecklistPaper, ...]
    deadline: str
    phone: str
    script: str


def statement_pdf(statement: Statement, *, lang: Lang) -> bytes:
    """Return a statement as PDF/UA."""
    document = statement.document
    title = WORDS["statement" if statement.recipient else "calculation"].to(lang)
    totals = document["totals"]
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
        "words": _words(lang),
        "footer": f"{title} · {document['law']}",
        "sender": statement.sender,
        "recipient": statement.recipient,
        "facts": [{"label": label, "value": value} for label, value in statement.facts],
        "message": statement.message,
        "columns": [column.to(lang) for column in COLUMNS],
        "rows": [_row(line, lang) for line in document["lines"]],
        "total": [
            WORDS["total"].to(lang),
            "",
            _euros(totals["price"], lang),
            "",
            "",
            _euros(totals["amo"], lang),
            _euros(totals["amc"], lang),
            _euros(totals["patient"], lang),
        ],
        "parts": parts,
        "parts_alt": ", ".join(f"{part['label']} {part['amount']}" for part in parts),
        "notes": statement.notes,
    }
    return typeset("statement", data, day=statement.day)


def dossier_pdf(dossier: Dossier, *, lang: Lang) -> bytes:
    """Return the letter, the checklist and the rest of a posted request as PDF/UA."""
    data = _letter_data(dossier.letter, lang) | {
        "checklist": [
            {
                "label": paper.label,
                "valid": paper.valid,
                "why": paper.why,
                "keep": paper.keep_copy,
                "form": WORDS["original" if paper.is_original else "copy"].to(lang),
            }
            for paper in dossier.checklist
        ],
        "deadline": dossier.deadline,
        "appointment": {"phone": dossier.phone, "script": dossier.script},
        "care_form": [field.to(lang) for field in CARE_FORM],
    }
    return typeset("letter", data, day=dossier.letter.day)


def letter_pdf(letter: Letter, *, lang: Lang) -> bytes:
    """Return a letter as PDF/UA, its address where an envelope's window is."""
    return typeset("letter", _letter_data(letter, lang) | {"checklist": []}, day=letter.day)


def case_pdf(documents: Sequence[Mapping[str, Any]], *, lang: Lang, day: date) -> bytes:
    """Return the calculation of one case as PDF/UA.

    Raises:
        Refusal: there are several; a PDF holds one.
    """
    return statement_pdf(Statement(_only(documents), day), lang=lang)


def advice_pdf(documents: Sequence[Mapping[str, Any]], *, lang: Lang, day: date) -> bytes:
    """Return the advice on one situation as a letter to take away, PDF/UA.

    Raises:
        Refusal: there are several; a PDF holds one.
    """
    advice = _only(documents)
    send = advice["send_to"] or {"lines": [], "name": "", "appointment": None}
    reasons = advice["affiliation"]["reasons"] + (send.get("reasons") or [])
    claim = [d for d in advice["deadlines"] if d["until"]]
    letter = Letter(
        sender=(),
        recipient=tuple(send["lines"]),
        place="",
        day=day,
        subject=WORDS["advice"].to(lang),
        reference=send["name"],
        paragraphs=tuple(reason["text"] for reason in reasons),
        enclosures=tuple(paper["label"] for paper in advice["documents"]),
        closing="",
        signature="",
    )
    checklist = tuple(
        ChecklistPaper(
            paper["label"],
            paper["valid"],
            paper["reasons"][0]["text"],
            paper["form"] == "original",
            paper["keep_copy"],
        )
        for paper in advice["documents"]
    )
    deadline = " ".join(f"{d['what']}: {d['until']}. {d['reasons'][0]['text']}" for d in claim)
    call = send["appointment"] or {"phone": "", "script": ""}
    return dossier_pdf(
        Dossier(letter, checklist, deadline, call["phone"], call["script"]), lang=lang
    )


def _letter_data(letter: Letter, lang: Lang) -> dict[str, object]:
    _check_address(letter.recipient)
    return {
        "lang": lang,
        "title": letter.subject,
        "words": _words(lang),
        "footer": letter.reference,
        "letter": {
            "sender": letter.sender,
            "recipient": letter.recipient,
            "place_day": ", ".join(
                part for part in (letter.place, day_in_words(letter.day, lang)) if part
            ),
            "subject": letter.subject,
            "reference": letter.reference,
            "paragraphs": letter.paragraphs,
            "enclosures": letter.enclosures,
            "enclosures_title": WORDS["enclosures"].to(lang),
            "closing": letter.closing,
            "signature": letter.signature,
        },
    }


MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def day_in_words(day: date, lang: Lang) -> str:
    """Return a day as people write it: `12 mars 2014`, `12 March 2014`."""
    return f"{day.day} {MONTHS[lang][day.month - 1]} {day.year}"


def _check_address(lines: Sequence[str]) -> None:
    if len(lines) > ADDRESS_LINES or any(len(line) > ADDRESS_WIDTH for line in lines):
        raise Refusal(
            [
                Problem(
                    "address.too_long",
                    "recipient",
                    Text(
                        fr=f"au plus {ADDRESS_LINES} lignes de {ADDRESS_WIDTH} caractères",
                        en=f"at most {ADDRESS_LINES} lines of {ADDRESS_WIDTH} characters",
                    ),
                )
            ]
        )


def _row(line: Mapping[str, Any], lang: Lang) -> dict[str, object]:
    day = day_in_words(date.fromisoformat(line["date"]), lang)
    cells = [_euros(line[name], lang) for name in ("price", "base", "amo", "amc", "patient")]
    rate = f"{line['rate'].replace('.', ',') if lang == 'fr' else line['rate']} %"
    return {
        "title": f"{day} · {line['act']} · {cells[0]}",
        "cells": [day, line["act"], cells[0], cells[1], rate, *cells[2:]],
        "reasons": [
            {
                "text": reason["text"],
                "source": reason["source"]["title"],
                "url": reason["source"]["url"],
                "since": WORDS["since"]
                .fill(day=day_in_words(date.fromisoformat(reason["since"]), lang))
                .to(lang),
                "doubt": reason.get("doubt", ""),
            }
            for reason in line["reasons"]
        ],
    }


def _only(documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    if len(documents) != 1:
        raise Refusal(
            [
                Problem(
                    "pdf.several",
                    "--pdf",
                    Text(
                        fr="un PDF contient un seul dossier : donnez un seul fichier",
                        en="a PDF holds one answer: give one file",
                    ),
                )
            ]
        )
    return documents[0]


def _words(lang: Lang) -> dict[str, str]:
    return {name: word.to(lang) for name, word in WORDS.items()}


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def _euros(amount: str, lang: Lang) -> str:
    return euros(_cents(amount), lang)
