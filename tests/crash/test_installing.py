"""The commands of the installation, on an empty PostgreSQL."""

import os
import subprocess
import sys

import pytest

from tests import postgresql


@pytest.mark.skipif(not postgresql.programs(), reason="PostgreSQL is not on this machine")
def test_an_empty_database_is_migrated_walled_and_ready(tmp_path):
    address, stop = postgresql.start()
    environment = os.environ | {
        "DECOMPTE_DATABASE": address,
        "DECOMPTE_DATABASE_ROLE": postgresql.ROLE,
        "DECOMPTE_VAR": str(tmp_path),
    }
    try:
        for command in ("migrate --no-input", "check --database default", "verify"):
            done = subprocess.run(
                [sys.executable, "-m", "decompte.cli", "manage", *command.split()],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    finally:
        stop()
