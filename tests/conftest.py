"""The strict harness: its own folder, the demonstration's day, no network."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from fcntl import LOCK_EX, flock
from pathlib import Path
from signal import SIGKILL

from tests import postgresql

os.environ["DECOMPTE_VAR"] = tempfile.mkdtemp(prefix="decompte-test-")
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"
DAY = date(2014, 3, 20)
ON_POSTGRESQL = os.environ.get("DECOMPTE_TEST_DATABASE") == "postgresql"
IS_MISSING = ON_POSTGRESQL and postgresql.programs() is None
if ON_POSTGRESQL and not IS_MISSING:
    os.environ["DECOMPTE_DATABASE"], _stop = postgresql.start()
    os.environ["DECOMPTE_DATABASE_ROLE"] = postgresql.ROLE

import django  # noqa: E402
import pytest  # noqa: E402
from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from xdist.scheduler import LoadScopeScheduling  # noqa: E402

django.setup()
connection.settings_dict["OPTIONS"].pop("assume_role", None)
if ON_POSTGRESQL and not IS_MISSING:
    # A worker reads the settings before this file, with the address of the server that started it.
    connection.settings_dict["HOST"] = postgresql.folder_of(os.environ["DECOMPTE_DATABASE"])
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


# One worker runs what needs the same long preparation: compiled loops, a database, a server.
TOGETHER = {
    "tests/engine/": "compiled",
    "tests/exchange/test_compare.py": "compiled",
    "tests/exchange/test_parquet_pages.py": "compiled",
    "tests/exchange/test_python.py": "compiled",
    "tests/exchange/test_snds.py": "compiled",
    "tests/crash/test_disk.py": "disk",
    "tests/crash/test_payment.py": "payment",
    "tests/portal/api/test_live.py": "live",
    "tests/portal/api/test_pages.py": "live",
    "tests/portal/api/test_schemathesis.py": "live",
    "tests/portal/api/test_wire.py": "live",
}


class Together(LoadScopeScheduling):
    """Gives tests to workers one by one, but those that are prepared together to one worker."""

    def _split_scope(self, nodeid):
        return next((g for start, g in TOGETHER.items() if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items):
    """Say what the tests on PostgreSQL need."""
    if IS_MISSING:
        for item in items:
            item.add_marker(pytest.mark.skip("PostgreSQL is missing: apt-get install postgresql"))


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment):
    """The database is made by its owner; then the tests work as the portal's own role."""
    request.getfixturevalue("django_db_setup")
    options = connection.settings_dict["OPTIONS"]
    if ON_POSTGRESQL:
        options["assume_role"] = postgresql.ROLE
    yield
    options.pop("assume_role", None)


@pytest.fixture(autouse=True)
def portal_day(settings, tmp_path):
    """The portal's clock stands at the demonstration's day; nothing was ever sent to the bank."""
    settings.REGISTER = tmp_path / "register" / "sent.jsonl"
    settings.CHECKPOINTS = tmp_path / "register" / "audit.jsonl"
    settings.DAYS_BACK = (timezone.localdate() - DAY).days
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def shared():
    """The open data and hostile files beside the project; the test says so when they are absent."""
    if not SHARED.exists():
        pytest.skip("the shared data are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory):
    """The folder of a demonstration, made once however many workers there are: to be copied.

    On PostgreSQL its rows are in the worker's own server, so each worker makes its own.
    """
    return demonstration(tmp_path_factory, "demonstrated")


def demonstration(tmp_path_factory, name, stopped_at=""):
    """Return the folder of a demonstration, made by whoever asks first.

    Args:
        tmp_path_factory: that of pytest.
        name: of the folder.
        stopped_at: what its folder holds when it is killed, to be begun again; empty for never.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ and not ON_POSTGRESQL:
        shared = shared.parent
    folder, made = shared / name, shared / f"{name}.being-made"
    command = [sys.executable, "-m", "decompte.cli", "manage", "demonstration"]
    how = {"env": {**os.environ, "DECOMPTE_VAR": str(made)}, "stdout": subprocess.DEVNULL}
    with (shared / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not folder.exists():
            if stopped_at:
                _kill_half_way(subprocess.Popen(command, **how), made, stopped_at)
            subprocess.run(command, **how, check=True)
            made.rename(folder)
    return folder


def _kill_half_way(process, folder, sign):
    """Kill a process as soon as its folder holds something."""
    while process.poll() is None and not any(folder.glob(sign)):
        time.sleep(0.05)
    process.kill()
    assert process.wait() == -SIGKILL, "it ended before it was killed"


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database whose writes are real, for threads and rivals; emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        empty()


def empty():
    """Empty every table: the triggers of the append-only ones are set aside meanwhile."""
    tables = [model._meta.db_table for model in apps.get_models()]
    kept = {"django_content_type", "auth_permission"}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f'"{table}"' for table in tables if table not in kept)
            cursor.execute("RESET ROLE")
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            cursor.execute(f"SET ROLE {postgresql.ROLE}")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            if table not in kept:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  (names of our own tables)
        cursor.execute("PRAGMA foreign_keys = ON")
        for _name, sql in triggers:
            cursor.execute(sql)
