"""Every page that a link leads to, as each reader: it answers, fits a phone, reads well aloud.

With `DECOMPTE_SCREENS=1` (`make screens`) each page is kept as a picture for `docs/screens.md`.
"""

import os
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screens"
IS_DRAWING = os.environ.get("DECOMPTE_SCREENS") == "1"
READERS = {
    "visitor": None,
    "member": "ana",
    "agent": "agent.lmde",
    "finance": "finance1.lmde",
    "supervisor": "supervisor.lmde",
    "auditor": "auditor.lmde",
    "dpo": "dpo.lmde",
    "administrator": "administrator.lmde",
    "registrar": "registrar",
}
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{16,}|(?<=/)\d+(?=/|$)|(?<=/agencies/)[a-z-]+")
NO_PAGE = re.compile(
    r"\.(pdf|ics|csv|json|xml|jpg|parquet|svg)$|/pages/|/logout/|/save/|^/static/|^/api/"
)
FOR_ALL = re.compile(r"^/(guide|check|what-comes-back|accounts/)")
MOST_PAGES = 60
TALLEST = 1600
WIDTH = 640


def kind(path):
    """Return what sort of page an address is: one of each sort is looked at."""
    return IDENTIFIER.sub("…", path)


def links(page):
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    here = urlsplit(page.url).netloc
    return [urlsplit(one).path for one in found if urlsplit(one).netloc == here]


def faults(page, answer, said):
    """Return what is wrong with the page that is open."""
    found = list(said)
    if answer.status != 200:
        found.append(f"answers {answer.status}")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append("is wider than a phone")
    if page.locator("h1").count() != 1:
        found.append("has not one heading of the first order")
    for fault in Axe().run(page).response["violations"]:
        nodes = [node["html"][:120] for node in fault["nodes"]][:2]
        found.append(f"{fault['id']} ({fault['impact']}): {nodes}")
    return found


def walked(page, start, left_out):
    """Go wherever links lead; yield each kind of page and the answer it gave."""
    waiting, met = [start], set()
    while waiting:
        path = waiting.pop(0)
        if kind(path) in met or NO_PAGE.search(path) or (left_out and left_out.search(path)):
            continue
        assert len(met) < MOST_PAGES, f"more than {MOST_PAGES} kinds of page: {sorted(met)}"
        met.add(kind(path))
        yield kind(path), page.goto(path)
        waiting += links(page)


def keep(page, reader, name):
    """Keep a page as a small picture of few colours that knows its title."""
    page.set_viewport_size({"width": 1100, "height": 700})
    sheet = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.set_viewport_size({"width": 360, "height": 850})
    sheet = sheet.resize((WIDTH, sheet.height * WIDTH // sheet.width)).crop(
        (0, 0, WIDTH, min(TALLEST, sheet.height * WIDTH // sheet.width))
    )
    folder = PICTURES / reader
    folder.mkdir(parents=True, exist_ok=True)
    stem = name.strip("/").replace("/", "--").replace("…", "one") or "home"
    told = PngInfo()
    told.add_itxt("Title", page.locator("h1").inner_text())
    sheet.quantize(32).save(folder / f"{stem}.png", optimize=True, pnginfo=told)


@pytest.mark.parametrize("reader", READERS)
def test_every_page_answers_fits_a_phone_and_reads_well_aloud(visitor, reader):
    page, said, found = visitor(width=360), [], {}
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: said.append(str(one)))
    if READERS[reader]:
        sign_in(page, f"{READERS[reader]}@decompte.example")
        page.wait_for_url(lambda address: "login" not in address)
    start = urlsplit(page.url).path if READERS[reader] else "/"
    for name, answer in walked(page, start, FOR_ALL if READERS[reader] else None):
        if wrong := faults(page, answer, said):
            found[name] = wrong
        said.clear()
        if IS_DRAWING:
            keep(page, reader, name)
    assert found == {}
