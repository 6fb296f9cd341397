"""The identity numbers of a member through time: provisional ones, then the one for life.

A number is checked as far as it can be without asking the registry: its length and key, and whether
its month and year are those of the member's birth.
"""

from typing import NamedTuple

from django.db import transaction
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import nir as french_nir

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.people import sealing
from decompte.portal.people.models import IdentityNumber, Member
from decompte.portal.people.scope import system

CONTEXT = "nir"
LENGTH = 15
YEAR, MONTH = slice(1, 3), slice(3, 5)
LAST_MONTH = 12
PROVISIONAL = ("7", "8")


class Shown(NamedTuple):
    """One number as its holder sees it: masked, with its days."""

    masked: str
    is_provisional: bool
    is_of_birth: bool
    since: object
    until: object


def give(member: Member, number: str) -> None:
    """Put a number on a member that is about to be saved; `remember` keeps the history.

    Raises:
        Refusal: the number is wrong, is another account's, or steps back to a provisional one.
    """
    is_provisional = number[:1] in PROVISIONAL
    if not _is_written_well(number, is_provisional=is_provisional):
        raise _refusal(
            "nir.wrong",
            "ce numéro n'a pas la bonne clé ; quinze chiffres, comme sur l'attestation",
            "this number has a wrong check key; fifteen digits, as on your certificate",
        )
    digest = sealing.index(number, CONTEXT)
    if Member.objects.filter(nir_index=digest).exclude(pk=member.pk).exists():
        raise _refusal(
            "nir.taken",
            "ce numéro appartient déjà à un compte",
            "this number belongs to another account already",
        )
    if is_provisional and member.nir_index and not member.is_nir_provisional:
        raise _refusal(
            "nir.back",
            "vous avez déjà un numéro définitif ; un numéro provisoire ne le remplace pas",
            "you have a number for life already; a provisional one does not replace it",
        )
    member.nir_sealed = sealing.seal(number.encode(), CONTEXT)
    member.nir_index = digest
    member.is_nir_provisional = is_provisional


@transaction.atomic
def remember(member: Member) -> None:
    """Keep the history of a member's number after it was saved; the same number adds nothing."""
    if not member.nir_index:
        return
    with system("the history of an identity number"):
        opened = IdentityNumber.objects.filter(member_id=member.pk, until__isnull=True)
        latest = opened.first()
        if latest and bytes(latest.number_index) == bytes(member.nir_index):
            return
        today = clock.today()
        opened.update(until=today)
        IdentityNumber.objects.create(
            member=member,
            number_sealed=member.nir_sealed,
            number_index=member.nir_index,
            is_provisional=member.is_nir_provisional,
            since=today,
        )


def history(member: Member) -> list[Shown]:
    """Return a member's numbers, newest first."""
    return [
        Shown(
            masked(_opened(row.number_sealed)),
            row.is_provisional,
            is_of_birth(_opened(row.number_sealed), member),
            row.since,
            row.until,
        )
        for row in IdentityNumber.objects.filter(member_id=member.pk).order_by("-id")
    ]


def is_of_birth(number: str, member: Member) -> bool:
    """Return whether a number's year and month are those of the birth, as far as it tells them.

    Months above twelve stand for a birth whose month is not known.
    """
    year, month = number[YEAR], int(number[MONTH])
    born = member.birth_date
    return year == f"{born.year % 100:02d}" and (month > LAST_MONTH or month == born.month)


def masked(number: str) -> str:
    """Return a number with its middle hidden."""
    return f"{number[0]} •• •• •• ••• ••• {number[-2:]}" if number else ""


def _is_written_well(number: str, *, is_provisional: bool) -> bool:
    try:
        french_nir.validate(number)
    except NumberError:
        return is_provisional and len(number) == LENGTH and number.isascii() and number.isdigit()
    return True


def _opened(sealed: bytes) -> str:
    return sealing.open_sealed(sealed, CONTEXT).decode()


def _refusal(code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, "nir", Text(fr=fr, en=en))])
