"""A result on a terminal: aligned, explained, in colour only where colour is wanted."""

import re

import pytest

from decompte import cli
from decompte.engine.single import settle
from decompte.errors import Text
from decompte.exchange import case, terminal
from tests.exchange.test_case import TODAY, document

PLAIN = terminal.Style(80, False)  # noqa: FBT003


def result(lang="en", lines=1, **fields):
    asked = document(**fields)
    asked["person"]["declared_gp_since"] = "2013-10-01"
    asked["lines"] *= lines
    return case.write(settle(case.read(asked, today=TODAY)), lang)


def shown(lang="en", style=PLAIN, **fields):
    return list(terminal.lines(result(lang, **fields), lang, style))


def table(lines):
    return [line for line in lines if not re.match(r" {4,8}\S", line)][:-1]


def test_amounts_stand_under_their_heads():
    head, *cares, total = table(shown(lines=2))
    for name in ("paid", "base", "gross", "mandatory", "left to you"):
        end = head.index(name) + len(name)
        for care in cares:
            assert care[end - 1] in "0123456789"
            assert care[end : end + 1] in ("", " ")
    assert total.strip().startswith("total")


def test_one_line_needs_no_total_and_two_have_one():
    assert not any("total" in line for line in table(shown()))
    assert table(shown(lines=2))[-1].split() == ["total", "€46.00", "€30.20", "€15.80"]


def test_columns_that_are_zero_throughout_are_left_out():
    assert "penalty" not in shown()[0]
    assert "penalty" in shown(pathway="out-of-pathway")[0]


def test_every_reason_stands_under_its_line_with_its_source_and_day():
    (line,) = result()["lines"]
    text = re.sub(r"\s+", " ", " ".join(shown()))
    for reason in line["reasons"]:
        assert re.sub(r"\s+", " ", reason["text"]) in text
        assert f"since {reason['since']} · {reason['source']['title']}" in text
        assert reason["source"]["url"] in text


def test_sentences_keep_within_the_width_of_the_terminal():
    lines = [line for line in shown() if line.startswith("    ") and "http" not in line]
    assert max(map(len, lines)) <= 80


def test_a_doubt_is_told():
    doubtful = shown("fr", date="2025-03-12", price="30.00", pathway="out-of-pathway")
    assert any(line.strip().startswith("! Incertain\u00a0:") for line in doubtful)


def test_colour_is_for_terminals_that_want_it():
    assert "\033" not in "".join(shown())
    assert "\033[1m" in "".join(shown(style=terminal.Style(80, is_coloured=True)))


@pytest.mark.parametrize(
    ("environment", "is_terminal", "is_coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
    ],
)
def test_no_colour_without_a_terminal_or_against_the_wish(environment, is_terminal, is_coloured):
    style = cli.terminal_style(environment, is_terminal=is_terminal)
    assert style.is_coloured is is_coloured


def test_a_french_rate_is_written_as_the_french_write_it():
    assert "70 %" in shown("fr")[1]
    assert "70%" in shown("en")[1]


def test_the_marks_of_french_stay_on_the_line_of_their_word():
    said = Text(fr="Lisez « ceci » : 70 % du %(price)s, non ?", en='Read "this": 70% of it?')
    assert said.to("fr") == ("Lisez «\u00a0ceci\u00a0»\u00a0: 70\u00a0% du %(price)s, non\u00a0?")
    assert said.to("en") == said.en
