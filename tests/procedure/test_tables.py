"""The decision tables: exactly one answer with a reason for every combination, and no dead row."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decompte.errors import FiguresError, Text
from decompte.exchange.situation import BEFORE, CARDS, KINDS, TERRITORIES
from decompte.procedure import tables
from decompte.procedure.advise import advise
from decompte.procedure.affiliation import affiliation
from decompte.procedure.changes import EVENTS, Change, consequence
from decompte.procedure.facts import FACTS, facts_of, study_day
from decompte.procedure.load import FOLDER, data, reason_of
from decompte.procedure.routing import destination, routing_facts
from decompte.procedure.shapes import Situation
from decompte.procedure.tables import UNKNOWN, decided, holding, possible, table
from tests.procedure.situations import situation

NAMES = tuple(path.stem for path in sorted((FOLDER / "tables").glob("*.yaml")))
FIRST, LAST = date(2004, 10, 1), date(2026, 11, 24)
STATUSES = {"compulsory", "automatic", "optional", "exempt", "not-eligible"}
SCHEMES = {
    "student",
    "general",
    "home",
    "unchanged",
    "agricultural",
    "special",
    "depends",
    "other",
}


@st.composite
def anyone(draw):
    """Draw a student of any kind on any day since 2004."""
    since = draw(st.dates(FIRST, LAST - timedelta(days=500)))
    until = since + timedelta(days=draw(st.integers(1, 420)))
    care = draw(st.none() | st.dates(since - timedelta(days=40), until))
    parents = tuple(data("schemes")["student"]["parents"])
    return Situation(
        birth_date=draw(st.dates(date(1970, 1, 1), date(2009, 12, 31))),
        nationality=draw(st.sampled_from(("FR", "ES", "GB", "US", "CA", "AD", "MC", "BR"))),
        residence=draw(st.sampled_from(("FR-75", "FR-31", "FR-69", "FR-974", "FR-976", "FR-59"))),
        cards=frozenset(draw(st.sets(st.sampled_from(CARDS), max_size=2))),
        has_scholarship=draw(st.booleans()),
        work_hours_month=draw(st.sampled_from((0, 49, 50, 59, 60, 151))),
        works_whole_year=draw(st.booleans()),
        parents_scheme=draw(st.sampled_from(parents)),
        is_partner_covered=draw(st.booleans()),
        study_from=since,
        study_until=until,
        step=2,
        agency=draw(st.sampled_from((None, "lmde", "smerep"))),
        complementary=None,
        care_date=care,
        is_first=draw(st.booleans()),
        is_prescribed=draw(st.booleans()),
        has_declared_gp=draw(st.booleans()),
        on=draw(st.dates(care or since, LAST)),
        is_insured_in_france=draw(st.sampled_from((None, True, False))),
        territory=draw(st.sampled_from(TERRITORIES)),
        card_until=draw(st.none() | st.dates(since - timedelta(days=90), until)),
        visa=draw(st.sampled_from(("", "short-stay"))),
        kind=draw(st.sampled_from(KINDS)),
        before=draw(st.sampled_from(("", *BEFORE))),
        is_approved=draw(st.booleans()),
        is_paid_elsewhere=draw(st.booleans()),
        did_national_service=draw(st.booleans()),
        interruption_months=draw(st.sampled_from((0, 5, 6, 18))),
        certificate_language=draw(st.sampled_from(("", "es", "zh"))),
    )


@settings(max_examples=400)
@given(anyone())
def test_everybody_gets_exactly_one_answer_with_a_reason(asked):
    covered = affiliation(asked)
    assert covered.status in STATUSES
    assert covered.scheme in SCHEMES
    assert all(one.text.fr and one.text.en and one.sources for one in covered.reasons)
    found, why = destination(asked, covered)
    assert why.sources
    if found is not None:
        assert found.lines or found.asks
        assert not found.lines or found.agency.addresses[0].is_alive(asked.on)
    answer = advise(asked)
    assert (answer.send_to is None) or asked.care_date is not None


@settings(max_examples=300)
@given(anyone())
def test_only_the_affiliated_choose_and_pay(asked):
    covered = affiliation(asked)
    is_in = covered.status in {"compulsory", "automatic"}
    assert is_in or not covered.agencies
    assert covered.contribution_cents == 0 or (is_in and covered.scheme == "student")
    assert not asked.has_scholarship or covered.contribution_cents == 0
    assert all(year.since <= year.until for year in covered.years)


@settings(max_examples=200)
@given(anyone(), st.sets(st.sampled_from(tuple(FACTS)), max_size=6))
def test_what_is_possible_with_unknown_facts_holds_what_is_decided(asked, hidden):
    known = facts_of(asked)
    partial = {name: UNKNOWN if name in hidden else value for name, value in known.items()}
    day = study_day(asked)
    decision = decided("affiliation", known, day)
    assert decision.id in {rule.id for rule in possible("affiliation", partial, day)}


def reached():
    """Return every row that some student meets, over a coarse grid of facts and years."""
    usual = situation(request={"care_date": None})
    met = set()
    years = (2004, 2010, 2016, 2018, 2019, 2022)
    single = [
        {},
        *({"kind": one} for one in KINDS),
        *({"nationality": one} for one in ("FR", "ES", "GB", "AD", "MC")),
        *({"cards": frozenset({one})} for one in CARDS),
        *({"parents_scheme": one} for one in data("schemes")["student"]["parents"]),
        *({"before": one} for one in BEFORE),
        *({"territory": one, "nationality": "FR"} for one in TERRITORIES),
        {"cards": frozenset({"private"}), "nationality": "ES"},
        {"residence": "FR-976"},
        {"visa": "short-stay"},
        {"is_approved": False},
        {"works_whole_year": True, "work_hours_month": 151},
        {"is_partner_covered": True},
        {"is_paid_elsewhere": True},
        {"cards": frozenset({"ehic"}), "nationality": "ES"},
        {"cards": frozenset({"ehic"}), "nationality": "GB", "card_country": "GB"},
        {"stay": 40},
    ]
    for year in years:
        for age in (14, 17, 19, 20, 22, 30):
            for insured in (True, False):
                for change in single:
                    since = date(year, 10, 5)
                    one = usual._replace(
                        study_from=since,
                        study_until=since + timedelta(days=change.get("stay", 250)),
                        on=since,
                        birth_date=date(year - age, 1, 2),
                        is_insured_in_france=insured,
                        **{name: value for name, value in change.items() if name != "stay"},
                    )
                    met.add(decided("affiliation", facts_of(one), study_day(one)).id)
    return met


def test_no_row_of_affiliation_is_shadowed_by_those_above():
    assert {rule.id for rule in table("affiliation")} - reached() == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_reason_in_both_languages_sources_and_its_doubt(name):
    for rule in table(name):
        assert rule.reason.text.fr != rule.reason.text.en
        assert rule.reason.sources
        assert rule.reason.confidence != "low" or rule.reason.doubt


@pytest.mark.parametrize(
    "name", ["affiliation", "work", "age_limit", "contribution", "routing", "solidarity"]
)
def test_a_deciding_table_answers_on_every_day(name):
    """On every day some last row asks nothing, so that nobody is left without an answer."""
    days = [FIRST + timedelta(days=30 * step) for step in range(270)]
    for day in days:
        assert any(
            not rule.when and not rule.unless for rule in table(name) if rule.is_in_force(day)
        )


@pytest.mark.parametrize("event", EVENTS)
def test_every_change_has_an_answer_on_every_day(event):
    for step in range(0, 8000, 30):
        day = FIRST + timedelta(days=step)
        found = consequence(Change(event, day, date(1985, 2, 28)))
        assert found.reason.sources
    told = [one.values for rule in table("changes") for one in rule.when]
    assert set(EVENTS) == {event for values in told for event in values}


@pytest.mark.parametrize(
    ("day", "status", "scheme"),
    [
        (date(2018, 8, 31), "compulsory", "student"),
        (date(2018, 9, 1), "automatic", "unchanged"),
        (date(2019, 8, 31), "automatic", "general"),
    ],
)
def test_the_end_of_the_scheme_falls_on_its_day(day, status, scheme):
    asked = situation(
        person={"nationality": "FR", "parents": {"scheme": "general"}},
        study={"from": str(day), "to": str(day + timedelta(days=250)), "before": "first"},
        choice={"agency": None},
        request={"care_date": None, "on": str(day)},
    )
    year_before = asked._replace(study_from=date(2018, 8, 31) - timedelta(days=40))
    assert affiliation(year_before).scheme == "student"
    found = affiliation(asked)
    if day != date(2018, 8, 31):
        assert (found.status, found.scheme) == (status, scheme)


@pytest.mark.parametrize(
    ("on", "agency"), [(date(2019, 8, 31), "lmde"), (date(2019, 9, 1), "cpam")]
)
def test_the_day_after_the_end_requests_go_to_the_cpam(on, agency):
    asked = situation(
        study={"from": "2017-10-02", "to": "2018-06-30"},
        request={"care_date": "2018-03-12", "on": str(on)},
    )
    assert destination(asked, affiliation(asked))[0].agency.id == agency


@pytest.mark.parametrize(
    ("on", "word"), [(date(2015, 9, 30), "chosen at registration"), (date(2015, 10, 1), "pays for")]
)
def test_since_october_2015_assurance_maladie_pays_for_lmde(on, word):
    asked = situation(
        study={"from": "2014-10-01", "to": "2015-09-30"},
        request={"care_date": "2015-03-12", "on": str(on)},
    )
    assert word in destination(asked, affiliation(asked))[1].text.en


@pytest.mark.parametrize(
    ("born", "status"),
    [
        ("1985-10-01", "not-eligible"),
        ("1985-10-02", "compulsory"),
        ("1993-09-30", "compulsory"),
        ("1993-10-01", "compulsory"),
        ("1994-09-30", "compulsory"),
        ("1994-10-01", "automatic"),
    ],
)
def test_20_is_counted_in_the_year_and_28_on_its_first_day(born, status):
    assert affiliation(situation(person={"birth_date": born})).status == status


@pytest.mark.parametrize(
    ("since", "hours", "is_exempt"),
    [("2016-08-31", 59, False), ("2016-08-31", 60, True), ("2016-09-01", 50, True)],
)
def test_the_work_threshold_changes_in_2016(since, hours, is_exempt):
    asked = situation(
        person={"work": {"hours_per_month": hours, "whole_year": True}},
        study={"from": since if since > "2016-08-31" else "2015-10-05", "to": "2017-06-30"},
        request={"care_date": None, "on": "2016-09-10"},
    )
    assert (affiliation(asked).status == "exempt") is is_exempt


def test_rows_and_years_follow_each_other_without_a_gap():
    years = sorted(data("contributions")["years"])
    assert years == list(range(2004, 2019))
    for before, after in pairwise(years[:-1]):
        low = data("contributions")["years"][before]
        high = data("contributions")["years"][after]
        least = low.get("cents", low.get("between", [0])[0])
        assert least <= high.get("cents", high.get("between", [0, 0])[1])


def test_a_row_without_source_or_doubt_does_not_load():
    why = {"fr": "a", "en": "b"}
    with pytest.raises(FiguresError):
        reason_of("t.r", {"why": why}, "t")
    with pytest.raises(FiguresError):
        reason_of("t.r", {"why": why, "sources": ["psl"], "confidence": "low"}, "t")
    kept = reason_of("t.r", {"why": why, "sources": ["psl"]}, "t")
    assert kept.text == Text(fr="a", en="b")


def test_conditions_read_as_they_are_written():
    (rule,) = [rule for rule in table("affiliation") if rule.id == "parents_to_19"]
    facts = {"parents": "special", "age_in_year": 19}
    assert rule.holds(facts) is True
    assert rule.holds({**facts, "age_in_year": 20}) is False
    assert rule.holds({**facts, "parents": UNKNOWN}) is None
    assert tables.open_facts((rule,), {**facts, "parents": UNKNOWN}) == ("parents",)


def test_checklists_look_at_facts_that_exist():
    asked = situation()
    facts = routing_facts(asked, affiliation(asked))
    for name in ("papers", "registration", "deadlines", "routing"):
        for rule in table(name):
            names = {one.fact for one in (*rule.when, *rule.unless)}
            assert names <= set(facts), f"{name}: {rule.id}"
    assert holding("papers", facts, asked.on)
