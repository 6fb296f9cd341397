"""A PostgreSQL of the tests' own: a temporary folder, a Unix socket, gone with the process.

`DECOMPTE_TEST_DATABASE=postgresql pytest tests/portal` runs the tests on it: tables belong to one
role, the portal works as another, and row-level security stands between the agencies.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

ROLE = "decompte_app"
SQL = (
    "CREATE ROLE decompte_owner LOGIN CREATEDB; CREATE ROLE decompte_app NOLOGIN;"
    " GRANT decompte_app TO decompte_owner; CREATE DATABASE decompte OWNER decompte_owner;"
)


def programs():
    """Return the folder of PostgreSQL's server programs, or None."""
    found = shutil.which("initdb")
    folders = (
        [Path(found).resolve().parent]
        if found
        else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    )
    return folders[-1] if folders else None


def start(configuration=""):
    """Start a server and return its address for `DECOMPTE_DATABASE`, and a verb that stops it.

    Args:
        configuration: lines for `postgresql.conf`.
    """
    binaries, user = programs(), runner()
    folder = Path(tempfile.mkdtemp(prefix="decompte-postgresql-"))
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program, *arguments, **more):
        command = [str(binaries / program), *arguments]
        return subprocess.run(
            command, user=user, check=True, capture_output=True, text=True, cwd=folder, **more
        )

    run("initdb", "-D", str(data), "-U", "admin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    own = f"\nlisten_addresses = ''\nunix_socket_directories = '{folder}'\n{configuration}"
    with (data / "postgresql.conf").open("a") as file:
        file.write(own)
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "start")
    run("psql", "-h", str(folder), "-U", "admin", "-d", "postgres", input=SQL)

    def stop():
        if folder.exists():
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    quoted = str(folder).replace("/", "%2F")
    return f"postgresql://decompte_owner@{quoted}/decompte", stop


def folder_of(address):
    """Return the folder of a server's socket, from its address."""
    return unquote(urlsplit(address).netloc.split("@")[1])


def crash(address):
    """Stop a server at once, as when its machine loses power, and start it again."""
    folder = folder_of(address)
    command = [str(programs() / "pg_ctl"), "-D", f"{folder}/data", "-m", "immediate", "-w"]
    command += ["-l", f"{folder}/log", "restart"]
    subprocess.run(
        command,
        user=runner(),
        check=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def cut_one(address, which):
    """End one of the connections to a database, chosen by a number from 0 to 1."""
    name = urlsplit(address).path.removeprefix("/")
    with psycopg.connect(_admin(address), autocommit=True) as asked:
        busy = asked.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        ).fetchall()
        if busy:
            asked.execute("SELECT pg_terminate_backend(%s)", busy[int(which * len(busy))])


def copy(address, name):
    """Make a copy of a database nobody works in, and return its address."""
    template = urlsplit(address).path.removeprefix("/")
    with psycopg.connect(_admin(address), autocommit=True) as asked:
        asked.execute(f'DROP DATABASE IF EXISTS "{name}"')
        asked.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER decompte_owner')
    return address.removesuffix(template) + name


def _admin(address):
    return (
        urlsplit(address)
        ._replace(
            netloc=urlsplit(address).netloc.replace("decompte_owner@", "admin@"), path="/postgres"
        )
        .geturl()
    )


def runner():
    """Return who runs the server: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None
