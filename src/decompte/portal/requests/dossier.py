"""The posted request: letter in window position, checklist, deadline."""

from typing import Any

from decompte.documents.cover import Cover
from decompte.documents.dossier import LETTER_LANG, ChecklistPaper, Dossier
from decompte.documents.letter import Letter
from decompte.documents.words import day_in_words
from decompte.errors import Lang, Text
from decompte.portal import clock
from decompte.portal.requests import services
from decompte.procedure.deadlines import claim_until

SUBJECT = "Demande de remboursement de soins"
PARAGRAPHS = (
    "Madame, Monsieur,",
    "Veuillez trouver ci-joint ma demande de remboursement pour les soins du {day} ({amount}), "
    "avec les pièces qu'elle demande.",
    "Si quelque chose manque, écrivez-moi avant de la renvoyer.",
)
CLOSING = "Avec mes salutations respectueuses,"
UNTIL = Text(
    fr="La demande doit être reçue au plus tard le {day}.",
    en="The request must be received by {day}.",
)


def dossier(request: Any, lang: Lang) -> Dossier:
    """Return what a member prints to post a request.

    Args:
        request: with at least one care line.
        lang: the reader's language; the letter itself is in French, for the agency.
    """
    member, lines = request.member, list(request.lines.all())
    situation = services.situation_of(request)
    destination = services.destination_of(situation)
    papers = services.missing(request, situation)
    cents = sum(line.price_cents for line in lines)
    day = day_in_words(lines[0].care_date, LETTER_LANG)
    letter = Letter(
        sender=tuple(
            filter(
                None,
                (
                    member.name,
                    member.address_line,
                    member.address_extra,
                    f"{member.postal_code} {member.city.upper()}",
                ),
            )
        ),
        recipient=destination.lines,
        place=member.city,
        day=clock.today(),
        subject=SUBJECT,
        reference=request.reference,
        paragraphs=tuple(
            text.format(day=day, amount=f"{cents // 100},{cents % 100:02d} €")
            for text in PARAGRAPHS
        ),
        enclosures=tuple(paper.label.to(LETTER_LANG) for paper in papers),
        closing=CLOSING,
        signature=member.name,
    )
    return Dossier(
        letter=letter,
        checklist=tuple(
            ChecklistPaper(
                paper.label.to(lang),
                paper.valid.to(lang),
                paper.reason.text.to(lang),
                paper.is_original,
                paper.keep_copy,
            )
            for paper in papers
        ),
        deadline=UNTIL.fill(day=day_in_words(claim_until(lines[0].care_date), lang)).to(lang),
        phone=destination.phone or "",
        script=destination.script.to(lang) if destination.script else "",
        cover=Cover(request.reference, tuple(paper.kind for paper in papers)) if papers else None,
    )
