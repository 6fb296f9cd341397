"""What is shipped to run the portal on a server is understood by the programs that read it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
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


@pytest.fixture
def site(tmp_path):
    """The shipped site with a certificate of its own, on ports nobody uses: nginx's file, port."""
    if not (NGINX and shutil.which("openssl")):
        pytest.skip("nginx or openssl is not on this machine")
    made = f"-keyout {tmp_path}/key.pem -out {tmp_path}/fullchain.pem"
    request = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=decompte.example {made}"
    subprocess.run(request.split(), check=True, capture_output=True)
    plain, port = free_port(), free_port()
    text = (DEPLOY / "nginx" / "decompte.conf").read_text()
    text = text.replace("/etc/decompte/tls", str(tmp_path))
    text = text.replace("/etc/nginx/", f"{DEPLOY}/nginx/")
    text = re.sub(r"listen \[::\]:.*", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    (tmp_path / "site.conf").write_text(text)
    told = f"pid {tmp_path}/pid; error_log {tmp_path}/errors; daemon off; events {{}}"
    held = f"access_log off; include {tmp_path}/site.conf;"
    (tmp_path / "nginx.conf").write_text(f"{told} http {{ {held} }}")
    return tmp_path / "nginx.conf", port


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.enable_socket
def test_nginx_reads_the_site(site):
    done = subprocess.run([NGINX, "-t", "-c", site[0]], capture_output=True, text=True, check=False)
    assert "test is successful" in done.stderr, done.stderr


@pytest.mark.enable_socket
def test_the_site_speaks_only_what_keeps_a_secret(site):
    """TLS 1.2 and 1.3 with forward secrecy are spoken; whatever is older or weaker is not."""
    configuration, port = site
    lax = os.environ | {"OPENSSL_CONF": os.devnull}
    server = subprocess.Popen([NGINX, "-c", configuration], stderr=subprocess.DEVNULL, env=lax)

    def speaks(*how):
        asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *how]
        done = subprocess.run(asked, input="", capture_output=True, text=True, check=False, env=lax)
        return "Cipher is" in done.stdout and "Cipher is (NONE)" not in done.stdout

    try:
        wait_until(lambda: speaks("-tls1_3"))
        assert speaks("-tls1_2")
        weak = "ALL:@SECLEVEL=0"
        for version in ("-tls1", "-tls1_1"):
            assert not speaks(version, "-cipher", weak)
        for cipher in ("AES128-GCM-SHA256", "AES256-SHA", "DHE-RSA-AES128-SHA"):
            assert not speaks("-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
    finally:
        server.terminate()
        server.wait(20)


def wait_until(is_so):
    for _turn in range(100):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never was")


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
