"""M1, M8: any history of decisions, files, answers and debts leaves every invariant whole."""

import os
from traceback import format_exception

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from decompte.portal.payments import matching
from decompte.portal.people.scope import system
from tests import cast
from tests.portal.histories import Money

RUNS = int(os.environ.get("DECOMPTE_HISTORIES", "2"))
STEPS = int(os.environ.get("DECOMPTE_STEPS", "20"))


def run(runs, steps, phases=tuple(Phase)):
    with system("history"):
        Money.members = tuple(cast.student() for _n in range(3))
        Money.officers = tuple(cast.staff("lmde", "finance") for _n in range(2))
        run_state_machine_as_test(
            Money,
            settings=settings(
                max_examples=runs,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=phases,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.django_db
def test_m1_m8_any_history_leaves_the_books_right():
    run(RUNS, STEPS)


@pytest.mark.django_db
@pytest.mark.skipif("DECOMPTE_HISTORIES" not in os.environ, reason="minutes: DECOMPTE_HISTORIES=12")
def test_m2n_a_careless_reader_of_the_banks_answers_is_caught(monkeypatch):
    monkeypatch.setattr(matching, "moved_before", lambda _order, **_way: False)
    with pytest.raises(AssertionError) as caught:
        run(200, 50, phases=(Phase.generate,))
    told = "".join(format_exception(caught.value))
    assert "moved 2 times in one direction" in told, told[-3000:]
