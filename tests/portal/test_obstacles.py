"""On a machine that is not as expected the portal says in a sentence what to do, and stops."""

import os
import socket
import subprocess
import sys

import pytest

from decompte.portal.obstacles import obstacle


def told(**environment):
    said = obstacle(environment, is_serving=True)
    return said.en if said else ""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "decompte.sqlite3").touch()
    return str(tmp_path)


@pytest.mark.enable_socket
def test_a_port_in_use_is_named_and_a_free_one_is_not(folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert f"another program uses 127.0.0.1:{port}" in told(DECOMPTE_VAR=folder, PORT=port)
    assert told(DECOMPTE_VAR=folder, PORT=port) == ""


def test_a_folder_without_a_database_says_how_to_make_one(tmp_path):
    assert "decompte manage demonstration" in told(DECOMPTE_VAR=str(tmp_path))
    away = {"DECOMPTE_VAR": str(tmp_path), "DECOMPTE_DATABASE": "postgresql://elsewhere/decompte"}
    assert "database" not in told(**away, PORT="none")


def test_a_folder_that_cannot_be_written_is_a_sentence_and_no_traceback():
    environment = os.environ | {"DECOMPTE_VAR": "/proc/nowhere", "PORT": "0"}
    for command in (["serve"], ["manage", "demonstration"]):
        done = subprocess.run(
            [sys.executable, "-m", "decompte.cli", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "set DECOMPTE_VAR to a folder of your own" in done.stderr
        assert "impossible d'écrire dans /proc/nowhere" in done.stderr
        assert "Traceback" not in done.stderr
