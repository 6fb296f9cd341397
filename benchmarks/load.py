"""`python -m benchmarks.load ADDRESS`: a day's mixed work sent at a steady pace, with percentiles.

For a portal that serves a database filled by `decompte manage populate`; started with the same
settings, it signs people in beside the served program. Of a hundred journeys sixty read pages,
twenty register, ten send a claim with two photos of 400 kB, ten sign in with a password. Journeys
begin when the clock says so, however slow the answers are; what was acknowledged is counted again
in the database at the end.
"""

import argparse
import asyncio
import itertools
import os
import random
import statistics
import time
from collections.abc import Callable, Coroutine
from io import BytesIO
from typing import Any, NamedTuple

import django
import httpx

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "decompte.portal.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from PIL import Image  # noqa: E402

from benchmarks.load_entries import STEP_1, VISIT  # noqa: E402
from decompte.portal.agency.management.commands.demonstration import PASSWORD  # noqa: E402
from decompte.portal.people.models import Member, User  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402
from decompte.portal.requests.models import Request  # noqa: E402

SHARES = {"browse": 60, "register": 20, "claim": 10, "sign in": 10}
PAGES = ("/member/", "/requests/", "/statements/", "/guide/", "/requests/new/")
PHOTO_SIDE = 520
SERVER_FAULT = 500
Answers = list["Answer"]


class Answer(NamedTuple):
    """What one request got: which journey it belongs to, its status, and seconds it took."""

    journey: str
    step: str
    status: int
    seconds: float


def photo(seed: int) -> bytes:
    """Return a picture of about 400 kB that no other seed gives."""
    noise = random.Random(seed).randbytes(PHOTO_SIDE * PHOTO_SIDE)
    file = BytesIO()
    Image.frombytes("L", (PHOTO_SIDE, PHOTO_SIDE), noise).resize((1100, 1400)).save(
        file, "JPEG", quality=80
    )
    return file.getvalue()


def cookie(user: User) -> dict[str, str]:
    """Sign an account in beside the server; return what its browser would hold."""
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


class Browser:
    """One person's browser; every request it makes is written down."""

    def __init__(self, address: str, journey: str, said: Answers, cookies: dict[str, str]) -> None:
        """Open it with the cookies of somebody."""
        limits = httpx.Limits(keepalive_expiry=1)  # the server ends an idle connection after two
        self.client = httpx.AsyncClient(
            base_url=address, cookies=cookies, timeout=60, limits=limits
        )
        self.journey, self.said = journey, said

    def headers(self) -> dict[str, str]:
        """Return what a page of ours would send along."""
        token = self.client.cookies.get(settings.CSRF_COOKIE_NAME, "")
        return {"X-CSRFToken": token, "Referer": str(self.client.base_url)}

    async def ask(
        self,
        method: str,
        path: str,
        step: str = "",
        *,
        data: dict[str, str] | None = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
    ) -> httpx.Response:
        """Send one request and write down how it went."""
        start = time.perf_counter()
        try:
            answer = await self.client.request(
                method, path, data=data, files=files, headers=self.headers()
            )
            status = answer.status_code
        except httpx.HTTPError:
            answer, status = httpx.Response(599), 599
        self.said.append(Answer(self.journey, step or method, status, time.perf_counter() - start))
        return answer

    async def send(
        self,
        path: str,
        data: dict[str, str],
        step: str = "",
        files: dict[str, tuple[str, bytes, str]] | None = None,
    ) -> httpx.Response:
        """Fill in a form that was read before."""
        return await self.ask("POST", path, step, data=data, files=files)


async def browse(browser: Browser, turn: int) -> None:
    """Read one page."""
    await browser.ask("GET", PAGES[turn % len(PAGES)])


async def register(browser: Browser, _turn: int) -> None:
    """Begin a registration: who I am, then the choice of step 2."""
    await browser.ask("GET", "/registration/step/1/")
    await browser.send("/registration/step/1/", STEP_1)
    await browser.send("/registration/step/2/", {"agency": "lmde", "complementary": "lmde"})


async def claim(browser: Browser, turn: int) -> None:
    """Send a visit with two photos, each its own."""
    await browser.ask("GET", "/requests/new/")
    made = await browser.send("/requests/new/", VISIT)
    place = made.headers.get("Location", "")
    if not place:
        return
    for n, kind in enumerate(("care-form", "prescription")):
        file = {"file": (f"{kind}.jpg", PHOTOS[(2 * turn + n) % len(PHOTOS)], "image/jpeg")}
        await browser.send(f"{place}papers/", {"kind": kind}, "photo", files=file)
    await browser.send(f"{place}send/", {}, "send")


async def sign_in(browser: Browser, turn: int) -> None:
    """Sign in by hand."""
    await browser.ask("GET", "/accounts/login/")
    who = EMAILS[turn % len(EMAILS)]
    await browser.send("/accounts/login/", {"login": who, "password": PASSWORD}, "password")


JOURNEYS: dict[str, Callable[[Browser, int], Coroutine[Any, Any, None]]] = {
    "browse": browse,
    "register": register,
    "claim": claim,
    "sign in": sign_in,
}
STEPS_EACH = {"browse": 1, "register": 3, "claim": 5, "sign in": 2}
PHOTOS: list[bytes] = []
EMAILS: list[str] = []


def prepared(journeys: int) -> dict[str, list[dict[str, str]]]:
    """Make the accounts and sign in whom the journeys need; return cookies by journey."""
    PHOTOS.extend(photo(n) for n in range(40))
    marks = f"load-{int(time.time())}"
    counts = {name: max(20, journeys * share // 100) for name, share in SHARES.items()}
    fresh = User.objects.bulk_create(
        User(email=f"{marks}-{n}@decompte.example") for n in range(counts["register"])
    )
    with system("a rehearsal of the load"):
        members = Member.objects.filter(
            registrations__agency="lmde", requests__state="paid"
        ).select_related("user")
        chosen = [one.user for one in members.distinct().order_by("pk")[: 2 * counts["claim"]]]
    readers, senders = chosen[::2], chosen[1::2]
    EMAILS.extend(user.email for user in readers)
    return {
        "register": [cookie(user) for user in fresh],
        "claim": [cookie(user) for user in senders],
        "browse": [cookie(user) for user in readers],
        "sign in": [{}],
    }


async def run(address: str, rate: float, seconds: float) -> Answers:
    """Begin journeys so that requests come at this rate; return every answer."""
    drawn = random.Random(1)
    mean = sum(SHARES[name] * STEPS_EACH[name] for name in SHARES) / 100
    number = int(rate * seconds / mean)
    jars = await sync_to_async(prepared)(number)
    wheels = {name: itertools.cycle(found) for name, found in jars.items()}
    said: Answers = []
    going, start = [], time.perf_counter()
    for turn in range(number):
        name = drawn.choices(list(SHARES), list(SHARES.values()))[0]
        await asyncio.sleep(max(0, start + turn * mean / rate - time.perf_counter()))
        browser = Browser(address, name, said, next(wheels[name]))
        going.append(asyncio.create_task(JOURNEYS[name](browser, turn)))
    await asyncio.gather(*going)
    print(f"{len(said) / (time.perf_counter() - start):.1f} requests a second were answered")
    return said


def report(said: Answers) -> None:
    """Print what was answered, by journey and step, in milliseconds."""
    print(f"{'':<22}{'answers':>8}{'refused':>8}{'faults':>8}{'p50':>8}{'p95':>8}{'p99':>8}")
    groups = {("all", ""): said}
    for one in said:
        groups.setdefault((one.journey, one.step), []).append(one)
    for (journey, step), found in sorted(groups.items()):
        took = sorted(one.seconds * 1000 for one in found)
        faults = sum(one.status >= SERVER_FAULT for one in found)
        refused = sum(httpx.codes.is_client_error(one.status) for one in found)
        marks = statistics.quantiles(took, n=100) if len(took) > 1 else [took[0]] * 99
        shown = "".join(f"{marks[at - 1]:>8.0f}" for at in (50, 95, 99))
        print(f"{journey + ' ' + step:<22}{len(found):>8}{refused:>8}{faults:>8}{shown}")


def main() -> None:
    """Send the load, print the percentiles, and count what was acknowledged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--rate", type=float, default=60, help="requests a second")
    parser.add_argument("--minutes", type=float, default=5)
    asked = parser.parse_args()
    with system("a rehearsal of the load"):
        before = Request.objects.exclude(state="draft").count()
    said = asyncio.run(run(asked.address, asked.rate, asked.minutes * 60))
    report(said)
    acknowledged = sum(one.step == "send" and one.status == httpx.codes.FOUND for one in said)
    with system("a rehearsal of the load"):
        there = Request.objects.exclude(state="draft").count() - before
    print(f"claims acknowledged: {acknowledged}, in the database: {there}")


if __name__ == "__main__":
    main()
