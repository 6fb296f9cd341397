"""A university's sign-in played by the tests: a small OpenID Connect provider on its own port."""

import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "decompte", "a-secret-of-the-client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"}
CURVE = ec.generate_private_key(ec.SECP256R1())
CURVE_PUBLIC = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(CURVE.public_key())) | {
    "kid": "2",
    "alg": "ES256",
}


class Provider(ThreadingHTTPServer):
    """Says of whoever asks that they are `person`; keeps what it was asked.

    `sign` makes the text of signed user data, as FranceConnect gives them; None gives JSON.
    `nonce` is what it puts into the place of the one it was sent.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.person = {"sub": "42", "email": "noa@campus.example", "email_verified": True}
        self.codes, self.asked = {}, []
        self.sign = self.nonce = None

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """The five addresses of a provider."""

    def log_message(self, *_values):
        """Say nothing."""

    def do_GET(self):
        """Answer what a browser or a program asks."""
        where, server = urlsplit(self.path), self.server
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        if where.path == "/.well-known/openid-configuration":
            self.give(configuration(server.issuer))
        elif where.path == "/keys":
            self.give({"keys": [PUBLIC, CURVE_PUBLIC]})
        elif where.path == "/person":
            if server.sign:
                self.give(server.sign(about(server)), kind="application/jwt")
            else:
                self.give(server.person)
        elif where.path == "/authorize":
            server.asked.append(asked)
            code = secrets.token_urlsafe(8)
            server.codes[code] = asked
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()

    def do_POST(self):
        """Give the tokens for a code, once, to who knows the secret."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.server.codes.pop(given.get("code"), None)
        if asked is None or given.get("client_secret") != SECRET or "code_verifier" not in given:
            self.give({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {"iss": self.server.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= self.server.person
        claims["nonce"] = self.server.nonce or asked["nonce"]
        token = jwt.encode(claims, KEY, "RS256", headers={"kid": "1"})
        self.give({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def give(self, content, status=200, kind="application/json"):
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def about(server):
    """Return what signed user data claim: the person, from this provider, for this client."""
    now = int(time.time())
    return server.person | {"iss": server.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}


def signed(claims):
    return jwt.encode(claims, CURVE, "ES256", headers={"kid": "2"})


def configuration(issuer):
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/person",
        "jwks_uri": f"{issuer}/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


@contextmanager
def running():
    """Run a provider in a thread."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
