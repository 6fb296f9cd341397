"""The second wall: PostgreSQL itself shows a scope's rows only, to a role that owns nothing."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from decompte.portal.people import walls
from decompte.portal.people.scope import AgencyScope, MemberScope, entered, system
from decompte.portal.requests.models import Request
from tests import cast

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="row-level security: DECOMPTE_TEST_DATABASE=postgresql pytest tests/portal",
)


# Read to find out who asks, before there is a scope; they hold nothing about members.
BEFORE_ANY_SCOPE = {"people_staffrole", "api_client"}


def rows(table="requests_request"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        return len(cursor.fetchall())


@pytest.fixture
def made(db):
    return cast.sent(cast.student("lmde"))


def test_raw_sql_shows_the_scopes_rows_only(made):
    assert rows() == 0
    shown = {}
    for scope in (AgencyScope("lmde"), AgencyScope("smerep"), MemberScope(made.member_id)):
        with entered(scope):
            shown[scope] = rows(), rows("people_member"), rows("requests_paper") > 0
    assert list(shown.values()) == [(1, 1, True), (0, 0, False), (1, 1, True)]
    with entered(MemberScope(made.member_id + 1)):
        assert rows() == rows("people_bankaccount") == rows("audit_event") == 0


def test_a_row_of_another_agency_cannot_be_written_or_moved_away(made):
    with entered(AgencyScope("smerep")), connection.cursor() as cursor:
        cursor.execute("UPDATE requests_request SET state = 'paid'")
        assert cursor.rowcount == 0
    with (
        entered(AgencyScope("lmde")),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE requests_request SET agency = 'smerep'")


def test_the_wall_holds_after_a_savepoint_is_rolled_back(made):
    with transaction.atomic():
        with system("outer"):
            assert rows() == 1
        with entered(AgencyScope("smerep")):
            with transaction.atomic():
                assert rows() == 0
                transaction.set_rollback(True)
            assert rows() == 0


def test_each_transaction_is_told_anew(committed):
    made = cast.sent(cast.student("lmde"))
    with entered(AgencyScope("smerep")):
        with transaction.atomic(), transaction.atomic():
            assert rows() == 0
        assert rows() == 0
        assert not Request.objects.filter(pk=made.pk).exists()
    assert rows() == 0


def test_a_statement_outside_a_transaction_is_told_its_scope_and_takes_none_along(committed):
    made = cast.sent(cast.student("lmde"))
    with entered(AgencyScope("lmde")), connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM requests_request WHERE reference LIKE '%'")
        assert cursor.fetchall() == [(made.reference,)]
        cursor.execute("UPDATE requests_request SET version = version + %s", [1])
        assert cursor.rowcount == 1
        cursor.execute("UPDATE requests_request SET version = version + %(n)s", {"n": 1})
        assert cursor.rowcount == 1
        with pytest.raises(DatabaseError, match="division by zero"):
            cursor.execute("UPDATE requests_request SET version = version / 0")
        cursor.executemany("UPDATE requests_request SET version = %s", [[1], [2]])
        cursor.execute("SHOW decompte.scope")
        assert cursor.fetchone() == ("",)
    with system("look"):
        assert Request.objects.get().version == 2


def test_every_table_with_an_agency_is_behind_the_wall_and_the_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'agency'"
            " AND table_schema = 'public'"
        )
        with_agency = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("decompte_app",)
    assert with_agency - walls.policies().keys() <= BEFORE_ANY_SCOPE
    call_command("check", databases=["default"])


def test_the_check_names_a_table_without_its_wall(db):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE requests_request NO FORCE ROW LEVEL SECURITY")
    found = [error.msg for error in walls.check(None, ["default"])]
    assert "table requests_request has no forced row-level security" in found
    assert "the portal's database role owns tables: set DECOMPTE_DATABASE_ROLE" in found
