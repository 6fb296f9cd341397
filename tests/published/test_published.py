"""Every published worked example, cent by cent."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from decompte.engine.single import settle
from decompte.exchange import case

CASES = sorted(Path(__file__).parent.glob("*/*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_published_example_comes_out_to_the_cent(path):
    example = yaml.safe_load(path.read_text())
    assert example["source"]["url"].startswith("http")
    settlement = settle(case.read(example["case"], today=date(2026, 1, 1)))
    answered = case.write(settlement, "en")["lines"]
    assert len(answered) == len(example["expect"])
    for line, expected in zip(answered, example["expect"], strict=True):
        assert {name: line[name] for name in expected} == expected


def test_the_examples_are_there():
    assert len(CASES) >= 20
