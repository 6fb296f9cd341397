"""The navigation shows each reader what answers them, and says where they are."""

import re

import pytest
from django.urls import get_resolver, reverse

from decompte.portal.people import navigation, roles
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LINK = re.compile(r'<a href="([^"]+)"( aria-current="page")?>[^<]+</a>')


def shown(client, page):
    """Return the address and mark of each place on a page."""
    answer = client.get(page, follow=True)
    assert answer.status_code == 200, page
    menu = answer.content.decode().split("<nav aria-label", 1)[1].split("</nav>")[0]
    return LINK.findall(menu)


@pytest.mark.parametrize("role", [None, "member", *[role.value for role in roles.Role]])
def test_every_place_shown_answers_and_knows_itself(client, role):
    if role == "member":
        client.force_login(cast.student("lmde").user)
    elif role is not None:
        client.force_login(cast.staff("lmde", role))
    places = shown(client, reverse("guide"))
    assert places
    for address, _mark in places:
        assert (address, ' aria-current="page"') in shown(client, address)


def test_a_page_belongs_to_the_place_under_whose_address_it_lies():
    """What lies under /agency/payments/ is payments, not the work list; and so for each place."""
    homes = {reverse(place.page): place for place in navigation.PLACES}
    pages = get_resolver().namespace_dict["agency"][1].reverse_dict
    astray = {}
    for name in {name for name in pages if isinstance(name, str)}:
        address = "/agency/" + pages.getlist(name)[0][0][0][0]
        home = max((one for one in homes if address.startswith(one)), key=len)
        found = navigation.here(list(navigation.PLACES), f"agency:{name}")
        if home != "/agency/" and found is not homes[home]:
            astray[address] = found.page
    assert astray == {}


def test_a_page_that_lies_elsewhere_belongs_to_its_place():
    finance = navigation.places("finance", is_known=True)
    assert navigation.here(finance, "agency:batch").page == "agency:payments"
    assert navigation.here(finance, "agency:review").page == "agency:worklist"
    assert navigation.here(finance, "account_login") is None
