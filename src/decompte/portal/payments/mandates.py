"""Mandates: a member's leave to collect contributions from an account (SEPA core direct debit).

A mandate keeps the account it was signed for; another account is another mandate, and the one
before ends. It ends too when the member takes it back, when the bank says that it does not hold,
or when it was not used for as many months as the scheme allows.
"""

import secrets
from typing import Any

from django.db import transaction

from decompte.exchange import characters, sepa
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.payments import contributions
from decompte.portal.payments.models import Mandate
from decompte.portal.payments.recoveries import months_later
from decompte.portal.payments.refusals import refusal
from decompte.portal.people import sealing
from decompte.portal.people import services as people


def sign(member: Any, agency: str, *, holder: str, iban: str, actor: str) -> Mandate:
    """Record the mandate that a member signs today; the same account again is the same mandate.

    What the bank sent back under another mandate is collected again under this one.

    Args:
        member: who signs.
        agency: who may collect.
        holder: of the account.
        iban: of the account, as typed.
        actor: who did it.

    Raises:
        Refusal: the IBAN is wrong, no bank takes the holder's name, or the account is in a country
            whose accounts cannot be collected from here.
    """
    checked = people.checked_iban(iban)
    if not characters.name(holder):
        raise refusal("holder.unreadable")
    if sepa.needs_address(str(checked)):
        raise refusal("iban.outside")
    with transaction.atomic():
        before = _live(member.pk, agency)
        if before and not is_over(before) and (_iban(before), before.holder) == (checked, holder):
            return before
        if before:
            end(before, "replaced", actor)
        signed: Mandate = Mandate.objects.create(
            member=member,
            agency=agency,
            reference=f"{agency.upper()}-{secrets.token_hex(8).upper()}",
            holder=holder,
            iban_sealed=sealing.seal(str(checked).encode(), people.IBAN_CONTEXT),
            iban_last4=str(checked)[-4:],
            bic=str(checked.bic or ""),
            signed_on=clock.today(),
            recorded_at=clock.now(),
        )
        _tell(signed, "mandate.signed", actor, {"iban_last4": signed.iban_last4})
        contributions.collect_held(member.pk, agency, actor)
    return signed


def mandate_of(member_id: int, agency: str) -> Mandate | None:
    """Return the live mandate of a member for an agency, or None."""
    found = _live(member_id, agency)
    return None if found is None or is_over(found) else found


def with_mandate(agency: str) -> set[int]:
    """Return the members who have signed a mandate for an agency."""
    rows = Mandate.objects.filter(agency=agency, ended_at__isnull=True)
    return set(rows.values_list("member_id", flat=True))


def find_mandate(public_id: str) -> Mandate | None:
    """Return a mandate within the scope, or None."""
    found: Mandate | None = Mandate.objects.filter(public_id=public_id).first()
    return found


def end(mandate: Mandate, why: str, actor: str) -> bool:
    """End a mandate: nothing is collected under it any more; False if it was ended before.

    A collection that is with the bank already stays there; the member's bank can refuse it.
    """
    ended = Mandate.objects.filter(pk=mandate.pk, ended_at__isnull=True).update(
        ended_at=clock.now(), ended_why=why
    )
    if ended:
        _tell(mandate, "mandate.ended", actor, {"why": why})
    return bool(ended)


def is_over(mandate: Mandate) -> bool:
    """Return whether a mandate was not used for so long that it no longer holds."""
    last = mandate.collections.order_by("-collect_on").values_list("collect_on", flat=True).first()
    months = sepa.debit_rules(clock.today())["mandate_months"]
    return months_later(last or mandate.signed_on, months) < clock.today()


def has_collected(mandate: Mandate) -> bool:
    """Return whether something was collected under a mandate: the next is not its first."""
    return bool(mandate.collections.filter(state__in=["released", "settled"]).exists())


def _live(member_id: int, agency: str) -> Mandate | None:
    found: Mandate | None = Mandate.objects.filter(
        member_id=member_id, agency=agency, ended_at__isnull=True
    ).first()
    return found


def _iban(mandate: Mandate) -> str:
    return sealing.open_sealed(mandate.iban_sealed, people.IBAN_CONTEXT).decode()


def _tell(mandate: Mandate, code: str, actor: str, detail: dict[str, object]) -> None:
    audit.record(
        code,
        f"mandate:{mandate.public_id}",
        actor=actor,
        agency=mandate.agency,
        detail=detail,
    )
