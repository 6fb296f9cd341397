"""A program registers its member, sends a request, the agency's decides, the statement is read."""

import base64

import pytest

from decompte.portal.api.cases import SaidIn, StudentIn
from decompte.portal.api.examples import IDENTITY, LINE, REGISTRATION
from decompte.portal.people.scope import system
from decompte.portal.registration.models import Registration
from decompte.portal.requests import services as requests
from tests import cast
from tests.portal.api.calling import BANK, agent, decided_and_corrected, of_member, program

pytestmark = pytest.mark.django_db


def paper(kind):
    content = base64.b64encode(cast.picture()).decode()
    return {"kind": kind, "file_name": f"{kind}.jpg", "content": content}


def registered(client, complementary="lmde"):
    member = program(client, "member", user=cast.account())
    assert member.put("/me/identity", IDENTITY).status_code == 200
    made = member.post("/registrations", REGISTRATION)
    assert made.status_code == 201, made.content
    address = f"/registrations/{made.json()['id']}"
    choice = {"agency": "lmde", "complementary": complementary}
    assert member.put(f"{address}/choice", choice).status_code == 200
    assert member.put("/me/bank-account", BANK).json()["iban_last4"] == "2606"
    doctor = {"doctor_name": "Dr Lambert", "doctor_number": "10001234567", "since": "2013-10-15"}
    assert member.post("/me/gp-declarations", doctor).status_code == 201
    confirmed = member.post(f"{address}/confirm")
    assert confirmed.json()["state"] == "confirmed", confirmed.content
    return member


def submitted(member):
    asked = member.post("/requests", LINE).json()
    for needed in asked["papers"]:
        added = member.post(f"/requests/{asked['id']}/papers", paper(needed["kind"]))
        assert added.status_code == 201, added.content
    sent = member.post(f"/requests/{asked['id']}/submit")
    assert sent.json() == {"done": True, "state": "submitted", "version": sent.json()["version"]}
    return asked["id"]


def test_the_whole_way_from_registration_to_statement(client):
    member = registered(client, complementary="")
    asked = submitted(member)
    staff = agent(client)
    waiting = staff.get("/work-lists/review").json()
    assert [one["id"] for one in waiting["items"]] == [asked]
    assert staff.post(f"/requests/{asked}/settle").json()["state"] == "decided"
    assert staff.post(f"/requests/{asked}/settle").json()["done"] is False
    decision = member.get(f"/requests/{asked}").json()["decision"]
    read = member.get(f"/decisions/{decision}", Accept_Language="fr").json()
    assert read["payable"] == "15.10"
    assert read["settlement"]["lines"][0]["reasons"][0]["text"].startswith("Le tarif officiel")
    statement = member.get(f"/decisions/{decision}/statement.pdf")
    assert statement.headers["Content-Type"] == "application/pdf"
    assert statement.content.startswith(b"%PDF-")


def test_step_1_says_what_the_pages_and_the_situation_file_can_say(client):
    member = program(client, "member", user=cast.account())
    member.put("/me/identity", IDENTITY)
    special = REGISTRATION["study"] | {"kind": "internship", "abroad": True}
    said = REGISTRATION | {
        "study": special,
        "situation": {"cards": ["s1"], "insured_in_france": True},
    }
    assert member.post("/registrations", said).status_code == 201
    with system("test"):
        kept = Registration.objects.get().answers
    assert (kept["study"]["kind"], kept["study"]["abroad"]) == ("internship", True)
    assert (kept["person"]["cards"], kept["person"]["insured_in_france"]) == (["s1"], True)
    said_to_advise = {name for name in StudentIn.model_fields if name not in SaidIn.model_fields}
    assert said_to_advise == {"birth_date", "nationality", "residence", "card"}


def test_a_wrong_situation_is_named_where_the_program_said_it(client):
    member = program(client, "member", user=cast.account())
    member.put("/me/identity", IDENTITY)
    wrong = REGISTRATION | {"situation": {"cards": ["magic"], "visa": "tourist"}}
    told = member.post("/registrations", wrong).json()["errors"]
    assert {one["field"] for one in told} == {"situation.cards", "situation.visa"}


def test_a_corrected_decision_says_which_one_is_in_force(client):
    asked, first = decided_and_corrected()
    member = of_member(client, asked.member)
    read = member.get(f"/requests/{asked.public_id}").json()
    assert read["decisions"] == [first, read["decision"]]
    listed = member.get(f"/decisions?request={asked.public_id}&fields=id,in_force").json()
    assert listed["items"] == [
        {"id": read["decision"], "in_force": True},
        {"id": first, "in_force": False},
    ]
    assert member.get("/decisions?in_force=true").json()["count"] == 1
    assert member.get("/decisions?since=2014-03-21").json()["count"] == 0
    now, before = (member.get(f"/decisions/{one}").json() for one in read["decisions"][::-1])
    assert (now["corrects"], now["in_force"], now["reason"]) == (first, True, "mistake")
    assert (before["corrected_by"], before["in_force"]) == (now["id"], False)


def test_an_estimate_is_given_before_sending(client):
    member = registered(client, complementary="")
    asked = member.post("/requests", LINE).json()["id"]
    assert member.get(f"/requests/{asked}/estimate").json()["totals"]["amo"] == "15.10"


def test_a_wrong_line_names_every_field(client):
    member = registered(client)
    wrong = member.post("/requests", LINE | {"date": "2031-01-01", "act": "ZZZ"})
    assert wrong.status_code == 422
    assert {one["field"] for one in wrong.json()["errors"]} == {"date", "act"}


def test_a_missing_paper_is_named_and_nothing_is_sent(client):
    member = registered(client)
    asked = member.post("/requests", LINE).json()["id"]
    refused = member.post(f"/requests/{asked}/submit", Accept_Language="fr")
    assert refused.status_code == 422
    assert "il manque" in refused.json()["detail"]
    assert member.get(f"/requests/{asked}").json()["state"] == "draft"


def test_a_paper_sent_in_pieces_goes_on_where_it_stopped(client):
    member = registered(client)
    asked = member.post("/requests", LINE).json()
    data = cast.picture(size=(900, 900))
    kind = asked["papers"][0]["kind"]
    announced = {"kind": kind, "file_name": "form.jpg", "size": len(data)}
    upload = member.post(f"/requests/{asked['id']}/uploads", announced).json()["id"]
    piece = {"content_type": "application/offset+octet-stream", "headers": member.headers}

    def send(offset, part):
        headers = member.headers | {"Upload-Offset": str(offset)}
        return client.patch(f"/api/v1/uploads/{upload}", part, **piece | {"headers": headers})

    half = len(data) // 2
    assert send(0, data[:half]).json()["received"] == half
    assert send(0, data[:half]).status_code == 422
    assert member.get(f"/uploads/{upload}").json()["received"] == half
    whole = send(half, data[half:]).json()
    assert whole["paper"]
    needed = member.get(f"/requests/{asked['id']}").json()["papers"][0]
    assert needed["paper"] == whole["paper"]
    with system("test"):
        assert requests.problems() == []


def test_a_foreign_file_in_pieces_is_refused_and_can_be_sent_anew(client):
    member = registered(client)
    asked = member.post("/requests", LINE).json()
    announced = {"kind": asked["papers"][0]["kind"], "file_name": "form.jpg", "size": 5}
    upload = member.post(f"/requests/{asked['id']}/uploads", announced).json()["id"]
    headers = member.headers | {"Upload-Offset": "0"}
    refused = client.patch(
        f"/api/v1/uploads/{upload}",
        b"hello",
        content_type="application/offset+octet-stream",
        headers=headers,
    )
    assert refused.status_code == 422
    assert member.get(f"/uploads/{upload}").json()["received"] == 0


def test_the_agency_sends_back_and_the_member_answers(client):
    member = registered(client)
    asked = submitted(member)
    staff = agent(client)
    there = staff.get(f"/requests/{asked}").json()["papers"][0]["paper"]
    verdict = {"accept": False, "words": "unreadable"}
    assert staff.post(f"/papers/{there}/verdict", verdict).status_code == 200
    assert staff.get(f"/papers/{there}/pages/0").headers["Content-Type"] == "image/jpeg"
    assert staff.post(f"/requests/{asked}/send-back", {}).json()["state"] == "returned"
    told = member.get(f"/requests/{asked}").json()
    refused = [one for one in told["papers"] if one["state"] == "refused"]
    assert [one["refusal"] for one in refused] == ["unreadable"]
    member.post(f"/requests/{asked}/papers", paper(refused[0]["kind"]))
    assert member.post(f"/requests/{asked}/submit").json()["state"] == "submitted"


def test_a_paper_that_is_no_base64_is_refused(client):
    member = registered(client)
    asked = member.post("/requests", LINE).json()
    for content in ("é", "%%%", "a"):
        wrong = {"kind": asked["papers"][0]["kind"], "file_name": "x.jpg", "content": content}
        assert member.post(f"/requests/{asked['id']}/papers", wrong).status_code == 422


def test_care_that_was_decided_already_is_settled_once_a_person_compared(client):
    member, staff = registered(client), agent(client)
    first, twin = submitted(member), submitted(member)
    staff.post(f"/requests/{first}/settle")
    address = f"/requests/{twin}/settle"
    for said in ("", "?compared=false"):
        stopped = staff.post(address + said)
        assert (stopped.status_code, stopped.json()["errors"][0]["code"]) == (422, "care.twice")
    assert staff.post(f"{address}?compared=perhaps").status_code == 422
    assert staff.post(f"{address}?compared=true").json()["state"] == "decided"


def test_who_saw_an_older_version_is_told(client):
    member = registered(client)
    asked = submitted(member)
    staff = agent(client)
    seen = staff.get(f"/requests/{asked}").headers["ETag"]
    assert staff.post(f"/requests/{asked}/send-back", {"note": "x"}).status_code == 200
    member.post(f"/requests/{asked}/submit")
    late = staff.post(f"/requests/{asked}/settle", If_Match=seen)
    assert late.status_code == 412


def test_lists_come_in_pages_filtered_and_in_part(client):
    member = registered(client)
    for _turn in range(3):
        member.post("/requests", LINE)
    listed = member.get("/requests?limit=2&offset=1&state=draft&fields=id,state").json()
    assert listed["count"] == 3
    assert [set(one) for one in listed["items"]] == [{"id", "state"}] * 2
    assert member.get("/requests?state=paid").json()["count"] == 0
    assert member.get("/requests?limit=101").status_code == 422


def test_a_read_only_token_reads_only(client):
    owner = cast.student("lmde")
    reader = of_member(client, owner, is_read_only=True)
    assert reader.get("/me").json()["member"] == owner.public_id
    assert reader.post("/requests", LINE).status_code == 403
