"""Verbs of the guide: answer what was told, and keep an answer for a member."""

from typing import Any

from django.db import transaction

from decompte.errors import LANGS, Lang
from decompte.exchange import advice as advices
from decompte.exchange import guided
from decompte.exchange.guided import Guided
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.guide.models import SavedAdvice


def answer(told: Guided, lang: Lang) -> dict[str, object]:
    """Return the answer to what was told, in the result format.

    Raises:
        Refusal: what was told cannot be.
    """
    return advices.write(guided.advice(told, today=clock.today()), lang)


@transaction.atomic
def save(member: Any, told: Guided, actor: str) -> SavedAdvice:
    """Keep an answer with the member, as it is given today, in both languages.

    Raises:
        Refusal: what was told cannot be.
    """
    saved: SavedAdvice = SavedAdvice.objects.create(
        member_id=member.pk,
        situation=dict(told.document),
        answers={lang: answer(told, lang) for lang in LANGS},
        asked_on=clock.today(),
        created_at=clock.now(),
    )
    audit.record("guide.saved", saved.public_id, actor=actor)
    return saved


def saved_advices(member: Any) -> list[SavedAdvice]:
    """Return the answers a member kept, the newest first."""
    return list(SavedAdvice.objects.filter(member_id=member.pk))


def saved_advice(public_id: str) -> SavedAdvice | None:
    """Return one kept answer of the scope, or None."""
    found: SavedAdvice | None = SavedAdvice.objects.filter(public_id=public_id).first()
    return found
