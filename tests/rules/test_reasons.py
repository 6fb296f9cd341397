"""Every reason can occur, and says so in both languages."""

import re
from datetime import date
from functools import cache

import pytest

from decompte.engine.explain import explain
from decompte.engine.sentences import SENTENCES
from decompte.engine.single import settle
from decompte.exchange import case
from decompte.rules import reasons
from tests.published import report

TODAY = date(2026, 11, 25)
MOST_BITS = 63
ADULT = {"birth_date": "1990-01-01", "declared_gp_since": "2005-07-01"}


def cover(kind, **span):
    return {"covers": [{"kind": kind, "from": "2005-01-01", **span}]}


def line(day="2014-03-12", act="G", price="23.00", pathway="declared-gp", **fields):
    return {"date": day, "act": act, "price": price, "pathway": pathway, **fields}


def asked(*lines, person=None, **fields):
    return {"person": ADULT | (person or {}), "lines": list(lines), **fields}


def box(day="2014-03-12", price="10.00", **fields):
    return line(day, "PH7", price, "not-concerned", **fields)


def frame():
    return line(act="2223342", price="200.00", pathway="not-concerned")


def dermatologist(sector="2"):
    return {"practitioner": {"specialty": "dermatology", "sector": sector}}


def technical(code, **fields):
    return line("2026-06-10", code, "999.00", "emergency", **fields)


OUT = {"pathway": "out-of-pathway"}
LISTED = {
    "base.modifiers": asked(technical("QAJA013", modifiers="MF")),
    "base.association": asked(technical("QAJA013", association="2")),
    "rate.heavy": asked(technical("HHFA016")),
    "basket.ceiling": asked(line("2020-01-01", "2222124", "30.01", "not-concerned")),
    "prevention.shared": asked(
        line("2025-05-02", "BDA", "40.00", "not-concerned"),
        person={"birth_date": "2003-01-01"},
        complementary="example-formula-2013",
    ),
    "base.price_below_tariff": asked(line(price="20.00")),
    "rate.maternity": asked(line(), person=cover("maternity")),
    "rate.ame": asked(line(), person=cover("ame")),
    "rate.military_pension": asked(line(), person=cover("military-pension")),
    "rate.work_accident": asked(line(related_to="work-accident"), person=cover("work-accident")),
    "pathway.excused": asked(line(pathway="emergency")),
    "pathway.under_age": asked(line(), person={"birth_date": "2004-01-01"}),
    "pathway.no_direct_access": asked(
        line(act="CS", pathway="direct-access", **dermatologist("1"))
    ),
    "pathway.penalty_capped": asked(line("2025-03-12", price="30.00", **OUT)),
    "participation.year_cap": asked(line(), person={"used": {"2014": {"participation": "50"}}}),
    "franchise.minor": asked(box(), person={"birth_date": "2004-01-01"}),
    "franchise.exempt": asked(box(), person=cover("c2s")),
    "franchise.year_cap": asked(box(), person={"used": {"2014": {"franchise": "50"}}}),
    "franchise.no_more_than_left": asked(box(price="0.50")),
    "solidarity.tariff": asked(
        line(act="CS", price="60.00", pathway="referred", **dermatologist()), person=cover("c2s")
    ),
    "complementary.overcharge": asked(
        line(price="40.00"), complementary="example-formula-2013-plus"
    ),
    "complementary.out_of_pathway": asked(
        line(price="40.00", **OUT), complementary="example-responsible"
    ),
    "complementary.flat_sum": asked(frame(), complementary="example-student"),
    "complementary.year_limit": asked(
        frame(),
        complementary="example-student",
        person={"used": {"2014": {"flat_sums": "100"}}},
    ),
    "complementary.waiting": asked(
        line(), complementary={"formula": "example-student", "from": "2014-03-01"}
    ),
    "claim.out_of_rights": asked(line(), person={"rights": []}),
    "claim.too_late": asked(line(), claimed_on="2020-01-01"),
    "claim.twice": asked(line(id="1"), line(id="1")),
}


@cache
def told():
    """The reasons of every published example and every listed case, by code."""
    documents = [example["case"] for _, example in report.examples()] + list(LISTED.values())
    return {
        reason.code: reason
        for document in documents
        for amounts in settle(case.read(document, today=date.max)).lines
        for reason in explain(amounts)
    }


@pytest.mark.parametrize("code", LISTED)
def test_a_listed_case_brings_its_reason(code):
    amounts = settle(case.read(LISTED[code], today=TODAY)).lines
    assert code in {reason.code for one in amounts for reason in explain(one)}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one.code)
def test_every_reason_can_occur_and_has_a_text_in_both_languages(sentence):
    assert sentence.code in told(), "list a case that brings it"
    text = told()[sentence.code].text
    assert text.fr != text.en
    for words in text:
        assert not re.search(r"[{}]", words)
        assert words.endswith(".")


def test_a_mask_of_reasons_fits_a_signed_integer_of_eight_bytes():
    bits = [bit for name, bit in vars(reasons).items() if isinstance(bit, int) and name != "NONE"]
    assert sorted(bits) == [1 << place for place in range(len(bits))]
    assert len(bits) <= MOST_BITS
