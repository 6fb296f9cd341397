"""`python -m benchmarks.pages`: the pages of agency and member on the database that is there.

Made for a database filled by `decompte manage populate`: for each page the number of queries, the
processor time of the portal and of the database, and the large tables that were read whole.
"""

import os
import statistics
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "decompte.portal.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import plans  # noqa: E402
from decompte.portal.people import services as people  # noqa: E402
from decompte.portal.people.scope import AgencyScope, MemberScope, Scope, entered, system  # noqa: E402

TURNS = 5
AGENCY = "lmde"
BOUNDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
OWN = (
    "member:dashboard",
    "requests:list",
    "requests:new",
    "payments:statements",
    "registration:membership",
    "rights:mine",
    "contribution:contribution",
)


class Page(NamedTuple):
    """A page, who opens it, and in which scope its queries run."""

    name: str
    path: str
    user: Any
    scope: Scope


def main() -> None:
    """Measure every page, and say what each reads whole."""
    settings.ALLOWED_HOSTS = ["testserver"]
    large = plans.large_tables()
    print(f"{'page':<34}{'queries':>8}{'python ms':>11}{'sql ms':>9}  read whole")
    for page in pages():
        try:
            print(row(page, large), flush=True)
        except AssertionError as wrong:
            print(f"{page.name:<34} {wrong}")


def row(page: Page, large: set[str]) -> str:
    """Return one line of the table."""
    client = Client()
    client.force_login(page.user)
    client.get(page.path)
    taken = []
    for _turn in range(TURNS):
        start = time.process_time()
        client.get(page.path)
        taken.append(time.process_time() - start)
    queries = [sql for sql in plans.of_page(client, page.path) if not sql.startswith(BOUNDS)]
    with entered(page.scope), transaction.atomic():
        asked = [
            plans.explained(sql, large, is_run=True) for sql in queries if plans.is_question(sql)
        ]
    whole = sorted({name for one in asked for name in one.whole})
    spent = sum(one.milliseconds for one in asked)
    slowest = max(asked, key=lambda one: one.milliseconds)
    if os.environ.get("DECOMPTE_SHOW") == page.name or (whole and os.environ.get("DECOMPTE_SHOW")):
        print(f"    {slowest.milliseconds:.1f} ms: {slowest.sql[:1500]}")
    return (
        f"{page.name:<34}{len(queries):>8}{statistics.median(taken) * 1000:>11.1f}{spent:>9.1f}"
        f"  {', '.join(whole) or '-'}"
    )


def pages() -> Iterator[Page]:
    """Yield the pages: lists and files of the agency, then those of one of its members."""
    known = {
        role: people.account_of(f"{role}1.{AGENCY}@invented.decompte.example")
        for role in ("agent", "finance", "supervisor")
    }
    here = AgencyScope(AGENCY)
    with system("a benchmark"):
        request = apps.get_model("requests", "request")
        waiting = request.objects.filter(agency=AGENCY, state="submitted").order_by("-pk").first()
        paid = request.objects.filter(agency=AGENCY, state="paid").order_by("-pk").first()
        member = paid.member
        batch = apps.get_model("payments", "batch").objects.filter(agency=AGENCY).first()
    listed = reverse("agency:worklist")
    for name in ("review", "appeals", "messages", "waiting", "post", "payment"):
        yield Page(f"list: {name}", f"{listed}?list={name}", known["agent"], here)
    yield Page("list: review, page 40", f"{listed}?page=40", known["agent"], here)
    yield Page("list: late only", f"{listed}?late=1", known["agent"], here)
    yield Page("list: mine", f"{listed}?mine=1", known["agent"], here)
    yield Page("search by name", f"{listed}?reference={member.family_name}", known["agent"], here)
    yield from files(waiting, member, known, here)
    yield Page("payments", reverse("agency:payments"), known["finance"], here)
    yield Page("batch", reverse("agency:batch", args=[batch.public_id]), known["finance"], here)
    yield Page("bank", reverse("agency:bank"), known["finance"], here)
    yield Page("owed", reverse("agency:owed"), known["finance"], here)
    yield Page("openings", reverse("agency:openings"), known["supervisor"], here)
    yield Page("amendments", reverse("agency:amendments"), known["supervisor"], here)
    yield Page("second looks", reverse("agency:samples"), known["supervisor"], here)
    yield Page("steering", reverse("agency:steering"), known["supervisor"], here)
    own = MemberScope(member.pk)
    for name in OWN:
        yield Page(name, reverse(name), member.user, own)
    yield from in_each_state()


def files(waiting: Model, member: Model, known: dict[str, Any], here: Scope) -> Iterator[Page]:
    """Yield the pages of a request that waits, and the telephone's page of a member."""
    for name, role in (("review", "agent"), ("review", "supervisor")):
        path = reverse(f"agency:{name}", args=[waiting.public_id])
        yield Page(f"file: {name} by {role}", path, known[role], here)
    for name in ("missing", "refuse", "amend"):
        path = reverse(f"agency:{name}", args=[waiting.public_id])
        yield Page(f"file: {name}", path, known["agent"], here)
    path = reverse("agency:key_line", args=[waiting.public_id, 1])
    yield Page("file: key a line", path, known["agent"], here)
    with system("a benchmark"):
        theirs = apps.get_model("requests", "request").objects.filter(member=waiting.member_id)
        other = theirs.exclude(pk=waiting.pk).exclude(state="draft").first()
    if other is not None:
        path = reverse("agency:beside", args=[waiting.public_id, other.public_id])
        yield Page("file: side by side", path, known["agent"], here)
    path = reverse("agency:member", args=[member.public_id])
    yield Page("file: telephone", path, known["agent"], here)


def in_each_state() -> Iterator[Page]:
    """Yield a request's own page in each state there is, as its member opens it."""
    with system("a benchmark"):
        rows = apps.get_model("requests", "request").objects.filter(agency=AGENCY)
        states = sorted(set(rows.order_by().values_list("state", flat=True).distinct()))
        found = [
            rows.filter(state=state).select_related("member__user").order_by("-pk").first()
            for state in states
        ]
    for one in found:
        for name, view in (("request", "requests:detail"), ("estimate", "decisions:estimate")):
            path = reverse(view, args=[one.public_id])
            scope = MemberScope(one.member_id)
            yield Page(f"{name}: {one.state}", path, one.member.user, scope)


if __name__ == "__main__":
    if connection.vendor != "postgresql":
        raise SystemExit("plans are read from PostgreSQL: set DECOMPTE_DATABASE")
    main()
