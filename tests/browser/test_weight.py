"""A slow line: the first page is light, and what it brought is not asked for again."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
FIRST, NEXT = 50_000, 15_000


@pytest.fixture
def counted(visitor):
    """A phone on a slow line, and the bytes of each answer by its address."""
    page, loaded, addresses = visitor(width=360), {}, {}
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": 50_000,
            "uploadThroughput": 50_000,
        },
    )

    def answered(told):
        addresses[told["requestId"]] = told["response"]["url"]

    def finished(told):
        if address := addresses.get(told["requestId"]):
            loaded[address] = told["encodedDataLength"]

    line.on("Network.responseReceived", answered)
    line.on("Network.loadingFinished", finished)
    return page, loaded


def test_the_first_page_is_light_and_the_next_brings_itself_alone(counted):
    page, loaded = counted
    page.goto("/", wait_until="networkidle")
    assert len(loaded) > 3
    assert 0 < sum(loaded.values()) < FIRST, loaded
    loaded.clear()
    page.goto("/guide/", wait_until="networkidle")
    assert {address.rsplit("/", 1)[1] for address, size in loaded.items() if size} == {""}, loaded
    assert sum(loaded.values()) < NEXT
