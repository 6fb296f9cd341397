"""Logs and metrics tell what happens, and of nobody."""

import base64
import io
import json
import logging
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from decompte.portal.watch.logs import EventFormatter
from tests import cast

PLANTED = ("1930675007001", "FR1420041010050500013M02606", "Berg", "a-password-of-2014", "eczema")


@pytest.fixture
def logged():
    """What the house writes to its log during a test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(EventFormatter())
    root = logging.getLogger()
    ours = logging.getLogger("decompte")
    root.addHandler(handler)
    before = ours.level
    ours.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    ours.setLevel(before)


def forms(word):
    raw = word.encode()
    return {word, quote(word), base64.b64encode(raw).decode(), raw.hex()}


def fail_on(word):
    try:
        int(word + "?")
    except ValueError:
        logging.getLogger("django.request").exception("Failed: %s", word)
        logging.getLogger("a.library").exception(f"failed on {word}")


@pytest.mark.django_db
def test_logs_name_routes_and_events_but_no_person(logged):
    client = Client(raise_request_exception=False)
    member = cast.student()
    client.force_login(member.user)
    for word in PLANTED:
        client.get(f"/requests/{word}/", {"q": word}, headers={"User-Agent": word})
        client.post("/accounts/login/", {"login": word, "password": word})
        fail_on(word)
    text = logged.getvalue()
    assert "request.answered" in text
    assert "requests/<str:public_id>/" in text
    assert [form for word in PLANTED for form in forms(word) if form in text] == []


@pytest.mark.django_db
def test_a_line_of_the_log_says_which_request_it_belongs_to(logged):
    answer = Client().get("/healthz")
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    answered = [line for line in lines if line["event"] == "request.answered"]
    assert [line["request"] for line in answered] == [answer.headers["X-Request-ID"]]
    assert answered[0]["status"] == 200
    assert answered[0]["route"] == "healthz"


@pytest.mark.django_db
def test_without_the_token_there_is_no_metrics_page(settings):
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-long-token"
    wrong = Client().get("/metrics", headers={"Authorization": "Bearer another"})
    assert wrong.status_code == 404


@pytest.mark.django_db
def test_metrics_count_answers_and_what_waits(settings):
    settings.METRICS_TOKEN = "a-long-token"
    cast.student()
    Client().get("/healthz")
    page = Client().get("/metrics", headers={"Authorization": "Bearer a-long-token"})
    text = page.content.decode()
    assert 'decompte_http_answers_total{method="GET",route="healthz",status="200"}' in text
    assert "decompte_events_unsealed" in text
    assert "decompte_messages_waiting" in text


@pytest.mark.parametrize("name", ["DECOMPTE_SECRET_KEY", "DECOMPTE_SEALING_KEY"])
def test_a_secret_that_can_be_guessed_stops_the_start(name, tmp_path):
    environment = os.environ | {name: "changeme", "DECOMPTE_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "decompte.cli", "manage", "check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{name} needs at least 32 characters" in done.stderr
    assert "changeme" not in done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite")
def test_it_is_not_ready_when_a_power_cut_could_lose_what_was_acknowledged():
    assert Client().get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            assert Client().get("/readyz").status_code == 503
        finally:
            cursor.execute("PRAGMA synchronous = FULL")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a setting of PostgreSQL")
def test_it_is_not_ready_when_the_server_acknowledges_before_it_keeps():
    assert Client().get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert Client().get("/readyz").status_code == 503
