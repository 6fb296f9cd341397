"""What is shipped to run the portal on a server is understood by the programs that read it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("systemd/*")), ids=lambda path: path.name)
def test_systemd_reads_the_unit(unit, tmp_path):
    for path in DEPLOY.glob("systemd/*"):
        text = path.read_text().replace("/opt/decompte/bin/decompte", "/bin/true")
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )
    assert [line for line in done.stderr.splitlines() if "decompte" in line] == []


@pytest.mark.skipif(not NGINX, reason="nginx is not on this machine")
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")
def test_nginx_reads_the_site(tmp_path):
    made = f"-keyout {tmp_path}/key.pem -out {tmp_path}/fullchain.pem"
    request = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=decompte.example {made}"
    subprocess.run(request.split(), check=True, capture_output=True)
    site = (DEPLOY / "nginx" / "decompte.conf").read_text()
    site = site.replace("/etc/decompte/tls", str(tmp_path))
    site = site.replace("/etc/nginx/", f"{DEPLOY}/nginx/")
    (tmp_path / "site.conf").write_text(site)
    whole = f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        [NGINX, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert "test is successful" in done.stderr, done.stderr


def test_the_container_file_is_clean():
    linter = Path(sys.executable).with_name("hadolint")
    command = [linter, "--no-color", DEPLOY / "Containerfile"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_django_finds_nothing_to_say_about_a_server(tmp_path):
    server = {"DECOMPTE_HTTPS": "1", "DECOMPTE_VAR": str(tmp_path), "DECOMPTE_DEMONSTRATION": ""}
    command = [sys.executable, "-m", "decompte.cli", "manage", "check", "--deploy"]
    done = subprocess.run(
        [*command, "--fail-level", "WARNING"],
        env=os.environ | server,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True)


def test_what_the_units_start_are_commands_that_exist():
    text = "".join(path.read_text() for path in DEPLOY.glob("systemd/*.service"))
    started = re.findall(r"decompte/bin/decompte (?:(manage) )?([a-z_]+)", text)
    managed = {name for manage, name in started if manage}
    direct = {name for manage, name in started if not manage}
    assert managed - set(get_commands()) == set()
    assert direct == {"serve", "verify"}
