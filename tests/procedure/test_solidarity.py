"""The solidarity cover: whose application, published ceilings, and what lies between them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompte.errors import Refusal
from decompte.procedure.load import data
from decompte.procedure.solidarity import Household, monthly_sources, solidarity
from tests.procedure.test_published import CASES

BORN = date(1993, 6, 15)
LAST = data("solidarity")["known_until"]
ASH = (
    "https://www.ash.tm.fr/hebdo/2565/le-social-en-textes/"
    "revalorisation-des-plafonds-de-ressources-pour-loctroi-de-la-cmu-complementaire-410106.php"
)
LEBONPLAN = "https://www.lebonplan.org/cmu-c-ame-acs-qu-est-ce-qui-change/"
LEGISOCIAL = "https://www.legisocial.fr/reperes-sociaux/aide-complementaire-sante-acs-2017.html"
QUECHOISIR = "https://www.quechoisir.org/decryptage-l-acs-n6065/"
DISPOFI = "https://mutuelle.dispofi.fr/complementaire-sante-solidaire-css"
APPARAILLY = (
    "https://cab-apparailly.com/nos-indices-et-taux/maladie-maternite-accidents-du-travail-"
    "complementaire-sante-solidaire-conditions-de-ressources-2"
)
# Euros as they were published for 1, 2, 3 and 4 people: free, then beyond where it was told.
OLD, NEW = (date(2008, 7, 1), date(2016, 4, 1)), (date(2020, 4, 1), date(2021, 4, 1))
PUBLISHED = {
    (ASH, OLD[0], False): ((7447, 11170, 13404, 15638),),
    (ASH, OLD[0], True): ((8288, 12432, 14919, 17405),),
    (LEBONPLAN, OLD[1], False): ((8653, 12980, 15576, 18172),),
    (LEGISOCIAL, OLD[1], True): ((9631, 14446, 17336, 20225),),
    (QUECHOISIR, NEW[0], False): ((9032, 13547, 16257, 18966), (12193, 18289, 21947, 25604)),
    (DISPOFI, NEW[1], False): ((9041, 13562, 16274, 18986), (12205, 18308, 21970, 25631)),
}
# These two cut some amounts to the euro below instead of rounding: so much is a euro more here.
CUT = {
    (APPARAILLY, date(2023, 4, 1), False): (
        ((9719, 14578, 17494, 20409), (0, 1, 0, 1)),
        ((13120, 19680, 23616, 27553), (1, 1, 1, 0)),
    ),
    (QUECHOISIR, date(2024, 4, 1), True): (
        ((11315, 16972, 20366, 23760), (0, 0, 1, 1)),
        ((15275, 22912, 27494, 32077), (0, 0, 1, 0)),
    ),
}


def asked(on, **told):
    """Return a household of one, living apart on the mainland, unless told otherwise."""
    return Household(**{"on": on, "birth_date": BORN, "is_apart": True, "has_child": False} | told)


HOUSEHOLDS = st.builds(
    Household,
    on=st.dates(date(2005, 1, 1), LAST),
    birth_date=st.dates(date(1975, 1, 1), date(2004, 1, 1)),
    is_apart=st.booleans(),
    has_child=st.booleans(),
    people=st.integers(1, 12),
    is_overseas=st.booleans(),
    income_cents=st.integers(0, 10_000_000),
)


def ceilings(day, is_overseas):
    """Return the euros for 1 to 4 people: free, then beyond."""
    found = [
        solidarity(asked(day, people=people, is_overseas=is_overseas)).ceilings
        for people in range(1, 5)
    ]
    return tuple(one.free_cents // 100 for one in found), tuple(
        one.beyond_cents // 100 for one in found
    )


@pytest.mark.parametrize("table", PUBLISHED)
def test_published_ceilings_come_out_to_the_euro(table):
    told = PUBLISHED[table]
    assert ceilings(*table[1:])[: len(told)] == told


@pytest.mark.parametrize("table", CUT)
def test_where_a_publisher_cuts_to_the_euro_below_it_is_known_which(table):
    raised = tuple(
        tuple(euros + more for euros, more in zip(*row, strict=True)) for row in CUT[table]
    )
    assert ceilings(*table[1:]) == raised


def test_the_cheque_of_2012_and_2013_went_up_to_the_published_income():
    for day, euros in ((date(2012, 7, 1), 10711), (date(2013, 7, 1), 11600)):
        assert solidarity(asked(day)).ceilings.beyond_cents == 100 * euros


def test_sc157_under_25_at_home_the_family_applies():
    household = asked(date(2021, 10, 1), birth_date=date(1999, 5, 2), is_apart=False)
    assert solidarity(household).application == CASES["SC157"]["expect"]["application"]


@pytest.mark.parametrize(
    ("is_apart", "has_child", "born", "whose"),
    [
        (True, False, date(1999, 5, 2), "own"),
        (False, True, date(1999, 5, 2), "own"),
        (False, False, date(1996, 10, 1), "own"),
        (False, False, date(1996, 10, 2), "family"),
    ],
)
def test_apart_a_parent_or_25_one_applies_alone(is_apart, has_child, born, whose):
    household = asked(date(2021, 10, 1), birth_date=born, is_apart=is_apart, has_child=has_child)
    assert solidarity(household).application == whose


@pytest.mark.parametrize(
    ("day", "euros", "outcome", "monthly"),
    [
        (date(2014, 3, 12), 8500, "free", None),
        (date(2014, 3, 12), 8600, "cheque", None),
        (date(2014, 3, 12), 11700, "none", None),
        (date(2019, 10, 31), 9000, "cheque", None),
        (date(2019, 11, 1), 9000, "contribution", 800),
        (date(2024, 3, 1), 10000, "contribution", 1400),
        (date(2026, 4, 1), 9000, "unknown", None),
    ],
)
def test_between_the_ceilings_lies_a_cheque_until_october_2019_and_a_contribution_since(
    day, euros, outcome, monthly
):
    found = solidarity(asked(day, income_cents=100 * euros))
    assert (found.outcome, found.monthly_cents) == (outcome, monthly)
    assert found.text.fr != found.text.en
    assert monthly_sources()


def test_what_is_not_sure_is_said():
    assert solidarity(asked(date(2011, 3, 1))).ceilings.doubt
    assert not solidarity(asked(date(2012, 3, 1))).ceilings.doubt


def test_every_problem_is_named_at_once():
    with pytest.raises(Refusal) as refused:
        solidarity(asked(date(2004, 12, 31), birth_date=date(2004, 12, 31), people=0))
    assert {one.field for one in refused.value.problems} == {
        "solidarity.on",
        "solidarity.birth_date",
        "solidarity.people",
    }


@given(HOUSEHOLDS)
def test_more_people_never_lower_and_more_income_never_raise_what_is_given(household):
    ranks = ("free", "contribution", "cheque", "none")
    found = solidarity(household)
    larger = solidarity(household._replace(people=household.people + 1))
    richer = solidarity(household._replace(income_cents=household.income_cents + 1))
    assert 0 < found.ceilings.free_cents < found.ceilings.beyond_cents
    assert larger.ceilings.free_cents > found.ceilings.free_cents
    assert ranks.index(larger.outcome) <= ranks.index(found.outcome) <= ranks.index(richer.outcome)
    assert (found.monthly_cents is not None) == (found.outcome == "contribution")


def test_the_ceilings_only_rise_and_every_one_has_its_source():
    ceilings = data("solidarity")["ceilings"]
    assert [one["from"] for one in ceilings] == sorted({one["from"] for one in ceilings})
    for one in ceilings:
        day = max(one["from"], date(2005, 1, 1))
        assert solidarity(asked(day)).ceilings.sources
    amounts = [one["cents"] for one in ceilings]
    assert amounts == sorted(amounts)
