"""Every published situation comes out as published; docs/procedures/published.md tells the rest."""

import re
from datetime import date
from functools import reduce
from pathlib import Path

import pytest
import yaml

from decompte.engine.shapes import CareLine, Case, Person
from decompte.engine.single import settle
from decompte.exchange.advice import write
from decompte.procedure import guide
from decompte.procedure.advise import advise
from decompte.procedure.changes import Change, consequence
from decompte.procedure.deadlines import court_until, duplicate_window, silence_until
from decompte.procedure.facts import age_limit, facts_of
from tests.procedure.situations import situation

CASES = yaml.safe_load((Path(__file__).parent / "published.yaml").read_text())
DIFFERENCES = Path(__file__).resolve().parents[2] / "docs" / "procedures" / "published.md"
DEFAULT_STUDY = {"from", "to"}


def written(case):
    parts = {name: dict(part) for name, part in case["situation"].items()}
    study = parts.get("study", {})
    if set(study) >= DEFAULT_STUDY and "request" not in parts:
        parts["request"] = {"care_date": None, "on": str(study["from"])}
    asked = situation(**parts)
    return asked, write(advise(asked), "en")


def checks(asked, result):
    """Return how each name of `expect` is read, besides the paths of the result."""
    papers = result["documents"]
    reasons = result["affiliation"]["reasons"]
    every = [*reasons, *[reason for paper in papers for reason in paper["reasons"]]]
    routed = (result["send_to"] or {"reasons": []})["reasons"]
    said = {
        "reason_says": " ".join(one["text"] for one in reasons),
        "doubt_says": " ".join(one["doubt"] for one in every),
        "paper_says": " ".join(f"{paper['label']} {paper['valid']}" for paper in papers),
        "back_says": " ".join(one for paper in papers for one in paper["sent_back"]),
        "routing_says": " ".join(one["text"] for one in routed),
        "not_sent": (result["not_sent"] or {"text": ""})["text"],
    }
    values = {
        "agencies": [one["id"] for one in result["affiliation"]["agencies"]],
        "years": [one["contribution"] for one in result["affiliation"]["years"]],
        "age_limit": age_limit(asked),
        **{f"fact.{name}": value for name, value in facts_of(asked).items()},
        **{f"deadline.{one['code']}": one["until"] for one in result["deadlines"]},
    }
    return said, values, {paper["kind"] for paper in papers}


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if "situation" in case], ids=str
)
def test_a_published_situation_has_its_published_outcome(name):
    case = CASES[name]
    assert case["source"].startswith("http")
    asked, result = written(case)
    said, values, kinds = checks(asked, result)
    for key, wanted in case["expect"].items():
        plain = key.removesuffix("_too")
        if plain == "papers":
            assert set(wanted) <= kinds
        elif plain == "no_papers":
            assert not set(wanted) & kinds
        elif plain in said:
            assert wanted in said[plain], (key, said[plain])
        elif plain in values:
            assert values[plain] == (str(wanted) if isinstance(wanted, date) else wanted), key
        else:
            found = reduce(lambda value, part: value[part], key.split("."), result)
            assert found == (str(wanted) if isinstance(wanted, date) else wanted), key


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "change" in case])
def test_a_published_change_has_its_published_consequence(name):
    case, wanted = CASES[name], CASES[name]["expect"]
    found = consequence(Change(**case["change"]))
    assert found.keeps_until == wanted.get("keeps_until", found.keeps_until)
    assert found.is_refundable is wanted.get("refund", found.is_refundable)
    assert found.refund_cents == wanted.get("amount", found.refund_cents)
    assert len(found.bring) >= wanted.get("bring", 0)
    told = " ".join([found.reason.text.en, *(one.en for one in found.bring)])
    assert wanted.get("says", "") in told
    assert wanted.get("doubt_says", "") in (found.reason.doubt.en if found.reason.doubt else "")


def test_sc153_a_duplicate_may_be_asked_after_thirty_days():
    case = CASES["SC153"]["duplicate"]
    first, last = duplicate_window(case["made_on"])
    assert first <= case["asked_on"] <= last


def test_sc156_a_silent_commission_has_refused_after_two_months():
    case, wanted = CASES["SC156"]["silence"], CASES["SC156"]["expect"]
    assert (silence_until(case["appeal_on"]) < case["on"]) is wanted["refused"]
    assert court_until(case["appeal_on"]) == wanted["court_until"]


def test_sc109_the_guide_of_2017_tells_the_lower_rate():
    page = guide.topic("reimbursement-procedures", year=CASES["SC109"]["guide"]["year"])
    told = " ".join(text.en for section in page.sections for text in section.paragraphs)
    assert CASES["SC109"]["expect"]["says"] in told


def test_sc162_a_visit_of_25_euros_out_of_the_pathway_gives_6_50():
    line = CareLine(
        CASES["SC162"]["amount"]["on"],
        "G",
        2500,
        1,
        "general-practice",
        "1",
        "",
        "out-of-pathway",
        is_ald_related=False,
        is_third_party_payment=False,
    )
    person = Person(
        date(1998, 5, 2),
        is_local_scheme=False,
        declared_gp_since=None,
        covers=(),
        participation_used_cents={},
        franchise_used_cents={},
        kept_today=(),
    )
    assert settle(Case(person, None, (line,))).lines[0].amo_cents == 650


def test_every_difference_is_about_a_situation_that_is_tested():
    told = set(re.findall(r"SC\d{3}", DIFFERENCES.read_text()))
    assert told
    assert told <= set(CASES)


def test_every_published_situation_is_here():
    assert len(CASES) == 91
    assert all(case["source"].startswith("http") for case in CASES.values())
