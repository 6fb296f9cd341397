"""The law as it was known on another day, and what that changes for a case."""

import json
from datetime import date
from pathlib import Path

import pytest

from decompte import cli
from decompte.engine.difference import differences
from decompte.engine.periods import compiled, periods, periods_known_on
from decompte.exchange import case
from decompte.law.known import as_known_on
from decompte.law.load import law

EXAMPLE = Path(__file__).parents[2] / "examples" / "psychiatrist-2025.yaml"
TODAY = date(2026, 11, 25)
ANNOUNCED, SUSPENDED = date(2024, 6, 4), date(2025, 6, 18)


def asked(**line):
    psychiatrist = {"specialty": "psychiatry", "sector": "1"}
    visit = {"date": "2025-09-10", "act": "CNP", "price": "57.00", "pathway": "referred"}
    person = {"birth_date": "2003-04-05", "declared_gp_since": "2020-01-01"}
    return {"person": person, "lines": [visit | {"practitioner": psychiatrist} | line]}


@pytest.mark.parametrize(
    ("known", "cents"),
    [
        (date(2024, 6, 3), 5000),
        (ANNOUNCED, 5200),
        (date(2025, 6, 17), 5200),
        (SUSPENDED, 5000),
        (TODAY, 5000),
    ],
)
def test_a_rise_that_was_announced_then_put_off_is_believed_in_between(known, cents):
    assert periods_known_on(known).tariff("CNP", "1", date(2025, 9, 10)) == cents


def test_the_law_in_force_is_the_law_known_today():
    assert as_known_on(law(), TODAY) is law()
    assert periods_known_on(TODAY) is periods()


def test_another_knowledge_is_another_version_of_the_law():
    assert periods_known_on(ANNOUNCED).version != periods().version
    assert periods_known_on(ANNOUNCED).version == compiled(as_known_on(law(), ANNOUNCED)).version


def test_a_difference_names_the_amounts_and_the_figure():
    read_now = case.read(asked(), today=TODAY)
    (found,) = differences(read_now, periods_known_on(ANNOUNCED), periods())
    assert {name: (then, now) for name, then, now in found.fields()} == {
        "base_cents": (5200, 5000),
        "gross_cents": (3640, 3500),
        "amo_cents": (3440, 3300),
        "patient_cents": (2260, 2400),
    }
    (change,) = found.changes
    assert (change.figure.id, change.key) == ("tariff.CNP", "1")
    assert (change.then.withdrawn, change.now.since) == (SUSPENDED, date(2024, 12, 22))


def test_a_text_published_after_its_effect_changes_what_was_decided_before():
    """A figure that was doubled backwards: made up, the mechanism is what counts."""
    figure = law().told["participation.per_act"]
    kept = [one for one in figure.values if one.since < date(2025, 1, 1)]
    late = kept[-1]._replace(since=date(2025, 1, 1), amount=300, published=SUSPENDED)
    told = {**law().told, figure.id: figure._replace(values=(*kept, late))}
    changed = law()._replace(told=told, figures={**law().figures, figure.id: told[figure.id]})
    before, after = (compiled(as_known_on(changed, day)) for day in (date(2025, 6, 17), SUSPENDED))
    read_now = case.read(asked(date="2025-03-03"), today=TODAY)
    (found,) = differences(read_now, before, after)
    assert (found.then.participation_cents, found.now.participation_cents) == (200, 300)
    assert [change.figure.id for change in found.changes] == ["participation.per_act"]


def test_care_that_neither_knowledge_touches_does_not_differ():
    read_now = case.read(asked(date="2025-03-03"), today=TODAY)
    assert differences(read_now, periods_known_on(ANNOUNCED), periods()) == ()


def test_the_command_computes_under_the_law_known_that_day(capsys):
    assert cli.main(["reimburse", str(EXAMPLE), "--as-known-on", "2025-03-01", "--json"]) == 0
    then = json.loads(capsys.readouterr().out)
    assert cli.main(["reimburse", str(EXAMPLE), "--json"]) == 0
    now = json.loads(capsys.readouterr().out)
    assert (then["lines"][0]["amo"], now["lines"][0]["amo"]) == ("34.40", "33.00")
    assert then["lines"][0]["reasons"][0]["since"] == "2025-07-01"
    assert then["law"] != now["law"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "52.00 € → 50.00 €, abandonné le 2025-06-18"), ("en", "given up on 2025-06-18")],
)
def test_the_command_tells_the_difference_in_both_languages(capsys, lang, words):
    given = ["law", "diff", str(EXAMPLE), "--then", "2025-03-01", "--lang", lang]
    assert cli.main(given) == 1
    assert words in capsys.readouterr().out


def test_the_command_tells_the_difference_as_json_and_that_there_is_none(capsys):
    given = ["law", "diff", str(EXAMPLE), "--then", "2025-03-01"]
    assert cli.main([*given, "--json"]) == 1
    (line,) = json.loads(capsys.readouterr().out)
    assert line["amounts"]["base_cents"] == {"then": 5200, "now": 5000}
    assert line["figures"] == [{"id": "tariff.CNP", "key": "1", "then": 5200, "now": 5000}]
    assert cli.main([*given, "--now", "2025-03-01", "--lang", "fr"]) == 0
    assert capsys.readouterr().out == "aucune différence\n"


def test_the_history_shows_what_was_given_up(capsys):
    assert cli.main(["law", "show", "tariff.CNP"]) == 0
    assert "told on 2024-06-04, given up on 2025-06-18" in capsys.readouterr().out
