"""The seed's page, sentence by sentence, and published situations."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompte.errors import NotModelled, Refusal
from decompte.exchange import situation as situations
from decompte.procedure import agencies, guide, routing
from decompte.procedure.affiliation import affiliation
from decompte.procedure.deadlines import claim_until
from decompte.procedure.load import FOLDER, data, sources
from decompte.procedure.tables import table
from tests.procedure.situations import advised, document

TODAY = date(2014, 3, 20)
TABLES = tuple(path.stem for path in sorted((FOLDER / "tables").glob("*.yaml")))


def kinds(advice):
    return {paper.kind for paper in advice.papers}


def test_s01_s02_s10_the_guide_has_its_place_and_title():
    (topic,) = guide.topics()
    assert topic.under.en == "Student healthcare and complementary insurance"
    assert topic.title.en == "Reimbursement procedures"
    assert guide.topic(topic.id, year=2013).sections


def test_s03_an_affiliated_student_chooses_601_or_617():
    advice = advised()
    centres = {agencies.agency(name).centre for name in advice.affiliation.agencies}
    assert centres == {"601", "617"}
    assert advice.choice.is_valid
    assert not advised(choice={"agency": None}).choice.is_valid
    assert not advised(person={"cards": ["ehic"]}, choice={"agency": None}).affiliation.agencies


def test_s03_an_agency_of_another_region_is_not_offered():
    assert advised(person={"residence": "FR-31"}, choice={"agency": "smerep"}).choice.errors
    (error,) = advised(choice={"agency": "vittavi"}).choice.errors
    assert error.code == "agency.not_offered"
    assert advised(person={"residence": "FR-31"}, choice={"agency": "vittavi"}).choice.is_valid


def test_s05_the_complementary_is_of_the_same_agency_or_none():
    assert advised(choice={"complementary": "lmde"}).choice.is_valid
    (error,) = advised(choice={"complementary": "smerep"}).choice.errors
    assert error.code == "complementary.other_agency"


@pytest.mark.parametrize(("step", "is_valid"), [(1, False), (2, True), (3, False)])
def test_s06_the_complementary_belongs_to_step_2(step, is_valid):
    advice = advised(study={"step": step}, choice={"complementary": "lmde"})
    assert advice.choice.is_valid is is_valid


def test_s08_every_reason_has_a_public_source_and_the_guide_offers_ameli():
    for name in TABLES:
        for rule in table(name):
            assert all(source.url.startswith("http") for source in rule.reason.sources)
    page = guide.topic("reimbursement-procedures", year=2013)
    assert any("ameli.fr" in link.url for link in page.links)


def test_s11_the_last_day_of_a_claim():
    assert claim_until(date(2013, 11, 5)) == date(2015, 12, 31)
    assert claim_until(date(2025, 2, 7)) == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"nationality": "DE", "cards": ["ehic"]}, "exempt"),
        ({"nationality": "DE"}, "compulsory"),
        ({"nationality": "US"}, "compulsory"),
    ],
)
def test_s14_s18_the_kind_of_student_follows_from_the_cover(person, status):
    assert advised(person=person).affiliation.status == status


def test_s15_s16_s17_a_card_holder_in_paris_goes_to_the_international_department():
    advice = advised(person={"nationality": "ES", "cards": ["ehic"]}, choice={"agency": None})
    assert advice.send_to.lines == (
        "Service relation internationale",
        "CPAM CS 70001",
        "75948 Paris Cedex 19",
    )
    assert advice.send_to.phone == "3646"
    assert "rendez-vous" in advice.send_to.script.fr
    elsewhere = advised(
        person={"nationality": "ES", "cards": ["ehic"], "residence": "FR-69"},
        choice={"agency": None},
    )
    assert (elsewhere.send_to.agency.name.en, elsewhere.send_to.lines) == ("CPAM (Rhône, 69)", ())
    assert "ameli.fr" in elsewhere.send_to.asks.en


@pytest.mark.parametrize(
    ("agency", "lines"),
    [
        ("lmde", ("LMDE Assurance maladie", "Centre 601", "35070 RENNES CEDEX 09")),
        ("smerep", ("SMEREP", "Centre 617", "16 Bd du Général Leclerc", "92115 CLICHY CEDEX")),
    ],
)
def test_s19_s20_s22_each_agency_has_its_address_until_the_scheme_ended(agency, lines):
    assert advised(choice={"agency": agency}).send_to.lines == lines
    with pytest.raises(Refusal) as caught:
        routing.address(agency, date(2020, 1, 10))
    assert "CPAM" in caught.value.lines("en")[0]


@pytest.mark.parametrize(
    ("agency", "words"),
    [
        ("lmde", ("7 rue Danton", "Odéon")),
        ("smerep", ("54 Bd Saint Michel", "Cluny")),
    ],
)
def test_s21_s23_offices_are_for_information_and_never_on_the_envelope(agency, words):
    found = agencies.agency(agency)
    assert words[0] in found.office
    assert words[1] in found.access.en
    assert not set(found.office) & set(found.address)


def test_s24_s25_s26_s29_a_first_request_needs_proof_bank_details_and_the_care_form():
    first, later = advised(request={"first": True}), advised(request={"first": False})
    assert {"affiliation", "bank-details", "care-form"} <= kinds(first)
    assert not {"affiliation", "bank-details"} & kinds(later)
    assert "care-form" in kinds(later)


@pytest.mark.parametrize(
    ("person", "request_", "is_needed"),
    [
        ({}, {"declared_gp": False}, True),
        ({}, {"declared_gp": True}, False),
        ({"cards": ["ehic"]}, {"declared_gp": False}, False),
    ],
)
def test_s13_s27_the_choice_of_gp_is_needed_unless_registered_or_european(
    person, request_, is_needed
):
    assert ("gp-choice" in kinds(advised(person=person, request=request_))) is is_needed


def test_s28_a_prescription_needs_its_duplicate_and_a_copy_kept():
    advice = advised(request={"prescribed": True})
    (paper,) = [paper for paper in advice.papers if paper.kind == "prescription"]
    assert paper.keep_copy
    assert not paper.is_original
    assert "prescription" not in kinds(advised(request={"prescribed": False}))


def test_d2_d3_since_2019_the_general_scheme_and_the_cpam():
    advice = advised(
        person={"birth_date": "2004-05-02"},
        study={"from": "2024-09-02", "to": "2025-06-30"},
        choice={"agency": None},
        request={"care_date": "2025-02-03", "on": "2025-02-10"},
    )
    assert (advice.affiliation.scheme, advice.send_to.agency.id) == ("general", "cpam")


def test_years_that_are_not_described_are_refused_by_name():
    study = {"from": "2003-09-02", "to": "2004-06-30"}
    with pytest.raises(NotModelled):
        affiliation(
            situations.read(
                document(study=study, request={"care_date": None}), today=date(2026, 1, 1)
            )
        )


@given(st.dates(date(2005, 1, 1), date(2090, 1, 1)))
def test_a_claim_has_two_to_two_and_a_quarter_years(day):
    days = (claim_until(day) - day).days
    assert 2 * 365 <= days <= 2 * 366 + 92


@given(
    st.dates(date(1970, 1, 1), date(2000, 1, 1)),
    st.sampled_from(tuple(data("schemes")["student"]["parents"])),
    st.booleans(),
)
def test_only_the_affiliated_choose_and_pay(born, parents, has_scholarship):
    situation = situations.read(
        document(
            {
                "birth_date": born.isoformat(),
                "parents": {"scheme": parents},
                "scholarship": has_scholarship,
            }
        ),
        today=TODAY,
    )
    covered = affiliation(situation)
    is_in = covered.status in {"compulsory", "automatic"}
    assert bool(covered.agencies) is is_in
    assert covered.contribution_cents == 0 or (is_in and not has_scholarship)


@pytest.mark.parametrize(
    ("part", "field", "value", "code"),
    [
        ("person", "birth_date", "2013-02-29", "date.impossible"),
        ("person", "nationality", "Spain", "country.format"),
        ("person", "residence", "Paris", "department.format"),
        ("person", "residence", "FR-99", "department.format"),
        ("person", "cards", ["library"], "choice.unknown"),
        ("study", "to", "2012-01-01", "date.order"),
        ("choice", "agency", "mutuelle", "choice.unknown"),
        ("request", "care_date", "2014-04-01", "date.future"),
        ("person", "colour", "red", "field.unknown"),
    ],
)
def test_a_wrong_field_of_a_situation_is_named(part, field, value, code):
    wrong = document()
    wrong[part][field] = value
    with pytest.raises(Refusal) as caught:
        situations.read(wrong, today=TODAY)
    assert (f"{part}.{field}", code) in {(p.field, p.code) for p in caught.value.problems}


def test_every_source_is_cited_somewhere():
    written = "".join(
        path.read_text()
        for path in (Path(routing.__file__).parent / "data").rglob("*.yaml")
        if path.stem != "sources"
    )
    assert [name for name in sources() if name not in written] == []
