"""A request by post, or the advice to take away, as PDF/UA: letter, checklist, deadline, phone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from decompte.documents.cover import Cover, picture
from decompte.documents.letter import Letter, letter_data
from decompte.documents.typeset import typeset
from decompte.documents.words import WORDS, only
from decompte.errors import Lang, Text

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


class ChecklistPaper(NamedTuple):
    """A paper to put in: what it is, what makes it valid, why, original or copy."""

    label: str
    valid: str
    why: str
    is_original: bool
    keep_copy: bool


class Dossier(NamedTuple):
    """A request by post: the letter, the checklist, the deadline, the other way by phone.

    With a `cover`, the mailroom reads from its code where the papers belong.
    """

    letter: Letter
    checklist: tuple[ChecklistPaper, ...]
    deadline: str
    phone: str
    script: str
    cover: Cover | None = None


def dossier_pdf(dossier: Dossier, *, lang: Lang) -> bytes:
    """Return the letter, the checklist and the rest of a posted request as PDF/UA."""
    data = letter_data(dossier.letter, lang) | {
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
        "cover": _cover(dossier, lang) if dossier.cover else None,
    }
    return typeset("letter", data, day=dossier.letter.day)


def _cover(dossier: Dossier, lang: Lang) -> dict[str, object]:
    assert dossier.cover is not None
    return {
        "code": picture(dossier.cover),
        "letter_code": picture(Cover(dossier.cover.reference, ())),
        "alt": WORDS["cover_alt"].fill(reference=dossier.cover.reference).to(lang),
        "reference": dossier.cover.reference,
        "papers": [paper.label for paper in dossier.checklist],
    }


def advice_pdf(documents: Sequence[Mapping[str, Any]], *, lang: Lang, day: date) -> bytes:
    """Return the advice on one situation as a letter to take away, PDF/UA.

    Raises:
        Refusal: there are several; a PDF holds one.
    """
    advice = only(documents)
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
