"""Claims and benefits: a case goes to FHIR and comes back the same, and is R4 on the way."""

import json
from datetime import date
from decimal import Decimal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case as cases
from decompte.exchange import json_text
from decompte.exchange.fhir import benefit, capability, checked, claim, coverage, profiles
from tests.conftest import ROOT

TODAY = date(2026, 11, 25)
REFERENCES = {
    "patient": {"reference": "Patient/x"},
    "insurer": {"reference": "Organization/lmde"},
    "provider": {"display": "Dr Lambert"},
    "coverage": {"reference": "Coverage/amo-x"},
}
EXAMPLES = sorted(
    path
    for path in [*ROOT.glob("examples/*.yaml"), *ROOT.glob("tests/published/*/*.yaml")]
    if "lines:" in path.read_text()
)


def documents():
    for path in EXAMPLES:
        read = yaml.safe_load(path.read_text())
        found = read if isinstance(read, dict) else {}
        for document in (found, found.get("case", {})):
            if isinstance(document, dict) and {"person", "lines"} <= set(document):
                yield json.loads(json.dumps(document, default=str))


def through_text(resource):
    """The resource as somebody else reads it: written to JSON and read again."""
    return json_text.loads(json_text.dumps(resource).encode())


def test_every_example_comes_back_the_same():
    found = [{name: one[name] for name in one if name in cases.CASE} for one in documents()]
    assert len(found) >= 5
    for document in found:
        written = through_text(claim.of_case(document, created="2026-11-25"))
        checked.resource(written, "Claim")
        assert cases.read(claim.to_case(written), today=TODAY) == cases.read(document, today=TODAY)


def test_every_settlement_comes_back_the_same():
    for document in documents():
        asked = {name: document[name] for name in document if name in cases.CASE}
        try:
            settlement = cases.write(settle(cases.read(asked, today=TODAY)), "fr")
        except Refusal:
            continue
        plain = json.loads(json.dumps(settlement))
        made = benefit.explanation(plain, identity="x", created="2026-11-25", **REFERENCES)
        written = through_text(made)
        checked.resource(written, "ExplanationOfBenefit")
        assert benefit.settlement_of(written) == plain


AMOUNTS = st.decimals(0, 999_999, places=2).map(lambda amount: f"{amount:.2f}")
LINES = st.fixed_dictionaries(
    {
        "date": st.dates(date(2005, 1, 1), TODAY).map(str),
        "act": st.sampled_from(["G", "CS", "C", "3400930000000"]),
        "price": AMOUNTS,
        "pathway": st.sampled_from(cases.PATHWAYS),
    },
    optional={
        "quantity": st.integers(1, 99),
        "coefficient": st.sampled_from(["7.5", "1"]),
        "ald_related": st.booleans(),
        "third_party_payment": st.booleans(),
        "practitioner": st.fixed_dictionaries(
            {},
            optional={
                "specialty": st.sampled_from(["general-practice", "dermatology"]),
                "sector": st.sampled_from(cases.SECTORS),
                "id": st.integers(10**10, 10**11 - 1).map(str),
            },
        ),
    },
)


DAYS = st.dates(date(2005, 1, 1), TODAY).map(str)
COVERS = st.fixed_dictionaries(
    {"kind": st.sampled_from(["c2s", "ald", "ame"]), "from": DAYS}, optional={"until": DAYS}
)


# A busy machine is no fault.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, min_size=1, max_size=3), st.lists(COVERS, max_size=2))
def test_any_line_comes_back_as_it_was_sent(lines, covers):
    document = {"person": {"birth_date": "1993-06-15", "covers": covers}, "lines": lines}
    written = through_text(claim.of_case(document, created="2026-11-25"))
    assert claim.to_case(written) == document


def test_the_solidarity_cover_is_a_coverage_and_counts():
    right = {"kind": "c2s", "from": "2014-01-01"}
    line = {"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}
    person = {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01", "covers": [right]}
    document = {"person": person, "lines": [line]}
    written = through_text(claim.of_case(document, created="2026-11-25"))
    checked.resource(written, "Claim")
    assert written["insurance"][1]["coverage"] == {"reference": "#right-1"}
    settled = cases.write(settle(cases.read(claim.to_case(written), today=TODAY)), "en")
    assert settled["totals"]["patient"] == "0.00"
    assert claim.to_case(written) == document


def test_a_right_that_no_coverage_can_say_is_kept_as_it_was_sent():
    for covers in ([], [{"kind": "c2s"}], ["c2s"], [{"kind": "c2s", "from": "soon"}], "c2s"):
        document = {"person": {"covers": covers}, "lines": []}
        assert claim.to_case(through_text(claim.of_case(document, created="x"))) == document


def test_an_amount_keeps_its_digits():
    assert json_text.dumps({"value": Decimal("23.00")}) == '{"value": 23.00}'


def test_what_is_published_is_r4():
    for one in profiles.structures().values():
        checked.resource(one, "StructureDefinition")
    for lang in ("fr", "en"):
        told = capability.capability(address="http://127.0.0.1/fhir", lang=lang)
        checked.resource(told, "CapabilityStatement")


def values(resource, path):
    """The values at a path in each of their parents: a list a parent."""
    name, _dot, rest = path.partition(".")
    name = name.replace("serviced[x]", "servicedDate")
    found = resource.get(name, [])
    found = found if isinstance(found, list) else [found]
    return [one for each in found for one in values(each, rest)] if rest else [found]


def test_what_is_sent_holds_to_what_is_published():
    right = {"kind": "c2s", "from": "2014-01-01"}
    line = {"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}
    document = {"person": {"birth_date": "1993-06-15", "covers": [right]}, "lines": [line] * 2}
    asked = claim.of_case(document, created="2026-11-25")
    settled = cases.write(settle(cases.read(document, today=TODAY)), "en")
    told = benefit.explanation(settled, identity="x", created="2026-11-25", **REFERENCES)
    told |= benefit.standing("x", corrects=None, is_in_force=True)
    card = coverage.Card("DE", "2014-12-31", "104212505 - AOK", "80276001234567890123")
    sent = {
        "claim": asked,
        "right": asked["contained"][2],
        "explanation": told,
        "european-card": coverage.of_card(identity="x", patient={}, card=card),
    }
    for name, resource in sent.items():
        assert f"{profiles.PROFILES}{name}" in resource["meta"]["profile"]
        for one in profiles.ELEMENTS[name]:
            for there in values(resource, one.path):
                assert len(there) >= one.least, (name, one.path)
                assert not one.fixed or set(there) == {one.fixed[1]}, (name, one.path)
    parts = {part["url"] for part in told["processNote"][0]["extension"][0]["extension"]}
    assert parts >= {part for part, _kind, least in profiles.PARTS["why"] if least}


def test_the_official_examples_are_read(shared):
    folder = shared / "data" / "fhir-r4" / "examples"
    kinds = ("Claim", "ClaimResponse", "Coverage", "ExplanationOfBenefit", "Patient")
    read = []
    for kind in kinds:
        for path in sorted(folder.glob(f"{kind}-*.json")):
            checked.resource(json_text.loads(path.read_bytes()), kind)
            read.append(path.name)
    assert len(read) > 40


def test_what_is_not_r4_is_refused_by_name():
    with pytest.raises(Refusal) as refused:
        checked.resource({"resourceType": "Claim", "status": "active"}, "Claim")
    assert {problem.field for problem in refused.value.problems}
    with pytest.raises(Refusal, match="Claim is expected"):
        checked.resource([], "Claim")
