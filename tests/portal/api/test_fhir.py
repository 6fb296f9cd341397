"""FHIR for programs: register, submit, settle, read; every error an OperationOutcome."""

import base64
import json

import pytest
from django.db import transaction

from decompte.exchange import json_text
from decompte.exchange.fhir import benefit, capability, checked, claim, names
from decompte.portal.api.examples import LINE
from decompte.portal.audit.models import Event
from decompte.portal.people.models import EuropeanCard, Member
from decompte.portal.people.scope import system
from decompte.portal.requests.models import Request
from tests import cast
from tests.portal.api.calling import Program, agent, decided_and_corrected, of_member, program
from tests.portal.api.test_computing import visit

pytestmark = pytest.mark.django_db
FHIR = "application/fhir+json"


@pytest.fixture
def made():
    return cast.sent(cast.student("lmde", has_gp=True))


def read(response, *kinds):
    assert response.headers["Content-Type"] == FHIR
    return checked.resource(json_text.loads(response.content), *kinds)


def send(program, path, resource, **headers):
    data = json_text.dumps(resource)
    headers = program.headers | {name.replace("_", "-"): one for name, one in headers.items()}
    return program.client.post(path, data, content_type=FHIR, headers=headers)


def claimed(member, **changes):
    line = {name: value for name, value in LINE.items() if name != "practitioner_name"} | changes
    made = claim.of_case({"person": {}, "lines": [line]}, created="2014-03-20", use="claim")
    made["contained"] = made["contained"][1:]
    made["contained"][0]["beneficiary"] = made["patient"] = {
        "reference": f"Patient/{names.to_id(member.public_id)}"
    }
    made["careTeam"][0]["provider"]["display"] = "Dr Lambert"
    with system("test"):
        kinds = [one.kind for one in cast_papers(member)]
    made["supportingInfo"] = [
        {
            "sequence": place,
            "category": names.concept(names.PAPER, kind),
            "valueAttachment": {
                "contentType": "image/jpeg",
                "title": f"{kind}.jpg",
                "data": base64.b64encode(cast.picture()).decode(),
            },
        }
        for place, kind in enumerate(kinds, start=1)
    ]
    return made


def cast_papers(member):
    undone = transaction.savepoint()
    needed = cast.requests.required_papers(cast.draft(member))
    transaction.savepoint_rollback(undone)
    return needed


def test_what_it_can_do_is_told_to_anybody(client):
    told = read(client.get("/fhir/metadata"), "CapabilityStatement")
    kinds = {one["type"] for one in told["rest"][0]["resource"]}
    assert {"Patient", "Coverage", "Claim", "ExplanationOfBenefit"} <= kinds
    for name in ("claim", "pathway"):
        read(client.get(f"/fhir/StructureDefinition/{name}"), "StructureDefinition")
    assert read(client.get("/fhir/Organization/lmde"), "Organization")["name"]


def test_an_estimate_needs_no_token_and_is_the_one_of_rest(client):
    asked = claim.of_case(visit(), created="2026-11-25")
    answered = read(send(Program(client), "/fhir/Claim/$submit", asked), "ClaimResponse")
    amounts = {
        names.code_of(one["category"], names.AMOUNT): str(one["amount"]["value"])
        for one in answered["total"]
    }
    rest = client.post(
        "/api/v1/reimburse", json.dumps(visit()), content_type="application/json"
    ).json()
    assert amounts == rest["totals"]
    assert claim.to_case(json_text.loads(json_text.dumps(asked).encode())) == visit()


def test_the_whole_way_from_patient_to_benefit(client):
    app = program(client, "member", user=cast.account())
    patient = {
        "resourceType": "Patient",
        "name": [{"family": "Berg", "given": ["Noa"]}],
        "birthDate": "1993-06-15",
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-nationality",
                "extension": [
                    {"url": "code", "valueCodeableConcept": {"coding": [{"code": "US"}]}}
                ],
            }
        ],
        "address": [{"line": ["27 rue X"], "postalCode": "75007", "city": "Paris"}],
        "identifier": [{"system": names.NIR, "value": "193069935100136"}],
    }
    coverage = {
        "resourceType": "Coverage",
        "status": "active",
        "type": names.concept(names.COVER, "amo"),
        "beneficiary": {"reference": "urn:uuid:9f0b1e8e-0000-4000-8000-000000000001"},
        "period": {"start": "2013-09-02", "end": "2014-06-30"},
        "payor": [{"reference": "Organization/lmde"}],
        "extension": [
            {
                "url": names.BANK,
                "extension": [
                    {"url": "holder", "valueString": "Noa Berg"},
                    {"url": "iban", "valueString": cast.IBAN},
                ],
            }
        ],
    }
    entries = [
        {
            "fullUrl": "urn:uuid:9f0b1e8e-0000-4000-8000-000000000001",
            "resource": patient,
            "request": {"method": "POST", "url": "Patient"},
        },
        {"resource": coverage, "request": {"method": "POST", "url": "Coverage"}},
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    done = send(app, "/fhir", bundle)
    assert done.status_code == 200, done.content
    read(done, "Bundle")
    with system("test"):
        member = Member.objects.get()
    sent = send(app, "/fhir/Claim/$submit", claimed(member))
    assert sent.status_code == 200, sent.content
    queued = read(sent, "ClaimResponse")
    assert queued["outcome"] == "queued"
    staff = agent(client)
    settled = read(staff.post(f"/fhir/Claim/{queued['id']}/$settle"), "ClaimResponse")
    assert settled["outcome"] == "complete"
    found = read(app.get(f"/fhir/ExplanationOfBenefit?claim=Claim/{queued['id']}"), "Bundle")
    told = found["entry"][0]["resource"]
    settlement = benefit.settlement_of(told)
    assert settlement["totals"]["amo"] == str(told["payment"]["amount"]["value"])
    decision = app.get(f"/decisions/{names.from_id(told['id'])}").json()
    assert settlement == decision["settlement"]
    note = told["processNote"][0]["extension"][0]["extension"]
    assert {part["url"] for part in note} >= {"code", "since", "source", "address"}


def test_a_claim_reads_back_as_it_was_sent(client, made):
    app = of_member(client, made.member)
    read_back = read(app.get(f"/fhir/Claim/{names.to_id(made.public_id)}"), "Claim")
    line = claim.lines(read_back)[0]
    assert {name: line[name] for name in ("date", "act", "price", "pathway")} == {
        name: LINE[name] for name in ("date", "act", "price", "pathway")
    }
    assert line["practitioner"]["id"] == "10001234567"


def test_a_corrected_benefit_is_cancelled_and_the_one_in_force_names_it(client):
    asked, first = decided_and_corrected()
    app = of_member(client, asked.member)
    query = f"claim=Claim/{names.to_id(asked.public_id)}"
    found = read(app.get(f"/fhir/ExplanationOfBenefit?{query}"), "Bundle")["entry"]
    now, before = (one["resource"] for one in found)
    assert (now["status"], before["status"]) == ("active", "cancelled")
    assert now["related"][0]["reference"] == before["identifier"][0]
    assert before["identifier"][0]["value"] == first
    answer = read(app.get(f"/fhir/ClaimResponse/{names.to_id(asked.public_id)}"), "ClaimResponse")
    assert answer["identifier"] == now["identifier"]
    active = read(app.get(f"/fhir/ExplanationOfBenefit?{query}&status=active"), "Bundle")
    assert [one["resource"]["id"] for one in active["entry"]] == [now["id"]]


def test_a_european_card_goes_in_and_out_in_the_shape_of_hl7_europe(client):
    member = cast.student("lmde")
    app, me = of_member(client, member), {"reference": f"Patient/{names.to_id(member.public_id)}"}
    number, holder = "80276001234567890123", "A123456780"
    given = {
        "resourceType": "Coverage",
        "extension": [{"url": names.CARD_COUNTRY, "valueCode": "DE"}],
        "identifier": [{"system": names.CARD_NUMBER, "value": number}],
        "status": "active",
        "type": {"coding": [{"system": names.EUROPE_TYPES, "code": "EHIC"}]},
        "beneficiary": me | {"identifier": {"value": holder}},
        "period": {"end": "2014-12-31"},
        "payor": [{"display": "104212505 - AOK"}],
    }
    made = read(send(app, "/fhir/Coverage", given), "Coverage")
    assert {name: made[name] for name in ("identifier", "period", "extension")} == {
        name: given[name] for name in ("identifier", "period", "extension")
    }
    assert names.EUROPE_CARD in made["meta"]["profile"]
    assert made["payor"][0]["display"] == "104212505 - AOK"
    again = read(app.get(f"/fhir/Coverage/{made['id']}"), "Coverage")
    assert again == made
    patient = read(app.get(f"/fhir/{me['reference']}"), "Patient")
    assert {"system": f"{names.CARD_HOLDER}DE", "value": holder} in patient["identifier"]
    (listed,) = app.get(f"/members/{member.public_id}/european-cards").json()
    assert listed == {
        "country": "DE",
        "expires_on": "2014-12-31",
        "institution": "104212505 - AOK",
        "personal_number_last4": "6780",
        "card_number_last4": "0123",
    }
    with system("test"):
        kept = EuropeanCard.objects.get()
        assert number.encode() not in bytes(kept.number_sealed)
    wrong = given | {"extension": [], "period": {"start": "2014-01-01"}}
    assert send(app, "/fhir/Coverage", wrong).status_code == 422


def test_a_card_without_its_number_says_that_it_is_unknown(client):
    member = cast.student("lmde")
    app = of_member(client, member)
    card = {"country": "DE", "expires_on": "2014-12-31"}
    assert app.post("/me/european-cards", card).status_code == 201
    identity = f"ehic-{names.to_id(member.public_id)}"
    shown = read(app.get(f"/fhir/Coverage/{identity}"), "Coverage")
    assert shown["identifier"][0]["_value"]["extension"][0]["valueCode"] == "unknown"
    assert names.EUROPE_CARD not in shown["meta"]["profile"]


def test_others_resources_do_not_exist(client, made):
    paths = [
        f"/fhir/{kind}/{names.to_id(made.public_id)}" for kind in ("Claim", "ClaimResponse")
    ] + [f"/fhir/Patient/{names.to_id(made.member.public_id)}"]
    strangers = [agent(client, "smerep"), of_member(client, cast.student("lmde"))]
    for stranger in strangers:
        for path in paths:
            assert stranger.get(path).status_code == 404
    assert agent(client).get(paths[0]).status_code == 200
    assert read(agent(client, "smerep").get("/fhir/Claim"), "Bundle")["total"] == 0
    for path in paths:
        outcome = client.get(path)
        assert outcome.status_code == 401
        read(outcome, "OperationOutcome")


def test_search_pages_and_refuses_what_it_does_not_know(client, made):
    for _turn in range(2):
        cast.sent(made.member)
    staff = agent(client)
    patient = names.to_id(made.member.public_id)
    first = read(staff.get(f"/fhir/Claim?patient={patient}&_count=2"), "Bundle")
    assert (first["total"], len(first["entry"])) == (3, 2)
    following = {link["relation"]: link["url"] for link in first["link"]}["next"]
    path = following.partition("testserver")[2]
    assert len(read(staff.get(path), "Bundle")["entry"]) == 1
    between = "created=ge2014-03-01&created=le2014-03-31"
    assert read(staff.get(f"/fhir/Claim?{between}"), "Bundle")["total"] == 3
    assert read(staff.get("/fhir/Claim?created=gt2014-03-20"), "Bundle")["total"] == 0
    for wrong in ("colour=red", "created=soon", "_count=x"):
        refused = staff.get(f"/fhir/Claim?{wrong}")
        assert refused.status_code == 400
        read(refused, "OperationOutcome")


def test_each_kind_is_searched_by_what_people_use(client, made):
    agent(client).post(f"/requests/{made.public_id}/settle")
    app = of_member(client, made.member)
    patient, claim_id = names.to_id(made.member.public_id), names.to_id(made.public_id)
    decision = names.from_id(
        read(app.get("/fhir/ExplanationOfBenefit"), "Bundle")["entry"][0]["resource"]["id"]
    )
    asked = {
        "Patient": ["given=No", "family=berg", "name=BER", "birthdate=1993-06-15"],
        "Organization": ["name=LMDE", f"identifier={names.CENTRE}|601", "_id=lmde"],
        "Practitioner": ["identifier=10001234567", "name=dr"],
        "Coverage": [f"patient={patient}", "type=amo", "payor=Organization/lmde", "status=active"],
        "Claim": ["insurer=Organization/lmde", f"identifier={made.reference}", "status=active"],
        "ClaimResponse": [f"request={claim_id}", "outcome=complete", f"identifier={decision}"],
        "ExplanationOfBenefit": [f"identifier={names.DECISION}|{decision}", "created=ge2014-03-01"],
        "DocumentReference": [f"type={names.PAPER}|care-form", f"subject={patient}", "date=2014"],
        "StructureDefinition": ["name=DecompteClaim", "type=Claim"],
    }
    for kind, queries in asked.items():
        for query in queries:
            found = read(app.get(f"/fhir/{kind}?{query}"), "Bundle")
            assert found["total"] >= 1, (kind, query)
            wrong = query.partition("=")[0] + "=nothing"
            if "created" not in wrong and "birthdate" not in wrong:
                assert read(app.get(f"/fhir/{kind}?{wrong}"), "Bundle")["total"] == 0, wrong
    assert {*asked, "PaymentReconciliation"} == set(capability.SEARCHES)


def test_what_a_resource_refers_to_comes_along_when_asked_for(client, made):
    app = of_member(client, made.member)
    query = "_include=Claim:patient&_include=Claim:insurer"
    found = read(app.get(f"/fhir/Claim?{query}"), "Bundle")["entry"]
    kinds = [(one["resource"]["resourceType"], one["search"]["mode"]) for one in found]
    assert kinds == [("Claim", "match"), ("Patient", "include"), ("Organization", "include")]
    assert app.get("/fhir/Claim?_include=Claim:provider").status_code == 400
    counted = read(app.get("/fhir/Claim?_summary=count"), "Bundle")
    assert (counted["total"], "entry" in counted) == (1, False)


def test_care_that_was_decided_already_is_settled_once_a_person_compared(client, made):
    staff, twin = agent(client), cast.sent(made.member)
    staff.post(f"/requests/{made.public_id}/settle")
    address = f"/fhir/Claim/{names.to_id(twin.public_id)}/$settle"
    said = {"resourceType": "Parameters", "parameter": [{"name": "compared"}]}
    stopped = staff.post(address)
    assert (stopped.status_code, made.reference in stopped.text) == (422, True)
    for wrong in ({}, {"valueString": "true"}, {"valueBoolean": True, "name": "other"}):
        parameters = said | {"parameter": [said["parameter"][0] | wrong]}
        assert send(staff, address, parameters).status_code == 422
    for told, status in ((False, 422), (True, 200)):
        parameters = said | {"parameter": [{"name": "compared", "valueBoolean": told}]}
        assert send(staff, address, parameters).status_code == status
    with system("test"):
        compared = Event.objects.get(code="request.compared")
    assert compared.detail == {"with": made.reference}


def test_a_claim_comes_as_parameters_too(client):
    asked = claim.of_case(visit(), created="2026-11-25")
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": asked}]}
    answered = read(send(Program(client), "/fhir/Claim/$submit", wrapped), "ClaimResponse")
    assert answered["outcome"] == "complete"
    for wrong in ([], [{"name": "resource"}], [{"name": "x", "resource": asked}]):
        empty = wrapped | {"parameter": wrong}
        assert send(Program(client), "/fhir/Claim/$submit", empty).status_code == 422


def test_every_refusal_is_an_operation_outcome_in_the_callers_language(client, made, settings):
    app, staff = of_member(client, made.member), agent(client)
    claim_id = names.to_id(made.public_id)
    large = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    calls = [
        (400, app.get("/fhir/Claim?colour=red")),
        (400, client.post("/fhir/Claim/$submit", "{", content_type=FHIR)),
        (401, client.get("/fhir/Patient")),
        (401, client.post(f"/fhir/Claim/{claim_id}/$settle", content_type=FHIR)),
        (403, app.post(f"/fhir/Claim/{claim_id}/$settle")),
        (403, send(staff, "/fhir/Patient", {"resourceType": "Patient"})),
        (404, app.get("/fhir/Claim/nothing")),
        (404, app.get("/fhir/Medication")),
        (404, app.get("/fhir/Claim/a/b/c")),
        (405, client.delete("/fhir/Claim", headers=app.headers)),
        (405, client.put(f"/fhir/Claim/{claim_id}", "{}", content_type=FHIR, headers=app.headers)),
        (405, send(app, "/fhir/Organization", {"resourceType": "Organization"})),
        (413, client.post("/fhir", large, content_type=FHIR, headers=app.headers)),
        (415, client.post("/fhir", "<Claim/>", content_type="application/fhir+xml")),
        (422, send(app, "/fhir/Patient", {"resourceType": "Patient"})),
    ]
    assert send(app, "/fhir/Claim/$submit", claimed(made.member), Idempotency_Key="k").status_code
    again = send(
        app, "/fhir/Claim/$submit", claimed(made.member, price="24.00"), Idempotency_Key="k"
    )
    settings.CALLS_A_MINUTE_OPEN = 0
    calls += [(409, again), (429, client.get("/fhir/metadata", headers={"Accept-Language": "fr"}))]
    for status, answer in calls:
        assert answer.status_code == status, (status, answer.content)
        assert read(answer, "OperationOutcome")["issue"][0]["diagnostics"]
    assert "Trop d'appels" in calls[-1][1].content.decode()


def test_an_identity_number_is_found_without_going_into_an_address(client):
    member = cast.student("lmde")
    with system("test"):
        cast.people.save_identity(member.user, {"nir": "193069935100136"})
    staff = agent(client)
    query = f"identifier={names.NIR}|193069935100136"
    assert staff.get(f"/fhir/Patient?{query}").status_code == 400
    found = client.post(
        "/fhir/Patient/_search",
        query,
        content_type="application/x-www-form-urlencoded",
        headers=staff.headers,
    )
    assert read(found, "Bundle")["total"] == 1
    shown = read(staff.get(f"/fhir/Patient/{names.to_id(member.public_id)}"), "Patient")
    assert {one["system"] for one in shown["identifier"]} == {names.MEMBER, names.NIR}


def test_a_claim_for_another_insurer_or_patient_is_refused(client):
    member, other = cast.student("lmde"), cast.student("smerep")
    app = of_member(client, member)
    wrong = claimed(member) | {"insurer": {"reference": "Organization/smerep"}}
    refused = send(app, "/fhir/Claim/$submit", wrong)
    assert refused.status_code == 422
    assert read(refused, "OperationOutcome")["issue"][0]["expression"] == ["Claim.insurer"]
    assert send(app, "/fhir/Claim/$submit", claimed(other)).status_code == 422
    with system("test"):
        assert Request.objects.filter(state="submitted").count() == 0


def test_the_papers_of_a_claim_are_read_page_by_page(client, made):
    staff = agent(client)
    identity = names.to_id(made.public_id)
    found = read(staff.get(f"/fhir/DocumentReference?related=Claim/{identity}"), "Bundle")
    url = found["entry"][0]["resource"]["content"][0]["attachment"]["url"]
    page = read(staff.get(f"/fhir/{url}"), "Binary")
    assert base64.b64decode(page["data"]).startswith(b"\xff\xd8")


def test_wrong_resources_of_others_never_break_it(client, shared):
    app = of_member(client, cast.student("lmde"))
    folder = shared / "hostile" / "fhir"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(files) > 400
    wrong = []
    for path in files:
        content = path.read_bytes()
        address = "/fhir" if b"Bundle" in content else "/fhir/Claim/$submit"
        answered = client.post(address, content, content_type=FHIR, headers=app.headers)
        if not 400 <= answered.status_code < 500:
            wrong.append((path.name, address, answered.status_code))
    assert wrong == []


def test_the_official_examples_are_read_and_answered(client, shared):
    app = of_member(client, cast.student("lmde"))
    folder = shared / "data" / "fhir-r4" / "examples"
    places = {"Claim": "/Claim/$submit", "Patient": "/Patient", "Coverage": "/Coverage"}
    for kind, place in {**places, "Bundle": ""}.items():
        paths = sorted(folder.glob(f"{kind}-*.json"))
        assert paths
        for path in paths:
            answered = client.post(
                f"/fhir{place}", path.read_bytes(), content_type=FHIR, headers=app.headers
            )
            told = read(answered, "OperationOutcome")
            assert answered.status_code in {413, 422}, path.name
            assert all(issue["diagnostics"] for issue in told["issue"])
