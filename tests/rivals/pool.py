"""Decisions to be paid, many at once: copies of one real decision, each of its own request."""

from copy import deepcopy
from itertools import count

from django.conf import settings

from decompte.portal import clock
from decompte.portal.decisions import services as decisions
from decompte.portal.decisions.models import Decision
from decompte.portal.people.scope import system
from decompte.portal.requests.models import Request
from tests import cast
from tests.portal.histories import asked

OF_ONE_MEMBER = 30
ROWS = 1000
_numbers = count(1)


def fill(payables):
    """Make so many decisions that wait for their order, and the two officers; return their keys."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    members = [cast.student() for _n in range(-(-payables // OF_ONE_MEMBER))]
    with system("pool"):
        model = decisions.decide(asked(members[0], clock.today()), "pool")
        for start in range(1, payables, ROWS):
            some = range(start, min(start + ROWS, payables))
            _copy(model, [members[n // OF_ONE_MEMBER] for n in some])
    return tuple(cast.staff("lmde", "finance").pk for _n in range(2))


def _copy(model, members):
    now = clock.now()
    requests = Request.objects.bulk_create(
        Request(
            reference=f"P{next(_numbers):09d}",
            member=member,
            agency="lmde",
            state="decided",
            created_at=now,
        )
        for member in members
    )
    kept = {field.name for field in Decision._meta.fields} - {
        *("id", "public_id", "request", "member"),
    }
    common = {name: getattr(model, name) for name in kept}
    Decision.objects.bulk_create(
        Decision(request=one, member_id=one.member_id, **{**common, "inputs": _elsewhere(model)})
        for one in requests
    )


def _elsewhere(model):
    """Return what a decision was asked, of another doctor: a day's cap is for one of them."""
    inputs = deepcopy(model.inputs)
    inputs["lines"][0]["practitioner"]["id"] = f"2{next(_numbers):010d}"
    return inputs
