"""M2, M2n, M5, M13 on PostgreSQL, small: `make soak` runs them at their size."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection, connections

from tests import postgresql
from tests.conftest import ON_POSTGRESQL, ROOT
from tests.crash.test_worker import everything_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not ON_POSTGRESQL, reason="needs PostgreSQL: DECOMPTE_TEST_DATABASE=postgresql"
    ),
]


@pytest.fixture
def address(django_db_setup):
    """A server's address with a database of this test's own: a copy of the empty one."""
    connections.close_all()
    server = os.environ["DECOMPTE_DATABASE"]
    name = connection.settings_dict["NAME"]
    yield postgresql.copy(server.removesuffix("decompte") + name, f"{name}_rivals")
    connections.close_all()


def run(address, folder, *command):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={
            **os.environ,
            "DECOMPTE_DATABASE": address,
            "DECOMPTE_DATABASE_ROLE": postgresql.ROLE,
            "DECOMPTE_VAR": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def sized(payables, *, kills=0, crashes=0, cuts=0):
    return (
        *("tests.rivals", "--payables", str(payables), "--workers", "3", "--seed", "7"),
        *("--kills", str(kills), "--crashes", str(crashes), "--cuts", str(cuts)),
    )


def test_m2_m13_rivals_that_die_under_a_server_that_dies_pay_everybody_once(address, tmp_path):
    told = run(address, tmp_path, *sized(60, kills=3, crashes=1, cuts=2))
    assert told["payables"] == 60
    off = ("doubles", "lost", "half_done", "sent_twice", "anomalies", "problem_count")
    assert {name: told[name] for name in off} == dict.fromkeys(off, 0), told


def test_m2n_a_careless_variant_is_found_out_by_the_same_harness(address, tmp_path):
    told = run(address, tmp_path, *sized(60), "--careless")
    assert told["doubles"] > 10
    assert told["anomalies"] > 10
    assert "live orders" in " ".join(told["problems"])


def test_workers_killed_on_postgresql_lose_nothing_and_double_nothing(address, tmp_path):
    everything_once(run(address, tmp_path, "tests.crash.worker", "8", "7"))


def test_m5_a_commit_whose_answer_is_lost_has_one_effect_when_done_again(address, tmp_path):
    server = postgresql.folder_of(address)
    told = run(address, tmp_path, "tests.rivals.ambiguous", server, "12", "7")
    assert told["cuts"] == 12
    assert told["again"] > 0
    assert (told["orders"], told["paid_once"], told["problems"]) == (12, 12, [])
