"""A member's pages ask the database at most fifteen times, however much there is."""

import pytest
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture
def made():
    member = cast.student()
    for _n in range(6):
        cast.sent(member)
    return cast.draft(member)


@pytest.mark.parametrize(
    ("name", "has_request"),
    [
        ("member:dashboard", False),
        ("requests:list", False),
        ("requests:new", False),
        ("requests:detail", True),
        ("requests:dossier", True),
        ("requests:calendar", True),
        ("decisions:estimate", True),
        ("registration:certificate", False),
    ],
)
def test_a_page_of_the_member_asks_few_times(
    client, made, name, has_request, django_assert_max_num_queries
):
    client.force_login(made.member.user)
    path = reverse(name, args=[made.public_id] if has_request else [])
    client.get(path)
    with django_assert_max_num_queries(MOST):
        assert client.get(path).status_code == 200
