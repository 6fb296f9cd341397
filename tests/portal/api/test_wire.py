"""What arrives on the wire and no client would send: an answer that refuses, never another page."""

import re
import socket
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.enable_socket, pytest.mark.one_database]
JSON = "Content-Type: application/json\r\n"
REFUSED = {400, 403, 404, 405, 411, 413, 414, 415, 422, 431, 501}


def answers(live, text, *, patience=20):
    """Send bytes as they are; return the status of every answer until the server closes."""
    where = urlsplit(live.address)
    with socket.create_connection((where.hostname, where.port), timeout=patience) as wire:
        wire.sendall(text if isinstance(text, bytes) else text.encode("latin-1"))
        wire.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while part := wire.recv(65536):
                received += part
        except ConnectionResetError:
            pass
    return [int(one) for one in re.findall(rb"HTTP/1\.[01] (\d{3})", received)], received


def asked(path, *, method="GET", head="", body="", host="127.0.0.1"):
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}\r\n{body}"


@pytest.mark.parametrize(
    "text",
    [
        asked("/api/v1/reimburse", head=f"X-Long: {'a' * 1_000_000}\r\n"),
        asked("/api/v1/reimburse?" + "a=1&" * 10_000),
        asked("/", head="".join(f"X-{n}: 1\r\n" for n in range(2_000))),
        asked("/api/v1/reimburse", method="POST", head=JSON + "Content-Length: -5\r\n"),
        asked("/api/v1/reimburse", method="POST", head=JSON + "Content-Length: ten\r\n"),
        asked(
            "/api/v1/reimburse",
            method="POST",
            head=JSON + "Content-Length: 2\r\nContent-Length: 3\r\n",
            body="{}}",
        ),
        asked(
            "/api/v1/reimburse",
            method="POST",
            head=JSON + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            body="zz\r\n{}\r\n",
        ),
        asked(
            "/api/v1/reimburse",
            method="POST",
            head=JSON + "Transfer-Encoding: chunked\r\n",
            body="ffffffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        ),
        asked("/member/", host="evil.example"),
        asked("/member/", head="Host: evil.example\r\n"),
        asked("/", host="127.0.0.1:80@evil.example"),
        asked("/api/v1/me/bank-account", method="TRACE"),
        asked("/api/v1/reimburse", method="PROPFIND"),
        asked("/api/v1/reimburse", method="GET\x00POST"),
        "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    ],
)
def test_a_malformed_call_is_refused(live, text):
    codes, _received = answers(live, text)
    assert not codes or set(codes) <= REFUSED, codes
    assert answers(live, asked("/healthz"))[0] == [200]


@pytest.mark.parametrize(
    "path",
    [
        "//api/v1/me",
        "/api/v1/%2e%2e/%2e%2e/metrics/../admin",
        "/api/v1/me;x=1",
        "/api/v1/me%00",
        "/api/v1/me%0d%0aSet-Cookie:%20a=b",
        "/static/..%2f..%2fsettings.py",
        "/static/../settings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/.git/config",
        "/api/v1/members/..%2f..%2fme",
    ],
)
def test_a_trick_in_the_path_leads_to_no_other_page(live, path):
    codes, received = answers(live, asked(path))
    assert codes
    assert set(codes) <= REFUSED
    assert b"SECRET_KEY" not in received
    assert b"\r\nset-cookie: a=b" not in received.lower()


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override", "_method"])
def test_another_method_than_the_one_sent_is_not_taken(live, name):
    codes, _received = answers(live, asked("/api/v1/reimburse", head=f"{name}: POST\r\n"))
    assert codes == [405]


def test_a_body_shorter_than_told_has_no_effect_and_ties_nobody_up(live):
    head = JSON + "Content-Length: 500\r\n"
    codes, _received = answers(live, asked("/api/v1/reimburse", method="POST", head=head, body="{"))
    assert not codes or set(codes) <= REFUSED
    assert answers(live, asked("/healthz"))[0] == [200]


def test_a_second_call_hidden_in_a_body_is_not_answered(live):
    hidden = asked("/metrics")
    body = f"0\r\n\r\n{hidden}"
    head = JSON + f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n"
    codes, _received = answers(
        live, asked("/api/v1/reimburse", method="POST", head=head, body=body)
    )
    assert len(codes) <= 1
    assert set(codes) <= REFUSED
