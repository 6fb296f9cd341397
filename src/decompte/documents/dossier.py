"""A request by post, as PDF/UA: letter, checklist, deadline, phone.

The letter is in French whatever the reader's language: the agency reads French.
"""

from typing import NamedTuple

from decompte.documents.cover import Cover, picture
from decompte.documents.letter import Letter, letter_data
from decompte.documents.typeset import typeset
from decompte.documents.words import WORDS, words
from decompte.errors import Lang, Text

LETTER_LANG: Lang = "fr"

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
    """Return the letter, the checklist and the rest of a posted request as PDF/UA.

    Args:
        dossier: its letter in French, what is for the reader in the reader's language.
        lang: the reader's language.
    """
    data = letter_data(dossier.letter, LETTER_LANG) | {
        "lang": lang,
        "words": words(lang),
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
