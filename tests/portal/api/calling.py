"""Programs of the tests: tokens for everybody of the cast, and a way to call."""

import json

from decompte.portal.agency import corrections
from decompte.portal.agency import services as agency
from decompte.portal.api import tokens
from decompte.portal.decisions import amendments
from decompte.portal.decisions import services as decisions
from decompte.portal.people.scope import system
from tests import cast

BANK = {"holder": "Noa Berg", "iban": cast.IBAN}


class Program:
    """Calls with a token: `program.get("/requests")` gives the answer."""

    def __init__(self, client, token=""):
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method, path, body=None, **headers):
        given = self.headers | {name.replace("_", "-"): one for name, one in headers.items()}
        data = b"" if body is None else json.dumps(body)
        start = "" if path.startswith("/fhir") else "/api/v1"
        return self.client.generic(
            method, start + path, data, content_type="application/json", headers=given
        )

    def get(self, path, **headers):
        return self.call("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, body, **headers)

    def put(self, path, body=None, **headers):
        return self.call("PUT", path, body, **headers)


def program(client, kind, *, user=None, **options):
    """Return a program with a new token."""
    made = tokens.make(f"{kind} program", kind, user=user, **options)
    return Program(client, made.token.reveal())


def of_member(client, member, **options):
    return program(client, "member", user=member.user, **options)


def agent(client, name="lmde"):
    return program(client, "agent", agency=name)


def decided_and_corrected():
    """A request whose decision two people corrected, and the public id of the first decision."""
    asked = cast.sent(cast.student(), pathway="out-of-pathway")
    agents = cast.staff("lmde"), cast.staff("lmde", "adjudicator")
    with system("test"):
        agency.settle_request(asked, "test")
        asked.refresh_from_db()
        first = decisions.of_request(asked.pk)
        lines = [amendments.written(line) for line in asked.lines.all()]
        right = [line | {"pathway": "declared-gp"} for line in lines]
        proposal = amendments.Proposal(right, (), "mistake", "We were wrong.")
        found = amendments.propose(asked, proposal, agents[0], asked.version)
        after = corrections.outlook(found).after
        assert corrections.approve(found, agents[1], after.payable_cents)
    return asked, first.public_id
