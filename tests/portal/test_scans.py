"""L8: no page of an agency reads a large table from end to end, as PostgreSQL plans it.

The tables of the tests are small, where reading them whole is cheapest; so the planner is told that
each holds a million rows. Walking an index without a condition counts as reading it whole, but for
the partial ones, which hold what is open or current, and for the newest of a list.
"""

import json

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from decompte.portal.agency.services import settle_request
from decompte.portal.people.scope import system
from decompte.portal.requests import answers, thread, worklists
from decompte.portal.requests.models import PaperWord
from tests import cast
from tests.conftest import ON_POSTGRESQL

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not ON_POSTGRESQL, reason="needs PostgreSQL: DECOMPTE_TEST_DATABASE=postgresql"
    ),
]
LARGE = {
    *("people_member", "people_membership", "people_bankaccount", "people_gpdeclaration"),
    *("people_searchword", "registration_registration", "audit_event"),
    *("requests_request", "requests_careline", "requests_paper", "requests_message"),
    *("requests_letter", "requests_word", "requests_paperword"),
    *("decisions_decision", "decisions_kept"),
    *("payments_paymentorder", "payments_entry", "payments_posting"),
}
ROWS = 1_000_000
NEWEST = {("/agency/openings/", "audit_event_pkey")}
INDEXED = ("Index Scan", "Index Only Scan")
SEARCHES = ("Berg", "2606", "lambert visite", "1 93 06 99 999 001 12")


@pytest.fixture
def pages():
    """Addresses of an agency's pages with something on them, each with what is sent."""
    member = cast.student()
    decided, waiting, twin, refused = (cast.sent(member) for _n in range(4))
    with system("test"):
        assert settle_request(decided, "test")
        thread.write_as_member(waiting, "Is it there?", member.user)
        paper = waiting.papers.first()
        of = {"request": waiting, "member": member, "agency": "lmde"}
        PaperWord.objects.create(paper=paper, digest=1, **of)
        answers.answer(refused, "refuse", "too-old", "", "test")
    names = [("review", waiting), ("review", decided), ("missing", waiting), ("refuse", waiting)]
    paths = [reverse(f"agency:{name}", args=[one.public_id]) for name, one in names]
    paths.append(reverse("agency:beside", args=[waiting.public_id, twin.public_id]))
    paths.append(reverse("agency:member", args=[member.public_id]))
    plain = ("steering", "samples", "queue", "amendments", "near", "openings", "appointments")
    paths += [reverse(f"agency:{name}") for name in plain]
    lists = [(reverse("agency:worklist") + f"?list={one.name}", {}) for one in worklists.LISTS]
    searches = [(reverse("agency:worklist"), {"reference": one}) for one in SEARCHES]
    return [*((path, {}) for path in paths), *lists, *searches]


@pytest.fixture
def as_if_large():
    """The planner believes that the large tables are large; only a superuser can tell it so.

    It counts in pages, so those that other tests have left empty are given back before.
    """
    told = connection.settings_dict
    with psycopg.connect(
        host=told["HOST"], user="admin", dbname=told["NAME"], autocommit=True
    ) as admin:
        admin.execute("VACUUM " + ", ".join(sorted(LARGE)))
        admin.execute(
            "UPDATE pg_class SET reltuples = %s, relpages = 1 WHERE relname = ANY(%s)",
            [ROWS, sorted(LARGE)],
        )


@pytest.mark.usefixtures("as_if_large")
def test_l8_no_page_reads_a_large_table_from_end_to_end(client, pages):
    client.force_login(cast.staff("lmde", "supervisor"))
    asked = {}
    for path, sent in pages:
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(path, sent) if sent else client.get(path)
        assert answer.status_code in {200, 302}, path
        asked |= {one["sql"]: path for one in seen if one["sql"].startswith("SELECT")}
    with connection.cursor() as cursor:
        assert whole(cursor, "SELECT 1 FROM requests_careline WHERE act = 'G'")
        assert whole(cursor, "SELECT 1 FROM requests_careline ORDER BY id")
        found = {(path, table): sql for sql, path in asked.items() for table in whole(cursor, sql)}
    assert {about: sql for about, sql in found.items() if about not in NEWEST} == {}
    assert len(asked) > 50


def whole(cursor, sql):
    """Return the large tables that a query reads from end to end."""
    cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL")
    partial = {name for (name,) in cursor.fetchall()}
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
    answer = cursor.fetchone()[0]
    plan = json.loads(answer) if isinstance(answer, str) else answer
    return set(_whole(plan[0]["Plan"])) - partial


def _whole(node):
    kind = node["Node Type"]
    is_read = kind == "Seq Scan" or (kind in INDEXED and "Index Cond" not in node)
    if is_read and node["Relation Name"] in LARGE:
        yield node.get("Index Name", node["Relation Name"])
    for inner in node.get("Plans", ()):
        yield from _whole(inner)
