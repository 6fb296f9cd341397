"""Over twelve years what is due goes, what is not due stays, and the books do not move.

Small by default; `DECOMPTE_TIER=1` asks it of ten thousand.
"""

import os
import random
from datetime import datetime, timedelta

import pytest

from decompte.portal import clock
from decompte.portal.decisions.models import Decision
from decompte.portal.outbox.models import Message as Mail
from decompte.portal.payments.models import Entry, Posting
from decompte.portal.people.models import Member, Membership, User
from decompte.portal.people.scope import system
from decompte.portal.registration.models import Registration
from decompte.portal.requests.models import CareLine, Message, Request
from decompte.portal.rights import purge
from decompte.procedure import retention
from tests.portal.test_rights import everything_in_the_database

pytestmark = pytest.mark.django_db
PEOPLE = 10_000 if os.environ.get("DECOMPTE_TIER") == "1" else 40
YEARS = 12
AMOUNTS = ("price", "amo", "local", "solidarity", "amc", "patient", "deferred", "payable")


@pytest.fixture
def random_people():
    """People who came over six years, each with a paid request; half of them left since."""
    with system("test"):
        yield population(random.Random(2014))


def population(draw):
    now = clock.now()
    moments = [now - timedelta(days=draw.randrange(6 * 365)) for _n in range(PEOPLE)]
    users = User.objects.bulk_create(
        User(
            email=f"person{n}-plant@decompte.example",
            password="!",
            joined_at=moment,
            last_login=now,
            closed_at=moment + timedelta(days=60) if n % 2 else None,
            is_active=not n % 2,
        )
        for n, moment in enumerate(moments)
    )
    members = [made(user, moment) for user, moment in zip(users, moments, strict=True)]
    Membership.objects.bulk_create(
        Membership(member=one, agency="lmde", recorded_at=now) for one in members
    )
    Registration.objects.bulk_create(
        Registration(
            member=one,
            academic_year=moment.year,
            state="confirmed",
            agency="lmde",
            answers={"plant": f"answers-plant-{one.pk}"},
            since=moment.date(),
            until=(moment + timedelta(days=300)).date(),
            created_at=moment,
        )
        for one, moment in zip(members, moments, strict=True)
    )
    care(members, moments)
    return list(zip(members, moments, strict=True))


def made(user, moment):
    return Member.objects.create(
        user=user,
        agency="lmde",
        given_name=f"given-plant-{user.pk}",
        family_name=f"family-plant-{user.pk}",
        birth_date=datetime(1993, 6, 15).date(),  # noqa: DTZ001
        nationality="US",
        address_line=f"street-plant-{user.pk}",
        postal_code="75007",
        city="Paris",
        created_at=moment,
    )


def care(members, moments):
    pairs = list(zip(members, moments, strict=True))
    requests = Request.objects.bulk_create(
        Request(
            reference=f"R{one.pk:09d}",
            member=one,
            agency="lmde",
            state="paid",
            created_at=moment,
            submitted_at=moment,
            paid_at=moment,
        )
        for one, moment in pairs
    )
    common = [{"member": one.member, "agency": "lmde"} for one in requests]
    CareLine.objects.bulk_create(
        CareLine(
            request=one,
            position=1,
            care_date=one.created_at.date(),
            act="G",
            price_cents=2300,
            practitioner_name=f"doctor-plant-{one.pk}",
            specialty="general-practice",
            sector="1",
            pathway="declared-gp",
            **same,
        )
        for one, same in zip(requests, common, strict=True)
    )
    Message.objects.bulk_create(
        Message(
            request=one,
            is_from_member=True,
            author="x",
            text=f"text-plant-{one.pk}",
            written_at=one.created_at,
            **same,
        )
        for one, same in zip(requests, common, strict=True)
    )
    Decision.objects.bulk_create(
        Decision(
            request=one,
            inputs={"plant": f"inputs-plant-{one.pk}"},
            answers={},
            law_version="x",
            decided_at=one.created_at,
            decided_by="x",
            **{f"{name}_cents": 0 for name in AMOUNTS},
            **same,
        )
        for one, same in zip(requests, common, strict=True)
    )
    for one in requests:
        Mail.objects.create(
            key=f"k{one.pk}",
            recipient=one.member.user.email,
            language="fr",
            subject="s",
            body="b",
            created_at=one.created_at,
        )


def test_over_twelve_years_everything_due_goes_and_nothing_else(random_people, settings):
    books = list(Posting.objects.values_list("pk", "amount_cents")), Entry.objects.count()
    for _year in range(YEARS):
        settings.DAYS_BACK -= 365
        User.objects.filter(closed_at__isnull=True).update(last_login=clock.now())
        purge.purge()
        wrong = [one for pair in random_people for one in misplaced(*pair)]
        assert wrong == []
    assert (list(Posting.objects.values_list("pk", "amount_cents")), Entry.objects.count()) == books
    dump = everything_in_the_database()
    gone = [member for member, _moment in random_people if member.user.closed_at]
    values = set(dump.split("\n"))
    assert len(gone) == PEOPLE // 2
    for member in gone:
        assert not values & {member.given_name, member.family_name, member.address_line}
        assert member.user.email not in values
    assert "inputs-plant" not in dump
    assert "text-plant" not in dump


def misplaced(member, moment):
    """Yield what should have gone and is there, or should be there and has gone."""
    today = clock.today()
    care_is_due = moment.date() < retention.due_before("care", today)
    has_care = CareLine.objects.filter(member_id=member.pk).exists()
    if care_is_due == has_care:
        yield member.pk, "care", moment
    closed = member.user.closed_at
    began = max((moment + timedelta(days=300)).date(), closed.date()) if closed else None
    rights_are_due = began is not None and retention.ends("rights", began, today) <= today
    is_erased = Member.related.get(pk=member.pk).erased_at is not None
    if is_erased != (rights_are_due and care_is_due):
        yield member.pk, "rights", moment
    if is_erased and Registration.objects.filter(member_id=member.pk).exists():
        yield member.pk, "registration", moment
