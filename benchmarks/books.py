"""Invented members, decisions and orders in bulk: what the measurements of money work on.

Each member has fifty visits in a year, each decided by the engine, none of them paid yet. No two
cases are the same: birth, first day of the declared GP and prices differ from member to member. It
is imported once Django is set up.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.decisions import outcome
from decompte.portal.decisions.models import Decision, Kept
from decompte.portal.payments import ledger, orders
from decompte.portal.payments.models import Account, Entry, PaymentOrder
from decompte.portal.people import invented as people
from decompte.portal.people import services as accounts
from decompte.portal.people.models import BankAccount
from decompte.portal.requests.models import Request

AGENCY = "lmde"
VISITS = 50
FIRST_VISIT = date(2014, 1, 6)
BIRTHS = date(1988, 1, 1)
PRICES = (2300, 2500, 2800, 3000)
DAYS, MOST_MORE = 2557, 500
JOINED = datetime(2013, 9, 2, tzinfo=UTC)
ROWS = 2000


def members(payments: int) -> list[Any]:
    """Return as many members as so many payments need, with their accounts."""
    invented = [_person(number) for number in range(-(-payments // VISITS))]
    return people.add(invented, "!")


def fill(known: Sequence[Any], payments: int) -> None:
    """Make that many decisions with their entries and waiting orders, fifty a member."""
    banks = accounts.bank_accounts([member.pk for member in known])
    made = ((known[n // VISITS], n % VISITS) for n in range(payments))
    for some in _portions(made):
        decisions = _decisions(some)
        ledger.book_all(orders.owed(decision) for decision in decisions)
        ordered = PaymentOrder.objects.bulk_create(
            _order(decision, banks[decision.member_id]) for decision in decisions
        )
        audit.record_all(
            [
                audit.Told(
                    clock.now(), "bench", AGENCY, "payment.ordered", f"order:{one.public_id}", {}
                )
                for one in ordered
            ]
        )


def more_entries(member_id: int, entries: int) -> None:
    """Book entries in pairs that take each other back, until there are that many."""
    here = Entry.objects.count()
    for start in range(here, entries, ROWS):
        pairs = range(start, min(start + ROWS, entries), 2)
        ledger.book_all(
            ledger.Event(
                f"bench:{n}:{sign}",
                "bench",
                AGENCY,
                member_id,
                [(Account.CARE_AMO, sign * PRICES[0]), (Account.FEES, -sign * PRICES[0])],
            )
            for n in pairs
            for sign in (1, -1)
        )


def _person(number: int) -> people.Person:
    return people.Person(
        number=number,
        email=f"bench{number}@decompte.example",
        given_name="Noa",
        family_name=f"Berg{number}",
        birth_date=_birth(number),
        nationality="US",
        language="en",
        agency=AGENCY,
        complementary="",
        address_line="27 rue Saint-Guillaume",
        postal_code="75007",
        city="Paris",
        joined_at=JOINED,
        gp=("Dr Lambert", "99900000001"),
        gp_since=JOINED.date(),
        nir_order=None,
    )


def _portions(made: Iterator[tuple[Any, int]]) -> Iterator[list[tuple[Any, int]]]:
    some: list[tuple[Any, int]] = []
    for one in made:
        some.append(one)
        if len(some) == ROWS:
            yield some
            some = []
    if some:
        yield some


def _decisions(some: Sequence[tuple[Any, int]]) -> list[Decision]:
    """Return the decisions of some visits, each by the engine, with what they kept back."""
    now = clock.now()
    requests = Request.objects.bulk_create(
        Request(
            reference=f"B{member.pk:06d}{visit:03d}",
            member=member,
            agency=AGENCY,
            state="decided",
            created_at=now,
        )
        for member, visit in some
    )
    asked = [_case(member.pk, visit) for member, visit in some]
    found = [outcome.outcome(inputs, (), "", now.date()) for inputs in asked]
    decisions = Decision.objects.bulk_create(
        Decision(
            request=request,
            member_id=request.member_id,
            agency=AGENCY,
            inputs=inputs,
            answers=answer.answers,
            law_version=answer.law_version,
            payable_cents=answer.payable_cents,
            decided_at=now,
            decided_by="bench",
            **{f"{name}_cents": cents for name, cents in answer.totals.items()},
        )
        for request, inputs, answer in zip(requests, asked, found, strict=True)
    )
    Kept.objects.bulk_create(
        Kept(
            decision=decision,
            member_id=decision.member_id,
            agency=AGENCY,
            care_date=line.line.date,
            practitioner=line.line.practitioner,
            acts=line.line.quantity,
            participation_cents=line.participation_cents,
        )
        for decision, answer in zip(decisions, found, strict=True)
        for line in answer.computed
        if line.participation_cents
    )
    return decisions


def _case(member_id: int, visit: int) -> dict[str, Any]:
    """Return the case of a member's visit: another price, day and doctor each time."""
    day = FIRST_VISIT + timedelta(days=7 * visit)
    price = PRICES[visit % len(PRICES)] + member_id % MOST_MORE
    used = {str(day.year): {"participation": f"{visit}.00"}} if visit else {}
    return {
        "person": {
            "birth_date": _birth(member_id).isoformat(),
            "declared_gp_since": (JOINED.date() + timedelta(days=member_id % 90)).isoformat(),
            "used": used,
            "used_day": [],
        },
        "complementary": None,
        "lines": [
            {
                "date": day.isoformat(),
                "act": "G",
                "price": outcome.euros(price),
                "quantity": 1,
                "practitioner": {
                    "specialty": "general-practice",
                    "sector": "1",
                    "id": f"99900{visit:06d}",
                },
                "pathway": "declared-gp",
                "ald_related": False,
                "third_party_payment": False,
            }
        ],
    }


def _birth(number: int) -> date:
    """Return a member's birthday: some seven years of students, one after another."""
    return BIRTHS + timedelta(days=number % DAYS)


def _order(decision: Decision, account: BankAccount) -> PaymentOrder:
    return PaymentOrder(
        decision=decision,
        member_id=decision.member_id,
        agency=AGENCY,
        amount_cents=decision.payable_cents,
        holder=account.holder,
        iban_sealed=account.iban_sealed,
        iban_last4=account.iban_last4,
        end_to_end_id=f"D{decision.request.reference}",
        ordered_at=decision.decided_at,
    )
