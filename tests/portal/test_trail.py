"""The sealed trail tells of every event that was changed, taken out, put in, swapped or cut off."""

import os
from random import Random

import pytest
from django.conf import settings
from django.db import connection, transaction

from decompte.portal.audit import chain, services
from decompte.portal.audit.models import Event, Seal
from decompte.portal.people.scope import system
from tests import postgresql

pytestmark = pytest.mark.django_db
EVENTS = 200
PLACES = 1000 if os.environ.get("DECOMPTE_TIER") == "1" else 15


@pytest.fixture
def sealed():
    with system("test"):
        at = services.clock.now()
        services.record_all(
            [
                services.Told(at, "a", ("lmde", "smerep")[n % 2], "c", f"request:{n}", {"n": n})
                for n in range(EVENTS)
            ]
        )
        assert services.seal() == EVENTS
        assert services.problems() == []
        yield list(Event.objects.order_by("pk").values_list("pk", flat=True))


def as_owner(*statements):
    """Do what only who owns the tables can: set the triggers aside, and write."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("audit_event", "audit_seal"):
                for verb in ("update", "delete"):
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_{verb}")
        else:
            for table in ("audit_event", "audit_seal"):
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        for statement, values in statements:
            cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute(f"SET ROLE {postgresql.ROLE}")


def taken_out(pk):
    return (
        ("DELETE FROM audit_seal WHERE event_id = %s", [pk]),
        ("DELETE FROM audit_event WHERE id = %s", [pk]),
    )


def harms(chance, keys):
    """Return what is done to the trail at a place of chance."""
    pk, other = chance.sample(keys[10:-10], 2)
    return chance.choice(
        (
            (("UPDATE audit_event SET actor = 'b' WHERE id = %s", [pk]),),
            (("UPDATE audit_event SET agency = 'lmde2' WHERE id = %s", [pk]),),
            taken_out(pk),
            (
                (
                    "UPDATE audit_seal SET digest = (SELECT digest FROM audit_seal"
                    " WHERE event_id = %s) WHERE event_id = %s",
                    [other, pk],
                ),
            ),
            (
                (
                    "UPDATE audit_event SET subject = (SELECT subject FROM audit_event"
                    " WHERE id = %s) WHERE id = %s",
                    [pk, other],
                ),
            ),
        )
    )


def test_whatever_is_done_to_a_sealed_event_is_found(sealed):
    for seed in range(PLACES):
        with transaction.atomic():
            as_owner(*harms(Random(seed), sealed))
            assert services.problems(), f"seed {seed}"
            transaction.set_rollback(True)


def test_an_end_that_was_cut_off_is_found_from_outside(sealed):
    as_owner(*[statement for pk in sealed[-9:] for statement in taken_out(pk)])
    found = services.problems()
    assert len([one for one in found if "ends before event" in one]) == 2


def test_a_forged_or_missing_checkpoint_is_found(sealed):
    path = settings.CHECKPOINTS
    path.write_text(path.read_text().replace("lmde", "lmdf"))
    assert services.problems() == ["audit: the checkpoints outside the database were changed"]
    path.unlink()
    assert services.problems() == ["audit: there is no checkpoint outside the database"]


def test_an_event_put_in_afterwards_is_found(sealed, monkeypatch):
    monkeypatch.setattr(chain, "LOOK_BACK", 5)
    as_owner(*taken_out(sealed[50]))
    Event.objects.create(
        pk=sealed[50], at=services.clock.now(), actor="b", agency="lmde", code="c", subject="x"
    )
    assert f"audit: event {sealed[50]} was never sealed" in services.problems()


def test_sealing_goes_on_where_it_was(sealed):
    services.record("c", "request:new", actor="a", agency="lmde")
    assert (services.unsealed(), services.seal(), services.seal()) == (1, 1, 0)
    assert Seal.objects.count() == EVENTS + 1
    assert services.problems() == []
