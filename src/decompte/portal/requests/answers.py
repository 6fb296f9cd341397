"""What an agency answers in writing: why it refuses, why it confirms, and where to turn next.

The words are here, in both languages, by reason; an agent adds their own, sees the letter, and
sends it. What was sent is kept as sent. The mail that announces it says nothing of it.
"""

import hashlib
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop

from decompte.documents.letter import Letter as Paper
from decompte.documents.letter import letter_pdf
from decompte.documents.words import day_in_words
from decompte.errors import Lang, Text
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.people import sealing
from decompte.portal.requests import transitions
from decompte.portal.requests.models import Letter, Request
from decompte.procedure.agencies import agency as agency_of

CONTEXT = "letter"


class Reason(NamedTuple):
    """Why, in words for the student.

    Attributes:
        code: stable.
        label: for the agent who chooses.
        text: the paragraph of the letter; `{day}` is the day of care.
    """

    code: str
    label: Text
    text: Text


REFUSALS = (
    Reason(
        "too-old",
        Text(fr="Soins trop anciens", en="Care too old"),
        Text(
            fr="La demande pour les soins du {day} est arrivée après la fin du délai pour "
            "demander un remboursement.",
            en="The request for the care of {day} arrived after the end of the period in which a "
            "reimbursement can be asked for.",
        ),
    ),
    Reason(
        "not-covered",
        Text(fr="Pas couvert ce jour-là", en="Not covered on that day"),
        Text(
            fr="Le {day}, jour des soins, nous ne vous couvrions pas.",
            en="On {day}, the day of the care, we did not cover you.",
        ),
    ),
    Reason(
        "duplicate",
        Text(fr="Déjà remboursé", en="Paid already"),
        Text(
            fr="Les soins du {day} font déjà l'objet d'une autre demande.",
            en="The care of {day} is the subject of another request already.",
        ),
    ),
    Reason(
        "not-reimbursed",
        Text(fr="Acte non remboursable", en="Act not reimbursed"),
        Text(
            fr="L'acte du {day} ne figure pas parmi ceux que l'assurance maladie rembourse.",
            en="The act of {day} is not among those the health insurance reimburses.",
        ),
    ),
)
CONFIRMATIONS = (
    Reason(
        "upheld",
        Text(fr="La décision était juste", en="The decision was right"),
        Text(
            fr="Une autre personne a revu votre dossier pour les soins du {day}. La décision "
            "est confirmée.",
            en="Another person looked at your file for the care of {day} again. The decision is "
            "confirmed.",
        ),
    ),
)
KINDS = {"refuse": REFUSALS, "uphold": CONFIRMATIONS}
SUBJECTS = {
    "refuse": Text(
        fr="Votre demande de remboursement est refusée",
        en="Your request for reimbursement is refused",
    ),
    "uphold": Text(fr="Votre contestation", en="Your appeal"),
}
GREETING = Text(fr="Madame, Monsieur,", en="Dear Sir or Madam,")
APPEAL = Text(
    fr="Vous pouvez contester cette décision devant la commission de recours amiable dans les "
    "deux mois.",
    en="You can appeal this decision to the amicable commission within two months.",
)
CLOSING = Text(fr="Avec nos salutations distinguées,", en="Yours faithfully,")


def reason(kind: str, code: str) -> Reason | None:
    """Return a reason of a kind of answer, or None."""
    return next((one for one in KINDS[kind] if one.code == code), None)


def drafted(request: Request, kind: str, why: Reason, words: str) -> Paper:
    """Return the letter as it would be sent, in the member's language."""
    member = request.member
    lang: Lang = "fr" if member.user.language == "fr" else "en"
    sender = agency_of(request.agency)
    first = request.lines.order_by("care_date").first()
    day = day_in_words(first.care_date, lang) if first else ""
    own = (words,) if words else ()
    address = (member.name, member.address_line, member.address_extra)
    return Paper(
        sender=(sender.name.to(lang), *(sender.address[1:] if sender.address else ())),
        recipient=tuple(
            line for line in (*address, f"{member.postal_code} {member.city.upper()}") if line
        ),
        place="",
        day=clock.today(),
        subject=SUBJECTS[kind].to(lang),
        reference=request.reference,
        paragraphs=(
            GREETING.to(lang),
            why.text.fill(day=day).to(lang),
            *own,
            APPEAL.to(lang),
        ),
        enclosures=(),
        closing=CLOSING.to(lang),
        signature=sender.name.to(lang),
    )


def answer(
    request: Request, kind: str, code: str, words: str, actor: str, version: int | None = None
) -> bool:
    """Refuse a request, or confirm a contested decision: state, letter, audit and mail at once.

    Returns:
        False when the request's state has no such way: it was answered before.

    Raises:
        Refusal: no such reason, the request changed since it was shown, or who confirms is who
            decided.
    """
    why = reason(kind, code)
    if why is None:
        raise transitions.refusal(
            "reason", "field.missing", "choisissez un motif", "choose a reason"
        )
    if kind == "uphold" and actor in deciders(request):
        raise transitions.refusal(
            "request",
            "appeal.same_person",
            "une autre personne que celle qui a décidé doit répondre à une contestation",
            "another person than the one who decided must answer an appeal",
        )
    with transaction.atomic():
        transitions.seen(request, version)
        moved = transitions.move(request, kind, actor, assigned_to=None, assigned_at=None)
        if moved:
            _send(request, kind, code, drafted(request, kind, why, words), actor)
    return moved


def deciders(request: Request) -> set[str]:
    """Return who decided a request, so that somebody else answers an appeal."""
    codes = {"request.refuse", "request.accept_papers", "request.uphold", "decision.taken"}
    return {
        event.actor
        for event in audit.history(f"request:{request.public_id}")
        if event.code in codes
    }


def letters_of(request: Request) -> list[Letter]:
    """Return the letters that were sent about a request, oldest first."""
    return list(request.letters.all())


def find_letter(public_id: str) -> Letter | None:
    """Return a letter within the scope, or None."""
    found: Letter | None = Letter.objects.filter(public_id=public_id).first()
    return found


def pdf(letter: Letter) -> bytes:
    """Return a letter as it was sent (PDF/UA)."""
    return sealing.open_sealed(letter.content_sealed, CONTEXT)


def _send(request: Request, kind: str, code: str, paper: Paper, actor: str) -> None:
    lang: Lang = "fr" if request.member.user.language == "fr" else "en"
    content = letter_pdf(paper, lang=lang)
    sent = Letter.objects.create(
        request=request,
        member_id=request.member_id,
        agency=request.agency,
        kind=kind,
        reason=code,
        language=lang,
        subject=paper.subject,
        content_sealed=sealing.seal(content, CONTEXT),
        sha256=hashlib.sha256(content).hexdigest(),
        written_by=actor,
        sent_at=clock.now(),
    )
    transitions.tell(request, "letter.sent", actor, {"letter": sent.public_id, "reason": code})
    transitions.mail(
        request,
        f"letter:{sent.public_id}",
        gettext_noop("Your agency wrote to you"),
        gettext_noop("There is a letter about your request {reference}. Sign in to read it."),
    )


def words_of(request: Any, kind: str, code: str, words: str) -> tuple[str, ...]:
    """Return the paragraphs of a letter before it is sent, or nothing without a reason."""
    why = reason(kind, code)
    return drafted(request, kind, why, words).paragraphs if why else ()
