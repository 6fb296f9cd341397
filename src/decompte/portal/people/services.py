"""Verbs about people: accounts, members, their GP, bank details and cards.

Each verb checks, writes, and tells audit and outbox in one transaction.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import numbers, sealing, search, sessions
from decompte.portal.people.models import (
    BankAccount,
    Choice,
    EuropeanCard,
    GPDeclaration,
    Member,
    Membership,
    StaffRole,
    User,
)
from decompte.portal.people.scope import system
from decompte.portal.people.sealing import Secret
from decompte.procedure.facts import is_european

NOBODY = -1
MAILS, NOTICE = "mails", "notice"
HOLD = timedelta(hours=72)
CARD_OF_ANOTHER_STATE = Text(
    fr="la carte est délivrée par un autre État de l'Union européenne, de l'EEE, ou par la Suisse",
    en="the card is issued by another state of the European Union, the EEA, or by Switzerland",
)
IBAN_CONTEXT, NIR_CONTEXT, CARD_CONTEXT = "iban", numbers.CONTEXT, "card"


def create_account(email: str, password: str, *, language: str = "en") -> User:
    """Return a new account that can sign in."""
    user = User.objects.create_user(email=email, password=password)
    user.language = language
    user.joined_at = clock.now()
    user.save()
    audit.record("account.created", f"user:{user.public_id}", actor=user.public_id)
    return user


def take_address(user: Any) -> None:
    """Take an account's mail address as its owner's, without a mail that asks them."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def end_sessions(user: Any) -> None:
    """End every session of an account, everywhere."""
    sessions.end_all(user)


def choose(user: Any, subject: str, *, is_given: bool, notice: date) -> Choice:
    """Keep what an account holder chose, or that they read the notice of a day."""
    made = Choice.objects.create(
        user=user, subject=subject, is_given=is_given, notice=notice, chosen_at=clock.now()
    )
    audit.record(
        f"choice.{subject}",
        f"user:{user.public_id}",
        actor=user.public_id,
        detail={"is_given": is_given, "notice": notice.isoformat()},
    )
    return made


def choices(user: Any) -> dict[str, Choice]:
    """Return the newest choice of each subject."""
    return {one.subject: one for one in Choice.objects.filter(user=user)}


def wants_mails(user: Any) -> bool:
    """Return whether an account holder wants a mail at each step; unless they said no, yes."""
    return not without_mails([user.pk])


def without_mails(user_ids: Sequence[int]) -> set[int]:
    """Return which account holders said that they want no mail at each step."""
    chosen = Choice.objects.filter(user_id__in=user_ids, subject=MAILS).order_by("pk")
    last = dict(chosen.values_list("user_id", "is_given"))
    return {user_id for user_id, is_given in last.items() if not is_given}


def add_staff(user: User, agency: str, role: str, display_name: str) -> StaffRole:
    """Give an account its one role at one agency; its sessions as a member end."""
    granted = StaffRole.objects.create(
        user=user, agency=agency, role=role, display_name=display_name
    )
    end_sessions(user)
    audit.record(
        "staff.added",
        f"user:{user.public_id}",
        actor="system",
        agency=agency,
        detail={"role": role},
    )
    return granted


def staff_role(user: Any) -> StaffRole | None:
    """Return the role of an account, or None for a member and for whom it ended."""
    return StaffRole.objects.filter(user_id=user.pk, ended_at__isnull=True).first()


def role_of(request: Any) -> StaffRole | None:
    """Return the role of who asks for a page; it was read with the account."""
    role: StaffRole | None = getattr(request.user, "staff_role", None)
    return role if role is not None and role.ended_at is None else None


def member_id_read(request: Any) -> int | None:
    """Return the key of the member of who asks, or None; it was read with the account."""
    found: int | None = request.user.member_key
    return found


def staff_of(agency: str, roles: Sequence[str]) -> list[User]:
    """Return the accounts that have one of these roles at an agency."""
    return list(
        User.objects.filter(
            staff_role__agency=agency,
            staff_role__role__in=roles,
            staff_role__ended_at__isnull=True,
            is_active=True,
        )
    )


def account_of(email: str) -> User:
    """Return the account of a mail address.

    Raises:
        User.DoesNotExist: there is none.
    """
    return User.objects.get(email=email)


def actor(request: HttpRequest) -> str:
    """Return the public id of the account that asks, for the audit trail."""
    assert isinstance(request.user, User)
    return request.user.public_id


def member_id_of(user: Any) -> int | None:
    """Return the primary key of an account's member, or None before there is one."""
    with system("who is asking"):
        found: int | None = (
            Member.objects.filter(user_id=user.pk).values_list("pk", flat=True).first()
        )
    return found


def member_of(user: Any) -> Member | None:
    """Return the member of an account within the current scope, or None."""
    found: Member | None = Member.objects.filter(user_id=user.pk).first()
    return found


def members() -> QuerySet[Member]:
    """Return the members of the scope, oldest account first."""
    found: QuerySet[Member] = Member.objects.order_by("pk").distinct()
    return found


def find_member(public_id: str) -> Member | None:
    """Return a member within the scope, or None."""
    found: Member | None = Member.objects.filter(public_id=public_id).first()
    return found


def member_by_nir(number: str) -> Member | None:
    """Return the member of the scope with an identity number, or None."""
    digest = sealing.index("".join(number.split()).upper(), NIR_CONTEXT)
    found: Member | None = Member.objects.filter(nir_index=digest).first()
    return found


def hold(member_id: int) -> None:
    """Let no other transaction decide about a member until this one ends."""
    list(Member.objects.select_for_update(of=("self",)).filter(pk=member_id).values_list("pk"))


def members_among(keys: Sequence[int]) -> list[Member]:
    """Return the scope's members with these keys, by name."""
    return list(members().filter(pk__in=keys).order_by("family_name", "given_name", "pk"))


@transaction.atomic
def save_identity(user: User, identity: dict[str, Any]) -> Member:
    """Return the account's member with this identity: made, or corrected.

    Args:
        user: the account.
        identity: fields of `forms.IdentityForm`; `nir` may be empty.

    Raises:
        Refusal: the identity number is wrong, or belongs to another account.
    """
    fields = dict(identity)
    nir = "".join(str(fields.pop("nir", "")).split()).upper()
    with system("the account's own member, perhaps not made yet"):
        member = Member.objects.filter(user_id=user.pk).first()
        is_new = member is None
        member = member or Member(user=user, created_at=clock.now())
        for name, value in fields.items():
            setattr(member, name, value)
        if nir:
            numbers.give(member, nir)
        member.save()
        numbers.remember(member)
        search.index(member)
        audit.record(
            "member.created" if is_new else "member.corrected",
            f"member:{member.public_id}",
            actor=user.public_id,
            agency=member.agency,
        )
    return member


def set_agency(member: Member, agency: str) -> None:
    """Put a member under an agency; an earlier agency keeps seeing its own requests."""
    with system("a registration gives the agency"):
        Member.objects.filter(pk=member.pk).update(agency=agency)
        if agency:
            Membership.objects.get_or_create(
                member=member, agency=agency, defaults={"recorded_at": clock.now()}
            )
            search.index(member)
    member.agency = agency


def let_see(member: Member, agency: str) -> None:
    """Let an agency see a member who turned to it, though it does not cover them."""
    with system("a member turned to this agency"):
        _made, is_new = Membership.objects.get_or_create(
            member=member, agency=agency, defaults={"recorded_at": clock.now()}
        )
        if is_new:
            search.index(member)


@transaction.atomic
def declare_gp(
    member: Member, *, doctor_name: str, doctor_number: str, since: date
) -> GPDeclaration:
    """Declare a GP from a day on; the declaration before it ends.

    Raises:
        Refusal: the day is in the future, or before the declaration in force.
    """
    if since > clock.today():
        raise _refusal(
            "since", "date.future", "cette date est dans l'avenir", "this date is in the future"
        )
    if since < member.birth_date:
        raise _refusal(
            "since",
            "date.before_birth",
            "cette date précède la naissance",
            "this date is before birth",
        )
    former = GPDeclaration.objects.filter(member_id=member.pk, until__isnull=True).first()
    if former and since < former.since:
        raise _refusal(
            "since",
            "date.order",
            "une déclaration plus récente existe déjà",
            "a later declaration exists already",
        )
    if former:
        former.until = since
        former.save()
    declared: GPDeclaration = GPDeclaration.objects.create(
        member=member,
        doctor_name=doctor_name,
        doctor_number=doctor_number,
        since=since,
        recorded_at=clock.now(),
    )
    _tell(member, "gp.declared", f"member:{member.public_id}")
    return declared


def gp_since(member_id: int, day: date) -> date | None:
    """Return since when a GP was declared without a break, as it stood on a day."""
    first: date | None = (
        GPDeclaration.objects.filter(member_id=member_id, since__lte=day)
        .order_by("since")
        .values_list("since", flat=True)
        .first()
    )
    return first


def current_gp(member: Member) -> GPDeclaration | None:
    """Return the declaration in force."""
    found: GPDeclaration | None = GPDeclaration.objects.filter(
        member_id=member.pk, until__isnull=True
    ).first()
    return found


def gp_declarations(member: Member) -> list[GPDeclaration]:
    """Return a member's GP declarations, oldest first."""
    return list(GPDeclaration.objects.filter(member_id=member.pk).distinct())


@transaction.atomic
def set_bank_account(member: Member, *, holder: str, iban: str) -> BankAccount:
    """Give a bank account: the first is used at once, a changed one after 72 hours.

    Until then the account before stays in use, and the member, told by mail, can cancel the change
    in case it was not them. The account in use given again takes a waiting change back.

    Raises:
        Refusal: the IBAN is wrong.
    """
    checked = checked_iban(iban)
    now = clock.now()
    in_use = bank_account(member.pk)
    digest = sealing.index(str(checked), IBAN_CONTEXT)
    if in_use and bytes(in_use.iban_index) == digest and in_use.holder == holder:
        cancel_held_account(member)
        return in_use
    _settle_accounts(member.pk, in_use)
    account: BankAccount = BankAccount.objects.create(
        member=member,
        holder=holder,
        iban_sealed=sealing.seal(str(checked).encode(), IBAN_CONTEXT),
        iban_index=digest,
        iban_last4=str(checked)[-4:],
        bic=str(checked.bic or ""),
        bank_name=str(checked.bank_name or "")[:120],
        recorded_at=now,
        held_until=now + HOLD if in_use else None,
    )
    _tell(member, "bank.changed", f"member:{member.public_id}")
    _mail_change(member, account)
    return account


def cancel_held_account(member: Member) -> bool:
    """Take back a change of account that still waits; False when none does."""
    cancelled = BankAccount.objects.filter(
        member_id=member.pk, ended_at__isnull=True, held_until__gt=clock.now()
    ).update(ended_at=clock.now())
    if cancelled:
        _tell(member, "bank.change_cancelled", f"member:{member.public_id}")
    return bool(cancelled)


def bank_account(member_id: int) -> BankAccount | None:
    """Return the account in use, or None: a changed one once its 72 hours are over."""
    opened = BankAccount.objects.filter(member_id=member_id, ended_at__isnull=True)
    usable = [one for one in opened if one.held_until is None or one.held_until <= clock.now()]
    return max(usable, key=lambda one: one.pk, default=None)


def bank_accounts(member_ids: Sequence[int]) -> dict[int, BankAccount]:
    """Return the first open account of members, by the key of the member."""
    found = BankAccount.objects.filter(member_id__in=member_ids, ended_at__isnull=True)
    return {one.member_id: one for one in found.filter(held_until__isnull=True)}


def needed_bank_account(member_id: int) -> BankAccount:
    """Return the account in use.

    Raises:
        Refusal: none was given yet.
    """
    if account := bank_account(member_id):
        return account
    raise _refusal(
        "bank",
        "bank.missing",
        "donnez d'abord un compte bancaire",
        "give a bank account first",
    )


def iban(account: BankAccount) -> Secret:
    """Return the IBAN of an account."""
    return Secret(sealing.open_sealed(account.iban_sealed, IBAN_CONTEXT).decode())


def nir(member: Member) -> Secret:
    """Return the identity number, empty when there is none yet."""
    if not member.nir_sealed:
        return Secret("")
    return Secret(sealing.open_sealed(member.nir_sealed, NIR_CONTEXT).decode())


def masked_nir(member: Member) -> str:
    """Return the identity number with its middle hidden, for pages and papers."""
    return numbers.masked(nir(member).reveal())


def give_european_card(
    member: Member, *, country: str, expires_on: date, **numbers_on_it: str
) -> EuropeanCard:
    """Keep a European health insurance card that its holder gives.

    Raises:
        Refusal: no other state of Europe issues it.
    """
    if not is_european(country, clock.today()):
        raise Refusal([Problem("card.country", "country", CARD_OF_ANOTHER_STATE)])
    return add_european_card(member, country=country, expires_on=expires_on, **numbers_on_it)


@transaction.atomic
def add_european_card(
    member: Member,
    *,
    country: str,
    expires_on: date,
    institution: str = "",
    personal_number: str = "",
    card_number: str = "",
) -> EuropeanCard:
    """Keep a European health insurance card whose country was looked at; its numbers sealed."""
    personal, number = (
        sealing.seal(said.encode(), CARD_CONTEXT) if said else b""
        for said in (personal_number, card_number)
    )
    card: EuropeanCard = EuropeanCard.objects.create(
        member=member,
        country=country,
        expires_on=expires_on,
        institution=institution,
        personal_sealed=personal,
        number_sealed=number,
        recorded_at=clock.now(),
    )
    _tell(member, "card.added", f"member:{member.public_id}")
    return card


def card_numbers(card: EuropeanCard) -> tuple[Secret, Secret]:
    """Return the holder's number on a card (field 6) and the card's own (field 8), or empty."""
    personal, number = (
        Secret(sealing.open_sealed(sealed, CARD_CONTEXT).decode() if sealed else "")
        for sealed in (card.personal_sealed, card.number_sealed)
    )
    return personal, number


def european_cards(member: Member) -> list[EuropeanCard]:
    """Return a member's European cards, newest first."""
    return list(EuropeanCard.objects.filter(member_id=member.pk).order_by("-id"))


def accounts_given(member: Member) -> list[BankAccount]:
    """Return the accounts a member gave, newest first."""
    return list(BankAccount.objects.filter(member_id=member.pk).order_by("-id"))


def european_card_on(member_id: int, day: date) -> EuropeanCard | None:
    """Return a card that covers a day, or None."""
    found: EuropeanCard | None = EuropeanCard.objects.filter(
        member_id=member_id, expires_on__gte=day
    ).last()
    return found


def _settle_accounts(member_id: int, in_use: BankAccount | None) -> None:
    """End every open account but the one in use, which is no longer a changed one."""
    opened = BankAccount.objects.filter(member_id=member_id, ended_at__isnull=True)
    if in_use is None:
        return
    opened.exclude(pk=in_use.pk).update(ended_at=clock.now())
    opened.update(held_until=None)


def _mail_change(member: Member, account: BankAccount) -> None:
    with translation.override(member.user.language):
        told = _(
            "The account your reimbursements go to was changed. "
            "If it was not you, tell your agency at once."
        )
        if account.held_until:
            told += " " + _(
                "The change takes effect on %(day)s; until then you can cancel it on your pages."
            ) % {"day": date_format(timezone.localtime(account.held_until), "j F Y, H:i")}
        outbox.enqueue(
            f"bank.changed:{account.pk}",
            recipient=member.user.email,
            language=member.user.language,
            subject=_("Your bank details were changed"),
            body=told,
        )


def checked_iban(text: str) -> IBAN:
    """Return an IBAN as typed, checked by its digits, length and country.

    Raises:
        Refusal: it is wrong.
    """
    try:
        return IBAN(text, allow_invalid=False, validate_bban=False)
    except SchwiftyException:
        raise _refusal(
            "iban",
            "iban.wrong",
            "cet IBAN est faux (clé de contrôle, longueur ou pays) ; recopiez-le du RIB, "
            "par exemple FR76 suivi de 23 caractères",
            "this IBAN is wrong (check digits, length or country); copy it from your bank "
            "details, for example FR76 and 23 more characters",
        ) from None


def _tell(member: Member, code: str, subject: str) -> None:
    audit.record(code, subject, actor=member.user.public_id, agency=member.agency)


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
