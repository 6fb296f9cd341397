"""Members for programs: identity, bank account, declared GP, European card."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status

from decompte.portal.api import auth, reading
from decompte.portal.api.auth import MEMBER, PARTIES, STAFF, client_of, own_member
from decompte.portal.api.models import Kind
from decompte.portal.api.paging import Paging, Parts, page
from decompte.portal.api.shapes import (
    BankAccountIn,
    BankAccountOut,
    CardOut,
    GPIn,
    GPOut,
    IdentityIn,
    MemberOut,
    MemberPage,
    WholeCardIn,
    WhoOut,
)
from decompte.portal.people import services as people

router = Router(tags=["Members"])
LAST = 4


@router.get("/me", response=WhoOut, operation_id="who", auth=auth.ANYBODY)
def who(request: HttpRequest, parts: Query[Parts]) -> dict[str, Any]:
    """Say whom this token acts for."""
    client = client_of(request)
    member = people.member_of(client.user) if client.kind == Kind.MEMBER else None
    return {
        "client": client.public_id,
        "name": client.name,
        "kind": client.kind,
        "agency": client.agency or None,
        "member": member.public_id if member else None,
        "expires_at": client.expires_at,
    }


@router.put("/me/identity", response=MemberOut, operation_id="save_identity", auth=MEMBER)
def save_identity(request: HttpRequest, identity: IdentityIn) -> dict[str, Any]:
    """Give or correct one's identity, as on the passport."""
    user = client_of(request).user
    assert user is not None, "a member's application belongs to an account"
    return shown(people.save_identity(user, identity.model_dump()))


@router.put("/me/bank-account", response=BankAccountOut, operation_id="set_bank", auth=MEMBER)
def set_bank_account(request: HttpRequest, account: BankAccountIn) -> Any:
    """Use a bank account from now on; a mail tells its owner."""
    return people.set_bank_account(own_member(request), **account.model_dump())


@router.post("/me/gp-declarations", response={201: GPOut}, operation_id="declare_gp", auth=MEMBER)
def declare_gp(request: HttpRequest, declaration: GPIn) -> Status[Any]:
    """Declare a GP from a day on; the declaration before it ends."""
    return Status(201, people.declare_gp(own_member(request), **declaration.model_dump()))


@router.post("/me/european-cards", response={201: CardOut}, operation_id="add_card", auth=MEMBER)
def add_card(request: HttpRequest, card: WholeCardIn) -> Status[Any]:
    """Keep a European health insurance card."""
    return Status(201, _card(people.give_european_card(own_member(request), **card.model_dump())))


@router.get("/members", response=MemberPage, operation_id="list_members", auth=STAFF)
def members(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the agency's members; each one shown counts as an opened file."""
    listed = page(people.members(), paging, lambda member: member)
    reading.opened(client_of(request), (f"member:{one.public_id}" for one in listed["items"]))
    return listed | {"items": [shown(member) for member in listed["items"]]}


@router.get("/members/{member_id}", response=MemberOut, operation_id="read_member", auth=PARTIES)
def member(request: HttpRequest, parts: Query[Parts], member_id: str) -> Any:
    """Read one member."""
    found = _found(member_id)
    reading.opened(client_of(request), [f"member:{member_id}"], code="member.opened")
    return shown(found)


@router.get(
    "/members/{member_id}/gp-declarations",
    response=list[GPOut],
    operation_id="list_gps",
    auth=PARTIES,
)
def gps(request: HttpRequest, member_id: str) -> Any:
    """List the declared GPs of a member, oldest first."""
    found = _found(member_id)
    reading.opened(client_of(request), [f"member:{member_id}"], code="member.opened")
    return people.gp_declarations(found)


@router.get(
    "/members/{member_id}/european-cards",
    response=list[CardOut],
    operation_id="list_cards",
    auth=PARTIES,
)
def cards(request: HttpRequest, member_id: str) -> Any:
    """List the European cards of a member, newest first."""
    found = _found(member_id)
    reading.opened(client_of(request), [f"member:{member_id}"], code="member.opened")
    return [_card(one) for one in people.european_cards(found)]


def shown(member: Any) -> dict[str, Any]:
    """Return a member as programs see it."""
    account, gp = people.bank_account(member.pk), people.current_gp(member)
    return {
        "id": member.public_id,
        "given_name": member.given_name,
        "family_name": member.family_name,
        "birth_date": member.birth_date,
        "nationality": member.nationality,
        "address_line": member.address_line,
        "address_extra": member.address_extra,
        "postal_code": member.postal_code,
        "city": member.city,
        "agency": member.agency or None,
        "nir_masked": people.masked_nir(member) or None,
        "iban_last4": account.iban_last4 if account else None,
        "declared_gp_since": gp.since if gp else None,
    }


def _card(card: Any) -> dict[str, Any]:
    personal, number = people.card_numbers(card)
    return {
        "country": card.country,
        "expires_on": card.expires_on,
        "institution": card.institution,
        "personal_number_last4": personal.reveal()[-LAST:],
        "card_number_last4": number.reveal()[-LAST:],
    }


def _found(public_id: str) -> Any:
    found = people.find_member(public_id)
    if found is None:
        raise Http404
    return found
