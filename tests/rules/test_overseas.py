"""Overseas a tariff is the place's own; what is not known there is refused, never guessed."""

import pytest

from decompte.engine.explain import explain
from decompte.engine.single import settle
from decompte.errors import NotModelled, Refusal
from decompte.exchange import case
from decompte.rules.reasons import BASE_OVERSEAS
from tests.rules.test_reasons import TODAY, asked, line


def at(place, day="2025-03-12", act="G", price="40.00", sector="1", **fields):
    practitioner = {"place": place, "sector": sector}
    return asked(line(day, act, price, practitioner=practitioner, **fields))


@pytest.mark.parametrize(
    ("price", "others"),
    [
        ("35.99", {"base.price_below_tariff", "base.overseas"}),
        ("36.00", {"base.tariff", "base.overseas"}),
        ("36.01", {"base.tariff", "base.overcharge", "base.overseas"}),
    ],
)
def test_a_tariff_overseas_is_said_beside_what_was_paid(price, others):
    told = {reason.code for reason in explain(settled(at("mayotte", price=price)))}
    assert {code for code in told if code.startswith("base.")} == others


def settled(document):
    return settle(case.read(document, today=TODAY)).lines[0]


def refused(document):
    with pytest.raises(NotModelled) as caught:
        case.read(document, today=TODAY)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("place", "base"),
    [("mainland", 3000), ("guadeloupe", 3600), ("reunion", 3600), ("mayotte", 3600)],
)
def test_the_base_is_the_tariff_of_the_place(place, base):
    line = settled(at(place))
    assert line.base_cents == base
    assert bool(line.reasons & BASE_OVERSEAS) == (place != "mainland")


def test_the_tariff_overseas_names_the_place_and_its_own_source():
    reasons = {one.code: one for one in explain(settled(at("reunion")))}
    assert "à La Réunion" in reasons["base.overseas"].text.fr
    assert "in Réunion" in reasons["base.overseas"].text.en
    for code in ("base.tariff", "base.overseas", "base.overcharge"):
        assert reasons[code].figure == "overseas.G"
        assert reasons[code].since.isoformat() == "2024-12-22"


def test_a_price_below_the_tariff_overseas_keeps_its_reasons():
    codes = {one.code for one in explain(settled(at("reunion", price="30.00")))}
    assert {"base.price_below_tariff", "base.overseas"} <= codes


def test_on_the_mainland_nothing_is_said_of_the_place():
    codes = {one.code for one in explain(settled(at("mainland")))}
    assert "base.overseas" not in codes


def test_a_key_letter_overseas_tells_the_value_of_a_unit():
    session = at("mayotte", act="AMK", price="20.00", coefficient=8, pathway="not-concerned")
    told = {one.code: one.text.en for one in explain(settled(session))}
    assert settled(session).base_cents == 8 * 243
    assert "€2.43 a unit" in told["base.coefficient"]


def test_what_is_not_known_in_a_place_is_refused_with_the_days_it_is_known():
    problem = refused(at("mayotte", day="2015-03-12"))
    assert problem.code == "act.no_tariff"
    assert problem.message.en == (
        "no tariff known in Mayotte for G, sector '1', on 2015-03-12; known: since 2024-12-22"
    )
    assert "connu à Mayotte pour G" in problem.message.fr


@pytest.mark.parametrize(
    "document",
    [
        at("reunion", sector="2"),
        at("reunion", sector="none"),
        at("reunion", day="2012-03-12", sector="optam"),
        at("guyane", act="AMI", day="2026-03-12", coefficient=1, pathway="not-concerned"),
        at("guyane", act="3400922178967", day="2026-10-01", pathway="not-concerned"),
        at("guyane", act="TRA", day="2004-12-31", pathway="not-concerned"),
    ],
    ids=["sector 2", "no convention", "before OPTAM", "ended at home", "a code", "too early"],
)
def test_a_tariff_of_the_mainland_is_never_taken_for_one_overseas(document):
    with pytest.raises(Refusal):
        case.read(document, today=TODAY)


def test_a_regulated_price_is_its_own_tariff_everywhere():
    trip = settled(at("guyane", act="TRA", pathway="not-concerned"))
    assert trip.base_cents == 4000
    assert "base.overseas" not in {one.code for one in explain(trip)}
