"""A year end to end: decisions, payments, returns, debts, corrections, contributions."""

import pytest

from decompte.portal.people.scope import system
from tests.year import Year


@pytest.mark.django_db
def test_after_a_year_of_everything_nothing_is_off(settings):
    settings.DAYS_BACK += 110
    with system("year"):
        lived = Year(members=4, seed=3)
        assert lived.run() == []
    for happened in ("decisions", "files", "returned", "corrections", "collections"):
        assert lived.counted[happened], happened
