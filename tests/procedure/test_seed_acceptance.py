"""What each sentence of the 2013 page asks of the program, tried as a user would."""

from datetime import date

import pytest
import yaml

from decompte.errors import FiguresError
from decompte.exchange.advice import write
from decompte.exchange.guided import NOTHING, answer, next_question, options, typed
from decompte.procedure import establishments, guide
from decompte.procedure.agencies import agency, offices_on, phone_on
from decompte.procedure.questions import questions
from tests.procedure.situations import TODAY, advised

SCHOOL = "sciences-po"


def page_of(year, lang="en", school=SCHOOL):
    """Return everything the page of a year says, as one text."""
    page = guide.topic("reimbursement-procedures", year=year, establishment=school)
    texts = [text.to(lang) for section in page.sections for text in section.paragraphs]
    texts += [section.heading.to(lang) for section in page.sections]
    texts += [note.to(lang) for note in page.notes]
    for place in page.places:
        texts += [place.agency.name.to(lang), str(place.agency.centre), *place.address]
        texts += [place.phone or ""]
        for office in place.offices:
            texts += [*office.lines, office.access.to(lang) if office.access else ""]
    for paper in (*page.papers, *page.european_papers):
        texts += [paper.label.to(lang), paper.valid.to(lang), paper.reason.text.to(lang)]
    texts += [page.topic.title.to(lang), page.topic.under.to(lang)]
    texts += [f"{link.title.to(lang)} {link.url}" for link in page.links]
    return "\n".join(texts)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("s01", ["Student healthcare and complementary insurance"]),
        ("s02", ["Reimbursement procedures"]),
        ("s03", ["SMEREP (centre 617)", "LMDE (centre 601)"]),
        ("s04", ["process requests in the same way"]),
        ("s05", ["taken with the same agency"]),
        ("s06", ["only in step 2 of the online registration"]),
        ("s07", ["2004-810 of 13 August 2004"]),
        ("s08", ["ameli.fr"]),
        ("s09", ["declare a GP"]),
        ("s11", ["visit to a GP or a specialist", "send a request for reimbursement"]),
        ("s12", ["coordinated care pathway"]),
        ("s13", ["S3704", "on ameli.fr"]),
        ("s14", ["European students"]),
        ("s15", ["European health insurance card valid on the day of care"]),
        ("s16", ["call 3646", "international department", "appointment"]),
        ("s17", ["Service relation internationale", "CPAM CS 70001", "75948 Paris Cedex 19"]),
        ("s18", ["International students"]),
        ("s19", ["Send your request to the agency chosen"]),
        ("s20", ["LMDE Assurance maladie", "Centre 601", "35070 RENNES CEDEX 09"]),
        ("s21", ["7 rue Danton", "75006 Paris", "Subway 4 or 10 to Odéon"]),
        ("s22", ["Centre 617", "16 Bd du Général Leclerc", "92115 CLICHY CEDEX"]),
        ("s23", ["54 Bd Saint Michel", "Line 4 to Saint Michel", "Line 10 to Cluny"]),
        ("s25", ["Proof of affiliation", "first request"]),
        ("s26", ["Bank account details"]),
        ("s27", ["Choice of GP form"]),
        ("s28", ["Duplicate of the prescription", "keep the original"]),
        ("s29", ["Completed care form"]),
    ],
)
def test_s01_to_s29_the_page_of_2013_says_what_it_said(sentence, words):
    told = page_of(2013)
    assert [word for word in words if word not in told] == [], sentence


def test_s20_s22_the_page_of_today_gives_no_dead_address():
    told = page_of(2025)
    assert "RENNES" not in told
    assert "CLICHY" not in told
    assert "etudiant-etranger.ameli.fr" in told
    assert "CPAM (Paris, 75)" in told


def test_s15_a_card_that_expired_is_not_routed_and_a_provisional_one_is_explained():
    expired = {"nationality": "ES", "cards": ["ehic"], "card": {"expires_on": "2014-03-11"}}
    advice = advised(person=expired, choice={"agency": None})
    assert advice.send_to is None
    assert "provisional" in advice.no_destination.text.en
    held = expired | {"card": {"provisional_from": "2014-01-15"}}
    assert advised(person=held, choice={"agency": None}).send_to is not None
    over = expired | {"card": {"provisional_from": "2013-12-12"}}
    assert advised(person=over, choice={"agency": None}).send_to is None


def test_s16_the_call_has_a_number_for_the_day_and_the_place_words_and_papers():
    advice = advised(person={"nationality": "ES", "cards": ["ehic"]}, choice={"agency": None})
    assert advice.send_to.phone == "3646"
    assert len(advice.send_to.bring) == 4
    assert phone_on(date(2014, 1, 1), is_from_abroad=True).number == "+33 811 70 36 46"
    assert phone_on(date(2022, 1, 1), is_from_abroad=True).number == "+33 1 84 90 36 46"
    assert phone_on(date(2020, 1, 1), is_from_abroad=True) is None


def test_s19_care_goes_to_the_agency_of_its_year_even_when_it_is_sent_later():
    advice = advised(
        choice={"agency": "smerep", "before": "lmde"},
        request={"care_date": "2013-06-12", "on": "2013-11-12"},
        person={"insured_in_france": True},
    )
    assert advice.send_to.agency.id == "lmde"
    now = advised(choice={"agency": "smerep", "before": "lmde"})
    assert now.send_to.agency.id == "smerep"


def test_s21_s23_offices_follow_the_day():
    assert offices_on("lmde", date(2010, 1, 10))[0].lines[0] == "6 rue des Fossés Saint-Jacques"
    assert offices_on("lmde", date(2014, 1, 10))[0].lines[0] == "7 rue Danton"
    assert offices_on("lmde", date(2020, 1, 10)) == ()


@pytest.mark.parametrize(
    ("residence", "name"),
    [
        ("FR-31", "vittavi"),
        ("FR-67", "mgel"),
        ("FR-971", "smerag"),
        ("FR-974", "vittavi"),
        ("FR-2A", "mep"),
        ("FR-75", "smerep"),
    ],
)
def test_s03_617_is_shared_and_the_region_says_which_society(residence, name):
    offered = advised(person={"residence": residence}, choice={"agency": name})
    assert offered.affiliation.agencies == ("lmde", name)
    assert agency(name).centre == "617"
    assert offered.choice.is_valid


def test_d3_a_society_without_known_address_says_where_to_find_it():
    advice = advised(person={"residence": "FR-31"}, choice={"agency": "vittavi"})
    assert advice.send_to.lines == ()
    assert "proof of affiliation" in advice.send_to.asks.en


def test_the_year_without_known_amount_gives_its_bounds_and_whom_to_ask():
    advice = advised(
        study={"from": "2006-10-02", "to": "2007-06-30"},
        person={"birth_date": "1984-05-02"},
        request={"care_date": None, "on": "2006-10-10"},
    )
    covered = write(advice, "en")["affiliation"]
    assert covered["contribution"] is None
    assert covered["contribution_between"] == ["186.00", "192.00"]
    assert "URSSAF" in covered["reasons"][-1]["doubt"]


def test_a_school_is_one_file_with_its_steps_offices_and_notes():
    entry = yaml.safe_load(
        """
        name: {fr: "École", en: "School"}
        residence: FR-69
        registration: {is_online_only: true, step_of_complementary: 3}
        offices:
          - {of: lmde, lines: ["1 rue Neuve", "69001 Lyon"], why: {fr: a, en: b}, sources: [psl]}
        notes: []
        sources: [psl]
        """
    )
    school = establishments.read("school", entry)
    assert school.step_of_complementary == 3
    assert school.offices["lmde"][0].lines == ("1 rue Neuve", "69001 Lyon")
    del entry["sources"]
    with pytest.raises(FiguresError):
        establishments.read("school", entry)


def test_every_question_has_an_answer_that_changes_what_comes_next():
    told, asked = NOTHING, []
    given = {
        "study_dates": ["2013-09-02", "2014-06-30"],
        "nationality": ["US"],
        "birth_date": ["1993-05-02"],
        "residence": ["75"],
        "care_date": ["2014-03-12"],
        "cards": [],
        "circumstances": [],
    }
    while question := next_question(told, today=TODAY):
        asked.append(question.id)
        values = given.get(question.id)
        if values is None:
            values = [options(question)[-1].value]
        told = answer(told, question, values, today=TODAY)
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(questions())
    assert typed(questions()["scholarship"], "2") == ["no"]


def test_a_card_of_the_whole_stay_ends_the_questions_about_cover():
    told = NOTHING
    given = {"study_dates": ["2022-09-05", "2023-06-30"], "cards": ["ehic"]}
    given |= {"card_expiry": ["2023-12-31"], "nationality": ["ES"], "care_date": []}
    asked = []
    while question := next_question(told, today=TODAY):
        asked.append(question.id)
        told = answer(told, question, given[question.id], today=TODAY)
    assert asked == ["study_dates", "cards", "card_expiry", "nationality", "care_date"]


def test_the_country_of_the_card_is_asked_of_the_british_only():
    told = NOTHING
    given = {"study_dates": ["2022-09-05", "2023-06-30"], "cards": ["ehic"]}
    given |= {"card_expiry": ["2023-12-31"], "nationality": ["GB"], "card_country": ["GB"]}
    asked = []
    while (question := next_question(told, today=TODAY)) and question.id in given:
        asked.append(question.id)
        told = answer(told, question, given[question.id], today=TODAY)
    assert asked[-1] == "card_country"
