"""Every published worked example, cent by cent."""

import pytest

from tests.published import report

EXAMPLES = report.examples()


@pytest.mark.parametrize(
    "example", [one for _, one in EXAMPLES], ids=[name for name, _ in EXAMPLES]
)
def test_a_published_example_comes_out_to_the_cent(example):
    assert example["source"]["url"].startswith("http")
    assert report.differences(example) == []


def test_the_examples_are_many_and_from_many_publishers():
    assert len(EXAMPLES) >= 60
    assert len({report.publisher(example) for _, example in EXAMPLES}) >= 15


def test_the_page_of_the_report_is_up_to_date():
    assert report.PAGE.read_text() == report.report(), "run `make conformance`"


@pytest.mark.parametrize("conflict", report.conflicts(), ids=lambda one: one["title"])
def test_a_published_figure_that_is_not_followed_differs_as_told(conflict):
    (line,) = report.computed(conflict)
    assert {name: line[name] for name in conflict["computed"]} == conflict["computed"]
    assert conflict["published"] != conflict["computed"]
    assert conflict["why"].endswith(".")
