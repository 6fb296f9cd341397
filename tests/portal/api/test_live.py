"""Other people's clients on a served instance: ours, one generated from the description, fhirpy."""

import base64
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import httpx
import pytest
from fhirpy import SyncFHIRClient

from decompte.client.calls import CallError, Decompte
from decompte.exchange.fhir import names
from decompte.portal.api.examples import IDENTITY, LINE, REGISTRATION
from tests import cast
from tests.portal.api.calling import BANK
from tests.portal.api.conftest import registered, wait

pytestmark = [pytest.mark.enable_socket, pytest.mark.one_database]
KEYS, SENDS = (200, 50) if os.environ.get("DECOMPTE_TIER") == "1" else (6, 8)


def test_our_client_goes_the_whole_way(live):
    token, agent = live.tokens["ours"], live.tokens["agent"]
    with Decompte(live.address, token) as mine, Decompte(live.address, agent) as agency:
        mine.save_identity(IDENTITY)
        begun = mine.register(REGISTRATION, agency="lmde", complementary="")
        mine.set_bank_account(**BANK)
        mine.declare_gp(name="Dr Lambert", number="10001234567", since="2013-10-15")
        assert mine.confirm(begun["id"])["state"] == "confirmed"
        asked = mine.begin_request(LINE)
        for paper in asked["papers"]:
            name = f"{paper['kind']}.jpg"
            mine.add_paper(asked["id"], kind=paper["kind"], name=name, data=cast.picture())
        assert mine.submit(asked["id"])["state"] == "submitted"
        assert asked["id"] in {one["id"] for one in agency.work_list()}
        seen = agency.request(asked["id"])["version"]
        assert agency.settle(asked["id"], version=seen)["state"] == "decided"
        decision = mine.request(asked["id"])["decision"]
        assert mine.decision(decision)["payable"] == "15.10"
        assert mine.statement(decision).startswith(b"%PDF-")
        with pytest.raises(CallError, match="412"):
            agency.settle(asked["id"], version=seen)


def test_a_generated_client_goes_the_whole_way(live, tmp_path, monkeypatch):
    description = tmp_path / "openapi.json"
    description.write_text(httpx.get(f"{live.address}/api/v1/openapi.json", timeout=60).text)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("openapi-python-client")),
            "generate",
            "--path",
            str(description),
            "--output-path",
            str(tmp_path / "generated"),
            "--meta",
            "none",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Endpoint will not be generated" not in done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    client = importlib.import_module("generated").AuthenticatedClient
    models = importlib.import_module("generated.models")

    def call(tag, operation, token, /, **options):
        module = importlib.import_module(f"generated.api.{tag}.{operation}")
        with client(live.address, token) as opened:
            answer = module.sync_detailed(client=opened, **options)
        assert answer.status_code < 300, answer.content
        return answer

    mine, staff = live.tokens["generated"], live.tokens["other-agent"]
    identity = models.IdentityIn.from_dict(IDENTITY)
    call("members", "save_identity", mine, body=identity)
    said = models.RegistrationIn.from_dict(REGISTRATION)
    begun = call("registrations", "begin", mine, body=said).parsed
    choice = models.ChoiceIn(agency="smerep", complementary="smerep")
    call("registrations", "choose", mine, registration_id=begun.id, body=choice)
    call("members", "set_bank", mine, body=models.BankAccountIn.from_dict(BANK))
    confirmed = call("registrations", "confirm", mine, registration_id=begun.id).parsed
    assert (confirmed.state, confirmed.agency) == ("confirmed", "smerep")
    line = models.CareLineIn.from_dict(LINE | {"pathway": "out-of-pathway"})
    asked = call("requests", "begin_request", mine, body=line).parsed
    for paper in asked.papers:
        content = base64.b64encode(cast.picture()).decode()
        body = models.PaperIn(kind=paper.kind, file_name="p.jpg", content=content)
        call("requests", "add_paper", mine, request_id=asked.id, body=body)
    call("requests", "submit", mine, request_id=asked.id)
    waiting = call("agency", "work_list", staff, name="review").parsed
    assert asked.id in {one.id for one in waiting.items}
    assert call("agency", "settle", staff, request_id=asked.id).parsed.done
    decision = call("requests", "read_request", mine, request_id=asked.id).parsed.decision
    read = call("decisions_and_statements", "read_decision", mine, decision_id=decision).parsed
    assert read.settlement.lines[0].date == date(2014, 3, 12)
    assert {reason.code for reason in read.settlement.lines[0].reasons} >= {"rate.consultation"}
    statement = call("decisions_and_statements", "read_statement", mine, decision_id=decision)
    assert statement.content.startswith(b"%PDF-")


def test_fhirpy_goes_the_whole_way(live):
    mine, staff = live.tokens["fhirpy"], live.tokens["agent"]
    member = SyncFHIRClient(f"{live.address}/fhir", authorization=f"Bearer {mine}")
    agency = SyncFHIRClient(f"{live.address}/fhir", authorization=f"Bearer {staff}")
    patient = member.resource(
        "Patient",
        name=[{"family": "Berg", "given": ["Noa"]}],
        birthDate="1993-06-15",
        address=[{"line": ["27 rue X"], "postalCode": "75007", "city": "Paris"}],
        extension=[
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-nationality",
                "extension": [
                    {"url": "code", "valueCodeableConcept": {"coding": [{"code": "US"}]}}
                ],
            }
        ],
    )
    patient.save()
    me = {"reference": f"Patient/{patient['id']}"}
    bank = [{"url": name, "valueString": value} for name, value in BANK.items()]
    cover = member.resource(
        "Coverage",
        status="active",
        type=names.concept(names.COVER, "amo"),
        beneficiary=me,
        period={"start": "2013-09-02", "end": "2014-06-30"},
        payor=[{"reference": "Organization/lmde"}],
        extension=[{"url": names.BANK, "extension": bank}],
    )
    cover.save()
    assert cover["status"] == "active"
    asked = claim_with_papers(member, me, cover)
    found = agency.resources("Claim").search(patient=patient["id"]).fetch()
    assert [one["id"] for one in found] == [asked["id"]]
    settled = agency.execute(f"Claim/{asked['id']}/$settle", method="post")
    assert settled["outcome"] == "complete"
    benefit = member.resources("ExplanationOfBenefit").search(claim=asked["id"]).first()
    assert benefit["payment"]["amount"]["currency"] == "EUR"
    assert benefit["processNote"][0]["extension"][0]["extension"][3]["valueUrl"].startswith("http")


def claim_with_papers(member, me, cover):
    """Ask what is missing by sending without papers, then send with them."""
    body = {
        "resourceType": "Claim",
        "status": "active",
        "type": names.concept(names.CLAIM_TYPE, "professional"),
        "use": "claim",
        "patient": me,
        "created": "2014-03-20",
        "provider": {"display": "Dr Lambert"},
        "priority": names.concept(names.PRIORITY, "normal"),
        "insurance": [
            {
                "sequence": 1,
                "focal": True,
                "coverage": {"reference": f"Coverage/{cover['id']}"},
            }
        ],
        "item": [
            {
                "sequence": 1,
                "productOrService": names.concept(names.ACT, "G"),
                "servicedDate": "2014-03-12",
                "net": {"value": 23.00, "currency": "EUR"},
                "extension": [{"url": names.PATHWAY, "valueCode": "out-of-pathway"}],
            }
        ],
    }
    kinds = missing(member, body)
    body["supportingInfo"] = [
        {
            "sequence": place,
            "category": names.concept(names.PAPER, kind),
            "valueAttachment": {
                "title": f"{kind}.jpg",
                "data": base64.b64encode(cast.picture()).decode(),
            },
        }
        for place, kind in enumerate(kinds, start=1)
    ]
    return member.execute("Claim/$submit", method="post", data=body)


def missing(member, body):
    """The kinds of paper that an OperationOutcome names as missing."""
    answer = httpx.post(
        f"{member.url}/Claim/$submit",
        json=body,
        headers={"Authorization": member.authorization},
        timeout=60,
    )
    assert answer.status_code == 422
    return [one["expression"][0] for one in answer.json()["issue"]]


def test_one_key_has_one_effect_while_the_server_is_killed(live):
    """Each key is sent many times at once, while workers are killed; every answer is the same."""
    token, other = registered(live, "killed"), registered(live, "beside")
    stop, answers = threading.Event(), {}
    killer = threading.Thread(target=kill_workers, args=(live, stop))
    with httpx.Client(base_url=f"{live.address}/api/v1", timeout=60) as http:
        killer.start()
        try:
            with ThreadPoolExecutor(SENDS) as at_once:
                for key in (f"key-{number}" for number in range(KEYS)):
                    sent = [at_once.submit(begun, http, token, key) for _n in range(SENDS)]
                    (answers[key],) = {one.result() for one in sent}
        finally:
            stop.set()
            killer.join()
        wait(live.address)
        key, answer = next(iter(answers.items()))
        assert sent_once(http, token, key, LINE | {"price": "24.00"}).status_code == 409
        assert begun(http, other, key) != answer
    ids = [json.loads(answer)["id"] for answer in answers.values()]
    with Decompte(live.address, token) as mine:
        assert sorted(one["id"] for one in mine.requests()) == sorted(ids)
    with Decompte(live.address, other) as theirs:
        assert len(list(theirs.requests())) == 1


def begun(http, token, key):
    """The answer to a request that is begun; sent again while the server is down or busy."""
    for _turn in range(600):
        try:
            answer = sent_once(http, token, key, LINE)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 201:
            return answer.text
        assert answer.status_code == 503, answer.text
        time.sleep(0.1)
    raise TimeoutError(key)


def sent_once(http, token, key, line):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return http.post("/requests", json=line, headers=headers)


def kill_workers(live, stop):
    """Kill the server's workers again and again; their parent starts new ones."""
    pause = 0.5  # the first kill falls among the sends, the next ones leave time for some answers
    while not stop.wait(pause):
        children = Path(f"/proc/{live.process.pid}/task/{live.process.pid}/children").read_text()
        for worker in children.split()[:1]:
            subprocess.run(["kill", f"-{signal.SIGKILL.value}", worker], check=False)
        wait(live.address)
        pause = 12
