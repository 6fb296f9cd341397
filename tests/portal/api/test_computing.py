"""Without a token: the same answers as the command line, errors as documents, limits."""

import json
from datetime import date

import jsonschema
import pytest
from ninja import Schema

from decompte.engine.single import settle
from decompte.exchange import advice, case, person, situation
from decompte.portal.api import cases
from decompte.portal.api.examples import EXAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY = date(2026, 11, 25)


def ask(client, path, body, **headers):
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(path, data=data, content_type="application/json", headers=headers)


def visit(**changes):
    line = {"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}
    person = {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"}
    return {"person": person, "lines": [line | changes]}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_answer_is_the_one_of_the_command_line(client, lang):
    answered = ask(client, "/api/v1/reimburse", visit(), accept_language=lang)
    assert answered.status_code == 200
    assert answered.json() == case.write(settle(case.read(visit(), today=TODAY)), lang)
    assert answered.headers["Content-Language"] == lang


def test_advice_is_the_one_of_the_command_line(client):
    asked = {
        "person": {
            "birth_date": "1993-05-02",
            "nationality": "US",
            "residence": "FR-75",
            "parents": {"scheme": "abroad"},
        },
        "study": {"from": "2013-09-02", "to": "2014-06-30"},
        "choice": {"agency": "lmde", "complementary": "lmde"},
        "request": {"care_date": "2014-03-12", "on": "2014-03-20"},
    }
    answered = ask(client, "/api/v1/advise", asked)
    assert answered.json() == advice.write(situation.answer(asked, today=TODAY), "en")


def test_care_of_today_is_computed_while_the_demonstration_lives_in_2014(client):
    recent = visit(date="2024-04-02", price="26.50")
    assert ask(client, "/api/v1/reimburse", recent).json()["lines"][0]["base"] == "26.50"


def test_every_problem_of_a_case_is_told_at_once_in_french(client):
    wrong = visit(price="23.001", act="ZZZ", pathway="magic")
    answered = ask(client, "/api/v1/reimburse", wrong, accept_language="fr")
    assert answered.status_code == 422
    assert answered.headers["Content-Type"] == "application/problem+json"
    told = answered.json()
    assert told["type"] == "urn:decompte:problem:wrong-input"
    assert {error["field"] for error in told["errors"]} == {
        "lines[0].price",
        "lines[0].act",
        "lines[0].pathway",
    }
    assert "plus de deux décimales" in told["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"person": {}, "person": {}}', "json.duplicate"),
        (b'{"lines": NaN}', "json.number"),
        (b'{"lines": 1e400000}', "json.digits"),
        (b'{"lines": ' + b"1" * 21 + b"}", "json.digits"),
        (b"[" * 65 + b"]" * 65, "json.depth"),
        (b"[" * 100_000, "json.depth"),
        (b'{"a": "\\ud800"}', "json.encoding"),
        (b'{"a": "\xff"}', "json.encoding"),
        (b'{"a": "\\u0000"}', "text.control"),
        (b"{'a': 1}", "json.format"),
    ],
)
def test_json_of_two_meanings_is_refused(client, body, code):
    answered = ask(client, "/api/v1/reimburse", body)
    assert answered.status_code == 400
    assert [error["code"] for error in answered.json()["errors"]] == [code]


def test_prices_are_exact_as_numbers_too(client):
    body = json.dumps(visit()).replace('"23.00"', "23.10")
    assert ask(client, "/api/v1/reimburse", body).json()["lines"][0]["price"] == "23.10"


def test_other_kinds_of_content_and_large_bodies_are_refused(client):
    form = client.post("/api/v1/reimburse", data="a=1", content_type="text/plain")
    assert form.status_code == 415
    large = ask(client, "/api/v1/reimburse", b"[" + b" " * 2_600_000 + b"]")
    assert large.status_code == 413


def test_addresses_that_are_not_there_answer_with_documents(client):
    for path in ("/api/v1/nothing", "/api/", "/api/v1//reimburse", "/api/v1/reimburse;x=1"):
        answered = client.get(path)
        assert answered.status_code == 404, path
        assert answered.headers["Content-Type"] == "application/problem+json"
    wrong = client.get("/api/v1/reimburse")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")


def test_a_parameter_given_twice_is_refused(client):
    assert client.get("/api/v1/openapi.json?a=1&a=2").status_code == 400


def test_too_many_calls_are_told_to_wait(client, settings):
    settings.CALLS_A_MINUTE_OPEN = 3
    address = {"REMOTE_ADDR": "192.0.2.77"}
    answers = [client.get("/api/v1/openapi.json", **address) for _turn in range(5)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    forged = client.get("/api/v1/openapi.json", headers={"X-Forwarded-For": "1.2.3.4"}, **address)
    assert forged.status_code == 429


def test_a_reader_who_has_the_version_gets_no_body(client):
    first = client.get("/api/v1/openapi.json")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_described_case_has_the_words_of_the_case_file():
    def names(shape):
        return {field.alias or name for name, field in shape.model_fields.items()}

    assert names(cases.CaseShape) == set(case.CASE)
    assert names(cases.PersonIn) == set(person.PERSON)
    assert names(cases.UsedIn) == set(person.USED)
    assert names(cases.LineIn) == set(case.LINE)
    assert names(cases.PractitionerIn) == set(case.PRACTITIONER)
    assert set(cases.Pathway.__args__) == set(case.PATHWAYS)
    assert set(cases.Sector.__args__) == set(case.SECTORS)


def test_every_body_is_described_with_an_example_that_is_right(client):
    described = client.get("/api/v1/openapi.json").json()
    shapes = {"components": described["components"]}
    for operations in described["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                jsonschema.validate(content["example"], content["schema"] | shapes)
    for path in ("reimburse", "advise"):
        answered = ask(client, f"/api/v1/{path}", EXAMPLES[path])
        content = described["paths"][f"/api/v1/{path}"]["post"]["responses"]["200"]["content"]
        jsonschema.validate(answered.json(), content["application/json"]["schema"] | shapes)


def test_two_shapes_of_the_description_never_share_a_name():
    names = [shape.__name__ for shape in every(Schema) if shape.__module__.startswith("decompte.")]
    filters = {"Filters"}  # read from the address, where shapes have no names
    assert {name for name in names if names.count(name) > 1} <= filters


def every(kind):
    """Every class below one."""
    return {one for below in kind.__subclasses__() for one in (below, *every(below))}


def test_the_pages_to_try_it_on_may_show_their_pictures(client):
    policy = client.get("/api/v1/docs").headers["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    assert "default-src 'self'" in policy


def test_an_amount_of_the_answer_is_an_amount_of_the_description():
    document = case.write(settle(case.read(visit(), today=TODAY)), "en")
    assert (
        cases.SettlementOut.model_validate(document).model_dump(mode="json", exclude_none=True)
        == document
    )


def test_the_json_of_others_is_read_or_refused_and_never_a_fault(client, shared, settings):
    settings.CALLS_A_MINUTE_OPEN = 10_000
    folder = shared / "hostile" / "json" / "jsontestsuite"
    files = sorted(folder.rglob("*.json"))
    assert len(files) > 300
    on_purpose = {
        "y_object_duplicated_key.json": 400,
        "y_object_duplicated_key_and_value.json": 400,
        "y_number_double_close_to_zero.json": 400,  # 79 digits
        "y_string_null_escape.json": 400,
        "y_object_escaped_null_in_key.json": 400,
        "n_structure_no_data.json": 422,  # an empty body is no JSON text at all
    }
    wrong = []
    for path in files:
        status = ask(client, "/api/v1/reimburse", path.read_bytes()).status_code
        usual = {"y": {422}, "n": {400}, "i": {400, 422}}[path.name[0]]
        expected = {on_purpose[path.name]} if path.name in on_purpose else usual
        if status not in expected:
            wrong.append((path.name, status))
    assert wrong == []
