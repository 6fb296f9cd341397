"""Rules in situations that have no published example."""

from datetime import date

import pytest

from decompte.engine.single import settle
from decompte.exchange import case

ADULT = {"birth_date": "1990-01-01", "declared_gp_since": "2005-07-01"}


def settled(person=None, lines=(), **case_fields):
    document = {"person": {**ADULT, **(person or {})}, "lines": list(lines), **case_fields}
    return settle(case.read(document, today=date(2026, 1, 1))).lines


def line(day="2014-03-12", act="G", price="23.00", pathway="declared-gp", **fields):
    return {"date": day, "act": act, "price": price, "pathway": pathway, **fields}


def specialist(name):
    return {"practitioner": {"specialty": name}}


def codes(amounts):
    return {reason.code for reason in case.explain(amounts)}


def test_s07_the_same_visit_without_a_gp_keeps_the_old_rate_before_the_law_and_loses_after():
    before, after = settled(
        {"declared_gp_since": None},
        [
            line("2005-03-01", "C", "20.00", "out-of-pathway"),
            line("2010-03-01", "C", "22.00", "out-of-pathway"),
        ],
    )
    assert (before.penalty_cents, after.penalty_cents) == (0, 880)
    sources = {reason.source.title.en for reason in case.explain(after)}
    assert "Law 2004-810 of 13 August 2004 on health insurance" in sources


def test_s09_at_fifteen_no_gp_is_needed_and_at_eighteen_it_is():
    (young,) = settled({"birth_date": "1999-01-02", "declared_gp_since": None}, [line()])
    (older,) = settled({"birth_date": "1995-01-02", "declared_gp_since": None}, [line()])
    assert (young.penalty_cents, older.penalty_cents) == (0, 920)
    assert "pathway.no_gp" in codes(older)


def test_s09_the_rate_comes_back_from_the_day_of_the_declaration():
    lost, back = settled(
        {"declared_gp_since": "2014-03-12"}, [line("2014-03-11"), line("2014-03-12")]
    )
    assert (lost.penalty_cents, back.penalty_cents) == (920, 0)


@pytest.mark.parametrize(
    ("pathway", "specialty", "penalty"),
    [
        ("direct-access", "dermatology", 920),
        ("direct-access", "ophthalmology", 0),
        ("emergency", "dermatology", 0),
        ("away-from-home", "dermatology", 0),
        ("referred", "dermatology", 0),
        ("out-of-pathway", "dermatology", 920),
    ],
)
def test_s12_what_counts_as_within_the_pathway(pathway, specialty, penalty):
    (seen,) = settled(None, [line(act="CS", pathway=pathway, **specialist(specialty))])
    assert seen.penalty_cents == penalty


@pytest.mark.parametrize(("born", "penalty"), [("1990-01-01", 0), ("1987-01-01", 920)])
def test_a_psychiatrist_has_direct_access_from_16_to_25(born, penalty):
    (seen,) = settled(
        {"birth_date": born}, [line(act="CS", pathway="direct-access", **specialist("psychiatry"))]
    )
    assert seen.penalty_cents == penalty


def test_no_participation_in_a_year_that_begins_under_age():
    (minor,) = settled({"birth_date": "1996-02-01"}, [line()])
    (adult,) = settled({"birth_date": "1996-01-01"}, [line()])
    assert (minor.participation_cents, adult.participation_cents) == (0, 100)


def test_maternity_is_covered_in_full_without_participation():
    (seen,) = settled({"covers": [{"kind": "maternity", "from": "2014-01-01"}]}, [line()])
    assert (seen.amo_cents, seen.patient_cents) == (2300, 0)


def test_the_solidarity_cover_pays_the_copayment():
    (seen,) = settled({"covers": [{"kind": "c2s", "from": "2014-01-01"}]}, [line()])
    assert (seen.amo_cents, seen.solidarity_cents, seen.patient_cents) == (1610, 690, 0)


def test_a_long_illness_counts_for_related_care_only_and_does_not_lift_the_participation():
    related, other = settled(
        {"covers": [{"kind": "ald", "from": "2013-01-01"}]},
        [line(ald_related=True), line("2014-03-13")],
    )
    assert (related.amo_cents, other.amo_cents) == (2200, 1510)


def test_third_party_payment_defers_what_is_kept_back():
    (seen,) = settled(None, [line(pathway="out-of-pathway", third_party_payment=True)])
    assert seen.deferred_cents == 920 + 100


def test_a_price_below_the_tariff_is_the_base():
    (seen,) = settled(None, [line(price="20.00")])
    assert (seen.base_cents, seen.gross_cents) == (2000, 1400)


def test_the_complementary_pays_the_copayment_and_a_share_of_the_overcharge():
    (plain,) = settled(None, [line(price="30.00")], complementary="example-formula-2013")
    (plus,) = settled(None, [line(price="30.00")], complementary="example-formula-2013-plus")
    assert (plain.amc_cents, plus.amc_cents) == (690, 690 + 700)


def test_amounts_kept_by_other_statements_count_towards_the_caps():
    (full,) = settled({"used": {"2014": {"participation": "50.00"}}}, [line()])
    (some,) = settled({"used": {"2014": {"participation": "49.50"}}}, [line()])
    assert (full.participation_cents, some.participation_cents) == (0, 50)


def test_the_cap_holds_for_an_act_with_its_supplements():
    lines = settled(
        None,
        [
            line("2024-03-12", "CS", "23.00", "out-of-pathway", **specialist("dermatology")),
            line("2024-03-12", "MPC", "3.50", "out-of-pathway", **specialist("dermatology")),
        ],
    )
    assert [seen.penalty_cents for seen in lines] == [920, 140]
    more = settled(
        None,
        [
            line("2024-03-12", "CS", "23.00", "out-of-pathway", **specialist("dermatology")),
            line("2024-03-12", "MPC", "3.50", "out-of-pathway", **specialist("dermatology")),
            line("2024-03-12", "MCS", "5.00", "out-of-pathway", **specialist("dermatology")),
        ],
    )
    assert sum(seen.penalty_cents for seen in more) == 1060


def session(day="2019-03-04", act="AMS", coefficient="7.5", price="16.13", **fields):
    return line(day, act, price, "not-concerned", coefficient=coefficient, **fields)


def by(identity):
    return {"practitioner": {"specialty": "physiotherapist", "id": identity}}


@pytest.mark.parametrize(("day", "franchise"), [("2024-03-30", 50), ("2024-03-31", 100)])
def test_a_franchise_is_kept_on_each_act_of_an_auxiliary(day, franchise):
    (seen,) = settled(None, [session(day, price="17.00")])
    assert seen.franchise_cents == franchise
    assert {"base.coefficient", "rate.care", "franchise.kept"} <= codes(seen)
    assert seen.participation_cents == seen.penalty_cents == 0


def test_no_franchise_before_2008_nor_for_minors_nor_in_maternity_nor_with_the_solidarity_cover():
    (before,) = settled(None, [session("2007-12-31", "AMO", "10", "24.00")])
    (minor,) = settled({"birth_date": "2001-02-01"}, [session()])
    (mother,) = settled({"covers": [{"kind": "maternity", "from": "2019-01-01"}]}, [session()])
    (helped,) = settled({"covers": [{"kind": "c2s", "from": "2019-01-01"}]}, [session()])
    (ill,) = settled(
        {"covers": [{"kind": "ald", "from": "2019-01-01"}]}, [session(ald_related=True)]
    )
    kept = [seen.franchise_cents for seen in (before, minor, mother, helped, ill)]
    assert kept == [0, 0, 0, 0, 50]
    assert "franchise.minor" in codes(minor)
    assert "franchise.exempt" in codes(mother)


def test_the_franchise_stops_at_the_day_s_cap_over_all_auxiliaries_since_december_2008():
    lines = [
        session(quantity=3, price="48.39", **by("a")),
        session(quantity=3, price="48.39", **by("b")),
    ]
    first, second = settled(None, lines)
    assert (first.franchise_cents, second.franchise_cents) == (150, 50)
    assert "franchise.day_cap" in codes(second)
    early = [
        session("2008-06-02", "AMO", "10", "72.00", quantity=3, practitioner={"id": one})
        for one in ("a", "b")
    ]
    assert [seen.franchise_cents for seen in settled(None, early)] == [150, 150]


def test_franchise_kept_by_other_statements_counts_towards_the_year():
    (some,) = settled({"used": {"2019": {"franchise": "49.80"}}}, [session()])
    assert some.franchise_cents == 20
    assert "franchise.year_cap" in codes(some)


def test_the_franchise_is_no_more_than_what_is_left():
    (seen,) = settled(None, [session("2024-04-02", "AMI", "1", "1.20")])
    assert (seen.gross_cents, seen.franchise_cents, seen.amo_cents) == (72, 72, 0)
    assert "franchise.no_more_than_left" in codes(seen)


def test_the_complementary_never_pays_the_franchise_and_third_party_payment_defers_it():
    (seen,) = settled(
        None, [session(third_party_payment=True)], complementary="example-formula-2013"
    )
    assert (seen.amc_cents, seen.patient_cents, seen.deferred_cents) == (645, 50, 50)


def test_the_local_scheme_lifts_an_auxiliary_s_act_to_ninety_percent():
    (seen,) = settled({"scheme": "alsace-moselle"}, [session()])
    assert (seen.gross_cents, seen.local_cents) == (968, 484)
