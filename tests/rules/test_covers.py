"""Covers: who is spared, who pays, what the doctor may charge."""

import pytest

from tests.rules.test_rules import codes, line, settled, specialist


def under(kind, lines, since="2005-01-01", **person):
    return settled({"covers": [{"kind": kind, "from": since}], **person}, lines)


def kept(amounts):
    return amounts.penalty_cents, amounts.participation_cents, amounts.franchise_cents


def test_state_medical_aid_pays_the_tariff_and_keeps_nothing_back():
    (seen,) = under("ame", [line("2019-03-12", price="30.00", pathway="out-of-pathway")])
    assert (seen.amo_cents, seen.patient_cents, kept(seen)) == (2500, 500, (0, 0, 0))
    assert "rate.ame" in codes(seen)


def test_state_medical_aid_stands_instead_of_the_insurance_even_where_it_pays_nothing():
    (seen,) = under("ame", [line("2026-01-01", "AHQP001", "12.00", "not-concerned")])
    assert (seen.rate_bp, seen.amo_cents, seen.patient_cents) == (0, 0, 1200)
    assert "rate.ame" in codes(seen)


def test_a_work_accident_is_paid_in_full_less_participation_and_outside_the_pathway():
    care = line("2014-03-12", pathway="out-of-pathway", related_to=["work-accident"])
    (seen,) = under("work-accident", [care])
    assert (seen.amo_cents, kept(seen)) == (2200, (0, 100, 0))
    assert "rate.work_accident" in codes(seen)


def test_care_unrelated_to_the_work_accident_is_as_for_everybody():
    (seen,) = under("work-accident", [line("2014-03-12", pathway="out-of-pathway")])
    assert (seen.rate_bp, kept(seen)) == (7000, (920, 100, 0))


def test_a_pensioned_infirmity_is_the_states_and_other_care_keeps_the_participation():
    related = line("2014-03-12", pathway="out-of-pathway", related_to=["military-pension"])
    other = line("2014-03-13")
    out = line("2014-03-14", pathway="out-of-pathway")
    infirmity, illness, astray = under("military-pension", [related, other, out])
    assert (infirmity.amo_cents, kept(infirmity)) == (2300, (0, 0, 0))
    assert (illness.amo_cents, kept(illness)) == (2200, (0, 100, 0))
    assert (astray.amo_cents, kept(astray)) == (1280, (920, 100, 0))


def test_a_pensioned_infirmity_bears_no_franchise_and_other_care_does():
    box = line("2014-03-12", "PH7", "10.00", "not-concerned")
    related, other = under("military-pension", [{**box, "related_to": "military-pension"}, {**box}])
    assert (related.franchise_cents, other.franchise_cents) == (0, 50)


@pytest.mark.parametrize(
    ("kind", "day", "pathway", "sector", "is_told"),
    [
        ("c2s", "2014-03-12", "referred", "2", True),
        ("cmu-c", "2006-03-13", "referred", "2", True),
        ("c2s", "2014-03-12", "out-of-pathway", "2", False),
        ("acs", "2012-12-07", "referred", "2", False),
        ("acs", "2012-12-08", "referred", "2", True),
        ("ald", "2014-03-12", "referred", "2", False),
    ],
)
def test_a_solidarity_cover_imposes_the_tariff_within_the_pathway(
    kind, day, pathway, sector, is_told
):
    who = specialist("dermatology")["practitioner"] | {"sector": sector}
    (seen,) = under(kind, [line(day, "CS", "60.00", pathway, practitioner=who)])
    assert ("solidarity.tariff" in codes(seen)) is is_told
    assert seen.patient_cents >= 6000 - seen.base_cents


def test_the_tariff_is_not_imposed_on_who_has_no_convention_nor_where_it_was_kept():
    who = specialist("dermatology")["practitioner"]
    outside = line("2014-03-12", "CS", "60.00", "referred", practitioner=who | {"sector": "none"})
    within = line("2014-03-12", "CS", "23.00", "referred", practitioner=who | {"sector": "2"})
    for seen in under("c2s", [outside, within]):
        assert "solidarity.tariff" not in codes(seen)


def test_an_auxiliary_is_not_told_to_keep_to_the_tariff():
    (seen,) = under("c2s", [line("2019-03-12", "AMS", "30.00", "not-concerned", coefficient=8)])
    assert "solidarity.tariff" not in codes(seen)


@pytest.mark.parametrize(
    ("day", "participation"), [("2015-06-30", 100), ("2015-07-01", 0), ("2019-10-31", 0)]
)
def test_the_help_with_a_complementary_spares_the_participation_from_july_2015(day, participation):
    price = "25.00" if day > "2017-05-01" else "23.00"
    (seen,) = under("acs", [line(day, price=price)])
    assert seen.participation_cents == participation
    assert seen.solidarity_cents == 0


@pytest.mark.parametrize(
    ("day", "rate"),
    [("2014-03-31", 7000), ("2014-04-01", 10_000), ("2014-08-13", 10_000), ("2014-08-14", 7000)],
)
def test_maternity_counts_from_its_first_to_its_last_day(day, rate):
    window = [{"kind": "maternity", "from": "2014-04-01", "until": "2014-08-13"}]
    (seen,) = settled({"covers": window}, [line(day)])
    assert (seen.rate_bp, seen.participation_cents) == (rate, 100 if rate == 7000 else 0)
