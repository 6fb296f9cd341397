"""Invented members, in bulk: for rehearsals and measurements, never beside real people.

What could be somebody's is of a reserved shape: identity numbers name a birthplace that does not
exist (department 99, country 999), bank accounts a bank that does not exist (99999), mail
addresses a domain that nobody can own (`.example`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from schwifty import IBAN
from stdnum.fr import nir as french_nir

from decompte.portal.people import sealing, search
from decompte.portal.people.models import (
    BankAccount,
    GPDeclaration,
    Member,
    Membership,
    SearchWord,
    User,
)
from decompte.portal.people.services import IBAN_CONTEXT, NIR_CONTEXT

NOWHERE = "99999"
NO_BANK = "99999"
ORDERS, SEXES = 999, 2
ROWS = 1000


class Person(NamedTuple):
    """One invented student.

    Attributes:
        number: counts from 0; the mail address and the account follow from it.
        joined_at: when the account was made.
        gp: name and number of the declared GP, or None.
        gp_since: day of the declaration.
        nir_order: with the month of birth makes an identity number no other has; None for a
            student who waits for one.
    """

    number: int
    email: str
    given_name: str
    family_name: str
    birth_date: date
    nationality: str
    language: str
    agency: str
    complementary: str
    address_line: str
    postal_code: str
    city: str
    joined_at: datetime
    gp: tuple[str, str] | None
    gp_since: date
    nir_order: int | None


def has_account(email: str) -> bool:
    """Return whether an account with this address is there."""
    return User.objects.filter(email=email).exists()


def block(first_email: str, last_email: str) -> tuple[int, int]:
    """Return the keys of the first and the last member of a block that was made in one go."""
    keys = Member.objects.filter(user__email__in=(first_email, last_email)).order_by("pk")
    found = list(keys.values_list("pk", flat=True))
    return found[0], found[-1]


def add(people: Sequence[Person], password: str) -> list[Member]:
    """Return the members made of invented students: accounts, agencies, banks, GPs, search.

    Args:
        people: the students.
        password: as it is kept, the same for all.
    """
    users = User.objects.bulk_create(
        [
            User(
                email=one.email,
                password=password,
                language=one.language,
                joined_at=one.joined_at,
            )
            for one in people
        ],
        batch_size=ROWS,
    )
    members = Member.objects.bulk_create(
        [_member(one, user) for one, user in zip(people, users, strict=True)], batch_size=ROWS
    )
    pairs = list(zip(people, members, strict=True))
    _add_many(
        Membership,
        [Membership(member=m, agency=p.agency, recorded_at=p.joined_at) for p, m in pairs],
    )
    _add_many(BankAccount, [_bank_account(p, m) for p, m in pairs])
    _add_many(
        GPDeclaration,
        [
            GPDeclaration(
                member=m,
                doctor_name=p.gp[0],
                doctor_number=p.gp[1],
                since=p.gp_since,
                recorded_at=p.joined_at,
            )
            for p, m in pairs
            if p.gp
        ],
    )
    _add_many(
        SearchWord,
        [
            SearchWord(member=m, agency=p.agency, word=word)
            for p, m in pairs
            for word in sorted(search.beginnings(m.name))
        ],
    )
    return members


def _add_many(
    model: type[BankAccount | GPDeclaration | Membership | SearchWord], rows: list[object]
) -> None:
    model.objects.bulk_create(rows, batch_size=ROWS)


def _member(one: Person, user: User) -> Member:
    nir = reserved_nir(one.birth_date, one.nir_order) if one.nir_order is not None else ""
    return Member(
        user=user,
        agency=one.agency,
        given_name=one.given_name,
        family_name=one.family_name,
        birth_date=one.birth_date,
        nationality=one.nationality,
        address_line=one.address_line,
        postal_code=one.postal_code,
        city=one.city,
        nir_sealed=sealing.seal(nir.encode(), NIR_CONTEXT) if nir else None,
        nir_index=sealing.index(nir, NIR_CONTEXT) if nir else None,
        is_nir_provisional=True,
        created_at=one.joined_at,
    )


def reserved_nir(born: date, order: int) -> str:
    """Return an identity number that nobody can have: born in 99 999, a place that is none.

    Args:
        born: year and month stand in the number.
        order: from 0 to 1997; the sex and the order of registration follow from it.
    """
    sex, number = 1 + order // ORDERS % SEXES, 1 + order % ORDERS
    digits = f"{sex}{born:%y%m}{NOWHERE}{number:03d}"
    return digits + french_nir.calc_check_digits(digits)


def _bank_account(one: Person, member: Member) -> BankAccount:
    iban = str(
        IBAN.generate(
            "FR", bank_code=NO_BANK, branch_code=NO_BANK, account_code=f"{one.number:011d}"
        )
    )
    return BankAccount(
        member=member,
        holder=member.name,
        iban_sealed=sealing.seal(iban.encode(), IBAN_CONTEXT),
        iban_index=sealing.index(iban, IBAN_CONTEXT),
        iban_last4=iban[-4:],
        recorded_at=one.joined_at,
    )
